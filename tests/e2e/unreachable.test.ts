// A network that is there and does not carry: saves that get no answer, an end that cannot be told, a session that
// ended meanwhile. The page says what is the matter, keeps the text in view, and goes on by itself.
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { playerMessages } from '#app/i18n/areas/player.ts'
import { translator } from '#app/i18n/messages.ts'
import { answersOf } from '#db/repositories/attempts.server.ts'
import { quarantinedOf } from '#db/repositories/quarantine.server.ts'
import { actAs, playerReady, saved, startStage } from '#tests/setup/browser-acts.ts'
import {
  axeOnce,
  closeBrowser,
  visitor,
  visitorsLeave,
  type Visitor,
  type VisitorOptions,
} from '#tests/setup/browser.ts'
import { peopleMaker, publish, smallContent } from '#tests/setup/matrix-world.ts'
import { eventually, startPoise, type Poise } from '#tests/setup/poise-server.ts'

const MINUTE = 60_000
const LIMIT = 30 * MINUTE
let poise: Poise
let people = 0
beforeAll(async () => {
  poise = await startPoise({ mode: 'test' })
  await publish(await poise.deps(), smallContent())
})
afterEach(async ({ task }) => {
  await visitorsLeave(task.result?.state === 'fail' ? task.name : undefined)
  await poise.setClock(0)
})
afterAll(async () => {
  await closeBrowser()
  await poise?.dispose()
})

async function writing(options: VisitorOptions): Promise<Visitor & { attemptId: string }> {
  const who = await peopleMaker(await poise.deps()).candidate(`unreachable-${(people += 1)}`, 'mx-short')
  const one = await visitor(poise, options)
  one.expectErrors(/Failed to load resource|ERR_|net::|401|EventSource/)
  await actAs(one, poise, who)
  const attemptId = await startStage(one.page, 'test')
  await one.page.goto(`/candidate/attempt/${attemptId}?item=mx-essay`)
  await playerReady(one.page)
  return { ...one, attemptId }
}
const essay = (page: Page) => page.locator('textarea[name="mx-essay/text"]')
const banner = (page: Page) => page.locator('.note.warn p[role=status]')
const dialog = (page: Page) => page.locator('dialog[open]')
const focusWindow = (page: Page): Promise<void> => page.evaluate(() => void window.dispatchEvent(new Event('focus')))
const lookAgain = (page: Page): Promise<void> =>
  page.evaluate(() => void document.dispatchEvent(new Event('visibilitychange')))
const texts = (list: readonly { response: unknown }[]): string[] =>
  list.flatMap(({ response }) =>
    response && typeof response === 'object' && 'text' in response ? [String(response.text)] : [],
  )

describe.each([
  ['en', 'light', { width: 1280, height: 900 }],
  ['zh-CN', 'dark', { width: 360, height: 740 }],
] as const)('in %s, %s, %o', (locale, theme, viewport) => {
  const t = translator(playerMessages, locale)

  test('saves without an answer are not called offline; the end waits for a receipt that can be reached', async () => {
    const one = await writing({ locale, theme, viewport })
    const { page, attemptId } = one
    await page.route('**/api/attempts/save', (route) => route.abort())
    await page.route('**/receipt', (route) => route.abort())
    await essay(page).fill('not sent yet')
    await banner(page).waitFor()
    expect(await page.evaluate(() => navigator.onLine)).toBe(true)
    expect(await banner(page).textContent()).toBe(`${t('offline.lost')} ${t('offline.body')}`)
    await poise.setClock(LIMIT + MINUTE)
    const asked = page.waitForRequest('**/receipt')
    await lookAgain(page)
    await asked
    await expect
      .poll(() => dialog(page).locator('p').textContent())
      .toBe(`${t('offline.lost')} ${t('over.offline')} ${t('offline.stay')}`)
    // Nothing asks for more writing once the time is over, and the text is still in view.
    expect(await banner(page).textContent()).toBe(`${t('offline.lost')} ${t('over.offline')}`)
    expect(await essay(page).inputValue()).toBe('not sent yet')
    await axeOnce(one, 'the receipt cannot be reached')
    await page.unroute('**/receipt')
    await page.unroute('**/api/attempts/save')
    await page.waitForURL('**/receipt')
    const { store } = await poise.deps()
    await eventually(async () => (await quarantinedOf(store.read, attemptId)).length > 0, 'the text to reach staff')
    expect(texts(await quarantinedOf(store.read, attemptId))).toEqual(['not sent yet'])
  })

  test('without a network it says so; signed in again beside the page, saving resumes when the page gets the focus', async () => {
    const { page, context, attemptId } = await writing({ locale, theme, viewport })
    await context.setOffline(true)
    await essay(page).fill('offline')
    await expect.poll(() => banner(page).textContent()).toBe(`${t('offline.title')} ${t('offline.body')}`)
    await context.setOffline(false)
    await saved(page)
    const session = await context.cookies()
    await context.clearCookies({ name: 'poise' })
    await essay(page).fill('after the session ended')
    await page.locator('.note.warn[role=alert]').waitFor()
    await context.addCookies(session)
    await focusWindow(page)
    await page.locator('.note.warn[role=alert]').waitFor({ state: 'detached' })
    await saved(page)
    const { store } = await poise.deps()
    expect(texts(await answersOf(store.read, attemptId))).toEqual(['after the session ended'])
  })
})
