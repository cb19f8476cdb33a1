// npm start: from a fresh clone to a running server. Plain Node, because it runs before anything is installed.
//   node scripts/start.mjs          the built server (a demo, unless the environment says otherwise)
//   node scripts/start.mjs --dev    the same server, with the pages served from their sources
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureInstalled, nodeProblem } from './lib/install.mjs'

const root = resolve(import.meta.dirname, '..')
const dev = process.argv.includes('--dev')

function fail(sentence) {
  console.error(sentence)
  process.exit(1)
}

/** Lines of the form NAME=value; what the environment says already stays. Node 20.11 has no reader of its own. */
function readEnvFile(file) {
  if (!existsSync(file)) return
  for (const line of readFileSync(file, 'utf8').split(/\r?\n/)) {
    const found = /^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line)
    if (found) process.env[found[1]] ??= found[2].replace(/^(["'])(.*)\1$/, '$2')
  }
}

const problem = nodeProblem()
if (problem) fail(problem)
// Relative paths (DATA_DIR, the migrations) mean the project's folder, from wherever this is called.
process.chdir(root)
readEnvFile(join(root, '.env'))
process.env.NODE_ENV ??= dev ? 'development' : 'production'
if (!(await ensureInstalled(root))) process.exit(1)
try {
  const { build } = await import('./build.mjs')
  await build({ httpOnly: dev })
} catch (error) {
  fail(error instanceof Error ? error.message : String(error))
}
process.setSourceMapsEnabled(true)
// In this very process: signals need no forwarding, and no server is left behind when this one is killed.
await import(pathToFileURL(join(root, 'build/http/main.js')).href)
