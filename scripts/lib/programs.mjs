// Starting other programs from plain Node, on every system, with progress in few words.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { basename, dirname, join, posix, win32 } from 'node:path'

/**
 * The command that runs npm. On Windows npm is a batch file, which Node refuses to spawn without a shell, so npm's own
 * script is run by this Node wherever it can be found: npm names it to the scripts that it starts, and Node's
 * installers put it beside Node.
 *
 * @param {{ platform?: string, execPath?: string, env?: Record<string, string | undefined>, exists?: (path: string) =>
 * boolean }} [about]
 * @returns {string[]} the program, then its first arguments
 */
export function npmCommand({
  platform = process.platform,
  execPath = process.execPath,
  env = process.env,
  exists = existsSync,
} = {}) {
  const { join: joined, dirname: folderOf, basename: nameOf } = platform === 'win32' ? win32 : posix
  const candidates = [
    // Under pnpm or yarn the variable names their script.
    ...(env.npm_execpath && /^npm-cli\.c?js$/.test(nameOf(env.npm_execpath)) ? [env.npm_execpath] : []),
    joined(folderOf(execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    joined(folderOf(execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ]
  const script = candidates.find((path) => exists(path))
  if (script) return [execPath, script]
  // Without a shell this fails on Windows with a sentence of Node's own; no argument of ours may ever be read by a
  // shell.
  return ['npm']
}

/**
 * The command that runs a package's program. Its script is run by this Node, because the files in node_modules/.bin are
 * shell or batch files on Windows and differ between package managers.
 *
 * @returns {string[]} the program, then its first arguments
 */
export function packageProgram(
  root,
  name,
  { read = (file) => readFileSync(file, 'utf8'), execPath = process.execPath } = {},
) {
  const folder = join(root, 'node_modules', name)
  const { bin } = JSON.parse(read(join(folder, 'package.json')))
  // typescript has two: its own program is the first.
  const script = typeof bin === 'string' ? bin : (bin?.[basename(name)] ?? Object.values(bin ?? {})[0])
  if (!script) throw new Error(`The package ${name} has no program.`)
  return [execPath, join(folder, script)]
}

const STOP_PATIENCE_MS = 3_000
const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP']
const LOOK_FOR_PARENT_MS = 1_000
const parentAtStart = process.ppid

/**
 * npm hands a signal to the shell between us, which ends without handing it on. Only npm's scripts are asked: who was
 * started by hand may outlive whoever did it (nohup).
 */
const isDeserted = () => process.env.npm_lifecycle_event !== undefined && process.ppid !== parentAtStart

/**
 * Runs a command quietly, with a line of progress: one that counts on a terminal, one every 20 seconds elsewhere. Gives
 * the exit code and the output. Progress goes to standard error: what a command prints may be read by a program.
 *
 * The command and all that it starts end with this process: at a signal they are told to, have three seconds for it,
 * and then this process exits with 128 and the signal's number.
 *
 * @param {string} label
 * @param {string[]} command the program, then its arguments
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, inherited?: number[] }} [options] `inherited` are open files that
 *   the command keeps open as well.
 * @returns {Promise<{ code: number, output: string }>}
 */
export function runWithProgress(label, [command, ...args], { cwd, env = process.env, inherited = [] } = {}) {
  return new Promise((resolve) => {
    const began = Date.now()
    const seconds = () => Math.round((Date.now() - began) / 1000)
    // A group of its own, so that one signal reaches all of it. On Windows that would open a window.
    const grouped = process.platform !== 'win32'
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe', ...inherited], detached: grouped })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    const live = process.stderr.isTTY === true
    if (!live) console.error(`${label} …`)
    const timer = setInterval(
      () => (live ? process.stderr.write(`\r${label} … ${seconds()} s `) : console.error(`${label} … ${seconds()} s`)),
      live ? 250 : 20_000,
    )
    const watch = setInterval(() => isDeserted() && stop('SIGTERM'), LOOK_FOR_PARENT_MS)
    let stoppedBy = null

    function signalAll(signal) {
      if (child.pid === undefined) return
      try {
        if (grouped) process.kill(-child.pid, signal)
        else child.kill(signal)
      } catch {
        // All of them have ended.
      }
    }
    const killAll = () => signalAll('SIGKILL')
    function tell(how) {
      if (live) process.stderr.write(`\r${label}: ${how} (${seconds()} s)\n`)
      else console.error(`${label}: ${how} (${seconds()} s)`)
    }
    function leave() {
      tell('stopped')
      process.exit(128 + constants.signals[stoppedBy])
    }
    function stop(signal) {
      if (stoppedBy !== null) return
      stoppedBy = signal
      signalAll(signal)
      setTimeout(leave, STOP_PATIENCE_MS)
    }
    function end(code) {
      if (stoppedBy !== null) leave()
      tell(code === 0 ? 'done' : 'failed')
      clearInterval(timer)
      clearInterval(watch)
      for (const signal of STOP_SIGNALS) process.off(signal, stop)
      process.off('exit', killAll)
      resolve({ code, output })
    }
    for (const signal of STOP_SIGNALS) process.on(signal, stop)
    process.once('exit', killAll)
    child.once('error', (error) => {
      output += String(error)
      end(1)
    })
    child.once('close', (code) => end(code ?? 1))
  })
}
