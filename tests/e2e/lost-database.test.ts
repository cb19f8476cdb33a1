// The built server whose database is taken away or damaged while it runs: it stops by itself, says why in one sentence,
// and the next start is refused where there is nothing to start on.
import { once } from 'node:events'
import {
  closeSync,
  copyFileSync,
  cpSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { commonMessages } from '#app/i18n/areas/common.ts'
import { translator } from '#app/i18n/messages.ts'
import { readConfig } from '#app/server/config.server.ts'
import { createDeps, migrateFor } from '#app/server/deps.server.ts'
import { peopleMaker, publish, smallContent, type Candidate } from '#tests/setup/matrix-world.ts'
import { eventually, startPoise, type Poise } from '#tests/setup/poise-server.ts'

let template = ''
let who: Candidate
beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), 'poise-lost-'))
  const config = readConfig({ POISE_MODE: 'test', PORT: '0', DATA_DIR: template }, '0.0.0-test')
  await migrateFor(config)
  const deps = await createDeps(config)
  await publish(deps, smallContent())
  const make = peopleMaker(deps)
  who = await make.start(await make.candidate('lost', 'mx-short'))
  await deps.close()
})
afterAll(() => rmSync(template, { recursive: true, force: true }))

let poise: Poise
let file = ''
/** A server on a copy, which nobody else has open: another process would keep the log alive. */
async function start(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'poise-lost-'))
  cpSync(template, dataDir, { recursive: true })
  poise = await startPoise({ dataDir })
  file = join(dataDir, 'poise.db')
}
afterEach(() => poise.dispose())

const save = (text: string, baseRevision = 0): Promise<Response> =>
  fetch(`${poise.url}/api/attempts/save`, {
    method: 'POST',
    headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json', cookie: `poise=${who.token}` },
    body: JSON.stringify({
      attemptId: who.attemptId,
      epoch: 1,
      mutations: [
        { mutationId: `lost-${baseRevision}`, itemId: 'mx-essay', baseRevision, response: { kind: 'essay', text } },
      ],
    }),
  })
const page = (language: string): Promise<Response> =>
  fetch(`${poise.url}/candidate/attempt/${who.attemptId}`, {
    headers: { cookie: `poise=${who.token}`, accept: 'text/html', 'accept-language': language },
  })

/**
 * Asks for the health on a connection that was begun before: a server that stops finishes those, and takes no new ones.
 */
async function begunHealth(): Promise<() => Promise<{ status: number; body: unknown }>> {
  const socket = connect(poise.port, '127.0.0.1')
  await once(socket, 'connect')
  let said = ''
  socket.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const ended = once(socket, 'close')
  socket.write('GET /healthz HTTP/1.1\r\nhost: any.example\r\nconnection: close\r\n')
  // Once this one is answered, the server has read that one.
  expect((await fetch(`${poise.url}/livez`)).status).toBe(200)
  return async () => {
    socket.write('\r\n')
    await ended
    return {
      status: Number(/^HTTP\/1\.1 (\d+)/.exec(said)?.[1]),
      body: JSON.parse(/\{.*\}/.exec(said)?.[0] ?? 'null') as unknown,
    }
  }
}
function answersIn(path: string): unknown[] {
  const raw = new BetterSqlite3(path, { fileMustExist: true })
  try {
    return raw.prepare("SELECT json_extract(response, '$.text') FROM answers WHERE response IS NOT NULL").pluck().all()
  } finally {
    raw.close()
  }
}
/** What the process said after it was ready, without the lines of its log. */
async function lastWords(): Promise<string[]> {
  await eventually(() => poise.output().includes('[the process ended'), 'the server to stop')
  const [, after = ''] = poise.output().split(/is ready: \S+\n/)
  return after.split('\n').filter((line) => line !== '' && !line.startsWith('{'))
}
const refusal = async (): Promise<string> =>
  poise.restart().then(
    () => 'it started',
    (error: Error) => error.message,
  )

const PUT_BACK =
  'Put it back if it was moved; otherwise restore a backup: npm run restore -- FILE (docs/operations.md).'
