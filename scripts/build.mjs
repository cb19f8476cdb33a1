// Builds the pages (build/client, build/server) and the server with the operator's commands (build/http). Skips what is up to date.
//   node scripts/build.mjs            everything, unless it is built from these sources already
//   node scripts/build.mjs --force    everything
import { existsSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { alone } from './lib/installing.mjs'
import { runWithProgress } from './lib/programs.mjs'
import { runningProblem } from './lib/running.mjs'
import { isBuilt, sourceHash, stamp, unstamp, wasBuilt } from './lib/stamp.mjs'

const root = resolve(import.meta.dirname, '..')

/** @returns {never} */
function notInstalled() {
  throw new Error('The development packages, which build Poise, are not all here: run npm ci first.')
}

/** The server and the operator's commands, to run with plain Node. */
async function buildHttp() {
  const { build, stop } = await import('esbuild').catch(notInstalled)
  rmSync(join(root, 'build/http'), { recursive: true, force: true })
  try {
    await build({
      absWorkingDir: root,
      entryPoints: { main: 'app/server/main.server.ts', poise: 'scripts/operator/poise.ts' },
      outdir: 'build/http',
      bundle: true,
      // Both entries share what they have in common, so that no module exists twice in one process.
      splitting: true,
      chunkNames: 'part-[hash]',
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      sourcemap: true,
      logLevel: 'warning',
    })
  } finally {
    // This process may become the server, and the process that compiles would stay for as long as that runs.
    await stop()
  }
}

async function buildPages(descriptor) {
  const remix = join(root, 'node_modules/@remix-run/dev/dist/cli.js')
  if (!existsSync(remix)) notInstalled()
  const { code, output } = await runWithProgress(
    'Building the pages',
    [process.execPath, remix, 'vite:build', '--logLevel', 'warn'],
    {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production' },
      inherited: [descriptor],
    },
  )
  if (code !== 0) {
    console.error(output)
    throw new Error('The pages could not be built.')
  }
}

const BUILDERS = { pages: buildPages, http: buildHttp }

/**
 * Builds what is not up to date, and tells whether there was anything to build. Throws after having shown why it
 * failed, and before anything is touched when somebody runs from what would be replaced, or installs or builds here
 * already.
 *
 * @param {{ force?: boolean, parts?: Array<'pages' | 'http'> }} [options]
 */
export async function build({ force = false, parts = ['pages', 'http'] } = {}) {
  const hash = sourceHash(root)
  const partsDue = () => parts.filter((part) => force || !isBuilt(root, part, hash))
  if (partsDue().length === 0) return false
  return await alone(root, async (descriptor) => {
    // Another process may have built some between our look and our turn.
    const due = partsDue()
    if (due.length === 0) return false
    const problem = runningProblem(root)
    if (problem) throw new Error(problem)
    if (!force && due.some((part) => wasBuilt(root, part)))
      console.error('The build is not whole, or not of these sources, so it is made again.')
    const began = Date.now()
    for (const part of due) {
      unstamp(root, part)
      await BUILDERS[part](descriptor)
      stamp(root, part, hash)
    }
    console.error(`Built in ${Math.round((Date.now() - began) / 1000)} s.`)
    return true
  })
}

if (process.argv[1] === import.meta.filename) {
  try {
    const built = await build({ force: process.argv.includes('--force') })
    if (!built) console.error('The build is up to date.')
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
}
