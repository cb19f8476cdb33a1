// The built server on a disk that fills up under it: it says so, stops nothing, and goes on once there is room. A disk
// of a few megabytes where one may be mounted; elsewhere the process may write no file of more than 50 kB, which SQLite
// calls a failed device.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { playerMessages } from '#app/i18n/areas/player.ts'
import { translator } from '#app/i18n/messages.ts'
import { answersOf } from '#db/repositories/attempts.server.ts'
import { actAs, playerReady, saved, startStage } from '#tests/setup/browser-acts.ts'
import { axeOnce, closeBrowser, visitor, visitorsLeave } from '#tests/setup/browser.ts'
import { peopleMaker, publish, smallContent, type Candidate } from '#tests/setup/matrix-world.ts'
import { eventually, startPoise, type Poise } from '#tests/setup/poise-server.ts'
import { smallDisk, type SmallDisk } from '#tests/setup/small-disk.ts'

let disk: SmallDisk | null
let poise: Poise
beforeAll(async () => {
  disk = smallDisk(12)
  poise = await startPoise({
    mode: 'test',
    env: { LOG_LEVEL: 'warn' },
    ...(disk ? { dataDir: join(disk.folder, 'data') } : {}),
  })
  await publish(await poise.deps(), smallContent())
})
afterEach(async ({ task }) => {
  empty()
  await visitorsLeave(task.result?.state === 'fail' ? task.name : undefined)
})
afterAll(async () => {
  await closeBrowser()
  await poise?.dispose()
  disk?.remove()
})

const limitFiles = (limit: string): void => void execFileSync('prlimit', [`--pid=${poise.pid()}`, `--fsize=${limit}`])
function fill(): void {
  if (disk) return disk.fill()
  limitFiles('50000:unlimited')
}
function empty(): void {
  if (disk) return disk.empty()
  limitFiles('unlimited:unlimited')
}

const status = async (path: string): Promise<number> => (await fetch(poise.url + path)).status
let people = 0
const candidate = async (): Promise<Candidate> =>
  peopleMaker(await poise.deps()).candidate(`full-${(people += 1)}`, 'mx-short')

/** Somebody who saves longer and longer texts, and what the server has acknowledged of them. */
async function writer() {
  const make = peopleMaker(await poise.deps())
  const who = await make.start(await candidate())
  let n = 0
  let revision = 0
  let acknowledged = ''
  const post = (path: string, body: object) =>
    fetch(`${poise.url}/api/attempts/${path}`, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json', cookie: `poise=${who.token}` },
      body: JSON.stringify({ attemptId: who.attemptId, epoch: 1, ...body }),
    })
  return {
    who,
    post,
    async save(): Promise<{ status: number; body: unknown }> {
      n += 1
      const text = `version ${n} ${'x'.repeat(1_000)}`
      const response = await post('save', {
        mutations: [
          { mutationId: `m-${n}`, itemId: 'mx-essay', baseRevision: revision, response: { kind: 'essay', text } },
        ],
      })
      if (response.ok) {
        revision += 1
        acknowledged = text
      }
      return { status: response.status, body: await response.json() }
    },
    async expectKept(): Promise<void> {
      const stored = (await answersOf((await poise.deps()).store.read, who.attemptId)).find(
        ({ itemId }) => itemId === 'mx-essay',
      )
      expect(stored).toMatchObject({ revision, response: { text: acknowledged } })
    },
  }
}

test('saves answer 507, health 503 and the process lives; with room again all goes on, and nothing acknowledged is lost', async () => {
  const { who, post, save, expectKept } = await writer()
  const counts = { before: {}, full: {}, after: {} } as Record<'before' | 'full' | 'after', Record<number, number>>
  async function saveIn(phase: 'before' | 'full' | 'after') {
    const answer = await save()
    counts[phase][answer.status] = (counts[phase][answer.status] ?? 0) + 1
    return answer
  }
  const process = poise.pid()
  for (let i = 0; i < 30; i += 1) await saveIn('before')
  await eventually(async () => (await status('/healthz')) === 200, 'health to be well')

  fill()
  // What was left of the last page may hold one more.
  await eventually(async () => (await saveIn('full')).status === 507, 'the disk to be full')
  for (let i = 0; i < 60; i += 1)
    expect(await saveIn('full')).toEqual({ status: 507, body: { status: 507, code: 'db.full', retryAfterMs: 5_000 } })
  // Soon after a save a heartbeat has nothing to note, and answers with the clock.
  await poise.setClock(120_000)
  await eventually(async () => (await post('heartbeat', {})).status === 507, 'a heartbeat to find no room')
  await poise.setClock(0)
  await eventually(async () => (await status('/healthz')) === 503, 'health to fail')
  expect(await (await fetch(`${poise.url}/healthz`)).json()).toMatchObject({
    status: 'failing',
    database: 'failing',
    code: 'db.full',
  })
  expect(await status('/livez')).toBe(200)
  // Reading goes on.
  expect(
    (await fetch(`${poise.url}/candidate/attempt/${who.attemptId}`, { headers: { cookie: `poise=${who.token}` } }))
      .status,
  ).toBe(200)

  empty()
  for (let i = 0; i < 30; i += 1) await saveIn('after')
  await expectKept()
  await eventually(async () => (await status('/healthz')) === 200, 'health to be well')
  expect(await status('/livez')).toBe(200)
  expect(counts).toEqual({
    before: { 200: 30 },
    full: { ...(counts.full[200] ? { 200: counts.full[200] } : {}), 507: 61 },
    after: { 200: 30 },
  })
  expect(poise.pid()).toBe(process)
  expect(poise.output()).not.toContain('[the process ended')

  await eventually(
    async () => (await status('/healthz')) === 200 && poise.output().includes('"health.recovered"'),
    'the log to say that it is over',
    60_000,
  )
  const lines = poise
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(
    lines
      .filter(({ event }) => String(event).startsWith('health.'))
      .map(({ event, told, was, code }) => [event, told ?? was ?? code]),
  ).toEqual([
    ['health.failing', 'db.full'],
    ['health.recovered', 'db.full'],
  ])
  const about = lines.filter(({ code }) => code === 'db.full')
  expect(about.map(({ event }) => event)).toContain('hot.unsaved')
  expect(about.filter(({ stack }) => stack)).toEqual([])
  // One line a minute for each event; each refused save had one of its own.
  expect(about.length).toBeLessThan(30)
  // What it says now is also what the next process finds.
  await poise.restart()
  await expectKept()
})

