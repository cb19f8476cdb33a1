// Who runs out of this folder. Plain Node, because it is asked before anything is installed.
import { readdirSync, readlinkSync, realpathSync } from 'node:fs'
import { join } from 'node:path'

const DELETED = / \(deleted\)$/

function namesIn(folder) {
  try {
    return readdirSync(folder)
  } catch {
    // Ended meanwhile, or somebody else's.
    return []
  }
}

function isLinkTo(file, link) {
  try {
    return readlinkSync(link).replace(DELETED, '') === file
  } catch {
    // Closed since it was listed: the other open files still count.
    return false
  }
}

/**
 * The numbers of the other processes that keep `file` open, the lowest first. The system knows it of those of this
 * account, and root knows all; it forgets a process that ends, however it ends. None where there is no /proc.
 *
 * @param {string} file a real path, without links
 * @returns {number[]}
 */
export function processesHolding(file, { proc = '/proc' } = {}) {
  const others = namesIn(proc).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  const holders = others.filter((pid) =>
    namesIn(join(proc, pid, 'fd')).some((name) => isLinkTo(file, join(proc, pid, 'fd', name))),
  )
  return holders.map(Number).sort((a, b) => a - b)
}

/**
 * The numbers of the processes that run from the program built in `root`: each keeps build/http/main.js open
 * (holdProgram).
 *
 * @returns {number[]}
 */
export const runningFrom = (root, about) => processesHolding(join(realpathSync(root), 'build/http/main.js'), about)

/** One sentence when files may not be replaced because somebody runs from them, else null. */
export function runningProblem(root) {
  const running = runningFrom(root)
  if (running.length === 0) return null
  return `Poise runs from this folder (process ${running.join(', ')}), and what is to be installed or built would take its files away: stop it first, or set up the new version in a folder of its own.`
}
