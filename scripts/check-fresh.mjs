// What a stranger does first: clones the commit, runs npm start, opens the login page, stops, starts again. Part of npm test, because an
// installed checkout says nothing about a fresh one.
//   node scripts/check-fresh.mjs [--keep]
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { bareClone } from './lib/bare-clone.mjs'
import { npmCommand } from './lib/programs.mjs'

const root = resolve(import.meta.dirname, '..')
const scratch = mkdtempSync(join(tmpdir(), 'poise-fresh-'))
// A space and characters outside ASCII: what paths of real people have, and what breaks a command that quotes nothing.
const clone = join(scratch, '客服 poise')
const FIRST_START_PATIENCE_MS = 900_000
const NEXT_START_PATIENCE_MS = 60_000
const STOP_PATIENCE_MS = 15_000

/** npm finds the user's own settings by HOME; it needs nothing else. */
const EMPTY = { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0' }

function say(line) {
  console.log(`fresh clone: ${line}`)
}

/** Stops it as a terminal would; false when it is still there after some time. */
async function stop(child, ended) {
  try {
    process.kill(-child.pid, 'SIGTERM')
  } catch {
    // Gone already.
    return true
  }
  let timer
  const late = new Promise((done) => (timer = setTimeout(() => done(false), STOP_PATIENCE_MS)))
  const stopped = await Promise.race([ended.then(() => true), late])
  clearTimeout(timer)
  return stopped
}

/**
 * Runs npm start, hands its address to `visit`, stops it as a terminal would, and gives its output and the time until
 * it was ready.
 */
async function start(visit, patienceMs) {
  const [command, ...args] = npmCommand()
  const began = Date.now()
  const child = spawn(command, [...args, 'start'], {
    cwd: clone,
    env: EMPTY,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  const ended = new Promise((done) => child.once('close', (code, signal) => done(code ?? signal)))
  try {
    const url = await new Promise((done, failed) => {
      const patience = setTimeout(
        () => failed(new Error(`npm start was not ready after ${patienceMs / 1000} s`)),
        patienceMs,
      )
      const look = (chunk) => {
        output += chunk
        const found = /is ready: (http:\S+)/.exec(output)
        if (!found) return
        clearTimeout(patience)
        done(found[1])
      }
      child.stdout.on('data', look)
      child.stderr.on('data', look)
      child.once('error', failed)
      void ended.then((code) => {
        clearTimeout(patience)
        failed(new Error(`npm start ended with ${code} before it was ready`))
      })
    })
    const readyAfterMs = Date.now() - began
    await visit(url)
    if (!(await stop(child, ended))) throw new Error('npm start did not stop when it was told to')
    return { output, readyAfterMs }
  } catch (error) {
    console.error(output)
    // What installs or builds is a group of its own, which only npm start can end.
    await stop(child, ended)
    throw error
  } finally {
    try {
      process.kill(-child.pid, 'SIGKILL')
    } catch {
      // Gone already.
    }
  }
}

async function open(url) {
  const health = await fetch(`${url}/healthz`)
  if (health.status !== 200) throw new Error(`/healthz answered ${health.status}`)
  const login = await fetch(`${url}/login`, { headers: { accept: 'text/html' } })
  const page = await login.text()
  if (login.status !== 200 || !/<input[^>]+type="password"/.test(page))
    throw new Error(`/login answered ${login.status} without a password field`)
  // A page whose script is missing looks right and does nothing.
  const script = /src="(\/assets\/[^"]+\.js)"|import\s*"(\/assets\/[^"]+\.js)"|href="(\/assets\/[^"]+\.js)"/.exec(page)
  const asset = script?.slice(1).find(Boolean)
  if (!asset) throw new Error('/login loads no script')
  const loaded = await fetch(url + asset)
  if (loaded.status !== 200) throw new Error(`${asset} answered ${loaded.status}`)
}

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`
const WORKED = /Installing packages|Building the pages|Built in/

try {
  say(bareClone(root, clone))
  if (existsSync(join(clone, 'node_modules'))) throw new Error('the clone is not bare')
  const first = await start(open, FIRST_START_PATIENCE_MS)
  say(`first start ready after ${seconds(first.readyAfterMs)}`)
  const second = await start(open, NEXT_START_PATIENCE_MS)
  if (WORKED.test(second.output)) throw new Error(`the second start installed or built again:\n${second.output}`)
  say(`second start ready after ${seconds(second.readyAfterMs)}`)
  // An operator keeps what runs and drops what builds.
  const [npm, ...args] = npmCommand()
  const pruned = spawnSync(npm, [...args, 'prune', '--omit=dev', '--no-audit', '--no-fund'], {
    cwd: clone,
    env: EMPTY,
    encoding: 'utf8',
  })
  if (pruned.status !== 0) throw new Error(`npm prune --omit=dev failed:\n${pruned.stderr}`)
  if (existsSync(join(clone, 'node_modules/vite'))) throw new Error('npm prune --omit=dev left vite behind')
  const third = await start(open, NEXT_START_PATIENCE_MS)
  if (WORKED.test(third.output))
    throw new Error(`a start without development packages installed or built again:\n${third.output}`)
  say(`without development packages ready after ${seconds(third.readyAfterMs)}`)
} catch (error) {
  console.error(`fresh clone: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
} finally {
  if (process.argv.includes('--keep')) say(`kept in ${clone}`)
  else rmSync(scratch, { recursive: true, force: true })
}
