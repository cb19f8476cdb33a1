// Installing packages when it is needed, told in few words. Plain Node: it runs before there are any packages.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const MIN_NODE = [20, 11]

/** One sentence when this Node is too old, else null. */
export function nodeProblem(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1])) return null
  return `Poise needs Node.js ${MIN_NODE.join('.')} or later; this is ${version}.`
}

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'))

/**
 * True when what is installed is not what package-lock.json says. npm keeps a lock file of its own in node_modules; the two
 * are compared package by package, so an install by hand counts as well.
 */
export function isInstallStale(root) {
  const installed = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(installed)) return true
  const wanted = readJson(join(root, 'package-lock.json')).packages ?? {}
  const present = readJson(installed).packages ?? {}
  return Object.entries(wanted).some(([path, { version, optional, devOptional, link }]) => {
    if (path === '' || link) return false
    const have = present[path]
    // Packages for other systems are never installed.
    if (!have) return !(optional || devOptional)
    return have.version !== version
  })
}

/** What a failed install means, in one sentence. */
export function explainInstall(output) {
  if (/not found: make|gyp ERR! .*(make|g\+\+|clang|Python)|Could not find any Python|no acceptable C/i.test(output))
    return 'better-sqlite3 has to be compiled here and no compiler was found: install make, g++ and python3 (Debian: apt-get install make g++ python3), then start again.'
  if (/EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|network/i.test(output)) return 'The packages could not be fetched: check the network connection, then start again.'
  if (/EACCES|EROFS|EPERM/.test(output)) return 'The packages could not be written: check who owns this folder.'
  if (/ENOSPC/.test(output)) return 'There is no room on the disk for the packages (about 700 MB).'
  return 'The packages could not be installed; what npm said stands above.'
}

/**
 * Runs a command quietly, with a line of progress: one that counts on a terminal, one every 20 seconds elsewhere. Gives the
 * exit code and the output.
 */
export function runWithProgress(label, command, args, { cwd, env = process.env } = {}) {
  return new Promise((resolve) => {
    const began = Date.now()
    const seconds = () => Math.round((Date.now() - began) / 1000)
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    const live = process.stdout.isTTY === true
    if (!live) console.log(`${label} …`)
    const timer = setInterval(() => (live ? process.stdout.write(`\r${label} … ${seconds()} s `) : console.log(`${label} … ${seconds()} s`)), live ? 250 : 20_000)
    const forward = (signal) => child.kill(signal)
    process.once('SIGTERM', forward)
    process.once('SIGINT', forward)
    const end = (code) => {
      clearInterval(timer)
      process.off('SIGTERM', forward)
      process.off('SIGINT', forward)
      if (live) process.stdout.write(`\r${label}: ${code === 0 ? 'done' : 'failed'} (${seconds()} s)\n`)
      else console.log(`${label}: ${code === 0 ? 'done' : 'failed'} (${seconds()} s)`)
      resolve({ code, output })
    }
    child.once('error', (error) => {
      output += String(error)
      end(1)
    })
    child.once('close', (code) => end(code ?? 1))
  })
}

/** Installs when needed; false after a failure that has been explained. */
export async function ensureInstalled(root) {
  if (!isInstallStale(root)) return true
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { code, output } = await runWithProgress('Installing packages (about two minutes the first time)', npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root })
  if (code === 0) return true
  console.error(output.split('\n').slice(-40).join('\n'))
  console.error(explainInstall(output))
  return false
}
