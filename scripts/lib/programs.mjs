// Starting other programs from plain Node, on every system, with progress in few words.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, posix, win32 } from 'node:path'

/**
 * The command that runs npm. On Windows npm is a batch file, which Node refuses to spawn without a shell, so npm's own script is run by
 * this Node wherever it can be found: npm names it to the scripts that it starts, and Node's installers put it beside Node.
 *
 * @param {{ platform?: string, execPath?: string, env?: Record<string, string | undefined>, exists?: (path: string) => boolean }} [about]
 * @returns {string[]} the program, then its first arguments
 */
export function npmCommand({ platform = process.platform, execPath = process.execPath, env = process.env, exists = existsSync } = {}) {
  const { join: joined, dirname: folderOf, basename: nameOf } = platform === 'win32' ? win32 : posix
  const candidates = [
    // Under pnpm or yarn the variable names their script.
    ...(env.npm_execpath && /^npm-cli\.c?js$/.test(nameOf(env.npm_execpath)) ? [env.npm_execpath] : []),
    joined(folderOf(execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    joined(folderOf(execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ]
  const script = candidates.find((path) => exists(path))
  if (script) return [execPath, script]
  // Without a shell this fails on Windows with a sentence of Node's own; no argument of ours may ever be read by a shell.
  return ['npm']
}

/**
 * The command that runs a package's program. Its script is run by this Node, because the files in node_modules/.bin are shell or batch
 * files on Windows and differ between package managers.
 *
 * @returns {string[]} the program, then its first arguments
 */
export function packageProgram(root, name, { read = (file) => readFileSync(file, 'utf8'), execPath = process.execPath } = {}) {
  const folder = join(root, 'node_modules', name)
  const { bin } = JSON.parse(read(join(folder, 'package.json')))
  // typescript has two: its own program is the first.
  const script = typeof bin === 'string' ? bin : (bin?.[basename(name)] ?? Object.values(bin ?? {})[0])
  if (!script) throw new Error(`The package ${name} has no program.`)
  return [execPath, join(folder, script)]
}

/**
 * Runs a command quietly, with a line of progress: one that counts on a terminal, one every 20 seconds elsewhere. Gives the
 * exit code and the output. Progress goes to standard error: what a command prints may be read by a program.
 */
export function runWithProgress(label, [command, ...args], { cwd, env = process.env } = {}) {
  return new Promise((resolve) => {
    const began = Date.now()
    const seconds = () => Math.round((Date.now() - began) / 1000)
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    const live = process.stderr.isTTY === true
    if (!live) console.error(`${label} …`)
    const timer = setInterval(() => (live ? process.stderr.write(`\r${label} … ${seconds()} s `) : console.error(`${label} … ${seconds()} s`)), live ? 250 : 20_000)
    const forward = (signal) => child.kill(signal)
    process.once('SIGTERM', forward)
    process.once('SIGINT', forward)
    const end = (code) => {
      clearInterval(timer)
      process.off('SIGTERM', forward)
      process.off('SIGINT', forward)
      if (live) process.stderr.write(`\r${label}: ${code === 0 ? 'done' : 'failed'} (${seconds()} s)\n`)
      else console.error(`${label}: ${code === 0 ? 'done' : 'failed'} (${seconds()} s)`)
      resolve({ code, output })
    }
    child.once('error', (error) => {
      output += String(error)
      end(1)
    })
    child.once('close', (code) => end(code ?? 1))
  })
}
