// The built server on a disk that fills up under it: it says so, stops nothing, and goes on once there is room. A disk of a few megabytes
// where one may be mounted; elsewhere the process may write no file of more than 50 kB, which SQLite calls a failed device.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { playerMessages } from '#app/i18n/areas/player.ts'
import { translator } from '#app/i18n/messages.ts'
import { answersOf } from '#db/repositories/attempts.server.ts'
import { axeOnce, closeBrowser, visitor, visitorsLeave } from '#tests/setup/browser.ts'
import { actAs, playerReady, saved, startStage } from '#tests/setup/browser-acts.ts'
import { peopleMaker, publish, smallContent, type Candidate } from '#tests/setup/matrix-world.ts'
import { eventually, startPoise, type Poise } from '#tests/setup/poise-server.ts'
import { smallDisk, type SmallDisk } from '#tests/setup/small-disk.ts'

let disk: SmallDisk | null
let poise: Poise
beforeAll(async () => {
  disk = smallDisk(12)
  poise = await startPoise({ mode: 'test', ...(disk ? { dataDir: join(disk.folder, 'data') } : {}) })
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
const candidate = async (): Promise<Candidate> => peopleMaker(await poise.deps()).candidate(`full-${(people += 1)}`, 'mx-short')

test('saves answer 507, health 503 and the process lives; with room again all goes on, and nothing acknowledged is lost', async () => {
  const make = peopleMaker(await poise.deps())
  const who = await make.start(await candidate())
  let n = 0
  let revision = 0
  const post = (path: string, body: object) =>
    fetch(`${poise.url}/api/attempts/${path}`, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json', cookie: `poise=${who.token}` },
      body: JSON.stringify({ attemptId: who.attemptId, epoch: 1, ...body }),
    })
  const textOf = (at: number): string => `version ${at} ${'x'.repeat(1_000)}`
  let acknowledged = ''
  const save = async (): Promise<{ status: number; body: unknown }> => {
    n += 1
    const response = await post('save', { mutations: [{ mutationId: `m-${n}`, itemId: 'mx-essay', baseRevision: revision, response: { kind: 'essay', text: textOf(n) } }] })
    if (response.ok) {
      revision += 1
      acknowledged = textOf(n)
    }
    return { status: response.status, body: await response.json() }
  }
  const stored = async (): Promise<unknown> => (await answersOf((await poise.deps()).store.read, who.attemptId)).find(({ itemId }) => itemId === 'mx-essay')
  const process = poise.pid()
  for (let i = 0; i < 3; i += 1) expect((await save()).status).toBe(200)
  await eventually(async () => (await status('/healthz')) === 200, 'health to be well')

  fill()
  // What was left of the last page may hold one more.
  await eventually(async () => (await save()).status === 507, 'the disk to be full')
  for (let i = 0; i < 20; i += 1) expect(await save()).toEqual({ status: 507, body: { status: 507, code: 'db.full', retryAfterMs: 5_000 } })
  // Soon after a save a heartbeat has nothing to note, and answers with the clock.
  await poise.setClock(120_000)
  await eventually(async () => (await post('heartbeat', {})).status === 507, 'a heartbeat to find no room')
  await poise.setClock(0)
  await eventually(async () => (await status('/healthz')) === 503, 'health to fail')
  expect(await (await fetch(`${poise.url}/healthz`)).json()).toMatchObject({ status: 'failing', database: 'failing', code: 'db.full' })
  expect(await status('/livez')).toBe(200)
  // Reading goes on.
  expect((await fetch(`${poise.url}/candidate/attempt/${who.attemptId}`, { headers: { cookie: `poise=${who.token}` } })).status).toBe(200)

  empty()
  expect((await save()).status).toBe(200)
  expect(await stored()).toMatchObject({ revision, response: { text: acknowledged } })
  await eventually(async () => (await status('/healthz')) === 200, 'health to be well')
  expect(await status('/livez')).toBe(200)
  expect(poise.pid()).toBe(process)
  expect(poise.output()).not.toContain('[the process ended')
  // What it says now is also what the next process finds.
  await poise.restart()
  expect(await stored()).toMatchObject({ revision, response: { text: acknowledged } })
})

test.each(['en', 'zh-CN'] as const)('the player says what is the matter in %s, keeps the text, and saves it by itself', async (locale) => {
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
  expect(answers.find(({ itemId }) => itemId === 'mx-essay')).toMatchObject({ response: { text: 'written on a full disk '.repeat(100) } })
})

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
  expect(answers.map(({ response }) => (response && 'text' in response ? String(response.text).replaceAll('\r\n', '\n') : null))).toContain(words.replaceAll('\r\n', '\n'))
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
    for (const [name, value] of Object.entries({ epoch: '1', at: 'mx-essay', items: 'mx-essay', 'base/mx-essay': '0', 'mx-essay/text': 'some words', go: 'save' })) {
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
