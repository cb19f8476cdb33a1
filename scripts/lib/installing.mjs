// One process at a time installs or builds in a folder. Plain Node, because it is asked before anything is installed.
import { closeSync, constants, existsSync, mkdirSync, openSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { processesHolding } from './running.mjs'

const LOOK_AGAIN_MS = 20
const PATIENCE_MS = 5_000

/**
 * Two empty files that are kept open: `asked` by whoever wants to begin, `begun` by whoever has. What is open ends with
 * its process, however that ends, so nothing is ever left locked.
 */
const FOLDER = '.cache/installing'
/** Its real path, because that is the path that /proc tells. */
function folderOf(root) {
  const folder = join(realpathSync(root), FOLDER)
  return existsSync(folder) ? realpathSync(folder) : folder
}
const mark = (root, name) => join(folderOf(root), name)

/** What this process holds: where, and the descriptor of its `begun`. */
let held = null

const sentence = (pid) => `Poise is being installed here by process ${pid}: wait until it has ended, then try again.`

/** One sentence while another process installs or builds in `root`, else null. */
export function installingProblem(root) {
  const [pid] = processesHolding(mark(root, 'begun'))
  return pid === undefined ? null : sentence(pid)
}

function hold(root, name) {
  try {
    mkdirSync(folderOf(root), { recursive: true })
    return openSync(mark(root, name), constants.O_RDONLY | constants.O_CREAT)
  } catch (error) {
    throw new Error(
      `Nothing can be written in ${join(root, FOLDER)} (${error.code}): check who owns it and whether the disk has room.`,
    )
  }
}

/**
 * Throws unless this process may begin. Of those that ask in the same moment the one with the lowest number begins: the
 * others see it and give up, and it waits until each of them has given up, or has begun because it had looked before.
 * Whoever has begun keeps `asked` open too, so that it is never out of sight.
 */
async function waitForTurn(root) {
  const giveUpAtMs = Date.now() + PATIENCE_MS
  for (;;) {
    const problem = installingProblem(root)
    if (problem) throw new Error(problem)
    const rivals = processesHolding(mark(root, 'asked'))
    if (rivals.length === 0) return
    if (rivals[0] < process.pid || Date.now() > giveUpAtMs) throw new Error(sentence(rivals[0]))
    await pause(LOOK_AGAIN_MS)
  }
}

/**
 * Does `work` while no other process installs or builds in `root`. Throws an error of one sentence, before anything is
 * touched, where one does. Within `work` the same process may ask again. Where there is no /proc, nobody else is seen.
 *
 * @template T
 * @param {string} root
 * @param {(descriptor: number) => Promise<T>} work is given an open file: a child that inherits it counts as installing as well, even
 *   when it outlives this process.
 * @returns {Promise<T>}
 */
export async function alone(root, work) {
  if (held?.root === root) return await work(held.descriptor)
  const asked = hold(root, 'asked')
  try {
    await waitForTurn(root)
    held = { root, descriptor: hold(root, 'begun') }
    try {
      return await work(held.descriptor)
    } finally {
      closeSync(held.descriptor)
      held = null
    }
  } finally {
    closeSync(asked)
  }
}
