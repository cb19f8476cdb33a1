// A PostgreSQL server that takes connections and stops answering: nothing waits for it for ever. The server here speaks
// just as much of the protocol as the opening of a store asks for, until the test lets it fall silent.
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openPostgres } from '#db/postgres.server.ts'
import { storeTrouble, type Store } from '#db/store.server.ts'
import { personIds } from './fixture-tables.ts'

const undo: Array<() => Promise<unknown> | void> = []
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
  vi.useRealTimers()
})

/** A message of the protocol: its kind, its length with itself, its body. */
function message(kind: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length + 4)
  return Buffer.concat([Buffer.from(kind), length, body])
}
const READY = message('Z', Buffer.from('I'))
const WELCOME = Buffer.concat([message('R', Buffer.alloc(4)), READY])
const DONE = Buffer.concat([message('C', Buffer.from('DONE\0')), READY])

/** `answers`: whether a message that holds these words is answered. */
async function fakePostgres() {
  let answers = (_words: string): boolean => true
  let heard = (_words: string): void => {}
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('data', () => {
      heard('hello')
      if (answers('hello')) socket.write(WELCOME)
      socket.on('data', (chunk) => {
        const words = chunk.toString('latin1')
        heard(words)
        if (answers(words)) socket.write(DONE)
      })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  undo.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return {
    url: `postgres://poise@127.0.0.1:${(server.address() as AddressInfo).port}/poise`,
    silentFor: (words: RegExp) => void (answers = (said) => !words.test(said)),
    hears: (words: RegExp, times = 1) =>
      new Promise<void>((resolve) => {
        heard = (said) => {
          if (words.test(said)) times -= 1
          if (times === 0) resolve()
        }
      }),
  }
}
async function open(silence: RegExp) {
  const postgres = await fakePostgres()
  const store = await openPostgres({ url: postgres.url, report: () => {} })
  undo.push(() => store.close())
  postgres.silentFor(silence)
  return { ...postgres, store }
}
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no failure',
    (error: unknown) => error,
  )
const EVERYTHING = /[\s\S]/

describe('a server that has fallen silent', () => {
  const ways: Array<[string, RegExp, RegExp, (store: Store) => Promise<unknown>]> = [
    ['a transaction that does not begin', EVERYTHING, /BEGIN/, (store) => store.transact(async () => {})],
    ['a commit that is not confirmed', /COMMIT|ROLLBACK/, /COMMIT/, (store) => store.transact(async () => {})],
    ['a query in a body', /select|ROLLBACK/, /select/, (store) => store.transact((w) => personIds(w))],
    ['a query outside', EVERYTHING, /select/, (store) => personIds(store.read)],
  ]
  it.each(ways)('is told as one that cannot be reached: %s', async (_what, silence, words, act) => {
    const { store, hears } = await open(silence)
    const heard = hears(words)
    const failure = failureOf(act(store))
    await heard
    // Ten seconds for the answer, and two for that to the ROLLBACK.
    await vi.advanceTimersByTimeAsync(12_000)
    expect(storeTrouble(await failure)).toMatch(/^db\.(unreachable|body_timeout)$/)
  })

  it('does not welcome a new connection either', async () => {
    const { store, hears, silentFor } = await open(/BEGIN/)
    // The one connection that is open is taken by this.
    const begun = hears(/BEGIN/)
    const first = failureOf(store.transact(async () => {}))
    await begun
    silentFor(EVERYTHING)
    const greeted = hears(/hello/)
    const second = failureOf(store.transact(async () => {}))
    await greeted
    await vi.advanceTimersByTimeAsync(12_000)
    expect([await first, await second].map(storeTrouble)).toEqual(['db.unreachable', 'db.unreachable'])
  })

  it('keeps nobody waiting for a connection that others wait on', async () => {
    const { store, hears } = await open(/BEGIN|ROLLBACK/)
    const heard = hears(/BEGIN/, 10)
    const all = Array.from({ length: 40 }, () => failureOf(store.transact(async () => {})))
    await heard
    await vi.advanceTimersByTimeAsync(12_000)
    expect((await Promise.all(all)).map(storeTrouble)).toEqual(Array.from({ length: 40 }, () => 'db.unreachable'))
  })

  it('does not hold up the stop', async () => {
    const { store } = await open(EVERYTHING)
    const closed = store.close()
    await vi.advanceTimersByTimeAsync(2_000)
    await closed
  })
})
