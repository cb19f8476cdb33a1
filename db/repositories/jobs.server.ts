// The job table: a job is claimed by a conditional update, with a lease.
import { and, asc, eq, gt, lt, lte, min, or, sql, type Column, type SQL } from 'drizzle-orm'
import { skipLocked } from '../dialect/sql.server.ts'
import { statement, type Reader, type Writer } from '../store.server.ts'
import type { JsonObject, JsonValue } from '../tables.server.ts'

/** `runAt` of a job that is due at once, whatever the clock shows. */
export const AT_ONCE = new Date(0)

const putJob = statement('jobs-enqueue', (q, { jobs: t }) =>
  q
    .insert(t)
    .values({
      id: sql.placeholder('id'),
      kind: sql.placeholder('kind'),
      payload: sql.placeholder('payload'),
      status: 'queued',
      runAt: sql.placeholder('runAt'),
      steps: {},
      dedupeKey: sql.placeholder('dedupeKey'),
      createdAt: sql.placeholder('createdAt'),
    })
    .onConflictDoNothing({ target: t.dedupeKey })
    .returning({ id: t.id }),
)

export type NewJob = {
  id: string
  kind: string
  payload: JsonObject
  runAt: Date
  dedupeKey: string | null
  createdAt: Date
}

/** False where a job with the same key was made before. */
export const insertJob = async (w: Writer, job: NewJob): Promise<boolean> => (await putJob(w, job)).length > 0

export type ClaimedJob = {
  id: string
  kind: string
  payload: JsonObject
  /** 1 at the first try. Together with the id it names this claim: whoever lost the lease has an older number. */
  tries: number
  maxTries: number
  steps: JsonObject
}

type Table = Reader['t']['jobs']
/**
 * A placeholder with its column's encoding. Drizzle leaves a bare one as it is, and no driver of SQLite takes a Date.
 */
const given = (name: string, column: Column): SQL => sql`${sql.param(sql.placeholder(name), column)}`

/** Waiting and due, or left behind by a runner whose lease has ended. */
const claimable = (t: Table, now: SQL) =>
  or(and(eq(t.status, 'queued'), lte(t.runAt, now)), and(eq(t.status, 'running'), lt(t.leaseUntil, now)))
const dueOrder = (t: Table) => [asc(t.runAt), asc(t.createdAt), asc(t.id)] as const

const dueJob = statement('jobs-due', (q, { jobs: t }) =>
  q
    .select({ id: t.id })
    .from(t)
    .where(claimable(t, given('now', t.runAt)))
    .limit(1),
)

/** Cheap look for work, without a transaction. */
export const hasDueJob = async (r: Reader, now: Date): Promise<boolean> => (await dueJob(r, { now })).length > 0

// Scoring goes through here for every attempt, so what runs once a job is prepared.
const dueJobs = (dialect: 'sqlite' | 'pg') =>
  statement(`jobs-due-${dialect}`, (q, { jobs: t }) =>
    skipLocked(
      dialect,
      q
        .select({ id: t.id, tries: t.tries })
        .from(t)
        .where(claimable(t, given('now', t.runAt)))
        .orderBy(...dueOrder(t))
        .limit(sql.placeholder('limit')),
    ),
  )
const DUE_JOBS = { sqlite: dueJobs('sqlite'), pg: dueJobs('pg') }
const claimOne = statement('jobs-claim', (q, { jobs: t }) =>
  q
    .update(t)
    .set({ status: 'running', leaseUntil: given('leaseUntil', t.leaseUntil), tries: given('next', t.tries) })
    .where(
      and(eq(t.id, sql.placeholder('id')), eq(t.tries, sql.placeholder('tries')), claimable(t, given('now', t.runAt))),
    )
    .returning({ id: t.id, kind: t.kind, payload: t.payload, tries: t.tries, maxTries: t.maxTries, steps: t.steps }),
)
const finishOne = statement('jobs-finish', (q, { jobs: t }) =>
  q
    .update(t)
    .set({ status: 'done', finishedAt: given('now', t.finishedAt), leaseUntil: null, lastErrorCode: null })
    .where(and(eq(t.id, sql.placeholder('id')), eq(t.tries, sql.placeholder('tries')), eq(t.status, 'running')))
    .returning({ id: t.id }),
)

