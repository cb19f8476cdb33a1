// npm test: every check that fits into a commit, from a fresh clone too. Ends with one line: "N passed, N failed".
//   node scripts/test.mjs                      what each commit has to pass
//   node scripts/test.mjs --lane full          everything, before a release (npm run test:full)
//   node scripts/test.mjs --lane quick         what is quick, while you work (npm run test:quick)
//   node scripts/test.mjs --only unit          one stage (or several: --only lint,types)
// With POISE_TIME_COUNTS=1, as in .ci/run, a stage that takes longer than its allowance fails.
import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { setPriority } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { changedFiles } from './lib/changed-files.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { nodeProblem } from './lib/node-version.mjs'
import { packageProgram } from './lib/programs.mjs'
import { outputInTurn, sideBySide } from './lib/side-by-side.mjs'
import { countTests, summaryOf } from './lib/test-report.mjs'

// Not import.meta.dirname: a Node that is too old has none, and is to be told so below.
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const reports = join(root, '.cache/test')
const CORES = 2

/** A package's program, looked up when it runs: on a bare clone there is no package yet. */
const program =
  (name, ...args) =>
  () => [...packageProgram(root, name), ...args]
const node =
  (...args) =>
  () => [process.execPath, ...args]
const tsx = (script, ...args) => ({
  name: `${script} ${args.join(' ')}`.trim(),
  command: program('tsx', `scripts/${script}`, ...args),
})

/** Files that are generated or must agree with others. */
const GENERATED = [
  tsx('bank-check.ts'),
  tsx('bank-schema.ts', '--check'),
  tsx('bank-coverage.ts', '--check'),
  { name: 'migrations', command: node('scripts/db-generate.mjs', '--check') },
]

// What a second run need not do again is kept here.
const TYPES = ['--noEmit', '--incremental', '--tsBuildInfoFile', '.cache/tsc/all.tsbuildinfo']

/**
 * How many minutes a stage may take on two cores, beside what runs at the same time; how many cores it keeps busy; and
 * what it does, which gives how many checks passed and failed. Wide: beside other work a machine takes twice the time of
 * a quiet one.
 */
const COMMIT = [
  // The longest of those that use one core comes first, so that the others fill the time beside it.
  { name: 'properties', minutes: 8, cores: 1, run: vitest },
  {
    name: 'lint',
    minutes: 6,
    cores: 1,
    run: (stage) =>
      checks(stage, [
        { name: 'prettier', command: program('prettier', '--check', '.') },
        { name: 'circles', command: node('scripts/lint/circles.mjs') },
        { name: 'eslint', command: program('eslint', '.', '--max-warnings', '0') },
        { name: 'knip', command: program('knip', '--no-progress') },
      ]),
  },
  {
    name: 'types',
    minutes: 5,
    cores: 1,
    run: (stage) => checks(stage, [{ name: 'tsc', command: program('typescript', ...TYPES) }]),
  },
  { name: 'generated', minutes: 2, cores: 1, run: (stage) => checks(stage, GENERATED) },
  {
    name: 'build',
    minutes: 4,
    cores: 1,
    run: (stage) => checks(stage, [{ name: 'build', command: node('scripts/build.mjs') }]),
  },
  { name: 'unit', minutes: 4, cores: 1, run: vitest },
  { name: 'contract', minutes: 6, cores: 2, run: vitest },
  { name: 'integration', minutes: 10, cores: 2, after: ['build'], run: vitest },
  { name: 'e2e', minutes: 20, cores: 2, after: ['build'], run: vitest },
  // It waits for the network and compiles with one core: it takes what the other stages leave.
  {
    name: 'fresh',
    minutes: 20,
    cores: 0,
    after: ['build'],
    isNice: true,
    run: (stage) => checks(stage, [{ name: 'fresh clone', command: node('scripts/check-fresh.mjs') }]),
  },
]

/** Only what is not committed is linted: the hook before a commit has looked at the rest. */
const QUICK = [
  { name: 'lint', minutes: 0.5, cores: 1, run: (stage) => checks(stage, lintChanged()) },
  ...COMMIT.filter(({ name }) => ['types', 'unit'].includes(name)).map((stage) => ({ ...stage, minutes: 0.5 })),
]

