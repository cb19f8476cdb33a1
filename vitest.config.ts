import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** By path: vitest's own order follows the durations of earlier runs, and would differ from machine to machine. */
class ByPath extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return [...files].sort((a, b) => (a.moduleId < b.moduleId ? -1 : 1))
  }
}

/** Every project: properties run on a fixed seed. */
const setupFiles = ['tests/setup/properties.ts']

const WORKERS = Number(process.env['POISE_TEST_WORKERS'] ?? 2)

/** Properties that take long: npm run test:quick leaves them out. Paths that no longer exist fail a test. */
const LONG_PROPERTIES = [
  'app/core/attempt/story.test.ts',
  'app/core/blueprint/draw.test.ts',
  'app/ui/rating/segments.test.ts',
  'tests/integration/attempt-story.test.ts',
]

// One project per kind of test; the order in which they run is fixed by scripts/test.mjs.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['app/**/*.test.{ts,tsx}', 'db/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: LONG_PROPERTIES,
          environment: 'node',
          setupFiles,
        },
      },
      {
        test: {
          name: 'properties',
          include: LONG_PROPERTIES,
          environment: 'node',
          setupFiles,
          // A property that is slow beside other work has not failed.
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'contract',
          include: ['tests/contract/**/*.test.ts'],
          environment: 'node',
          setupFiles,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          exclude: LONG_PROPERTIES,
          environment: 'node',
          setupFiles,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          environment: 'node',
          setupFiles,
          // A real browser on two busy cores may outlast its patience once; twice is a defect. The report names what
          // was tried again.
          retry: 1,
          pool: 'forks',
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
    sequence: { shuffle: false, sequencer: ByPath },
    // vitest leaves one core free: on two cores everything would run on one.
    maxWorkers: WORKERS,
    // Fewer, and a worker that has ended its file is not replaced while another one works.
    minWorkers: WORKERS,
    // A process for each file takes longer than the unit tests themselves; the other lanes keep them apart.
    poolOptions: { forks: { isolate: process.env['POISE_LANE'] !== 'quick' } },
    // What runs in a process of its own, as the server of the end-to-end tests does, is not counted.
    coverage: {
      provider: 'v8',
      include: ['app/**/*.{ts,tsx}', 'db/**/*.ts'],
      exclude: ['**/*.test.{ts,tsx}', '**/*.d.ts'],
      reporter: ['text-summary', 'html'],
      reportsDirectory: 'coverage',
    },
  },
})