describe('the server stops with 1 when its database', () => {
  test('is deleted, and the next start is refused', async () => {
    await start()
    const health = await begunHealth()
    rmSync(file)
    await eventually(() => poise.output().includes(PUT_BACK), 'the loss to be noticed')
    expect(await health()).toMatchObject({ status: 503, body: { database: 'failing', code: 'db.lost' } })
    expect(await lastWords()).toEqual([
      `The file ${file} was deleted, moved or replaced while Poise was running. ${PUT_BACK}`,
      '[the process ended: 1]',
    ])
    expect(await refusal()).toContain(`The database file ${file} is missing, though this installation has had one.`)
  })

  test('is moved away; put back, it has what was acknowledged meanwhile', async () => {
    await start()
    renameSync(file, `${file}.old`)
    const answer = await save('after the move')
    expect(await lastWords()).toEqual([
      `The file ${file} was deleted, moved or replaced while Poise was running. ${PUT_BACK}`,
      '[the process ended: 1]',
    ])
    renameSync(`${file}.old`, file)
    await poise.restart()
    await poise.stop()
    // Refused, if the move was noticed first.
    expect(answersIn(file)).toEqual(answer.status === 200 ? ['after the move'] : [])
  })

  test('is replaced by a copy', async () => {
    await start()
    copyFileSync(join(template, 'poise.db'), `${file}.new`)
    renameSync(`${file}.new`, file)
    expect(await lastWords()).toEqual([
      `The file ${file} was deleted, moved or replaced while Poise was running. ${PUT_BACK}`,
      '[the process ended: 1]',
    ])
  })

  test('is overwritten with a copy: neither the copy nor the log is touched, and the next start is refused', async () => {
    await start()
    expect((await save('acknowledged')).status).toBe(200)
    const copy = `${file}.copy`
    copyFileSync(join(template, 'poise.db'), copy)
    const raw = new BetterSqlite3(copy)
    // As backup makes them.
    raw.pragma('journal_mode = DELETE')
    raw.close()
    copyFileSync(copy, file)
    expect(await lastWords()).toEqual([
      `The contents of the file ${file} were replaced while Poise was running. Move it and ${file}-wal away, then restore a backup: npm run restore -- FILE (docs/operations.md).`,
      '[the process ended: 1]',
    ])
    expect(readFileSync(file).equals(readFileSync(copy))).toBe(true)
    expect(await refusal()).toContain(
      `The file ${file} was put in the place of another database, whose log ${file}-wal is still there`,
    )
    expect(readFileSync(file).equals(readFileSync(copy))).toBe(true)
  })

  test('loses its log; the next start has what was acknowledged meanwhile', async () => {
    await start()
    expect((await save('before')).status).toBe(200)
    rmSync(`${file}-wal`)
    const answer = await save('after', 1)
    expect(await lastWords()).toEqual([
      `The file ${file}-wal was deleted, moved or replaced while Poise was running. Start Poise again: what the file held is in the database if this stop was clean.`,
      '[the process ended: 1]',
    ])
    expect(answersIn(file)).toEqual([answer.status === 200 ? 'after' : 'before'])
    await poise.restart()
  })
})

describe('a page that is damaged while the server runs', () => {
  /**
   * Writes garbage over every page that a table or an index of it begins with. The server has read none of them since
   * its start.
   */
  function damage(table: string): void {
    const raw = new BetterSqlite3(file, { readonly: true })
    const roots = raw.prepare('SELECT rootpage FROM sqlite_master WHERE tbl_name = ?').pluck().all(table) as number[]
    const pageBytes = raw.pragma('page_size', { simple: true }) as number
    raw.close()
    expect(roots.length).toBeGreaterThan(0)
    const handle = openSync(file, 'r+')
    for (const root of roots) writeSync(handle, Buffer.alloc(pageBytes, 0xa5), 0, pageBytes, (root - 1) * pageBytes)
    closeSync(handle)
  }
  async function stopsAndStaysDown(): Promise<void> {
    expect(await lastWords()).toEqual([
      `The database file is damaged or is not a database: ${file}. Restore a backup: npm run restore -- FILE (docs/operations.md).`,
      '[the process ended: 1]',
    ])
    expect(await refusal()).toMatch(
      /ended with 1 before it was ready\.\n.*The database file is damaged.*npm run restore/,
    )
  }
  const RAW = /SQLITE|malformed|\bat .*\.js|poise\.db|Error:/

  test.each(['en', 'zh-CN'] as const)(
    'is no raw error on a page in %s; the server stops and the next start is refused',
    async (locale) => {
      await start()
      expect((await fetch(`${poise.url}/healthz`)).status).toBe(200)
      damage('answers')
      const answer = await page(locale)
      const text = await answer.text()
      expect(answer.status).toBe(500)
      expect(text).toContain(translator(commonMessages, locale)('boundary.500.title'))
      expect(text).not.toMatch(RAW)
      await stopsAndStaysDown()
    },
  )

  test('is no raw error to a save, which is not acknowledged', async () => {
    await start()
    const health = await begunHealth()
    damage('answers')
    const answer = await save('nowhere to go')
    const text = await answer.text()
    expect(answer.status).toBe(500)
    expect(text).not.toMatch(RAW)
    expect(await health()).toMatchObject({ status: 503, body: { database: 'failing', code: 'db.corrupt' } })
    await stopsAndStaysDown()
  })
})
