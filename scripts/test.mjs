// npm test: every check, in a fixed order, from a fresh clone too. Ends with one line: "N passed, N failed".
//   node scripts/test.mjs                      everything
//   node scripts/test.mjs --only unit          one stage (or several: --only lint,types)
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureInstalled } from './lib/install.mjs'
import { nodeProblem } from './lib/node-version.mjs'
import { packageProgram } from './lib/programs.mjs'

// Not import.meta.dirname: a Node that is too old has none, and is to be told so below.
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const reports = join(root, '.cache/test')

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

/** Each stage gives how many checks passed and failed. */
const STAGES = {
  lint: () =>
    checks([
      { name: 'prettier', command: program('prettier', '--check', '.') },
      { name: 'circles', command: node('scripts/lint/circles.mjs') },
      { name: 'eslint', command: program('eslint', '.', '--max-warnings', '0') },
      { name: 'knip', command: program('knip', '--no-progress') },
    ]),
  types: () => checks([{ name: 'tsc', command: program('typescript', '--noEmit') }]),
  generated: () => checks(GENERATED),
  unit: () => vitest('unit'),
  contract: () => vitest('contract'),
  build: () => checks([{ name: 'build', command: node('scripts/build.mjs') }]),
  integration: () => vitest('integration'),
  e2e: () => vitest('e2e'),
  fresh: () => checks([{ name: 'fresh clone', command: node('scripts/check-fresh.mjs') }]),
}

let child
/** Runs a command with its output shown; nothing ever waits for the keyboard. */
function run([command, ...args], env = {}) {
  return new Promise((done) => {
    child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    })
    child.once('error', (error) => {
      console.error(String(error))
      done(1)
    })
    child.once('close', (code) => done(code ?? 1))
  })
}
for (const signal of ['SIGTERM', 'SIGINT'])
  process.once(signal, () => {
    child?.kill(signal)
    process.exit(1)
  })

async function checks(list) {
  const sum = { passed: 0, failed: 0 }
  for (const { name, command } of list) {
    const code = await run(command())
    sum[code === 0 ? 'passed' : 'failed'] += 1
    console.log(`${code === 0 ? 'passed' : 'FAILED'}: ${name}`)
  }
  return sum
}

/**
 * One project of vitest. What its report cannot count is counted here: a file that does not load, an error between
 * tests, no test at all.
 */
async function vitest(project) {
  const report = join(reports, `${project}.json`)
  rmSync(report, { force: true })
  const code = await run([
    ...packageProgram(root, 'vitest'),
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  if (!existsSync(report)) return { passed: 0, failed: 1 }
  const { numPassedTests = 0, numFailedTests = 0, testResults = [] } = JSON.parse(readFileSync(report, 'utf8'))
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  ).length
  const failed = numFailedTests + unloaded
  return { passed: numPassedTests, failed: failed === 0 && (code !== 0 || numPassedTests === 0) ? 1 : failed }
}

function chosenStages() {
  const at = process.argv.indexOf('--only')
  if (at < 0) return Object.keys(STAGES)
  const wanted = (process.argv[at + 1] ?? '').split(',')
  const unknown = wanted.find((name) => !(name in STAGES))
  if (unknown === undefined) return Object.keys(STAGES).filter((name) => wanted.includes(name))
  console.error(`There is no stage "${unknown}"; the stages are ${Object.keys(STAGES).join(', ')}.`)
  process.exit(2)
}

const problem = nodeProblem({ build: true })
if (problem) {
  console.error(problem)
  process.exit(1)
}
const chosen = chosenStages()
process.chdir(root)
if (!(await ensureInstalled(root))) {
  console.log('0 passed, 1 failed')
  process.exit(1)
}
mkdirSync(reports, { recursive: true })

const total = { passed: 0, failed: 0 }
const lines = []
for (const name of chosen) {
  console.log(`\n== ${name} ==`)
  const began = Date.now()
  const { passed, failed } = await STAGES[name]()
  total.passed += passed
  total.failed += failed
  lines.push(`${name}: ${passed} passed, ${failed} failed, ${Math.round((Date.now() - began) / 1000)} s`)
}
console.log(`\n${lines.join('\n')}\n`)
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed === 0 ? 0 : 1)