/**
 * Takes up to `limit` due jobs for `leaseMs`. The update repeats the condition, so that two runners never hold one job.
 */
export async function claimJobs(
  w: Writer,
  input: { now: Date; leaseMs: number; limit: number },
): Promise<ClaimedJob[]> {
  const leaseUntil = new Date(input.now.getTime() + input.leaseMs)
  const claimed: ClaimedJob[] = []
  for (const { id, tries } of await DUE_JOBS[w.dialect](w, { now: input.now, limit: input.limit })) {
    claimed.push(...(await claimOne(w, { id, tries, next: tries + 1, leaseUntil, now: input.now })))
  }
  return claimed
}

type Claim = Pick<ClaimedJob, 'id' | 'tries'>
const held = (t: Table, claim: Claim) => and(eq(t.id, claim.id), eq(t.tries, claim.tries), eq(t.status, 'running'))

/** Ends a job well, as long as the caller still holds it. The functions below keep to the same rule. */
export const finishJob = async (w: Writer, { id, tries }: Claim, now: Date): Promise<boolean> =>
  (await finishOne(w, { id, tries, now })).length > 0

/** Puts the job back for `retryAt`, or ends it where that is null. The reason is a code, never a message. */
export async function failJob(
  w: Writer,
  claim: Claim,
  input: { now: Date; code: string; retryAt: Date | null },
): Promise<boolean> {
  const t = w.t.jobs
  const ending =
    input.retryAt === null
      ? ({ status: 'failed', finishedAt: input.now } as const)
      : ({ status: 'queued', runAt: input.retryAt } as const)
  const rows = await w.q
    .update(t)
    .set({ ...ending, leaseUntil: null, lastErrorCode: input.code })
    .where(held(t, claim))
    .returning({ id: t.id })
  return rows.length > 0
}

export async function extendLeases(w: Writer, claims: readonly Claim[], leaseUntil: Date): Promise<void> {
  const t = w.t.jobs
  for (const claim of claims) await w.q.update(t).set({ leaseUntil }).where(held(t, claim))
}

/**
 * Gives back every job that somebody holds. Only for a process that knows itself alone with the database: whoever held
 * them is dead, and nobody need wait for the leases to end. The tries count, because the job may be what killed the
 * process.
 */
export async function reclaimJobs(w: Writer): Promise<void> {
  const t = w.t.jobs
  await w.q.update(t).set({ status: 'queued', leaseUntil: null }).where(eq(t.status, 'running'))
}

/** Gives jobs back that were claimed and not begun: the try does not count. */
export async function releaseJobs(w: Writer, claims: readonly Claim[]): Promise<void> {
  const t = w.t.jobs
  for (const claim of claims)
    await w.q
      .update(t)
      .set({ status: 'queued', leaseUntil: null, tries: claim.tries - 1 })
      .where(held(t, claim))
}

/** Keeps the result of a finished step, so that a retry skips it. */
export async function keepStep(w: Writer, claim: Claim, name: string, result: JsonValue): Promise<boolean> {
  const t = w.t.jobs
  const [row] = await w.q.select({ steps: t.steps }).from(t).where(held(t, claim))
  if (!row) return false
  await w.q
    .update(t)
    .set({ steps: { ...row.steps, [name]: result } })
    .where(held(t, claim))
  return true
}

/**
 * How long the oldest due job has been waiting. A job that is due at once has waited since it was made, by the
 * machine's time; any other since its time, by ours.
 */
export async function jobsLagMs(r: Reader, now: Date): Promise<number> {
  const t = r.t.jobs
  const waiting = (condition: ReturnType<typeof and>) =>
    r.q
      .select({ made: min(t.createdAt), due: min(t.runAt) })
      .from(t)
      .where(and(eq(t.status, 'queued'), condition))
  const [atOnce] = await waiting(eq(t.runAt, AT_ONCE))
  const [timed] = await waiting(and(lt(t.runAt, now), gt(t.runAt, AT_ONCE)))
  const sinceMade = atOnce?.made ? Date.now() - atOnce.made.getTime() : 0
  const sinceDue = timed?.due ? now.getTime() - timed.due.getTime() : 0
  return Math.max(0, sinceMade, sinceDue)
}
