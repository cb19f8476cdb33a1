// Kills the server with -9 in the middle of saving, again and again, and looks whether anything that it acknowledged is missing.
//   npm run check:crash [-- --rounds 200 --attempts 8 --minutes 10]
// Clients save through the protocol. Whatever the server acknowledges is noted in a file that the server knows nothing of, before the
// client goes on. After each kill the database is opened as the next start would open it, and compared with that file: every
// acknowledged answer is in the story with that revision and that text, none twice, and the answer's row is not older than it.
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import Database from 'better-sqlite3'
import { migrateSqlite } from '../db/migrate.server.ts'
import { openSqlite } from '../db/sqlite.server.ts'
import type { Store } from '../db/store.server.ts'
import { canonical, ProtocolClient, type Json, type Reply } from '../tests/integration/protocol-client.ts'
import { attemptWorld, eventsAfter, sha256, storedAttempt } from '../tests/setup/attempt-world.ts'
import { copyOfBuild } from '../tests/setup/poise-server.ts'
import { startServer } from '../tests/setup/server-process.ts'

type Ack = { attemptId: string; itemId: string; mutationId: string; revision: number; hash: string }
type Seat = {
  attemptId: string
  token: string
  client: ProtocolClient | null
  written: number
  seq: number
  seenMutations: Set<string>
  seenRevisions: Map<string, number>
}

const { values: given } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    attempts: { type: 'string', default: '8' },
    minutes: { type: 'string', default: '10' },
  },
})
const [wantedRounds, attemptCount, minutes] = [Number(given.rounds), Number(given.attempts), Number(given.minutes)]

const folder = mkdtempSync(join(tmpdir(), 'poise-crash-'))
const dataDir = join(folder, 'data')
const databaseFile = join(dataDir, 'poise.db')
/** Outside the server's folder. */
const ackFile = join(folder, 'acknowledged.jsonl')
const figures = { rounds: 0, acks: 0, repeats: 0, lostReplies: 0, unacknowledged: 0, lost: 0, duplicated: 0 }
const faults: string[] = []
const fault = (kind: 'lost' | 'duplicated', sentence: string): void => {
  figures[kind] += 1
  faults.push(sentence)
}

// ---- The world ----

async function makeSeats(): Promise<Seat[]> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  migrateSqlite(databaseFile)
  const store = openSqlite({ file: databaseFile })
  const world = await attemptWorld(store, { seed: 'crash', startsAt: Date.now() - 5_000 })
  const programme = await world.programme({ long: true, limitMinutes: 600 })
  const seats: Seat[] = []
  for (let n = 0; n < attemptCount; n += 1) {
    const candidate = await world.candidate(programme)
    seats.push({
      attemptId: await world.start(candidate),
      token: candidate.token,
      client: null,
      written: 0,
      seq: 0,
      seenMutations: new Set(),
      seenRevisions: new Map(),
    })
  }
  await store.close()
  return seats
}

// ---- The clients ----

const random = (below: number): number => Math.floor(Math.random() * below)
const ITEMS = ['fr-choice', 'fr-short', 'lo-essay'] as const
function answer(seat: Seat, itemId: (typeof ITEMS)[number]): Json {
  seat.written += 1
  if (itemId === 'fr-choice') return { kind: 'single_choice', optionId: 'abcd'.charAt(seat.written % 4) }
  return itemId === 'fr-short'
    ? { kind: 'short_text', text: `第 ${seat.written} 次 ✍️` }
    : { kind: 'essay', text: `version ${seat.written} ${'字'.repeat(random(30))}` }
}

/** Notes what a reply acknowledges. Written and on its way to the disk before the client does anything else. */
function note(seat: Seat, sent: ReadonlyMap<string, Json>, reply: Reply): void {
  for (const result of reply.results) {
    const first = result.result === 'duplicate' ? result.first : result
    if (first?.result !== 'accepted') {
      // Its base is what was acknowledged to it, so only a loss can make the server answer anything else.
      fault('lost', `${seat.attemptId}: an honest client was answered ${JSON.stringify(result)}`)
      continue
    }
    if (result.result === 'duplicate') figures.repeats += 1
    const hash = sha256(canonical(sent.get(result.mutationId) ?? null))
    const ack: Ack = {
      attemptId: seat.attemptId,
      itemId: result.itemId,
      mutationId: result.mutationId,
      revision: first.revision ?? 0,
      hash,
    }
    appendFileSync(ackFile, `${JSON.stringify(ack)}\n`)
    acknowledged.push(ack)
    figures.acks += 1
  }
  if (acknowledged.length >= wanted) reached()
}
const acknowledged: Ack[] = []
let wanted = Infinity
let reached = (): void => {}
const answersReached = (count: number): Promise<void> =>
  new Promise((resolve) => {
    wanted = count
    reached = resolve
    if (acknowledged.length >= wanted) resolve()
  })

