// Facts about this installation, kept in the settings table.
import { eq } from 'drizzle-orm'
import { clockNotesDue, lastClockAlarm, touchClockAlarm } from '../../db/repositories/settings.server.ts'
import type { Store } from '../../db/store.server.ts'
import type { JsonObject } from '../../db/tables.server.ts'
import type { Deps, Secrets } from '../ground/deps.server.ts'
import { announceClock, recordClockAlarm } from '../services/invigilation/clock-alarm.server.ts'
import type { ClockAlarm, GuardedClock } from './clock.server.ts'
import { ConfigError } from './config.server.ts'
import {
  createSecrets,
  KEY_FILE,
  keyFingerprint,
  makeMasterKey,
  readMasterKey,
  removeMasterKey,
} from './secrets.server.ts'

const SECRET_KEY_KEY = 'secret_key'
const INSTALLATION_KEY = 'installation'
/**
 * Looked at only while there is an alarm. Between the notes about its confirmation and this look, time left reads too
 * long.
 */
const CONFIRM_POLL_MS = 1_000
/** How exactly a restart knows where time stood. */
const SEEN_EVERY_MS = 5_000

async function readSetting(store: Store, key: string): Promise<JsonObject | null> {
  const { q, t } = store.read
  const [row] = await q.select({ value: t.settings.value }).from(t.settings).where(eq(t.settings.key, key))
  return row?.value ?? null
}

/** Binds the database to a key; false when it is bound to another already. */
export async function bindKey(store: Store, secrets: Secrets, now: Date): Promise<boolean> {
  const fingerprint = keyFingerprint(secrets)
  await store.transact(async (w) => {
    const bound = { key: SECRET_KEY_KEY, value: { fingerprint }, updatedAt: now }
    await w.q.insert(w.t.settings).values(bound).onConflictDoNothing()
  })
  return (await readSetting(store, SECRET_KEY_KEY))?.['fingerprint'] === fingerprint
}

/**
 * Throws a ConfigError for a database whose key is missing or is another. `boundTo`: the fingerprint that it keeps,
 * null where it keeps none.
 */
export function requireKey(boundTo: unknown, key: Buffer | null, dataDir: string): void {
  if (typeof boundTo !== 'string') return
  if (key === null)
    throw new ConfigError([
      `The key of this database is missing: put the file ${KEY_FILE} from your backup into ${dataDir}, then start again.`,
    ])
  if (boundTo !== keyFingerprint(createSecrets(key)))
    throw new ConfigError([
      `The file ${KEY_FILE} in ${dataDir} does not belong to this database: put the one from its backup there, then start again.`,
    ])
}

/**
 * The secrets of this installation. Its key is made at the very first start only; a start that is refused leaves none
 * behind. Throws a ConfigError for a database whose key is missing or is another: everything sealed would look damaged,
 * one record at a time and much later.
 */
export async function openSecrets(store: Store, dataDir: string, now: Date): Promise<Secrets> {
  const present = readMasterKey(dataDir)
  requireKey((await readSetting(store, SECRET_KEY_KEY))?.['fingerprint'], present, dataDir)
  const made = present === null ? makeMasterKey(dataDir) : null
  const key = present ?? made ?? readMasterKey(dataDir)
  if (key === null) throw new Error('the key that another process made is gone')
  const secrets = createSecrets(key)
  let fits = false
  try {
    fits = await bindKey(store, secrets, now)
  } finally {
    if (!fits && made !== null) removeMasterKey(dataDir)
  }
  // Another process has bound the database to its own key in this very moment.
  if (!fits) requireKey((await readSetting(store, SECRET_KEY_KEY))?.['fingerprint'], key, dataDir)
  return secrets
}

/**
 * What an installation is for good. `made` is false while its demo is being made, or where that was interrupted; null
 * where nobody makes one.
 */
export type Bound = { mode: 'demo' | 'production'; made: boolean | null }

/**
 * Binds the installation to `mode` unless it is bound already, and tells what it is bound to. The first of two that
 * come at once decides.
 */
export async function bindInstallation(store: Store, mode: Bound['mode'], now: Date): Promise<Bound> {
  await store.transact(async (w) => {
    await w.q
      .insert(w.t.settings)
      .values({ key: INSTALLATION_KEY, value: { mode }, updatedAt: now })
      .onConflictDoNothing()
  })
  const bound = await boundMode(store)
  if (bound === null) throw new Error('the row that binds the installation is gone')
  return bound
}

/** Null for an installation that has not been started in demo or production mode since there is such a row. */
export async function boundMode(store: Store): Promise<Bound | null> {
  const value = await readSetting(store, INSTALLATION_KEY)
  if (value === null) return null
  const made = value['made']
  return { mode: value['mode'] === 'demo' ? 'demo' : 'production', made: typeof made === 'boolean' ? made : null }
}

/** Notes that the demo is being made, or that it is whole. */
export async function noteDemo(store: Store, made: boolean, now: Date): Promise<void> {
  await store.transact(async (w) => {
    await w.q
      .update(w.t.settings)
      .set({ value: { mode: 'demo', made }, updatedAt: now })
      .where(eq(w.t.settings.key, INSTALLATION_KEY))
  })
}

/**
 * Shows the clock's alarm to staff and brings their answer back. The settings row is the meeting point, because whoever
 * confirms sits in another bundle, perhaps in another process.
 */
export function watchClock(
  deps: Pick<Deps, 'store' | 'ids' | 'live' | 'log'> & { clock: GuardedClock },
  unconfirmedId: string | null = null,
): {
  raise(alarm: ClockAlarm): void
  close(): Promise<void>
} {
  const { store, clock, log } = deps
  let pending: Promise<void> = Promise.resolve()
  /** The alarm under which staff see that of this process; null where it could not be kept. */
  let shownAs = unconfirmedId
  const inOrder = (work: () => Promise<void>): void => {
    pending = pending.then(work).catch((error: unknown) => log.error('clock.alarm_not_kept', error))
  }
  const timer = setInterval(() => {
    if (!clock.alarm()) return
    inOrder(async () => {
      const alarm = clock.alarm()
      if (!alarm) return
      const kept = await lastClockAlarm(store.read)
      if (shownAs === null || kept?.alarmId !== shownAs) {
        shownAs = await recordClockAlarm(deps, alarm)
        return
      }
      // Deadlines first: an attempt whose note is not yet written would be over as soon as the clock counts again.
      if (kept.status === 'raised') {
        const at = new Date(clock.now())
        if (at.getTime() - kept.seenAt >= SEEN_EVERY_MS)
          await store.transact((w) => touchClockAlarm(w, kept.alarmId, at))
        return
      }
      if (await clockNotesDue(store.read, kept.alarmId)) return
      shownAs = null
      clock.confirm()
      await announceClock(deps)
      log.info('clock.confirmed')
    })
  }, CONFIRM_POLL_MS)
  timer.unref()
  return {
    raise(alarm) {
      log.warn('clock.stepped', { stepMs: alarm.stepMs })
      inOrder(async () => {
        shownAs = await recordClockAlarm(deps, alarm)
      })
    },
    async close() {
      clearInterval(timer)
      await pending
    },
  }
}
