/**
 * One tab of a browser holds an attempt. The lock lives as long as its tab, so a reload keeps it and a crash frees it;
 * without it two tabs of one session would have the same epoch and overwrite each other. A take-over raises the epoch
 * and so takes a new lock.
 */
export type TabHold = { held: boolean; release(): void }

const HOLD_PATIENCE_MS = 600

export async function holdTab(attemptId: string, epoch: number): Promise<TabHold> {
  const name = lockName(attemptId, epoch)
  if (!('locks' in navigator)) return withoutLocks(name)
  return new Promise((resolve) => {
    let release = (): void => {}
    // A page that is just being reloaded gives its lock up a moment later.
    const patience = AbortSignal.timeout(HOLD_PATIENCE_MS)
    navigator.locks
      .request(name, { signal: patience }, () => {
        const held = new Promise<void>((done) => {
          release = done
        })
        resolve({ held: true, release: () => release() })
        return held
      })
      .catch(() => resolve({ held: false, release: () => {} }))
  })
}

const lockName = (attemptId: string, epoch: number): string => `poise-attempt-${attemptId}-${epoch}`

/** Whether a tab of this browser holds the attempt; false where the browser cannot say. */
export async function heldInThisBrowser(attemptId: string, epoch: number): Promise<boolean> {
  const held = 'locks' in navigator ? (await navigator.locks.query()).held : []
  return held?.some((lock) => lock.name === lockName(attemptId, epoch)) ?? false
}

const TAKEN = 'poise-taken'
/** Left for the other tabs of this browser, which learn of the new epoch before the tab that has it can be asked. */
export const noteTakeOver = (attemptId: string, epoch: number): void => {
  try {
    localStorage.setItem(TAKEN, lockName(attemptId, epoch + 1))
  } catch {
    // No store: the other tab will say "another device".
  }
}
export const takenInThisBrowser = (attemptId: string, epoch: number): boolean => {
  try {
    return localStorage.getItem(TAKEN) === lockName(attemptId, epoch + 1)
  } catch {
    return false
  }
}

/** Asks the other tabs; one that answers holds the attempt. */
async function withoutLocks(name: string): Promise<TabHold> {
  if (typeof BroadcastChannel === 'undefined') return { held: true, release: () => {} }
  const id = tabId()
  const channel = new BroadcastChannel(name)
  const answered = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), 250)
    channel.onmessage = (event: MessageEvent<{ here?: string }>) => {
      if (!event.data.here || event.data.here === id) return
      clearTimeout(timer)
      resolve(true)
    }
    channel.postMessage({ who: id })
  })
  channel.onmessage = answered
    ? null
    : (event: MessageEvent<{ who?: string }>) =>
        void (event.data.who && event.data.who !== id && channel.postMessage({ here: id }))
  return { held: !answered, release: () => channel.close() }
}

/** Name of this tab; it outlives a reload and not the tab. */
function tabId(): string {
  const known = sessionStorage.getItem('poise-tab')
  if (known) return known
  const made = crypto.randomUUID()
  sessionStorage.setItem('poise-tab', made)
  return made
}