/**
 * Saves one to three answers at a time until the server is gone. What had no answer stays as it is, for the next round.
 */
async function saveUntilGone(seat: Seat, base: string): Promise<void> {
  const client = seat.client ?? new ProtocolClient({ base, cookie: `poise=${seat.token}`, attemptId: seat.attemptId })
  seat.client = client
  client.options.base = base
  for (;;) {
    for (const itemId of ITEMS)
      if (!client.drafts.has(itemId) && random(2) === 0) client.write(itemId, answer(seat, itemId))
    if (client.drafts.size === 0) client.write('lo-essay', answer(seat, 'lo-essay'))
    const sent = new Map([...client.drafts.values()].map((m) => [m.mutationId, m.response]))
    const outcome = await client.save()
    if (outcome.kind === 'lost') {
      figures.lostReplies += 1
      return
    }
    if (outcome.kind === 'error')
      throw new Error(`the server answered ${outcome.status} ${JSON.stringify(outcome.failure)}`)
    note(seat, sent, outcome.reply)
    if (faults.length > 0) return
  }
}

// ---- The comparison ----

/** Compares what is stored with what was acknowledged since `from`, and each story with itself. */
async function compare(store: Store, seats: readonly Seat[], from: number): Promise<void> {
  for (const seat of seats) {
    const events = await eventsAfter(store, seat.attemptId, seat.seq)
    const fresh = new Map<string, { revision: number; hash: string }[]>()
    for (const event of events) {
      if (event.seq !== seat.seq + 1) fault('lost', `${seat.attemptId}: event ${seat.seq + 1} is missing`)
      seat.seq = event.seq
      if (event.type !== 'answer_saved') continue
      if (seat.seenMutations.has(event.mutationId))
        fault('duplicated', `${seat.attemptId}: ${event.mutationId} is stored twice`)
      seat.seenMutations.add(event.mutationId)
      const before = seat.seenRevisions.get(event.itemId) ?? 0
      if (event.revision !== before + 1)
        fault('duplicated', `${seat.attemptId} ${event.itemId}: revision ${event.revision} follows ${before}`)
      seat.seenRevisions.set(event.itemId, event.revision)
      fresh.set(event.mutationId, [
        ...(fresh.get(event.mutationId) ?? []),
        { revision: event.revision, hash: event.contentHash },
      ])
    }
    const mine = acknowledged.slice(from).filter((ack) => ack.attemptId === seat.attemptId)
    const { answers } = await storedAttempt(store, seat.attemptId)
    for (const ack of mine) {
      const own = fresh.get(ack.mutationId)
      // The repeat of a change that an earlier round stored and did not get to say: its event was read then.
      const known = own
        ? own.some((e) => e.revision === ack.revision && e.hash === ack.hash)
        : seat.seenMutations.has(ack.mutationId)
      const row = answers.find((a) => a.itemId === ack.itemId)
      if (!known || !row || row.revision < ack.revision)
        fault('lost', `acknowledged and missing: ${JSON.stringify(ack)}`)
      else if (row.revision === ack.revision && row.contentHash !== ack.hash)
        fault('lost', `acknowledged and overwritten: ${JSON.stringify(ack)}`)
    }
    for (const row of answers) {
      if (row.revision !== (seat.seenRevisions.get(row.itemId) ?? 0))
        fault(
          'lost',
          `${seat.attemptId} ${row.itemId}: row ${row.revision}, story ${seat.seenRevisions.get(row.itemId)}`,
        )
      if (row.contentHash !== null && sha256(canonical(row.response)) !== row.contentHash)
        fault('lost', `${seat.attemptId} ${row.itemId}: the text is not the one of its hash`)
    }
    figures.unacknowledged += [...fresh.keys()].filter((id) => !mine.some((ack) => ack.mutationId === id)).length
  }
}

