/** Sessions are rows: they can be listed, ended one by one, and all at once. */
import * as sessions from '../../../db/repositories/sessions.server.ts'
import { storeTrouble, type Writer } from '../../../db/store.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, type Instant } from '../../core/shared/time.ts'
import type { Deps } from '../../ground/deps.server.ts'

const STAFF_IDLE_MS = 8 * HOUR_MS
const STAFF_ABSOLUTE_MS = 7 * DAY_MS
/** A candidate's session outlives any attempt: an hour of thinking must not end in a login page. */
const CANDIDATE_ABSOLUTE_MS = 14 * DAY_MS
const TOUCH_EVERY_MS = 10 * MINUTE_MS

/** Makes a session and returns its token; only the token's hash is stored. */
export async function createSession(
  w: Writer,
  deps: Pick<Deps, 'secrets'>,
  input: {
    token: string
    personId: string
    origin: 'password' | 'invitation'
    enrolmentId: string | null
    now: Instant
  },
): Promise<void> {
  const lifeMs = input.origin === 'invitation' ? CANDIDATE_ABSOLUTE_MS : STAFF_ABSOLUTE_MS
  await sessions.insertSession(w, {
    id: deps.secrets.sha256(input.token),
    personId: input.personId,
    origin: input.origin,
    enrolmentId: input.enrolmentId,
    createdAt: new Date(input.now),
    lastSeenAt: new Date(input.now),
    expiresAt: new Date(input.now + lifeMs),
  })
}

/** The actor of a session token, or null when it is unknown, ended, idle for too long, or its account is disabled. */
export async function findSession(
  deps: Pick<Deps, 'store' | 'secrets'>,
  token: string,
  now: Instant,
): Promise<Actor | null> {
  const id = deps.secrets.sha256(token)
  const session = await sessions.loadSession(deps.store.read, id, new Date(now))
  if (!session) return null
  const idleMs = now - session.lastSeenAt.getTime()
  if (session.origin === 'password' && idleMs > STAFF_IDLE_MS) return null
  if (idleMs > TOUCH_EVERY_MS) {
    try {
      await deps.store.transact((w) => sessions.touchSession(w, id, new Date(now)))
    } catch (error) {
      // The next request notes it. A full disk must not keep anybody from reading.
      if (!storeTrouble(error)) throw error
    }
  }
  return {
    personId: session.personId,
    // An invitation makes somebody a candidate and nothing else, whatever else the account may hold.
    roles: session.origin === 'invitation' ? ['candidate'] : session.roles.filter((role) => role !== 'candidate'),
    sessionId: id,
    enrolmentId: session.enrolmentId,
  }
}
