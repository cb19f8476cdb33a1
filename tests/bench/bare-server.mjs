// The yardstick: a bare Node server that does for a save what any honest server must do — find the session by its hash,
// check origin, owner, epoch, deadline and revision, write answer, event and attempt in one durable transaction shared
// by all who wait (group commit, synchronous=FULL) — and nothing else. No framework, no query builder, no protocol
// beyond what the benchmark sends.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import Database from 'better-sqlite3'

const [dataDir, portText] = process.argv.slice(2)
const candidates = JSON.parse(readFileSync(join(dataDir, 'bench-candidates.json'), 'utf8'))
const sha256 = (text) => createHash('sha256').update(text).digest('hex')
const db = new Database(join(dataDir, 'bare.db'))
db.pragma('journal_mode = WAL')
db.pragma('synchronous = FULL')
db.exec(`
  create table if not exists sessions (id text primary key, person text not null, expires integer not null);
  create table if not exists attempts (id text primary key, person text not null, epoch integer not null, seq integer not null, deadline integer not null, last_save integer);
  create table if not exists answers (attempt text, item text, revision integer not null, hash text, response text, mutation text, received integer, primary key (attempt, item));
  create table if not exists events (attempt text, seq integer, type text, at integer, data text, primary key (attempt, seq));
`)
db.transaction(() => {
  for (const [i, candidate] of candidates.entries()) {
    db.prepare('insert or ignore into sessions values (?, ?, ?)').run(
      sha256(candidate.token),
      `p${i}`,
      Date.now() + 864e5,
    )
    db.prepare('insert or ignore into attempts values (?, ?, 1, 0, ?, null)').run(
      candidate.attemptId,
      `p${i}`,
      Date.now() + 864e5,
    )
    for (const item of candidate.itemIds)
      db.prepare('insert or ignore into answers values (?, ?, 0, null, null, null, null)').run(
        candidate.attemptId,
        item,
      )
  }
})()
const reader = new Database(join(dataDir, 'bare.db'), { readonly: true })
const findSession = reader.prepare('select person from sessions where id = ? and expires > ?')
const findAttempt = db.prepare('select person, epoch, seq, deadline from attempts where id = ?')
const findAnswer = db.prepare('select revision, mutation from answers where attempt = ? and item = ?')
const saveAttempt = db.prepare('update attempts set seq = ?, last_save = ? where id = ? and seq = ?')
const saveAnswer = db.prepare(
  'update answers set revision = ?, hash = ?, response = ?, mutation = ?, received = ? where attempt = ? and item = ?',
)
const saveEvent = db.prepare('insert into events values (?, ?, ?, ?, ?)')
const begin = db.prepare('begin immediate')
const commit = db.prepare('commit')

let waiting = []
function flush() {
  const batch = waiting
  waiting = []
  begin.run()
  const replies = batch.map(({ work }) => work())
  commit.run()
  batch.forEach(({ done }, i) => done(replies[i]))
}
const transact = (work) =>
  new Promise((done) => {
    if (waiting.push({ work, done }) === 1) setImmediate(flush)
  })

const origin = `http://127.0.0.1:${portText}`
createServer((req, res) => {
  const receivedAt = Date.now()
  const answer = (status, body) => {
    const text = JSON.stringify(body)
    res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    res.end(text)
  }
  if (req.url === '/healthz') return answer(200, {})
  if (req.headers['sec-fetch-site'] !== 'same-origin' && req.headers.origin !== origin) return answer(403, {})
  const chunks = []
  req.on('data', (chunk) => chunks.push(chunk))
  req.on('end', async () => {
    const token = /(?:^|; )poise=([\w-]+)/.exec(req.headers.cookie ?? '')?.[1]
    const session = token && findSession.get(sha256(token), receivedAt)
    if (!session) return answer(401, {})
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    const mutation = body.mutations[0]
    const response = JSON.stringify(mutation.response)
    const hash = sha256(response)
    const reply = await transact(() => {
      const attempt = findAttempt.get(body.attemptId)
      if (!attempt || attempt.person !== session.person) return [404, {}]
      if (attempt.epoch !== body.epoch || receivedAt > attempt.deadline) return [409, {}]
      const stored = findAnswer.get(body.attemptId, mutation.itemId)
      if (!stored || stored.revision !== mutation.baseRevision) return [409, {}]
      const revision = stored.revision + 1
      saveAttempt.run(attempt.seq + 1, receivedAt, body.attemptId, attempt.seq)
      saveAnswer.run(revision, hash, response, mutation.mutationId, receivedAt, body.attemptId, mutation.itemId)
      saveEvent.run(
        body.attemptId,
        attempt.seq + 1,
        'answer_saved',
        receivedAt,
        JSON.stringify({ itemId: mutation.itemId, revision, hash }),
      )
      return [
        200,
        {
          serverTime: receivedAt,
          deadlineAt: attempt.deadline,
          results: [{ mutationId: mutation.mutationId, itemId: mutation.itemId, result: 'accepted', revision }],
        },
      ]
    })
    answer(...reply)
  })
}).listen(Number(portText), '127.0.0.1')