/** The whole file of acknowledgements against the whole story, from nothing. */
async function compareAll(store: Store, seats: readonly Seat[]): Promise<void> {
  const acks = readFileSync(ackFile, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Ack)
  for (const seat of seats) {
    const { events } = await storedAttempt(store, seat.attemptId)
    const stored = new Map<string, string[]>()
    for (const e of events)
      if (e.type === 'answer_saved')
        stored.set(e.mutationId, [...(stored.get(e.mutationId) ?? []), `${e.itemId} ${e.revision} ${e.contentHash}`])
    for (const ack of acks.filter((a) => a.attemptId === seat.attemptId)) {
      const own = stored.get(ack.mutationId) ?? []
      if (own.length > 1) fault('duplicated', `${ack.mutationId} is stored ${own.length} times`)
      if (!own.includes(`${ack.itemId} ${ack.revision} ${ack.hash}`))
        fault('lost', `in the end missing: ${JSON.stringify(ack)}`)
    }
  }
  if (acks.length !== figures.acks) throw new Error('the file of acknowledgements is not whole')
}

// ---- The loop ----

const began = performance.now()
const elapsedS = (): number => Math.round((performance.now() - began) / 1000)
const build = await copyOfBuild()
try {
  const seats = await makeSeats()
  for (
    let round = 1;
    round <= wantedRounds && performance.now() - began < minutes * 60_000 && faults.length === 0;
    round += 1
  ) {
    const server = await startServer({ main: build.main, dataDir })
    const from = acknowledged.length
    const clients = Promise.all(seats.map((seat) => saveUntilGone(seat, server.url)))
    // After so many replies and a little, however fast the machine is today; a client that is answered what it must not
    // be ends it at once.
    await Promise.race([answersReached(from + random(60)).then(() => pause(random(20))), clients])
    await server.kill9()
    await clients
    const store = openSqlite({ file: databaseFile })
    await compare(store, seats, from)
    await store.close()
    figures.rounds += 1
    if (round % 20 === 0)
      console.log(
        `${round} rounds, ${figures.acks} acknowledged, ${figures.lost} lost, ${figures.duplicated} twice, ${elapsedS()} s`,
      )
  }
  // One more start: the candidates hand in, and each receipt bears the fingerprint of what was acknowledged to that
  // candidate.
  const server = await startServer({ main: build.main, dataDir })
  for (const seat of faults.length > 0 ? [] : seats) {
    const { client } = seat
    if (!client) continue
    client.options.base = server.url
    const sent = new Map([...client.drafts.values()].map((m) => [m.mutationId, m.response]))
    const outcome = await client.saveUntilAnswered({ final: true })
    if (outcome.kind !== 'reply') throw new Error(`handing in failed: ${JSON.stringify(outcome)}`)
    note(seat, sent, outcome.reply)
    if (outcome.reply.receipt?.fingerprint !== client.fingerprint())
      fault('lost', `${seat.attemptId}: the receipt is not of what was acknowledged`)
    client.close()
  }
  await server.kill9()
  const store = openSqlite({ file: databaseFile })
  await compareAll(store, seats)
  await store.close()
  const file = new Database(databaseFile, { readonly: true })
  const integrity = file.pragma('integrity_check', { simple: true })
  file.close()
  if (integrity !== 'ok') fault('lost', `integrity_check: ${String(integrity)}`)
} finally {
  build.remove()
}

console.log(`rounds       ${figures.rounds}${figures.rounds < wantedRounds ? ` of ${wantedRounds}` : ''}`)
console.log(`acknowledged ${figures.acks} (${figures.repeats} of them when repeated after a restart)`)
console.log(`stored, and killed before saying so ${figures.unacknowledged}`)
console.log(`lost         ${figures.lost}`)
console.log(`duplicated   ${figures.duplicated}`)
console.log(`${elapsedS()} s`)
for (const sentence of faults.slice(0, 20)) console.error(sentence)
if (faults.length > 0 || figures.acks === 0) {
  console.error(`The database and the acknowledgements are in ${folder}.`)
  process.exitCode = 1
} else rmSync(folder, { recursive: true, force: true })
