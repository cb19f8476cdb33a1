// Who runs out of this folder. Plain Node, because it is asked before anything is installed.
import { readdirSync, readlinkSync, realpathSync } from 'node:fs'
import { join } from 'node:path'

const DELETED = / \(deleted\)$/

function openFilesOf(folder) {
  try {
    return readdirSync(folder).map((name) => readlinkSync(join(folder, name)).replace(DELETED, ''))
  } catch {
    // Ended meanwhile, or somebody else's.
    return []
  }
}

/**
 * The numbers of the processes that run from the program built in `root`: each keeps build/http/main.js open (holdProgram). The system
 * knows it of those of this account, and root knows all; it forgets a process that ends, however it ends. None where there is no /proc.
 *
 * @returns {number[]}
 */
export function runningFrom(root, { proc = '/proc' } = {}) {
  const program = join(realpathSync(root), 'build/http/main.js')
  let names
  try {
    names = readdirSync(proc)
  } catch {
    return []
  }
  const others = names.filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  return others.filter((pid) => openFilesOf(join(proc, pid, 'fd')).includes(program)).map(Number)
}

/** One sentence when files may not be replaced because somebody runs from them, else null. */
export function runningProblem(root) {
  const running = runningFrom(root)
  if (running.length === 0) return null
  return `Poise runs from this folder (process ${running.join(', ')}), and what is to be installed or built would take its files away: stop it first, or set up the new version in a folder of its own.`
}
