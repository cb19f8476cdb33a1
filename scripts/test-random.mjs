// npm run test:random: every property test on a seed that is drawn anew, ten times as long as in npm test. From a fresh clone too.
//   node scripts/test-random.mjs [--seed <whole number>] [--times <number>] [test files]
// Ten rounds of the usual length, each on the next seed: so a round that failed is soon repeated.
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureInstalled } from './lib/install.mjs'
import { nodeProblem } from './lib/node-version.mjs'
import { packageProgram } from './lib/programs.mjs'

const root = resolve(import.meta.dirname, '..')
const report = join(root, '.cache/test/random.json')
const FOLDERS = ['app', 'db', 'scripts', 'tests']

function fail(sentence, code = 1) {
  console.error(sentence)
  process.exit(code)
}

function asked() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { seed: { type: 'string' }, times: { type: 'string', default: '10' } },
    })
    const seed = values.seed ?? String(randomInt(1, 1_000_000_000))
    const times = Number(values.times)
    if (!/^\d{1,9}$/.test(seed) || !(Number.isSafeInteger(times) && times > 0))
      fail('--seed is a whole number of up to nine digits, --times one above 0.', 2)
    return { seed: Number(seed), times, files: positionals }
  } catch (error) {
    return fail(error.message, 2)
  }
}

/** Every test file that has a property. */
function propertyTests() {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true }).map((name) => `${folder}/${name.replaceAll('\\', '/')}`),
  )
  return files
    .filter((file) => /\.test\.tsx?$/.test(file) && /from 'fast-check'/.test(readFileSync(join(root, file), 'utf8')))
    .sort()
}

/** The files that the report names as failed; all that ran where there is none. */
function failedOf(files) {
  if (!existsSync(report)) return files
  const failed = JSON.parse(readFileSync(report, 'utf8'))
    .testResults.filter(({ status }) => status === 'failed')
    .map(({ name }) => relative(root, name).replaceAll('\\', '/'))
  return failed.length > 0 ? failed : files
}

let child
function round(seed, files) {
  rmSync(report, { force: true })
  const [command, ...first] = packageProgram(root, 'vitest')
  // A round beside other work is slow, and a property that is slow has not failed.
  const args = [
    ...first,
    'run',
    ...files,
    '--testTimeout=120000',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]
  return new Promise((done) => {
    child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, POISE_PROPERTY_SEED: String(seed) },
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

const problem = nodeProblem({ build: true })
if (problem) fail(problem)
const { seed: first, times, files: wanted } = asked()
process.chdir(root)
if (!(await ensureInstalled(root))) process.exit(1)
const files = wanted.length > 0 ? wanted : propertyTests()
mkdirSync(join(root, '.cache/test'), { recursive: true })

console.log(`Seed ${first}, ${times} rounds, ${files.length} files`)
for (let seed = first; seed < first + times; seed += 1) {
  console.log(`\n== seed ${seed} ==`)
  if ((await round(seed, files)) === 0) continue
  console.error(
    `\nNot every property held. The same again:\n  npm run test:random -- --seed ${seed} --times 1 ${failedOf(files).join(' ')}`,
  )
  fail(
    'Mend what it found, and write its counterexample down as a test with a name of its own: the next seed is another one.',
  )
}
console.log(`\nEvery property held, on seed ${first} and the ${times - 1} after it.`)
