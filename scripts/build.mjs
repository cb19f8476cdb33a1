// Builds the pages (build/client, build/server) and the server with its commands (build/http). Skips what is up to date.
//   node scripts/build.mjs            everything, unless it is built from these sources already
//   node scripts/build.mjs --force    everything
//   node scripts/build.mjs --http     the server only, for development, where Vite serves the pages
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { runWithProgress } from './lib/install.mjs'
import { isBuilt, sourceHash, stampFile } from './lib/stamp.mjs'

const root = resolve(import.meta.dirname, '..')

/** The server and the commands of the operator, each one file to run with plain Node. */
export async function buildHttp() {
  const { build } = await import('esbuild')
  const commands = ['admin-create', 'admin-password', 'backup'].filter((name) => existsSync(join(root, `scripts/${name}.ts`)))
  rmSync(join(root, 'build/http'), { recursive: true, force: true })
  await build({
    absWorkingDir: root,
    entryPoints: { main: 'app/server/main.server.ts', ...Object.fromEntries(commands.map((name) => [name, `scripts/${name}.ts`])) },
    outdir: 'build/http',
    bundle: true,
    // Several entries share what they have in common, so that no module exists twice in one process.
    splitting: true,
    chunkNames: 'part-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
    logLevel: 'warning',
  })
}

async function buildPages() {
  const remix = join(root, 'node_modules/@remix-run/dev/dist/cli.js')
  const { code, output } = await runWithProgress('Building the pages', process.execPath, [remix, 'vite:build', '--logLevel', 'warn'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production' },
  })
  if (code !== 0) {
    console.error(output)
    throw new Error('The pages could not be built.')
  }
}

/** Builds if needed. Throws after having shown why it failed. */
export async function build({ force = false, httpOnly = false } = {}) {
  if (httpOnly) return buildHttp()
  const hash = sourceHash(root)
  if (!force && isBuilt(root, hash)) return false
  rmSync(stampFile(root), { force: true })
  const began = Date.now()
  await buildPages()
  await buildHttp()
  mkdirSync(join(root, 'build'), { recursive: true })
  writeFileSync(stampFile(root), `${hash}\n`)
  console.log(`Built in ${Math.round((Date.now() - began) / 1000)} s.`)
  return true
}

if (process.argv[1] === import.meta.filename) {
  try {
    const built = await build({ force: process.argv.includes('--force'), httpOnly: process.argv.includes('--http') })
    if (built === false) console.log('The build is up to date.')
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
}
