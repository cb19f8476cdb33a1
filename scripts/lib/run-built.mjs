// Brings the built program up to date and runs one of its entries in this very process: signals need no forwarding, and
// nothing is left behind when this one is killed.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureInstalled } from './install.mjs'
import { alone, installingProblem } from './installing.mjs'
import { isBuilt } from './stamp.mjs'

const root = resolve(import.meta.dirname, '../..')

function fail(sentence) {
  console.error(sentence)
  process.exit(1)
}

/**
 * @param {{ entry: 'main' | 'poise', dev?: boolean }} options `main` is the server, `poise` the operator's commands.
 */
export async function runBuilt({ entry, dev = false }) {
  // In development Vite serves the pages from their sources; commands have none.
  const parts = entry === 'poise' || dev ? ['http'] : ['pages', 'http']
  const built = parts.every((part) => isBuilt(root, part))
  const file = join(root, `build/http/${entry}.js`)
  // A server may be running from these files, and a command must not take them away from under it.
  if (entry === 'poise' && !built && existsSync(file))
    fail(
      installingProblem(root) ??
        'The program was built from other sources than those that are here now, or is not whole: run npm run build first.',
    )
  const install = async () => {
    if (!(await ensureInstalled(root, { development: dev || !built }))) process.exit(1)
    // Packages choose their build by this when they are loaded.
    process.env.NODE_ENV ??= dev ? 'development' : 'production'
  }
  if (built) await install()
  else
    try {
      // Both as one: nobody comes between them and takes the packages away from under the build.
      await alone(root, async () => {
        await install()
        const { build } = await import('../build.mjs')
        await build({ parts })
      })
    } catch (error) {
      fail(error instanceof Error ? error.message : String(error))
    }
  process.setSourceMapsEnabled(true)
  try {
    await import(pathToFileURL(file).href)
  } catch (error) {
    const sentence = explainMissing(error)
    if (sentence === null) throw error
    fail(sentence)
  }
}

/**
 * One sentence for a file or package that the program needs and does not find, else null.
 *
 * @param {unknown} error
 * @returns {string | null}
 */
export function explainMissing(error) {
  if (
    !(error instanceof Error) ||
    !('code' in error) ||
    !['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(error.code)
  )
    return null
  return `A part of the program is missing (${error.message.split(/ imported from|\n/)[0]}): run npm ci && npm run build.`
}
