// npm run coverage: which lines the unit, property, contract and integration tests run. The report is coverage/index.html.
// What runs in a process of its own (the server of the end-to-end tests, the operator's commands) is not counted.
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { build } from './build.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { packageProgram } from './lib/programs.mjs'

const root = resolve(import.meta.dirname, '..')
process.chdir(root)
if (!(await ensureInstalled(root))) process.exit(1)
// The integration tests serve the build.
await build()
const projects = ['unit', 'properties', 'contract', 'integration'].flatMap((name) => ['--project', name])
const [command, ...args] = packageProgram(root, 'vitest')
const { status } = spawnSync(
  command,
  [
    ...args,
    'run',
    ...projects,
    '--coverage.enabled',
    '--coverage.provider=v8',
    '--coverage.include=app/**/*.{ts,tsx}',
    '--coverage.include=db/**/*.ts',
    '--coverage.exclude=**/*.test.{ts,tsx}',
    '--coverage.reporter=text-summary',
    '--coverage.reporter=html',
    '--coverage.reportsDirectory=coverage',
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
)
process.exit(status ?? 1)