test('a signal to stop is obeyed while the disk is full, and nothing acknowledged is lost', async () => {
  const { save, expectKept } = await writer()
  for (let i = 0; i < 10; i += 1) expect((await save()).status).toBe(200)
  fill()
  await eventually(async () => (await save()).status === 507, 'the disk to be full')
  await eventually(async () => (await status('/healthz')) === 503, 'health to fail')
  const before = poise.output()
  await poise.stop()
  // No complaint, and the code of a stop that was wished for.
  expect(
    poise
      .output()
      .slice(before.length)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('{')),
  ).toEqual(['[the process ended: 0]'])
  // Elsewhere the limit has ended with its process.
  disk?.empty()
  await poise.restart()
  await expectKept()
  expect((await save()).status).toBe(200)
})

test.each(['en', 'zh-CN'] as const)(
  'the player says what is the matter in %s, keeps the text, and saves it by itself',
  async (locale) => {
    const t = translator(playerMessages, locale)
    const who = await candidate()
    const one = await visitor(poise, { locale })
    one.expectErrors(/Failed to load resource|507/)
    await actAs(one, poise, who)
    const attemptId = await startStage(one.page, 'test')
    await one.page.goto(`/candidate/attempt/${attemptId}?item=mx-essay`)
    await playerReady(one.page)
    fill()
    const essay = one.page.locator('textarea[name="mx-essay/text"]')
    await essay.fill('written on a full disk '.repeat(100))
    const banner = one.page.locator('.note.warn p[role=status]')
    await expect.poll(() => banner.textContent(), { timeout: 20_000 }).toBe(`${t('full.title')} ${t('offline.body')}`)
    await axeOnce(one, 'the server’s disk is full')
    empty()
    await saved(one.page)
    expect(await banner.count()).toBe(0)
    expect(await essay.inputValue()).toContain('written on a full disk')
    const answers = await answersOf((await poise.deps()).store.read, attemptId)
    expect(answers.find(({ itemId }) => itemId === 'mx-essay')).toMatchObject({
      response: { text: 'written on a full disk '.repeat(100) },
    })
  },
)

test('a form without scripts gives back what it held, and sends it again by one press', async () => {
  const who = await candidate()
  const one = await visitor(poise, { js: false })
  one.expectErrors(/Failed to load resource|507/)
  const { page } = one
  await actAs(one, poise, who)
  const attemptId = await startStage(page, 'test')
  await page.goto(`/candidate/attempt/${attemptId}?item=mx-essay`)
  const words = 'Dear customer,\r\nI am sorry <b>& more</b>.'
  await page.locator('textarea[name="mx-essay/text"]').fill(words)
  fill()
  await page.locator('button[name=go][value=save]').first().dispatchEvent('click')
  const kept = page.locator('main textarea')
  await kept.waitFor()
  expect(await kept.inputValue()).toBe(words.replaceAll('\r\n', '\n'))
  empty()
  await page.locator('main button[type=submit]').click()
  await page.locator('#player').waitFor()
  const answers = await answersOf((await poise.deps()).store.read, attemptId)
  expect(
    answers.map(({ response }) =>
      response && 'text' in response ? String(response.text).replaceAll('\r\n', '\n') : null,
    ),
  ).toContain(words.replaceAll('\r\n', '\n'))
})

test.each([
  ['en', 'light'],
  ['zh-CN', 'dark'],
] as const)('that page can be read by everybody, in %s', async (locale, theme) => {
  const who = await candidate()
  // The rules of accessibility are looked at by a script, so the form is sent by one.
  const one = await visitor(poise, { locale, theme, viewport: { width: 360, height: 740 } })
  one.expectErrors(/Failed to load resource|507/)
  await actAs(one, poise, who)
  const attemptId = await startStage(one.page, 'test')
  await one.page.goto('/candidate')
  fill()
  await one.page.evaluate((action) => {
    const form = document.createElement('form')
    Object.assign(form, { method: 'post', action })
    for (const [name, value] of Object.entries({
      epoch: '1',
      at: 'mx-essay',
      items: 'mx-essay',
      'base/mx-essay': '0',
      'mx-essay/text': 'some words',
      go: 'save',
    })) {
      const input = document.createElement('input')
      Object.assign(input, { name, value })
      form.append(input)
    }
    document.body.append(form)
    form.submit()
  }, `/candidate/attempt/${attemptId}?item=mx-essay`)
  await one.page.locator('main textarea').waitFor()
  await axeOnce(one, 'a form that could not be saved')
})
