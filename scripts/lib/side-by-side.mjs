// Runs stages beside each other, as many as there are cores for, and shows what each says as a whole.

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {number} cores how many it keeps busy; 0 for one that mostly waits
 * @property {readonly string[]} [after] stages that have to end first, where they run at all
 */

/**
 * Output of stages that run at once, each shown in one piece: that of one is passed on as it comes, that of the others
 * is kept until nothing else is being shown. A quiet stage is shown only once it has ended.
 *
 * @param {(text: string) => void} write
 */
export function outputInTurn(write) {
  const open = []
  let shown = null
  function showNext() {
    shown = open.find(({ ended }) => ended) ?? open.find(({ quiet }) => !quiet) ?? null
    if (!shown) return
    write(`\n== ${shown.title} ==\n${shown.kept.splice(0).join('')}`)
    if (shown.ended) close(shown)
  }
  function close(one) {
    open.splice(open.indexOf(one), 1)
    showNext()
  }
  return (title, { quiet = false } = {}) => {
    const own = { title, quiet, kept: [], ended: false }
    open.push(own)
    if (!shown) showNext()
    return {
      write: (text) => void (shown === own ? write(text) : own.kept.push(text)),
      end() {
        own.ended = true
        if (shown === own) close(own)
        else if (!shown) showNext()
      },
    }
  }
}

/**
 * Starts each stage as soon as what it comes after has ended and its cores are free; the earlier in the list first.
 *
 * @template {Stage} S
 * @param {readonly S[]} stages
 * @param {{ cores: number, run: (stage: S) => Promise<void> }} how
 */
export async function sideBySide(stages, { cores, run }) {
  const names = new Set(stages.map(({ name }) => name))
  const ended = new Set()
  const waiting = [...stages]
  const running = new Map()
  const need = (stage) => Math.min(stage.cores, cores)
  const isReady = ({ after = [] }) => after.every((name) => !names.has(name) || ended.has(name))
  while (waiting.length > 0 || running.size > 0) {
    let free = cores - [...running.keys()].reduce((sum, stage) => sum + need(stage), 0)
    for (const stage of [...waiting]) {
      if (!isReady(stage) || need(stage) > free) continue
      waiting.splice(waiting.indexOf(stage), 1)
      free -= need(stage)
      running.set(
        stage,
        run(stage).finally(() => {
          running.delete(stage)
          ended.add(stage.name)
        }),
      )
    }
    if (running.size === 0)
      throw new Error(`These stages wait for each other: ${waiting.map(({ name }) => name).join(', ')}`)
    await Promise.race(running.values())
  }
}
