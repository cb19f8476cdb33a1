// Installing packages when it is needed, told in few words. Plain Node: it runs before there are any packages.
import { accessSync, constants, existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { alone } from './installing.mjs'
import { nodeProblem } from './node-version.mjs'
import { npmCommand, runWithProgress } from './programs.mjs'
import { runningProblem } from './running.mjs'

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'))

/** How to tell who filled node_modules: npm, pnpm or yarn; null where nobody has. */
const LAYOUTS = [
  { manager: 'pnpm', marks: ['node_modules/.modules.yaml', 'node_modules/.pnpm'] },
  { manager: 'yarn', marks: ['node_modules/.yarn-state.yml', 'node_modules/.yarn-integrity', '.pnp.cjs'] },
  { manager: 'npm', marks: ['node_modules/.package-lock.json'] },
]

/** @returns {'npm' | 'pnpm' | 'yarn' | null} */
export function packageManagerOf(root) {
  return LAYOUTS.find(({ marks }) => marks.some((mark) => existsSync(join(root, mark))))?.manager ?? null
}

/**
 * True when what npm has installed is not what package-lock.json says. npm keeps a lock file of its own in
 * node_modules; the two are compared package by package, so an install by hand counts as well.
 *
 * @param {{ development?: boolean }} [options] without `development`, the packages that only build and test are not asked for: a built
 *   program that was installed by `npm ci --omit=dev` is complete.
 */
export function isInstallStale(root, { development = true } = {}) {
  const installed = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(installed)) return true
  const wanted = readJson(join(root, 'package-lock.json')).packages ?? {}
  const present = readJson(installed).packages ?? {}
  return Object.entries(wanted).some(([path, { version, dev, optional, devOptional, link }]) => {
    if (path === '' || link) return false
    if (!development && (dev || devOptional)) return false
    const have = present[path]
    // Packages for other systems are never installed.
    if (!have) return !(optional || devOptional)
    return have.version !== version
  })
}

/**
 * The packages that package.json asks for and that another package manager has not brought. Their versions are that
 * manager's affair: it has a lock file of its own, or none.
 */
export function missingPackages(root, { development = true } = {}) {
  const { dependencies = {}, devDependencies = {} } = readJson(join(root, 'package.json'))
  const wanted = Object.keys(development ? { ...dependencies, ...devDependencies } : dependencies)
  return wanted.filter((name) => !existsSync(join(root, 'node_modules', name, 'package.json')))
}

/** What a failed install means, in one sentence; null where what npm said has to speak for itself. */
export function explainInstall(output) {
  // That make has failed is another matter: then a compiler was there, and what it said has to be seen.
  if (
    /not found: make|gyp ERR! find Python|Could not find any Python|no acceptable C|(g\+\+|gcc|clang|\bcc)\S*: (.*not found|No such file)/i.test(
      output,
    )
  )
    return 'better-sqlite3 has to be compiled here and no compiler was found: install make, g++ and python3 (Debian: apt-get install make g++ python3), then start again.'
  if (/EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|network/i.test(output))
    return 'The packages could not be fetched: check the network connection, then start again.'
  if (/EUSAGE|are in sync/.test(output))
    return 'package.json and package-lock.json do not belong together: take both from the same version, then start again.'
  if (/EACCES|EROFS|EPERM/.test(output)) {
    const path = /^npm (?:error|ERR!) path (.+)$/m.exec(output)?.[1]
    return `The packages could not be written: check who owns ${path ?? 'this folder'}.`
  }
  if (/ENOSPC/.test(output)) return 'There is no room on the disk for the packages (about 700 MB).'
  if (/spawn npm ENOENT|spawn EINVAL/.test(output))
    return 'npm was not found: install Node.js with npm, or run npm ci yourself, then start again.'
  return null
}

const ownCache = (root) => join(root, '.cache/npm')

function isWritable(folder) {
  let path = folder
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path)
  try {
    accessSync(path, constants.W_OK)
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

/**
 * npm leaves the development packages out when the environment or a setting says production; the build needs them. And
 * it keeps what it fetches below HOME, which an account for services does not have, or may not write: then it goes into
 * the project's folder.
 *
 * @param {string} root
 * @param {{ env?: Record<string, string | undefined>, home?: string }} [about]
 * @returns {Record<string, string | undefined>}
 */
export function installEnvironment(root, { env = process.env, home = homedir() } = {}) {
  const { NODE_ENV: _, ...rest } = env
  return isWritable(env.npm_config_cache ?? join(home, '.npm')) ? rest : { ...rest, npm_config_cache: ownCache(root) }
}

/**
 * Installs when needed; false after a failure that has been explained on standard error. What pnpm or yarn have
 * installed is left to them.
 */
export async function ensureInstalled(root, { development = true } = {}) {
  const manager = packageManagerOf(root)
  if (manager === 'pnpm' || manager === 'yarn') {
    const missing = existsSync(join(root, '.pnp.cjs')) ? ['node_modules'] : missingPackages(root, { development })
    if (missing.length === 0) return true
    const how =
      manager === 'yarn' && missing[0] === 'node_modules'
        ? 'Poise needs a node_modules folder: set nodeLinker to node-modules in .yarnrc.yml and run yarn install'
        : `run ${manager} install`
    console.error(
      `The packages here were installed by ${manager}, and ${missing.length === 1 ? `${missing[0]} is` : `${missing.length} of them are`} missing: ${how}, then start again.`,
    )
    return false
  }
  if (!isInstallStale(root, { development })) return true
  const problem = nodeProblem({ build: true }) ?? runningProblem(root)
  if (problem) {
    console.error(problem)
    return false
  }
  try {
    // Another process may have installed them between our look and our turn.
    return await alone(
      root,
      async (descriptor) => !isInstallStale(root, { development }) || (await install(root, manager, descriptor)),
    )
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    return false
  }
}

async function install(root, manager, descriptor) {
  const command = [...npmCommand(), 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  if (manager === null)
    console.error(
      'At first the packages are installed and Poise is built: two to ten minutes, depending on machine and network.',
    )
  else console.error('The packages are not those of package-lock.json, so they are installed again.')
  const { code, output } = await runWithProgress('Installing packages', command, {
    cwd: root,
    env: installEnvironment(root),
    inherited: [descriptor],
  })
  if (code === 0) {
    rmSync(ownCache(root), { recursive: true, force: true })
    return true
  }
  const cause = explainInstall(output)
  const said = output.trim().split('\n').slice(-40).join('\n')
  if (cause !== null) console.error(cause)
  else if (said === '')
    console.error('The packages could not be installed, and npm did not say why: run npm ci yourself to see more.')
  else console.error(`${said}\nThe packages could not be installed; what npm said is above.`)
  return false
}