const LANES = {
  quick: { stages: QUICK, minutes: 0.5 },
  commit: { stages: COMMIT, minutes: 45 },
  full: { stages: COMMIT.map((stage) => ({ ...stage, minutes: stage.minutes * 2 })), minutes: 90 },
}

function lintChanged() {
  const files = changedFiles(root).filter((file) => /\.(m?js|tsx?)$/.test(file))
  if (files.length === 0) return [{ name: 'no file has changed', command: node('--version') }]
  return [
    { name: 'prettier', command: program('prettier', '--check', '--ignore-unknown', ...files) },
    { name: 'eslint', command: program('eslint', '--max-warnings', '0', '--no-warn-ignored', ...files) },
  ]
}

const children = new Set()
/** Runs a command and hands on its output; nothing ever waits for the keyboard. */
function run({ output, isNice = false, lane }, [command, ...args], env = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}), ...process.env, POISE_LANE: lane, ...env },
    })
    children.add(child)
    if (isNice && child.pid !== undefined) setPriority(child.pid, 5)
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => output.write(text))
    child.once('error', (error) => {
      output.write(`${error}\n`)
      done(1)
    })
    child.once('close', (code) => {
      children.delete(child)
      done(code ?? 1)
    })
  })
}
for (const signal of ['SIGTERM', 'SIGINT'])
  process.once(signal, () => {
    for (const child of children) child.kill(signal)
    process.exit(1)
  })

async function checks(stage, list) {
  const sum = { passed: 0, failed: 0 }
  for (const { name, command } of list) {
    const code = await run(stage, command())
    sum[code === 0 ? 'passed' : 'failed'] += 1
    stage.output.write(`${code === 0 ? 'passed' : 'FAILED'}: ${name}\n`)
  }
  return sum
}

/** The project of vitest that has the stage's name. */
async function vitest(stage) {
  const report = join(reports, `${stage.name}.json`)
  // That of an earlier run would be counted for one that breaks off.
  rmSync(report, { force: true })
  const code = await run(
    stage,
    [
      ...packageProgram(root, 'vitest'),
      'run',
      '--project',
      stage.name,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    { POISE_TEST_WORKERS: String(stage.cores) },
  )
  return countTests(report, code)
}

function asked() {
  let values
  try {
    values = parseArgs({ options: { lane: { type: 'string', default: 'commit' }, only: { type: 'string' } } }).values
  } catch (error) {
    console.error(error.message)
    process.exit(2)
  }
  const { lane, only } = values
  if (!(lane in LANES)) {
    console.error(`There is no lane "${lane}"; the lanes are ${Object.keys(LANES).join(', ')}.`)
    process.exit(2)
  }
  const { stages } = LANES[lane]
  if (only === undefined) return { lane, stages }
  const wanted = only.split(',')
  const names = stages.map(({ name }) => name)
  const unknown = wanted.find((name) => !names.includes(name))
  if (unknown !== undefined) {
    console.error(`There is no stage "${unknown}"; the stages are ${names.join(', ')}.`)
    process.exit(2)
  }
  return { lane, stages: stages.filter(({ name }) => wanted.includes(name)) }
}

const problem = nodeProblem({ build: true })
if (problem) {
  console.error(problem)
  process.exit(1)
}
const { lane, stages } = asked()
process.chdir(root)
const began = Date.now()
// better-sqlite3 may have to be compiled: it is two large files, and nothing else runs yet.
process.env.JOBS ??= String(CORES)
if (!(await ensureInstalled(root))) {
  console.log('0 passed, 1 failed')
  process.exit(1)
}
mkdirSync(reports, { recursive: true })

const ran = [{ name: 'install', minutes: 10, ms: Date.now() - began }]
const inTurn = outputInTurn((text) => void process.stdout.write(text))
await sideBySide(stages, {
  cores: CORES,
  async run(stage) {
    const output = inTurn(stage.name, { quiet: stage.cores === 0 })
    const from = Date.now()
    const counted = await stage.run({ ...stage, lane, output })
    ran.push({ name: stage.name, minutes: stage.minutes, ms: Date.now() - from, ...counted })
    output.end()
  },
})
const { lines, failed } = summaryOf(ran, {
  ms: Date.now() - began,
  minutes: LANES[lane].minutes,
  timeCounts: process.env.POISE_TIME_COUNTS === '1',
  nameSkipped: lane === 'full',
})
console.log(`\n${lines.join('\n')}`)
process.exit(failed === 0 ? 0 : 1)
