// The clock as a candidate meets it in the bar: hidden by choice, back when it matters, with polite words on the way.
// And leaving: signing out sends first what has not gone up.
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { playerMessages } from '#app/i18n/areas/player.ts'
import { translator } from '#app/i18n/messages.ts'
import { answersOf, attemptRow } from '#db/repositories/attempts.server.ts'
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

async function atTheAttempt(options: VisitorOptions = {}): Promise<Visitor & { attemptId: string; startedAt: number }> {
  const deps = await poise.deps()
  const who = await peopleMaker(deps).candidate(`watch-${(people += 1)}`, 'mx-short')
  const one = await visitor(poise, options)
  await actAs(one, poise, who)
  const attemptId = await startStage(one.page, 'test')
  await playerReady(one.page)
  return { ...one, attemptId, startedAt: (await attemptRow(deps.store.read, attemptId))?.startedAt?.getTime() ?? 0 }
}

/**
 * The server's clock so that this much time is left, and the page asks for it, as it does when somebody comes back to
 * it.
 */
async function left(page: Page, startedAt: number, ms: number): Promise<void> {
  await poise.setClock(startedAt + LIMIT - ms - Date.now())
  await page.evaluate(() => void document.dispatchEvent(new Event('visibilitychange')))
}

describe.each([
  ['en', 1280],
  ['zh-CN', 360],
] as const)('the clock, in %s at %i px', (locale, width) => {
  const t = translator(playerMessages, locale)
  const log = (page: Page) => page.locator('.player-bar [role=log]')
  const time = (page: Page) => page.locator('.player-bar .timer > time')
  const toggle = (page: Page) => page.locator('.player-bar .timer + button')

  test('hidden, it says 10 minutes and stays hidden, says 5 and comes back, says 1; the words are polite', async () => {
    const one = await atTheAttempt({ locale, viewport: { width, height: 800 } })
    const { page, startedAt } = one
    await time(page).waitFor()
    await toggle(page).click()
    await time(page).waitFor({ state: 'detached' })
    expect(await page.locator('.player-bar .timer').textContent()).toContain(t('timer.hidden'))
    expect(await toggle(page).getAttribute('aria-label')).toBe(t('timer.show'))
    await left(page, startedAt, 10 * MINUTE - 1_000)
    await expect.poll(() => log(page).textContent()).toBe(t('announce.10'))
    expect(await time(page).count()).toBe(0)
    await left(page, startedAt, 5 * MINUTE - 1_000)
    await expect.poll(() => log(page).textContent()).toBe(t('announce.5'))
    expect(await time(page).isVisible()).toBe(true)
    expect(await time(page).textContent()).toMatch(/^4:5\d$/)
    // It cannot be hidden again.
    expect(await toggle(page).count()).toBe(0)
    await axeOnce(one, 'under five minutes')
    await left(page, startedAt, 1 * MINUTE - 1_000)
    await expect.poll(() => log(page).textContent()).toBe(t('announce.1'))
    expect(await log(page).getAttribute('aria-live')).toBe('polite')
  })

  test('a page that was asleep while ten, five and one minutes went by is told the last', async () => {
    const { page, startedAt } = await atTheAttempt({ locale, viewport: { width, height: 800 } })
    await left(page, startedAt, 40_000)
    await expect.poll(() => log(page).textContent()).toBe(t('announce.1'))
  })
})

describe('signing out with unsent answers', () => {
  const essay = (page: Page) => page.locator('textarea[name="mx-essay/text"]')
  const signOut = (page: Page) => page.locator('#sign-out button')
  const dialog = (page: Page) => page.locator('dialog[open]')
  const text = async (attemptId: string): Promise<string | null> => {
    const response = (await answersOf((await poise.deps()).store.read, attemptId)).find(
      (answer) => answer.itemId === 'mx-essay',
    )?.response
    return response && 'text' in response ? response.text : null
  }

  /** On the overview, with a text on this device that the server does not have. */
  async function withUnsent(options: VisitorOptions = {}): Promise<Visitor & { attemptId: string }> {
    const one = await atTheAttempt(options)
    one.expectErrors(/Failed to load resource|ERR_|net::/)
    const { page, attemptId } = one
    // A request that outlives its page would pass by the route below.
    await page.addInitScript(() => {
      const real = window.fetch
      window.fetch = (input, init) =>
        init?.keepalive ? Promise.reject(new TypeError('no network')) : real(input, init)
    })
    await page.goto(`/candidate/attempt/${attemptId}?item=mx-essay`)
    await playerReady(page)
    await page.route('**/api/attempts/save', (route) => route.abort())
    await essay(page).fill('not sent yet')
    await page.locator('.player-bar .saved.warn').waitFor()
    page.once('dialog', (ask) => void ask.accept())
    await page.goto('/candidate')
    await signOut(page).waitFor()
    return one
  }

  test.each(['en', 'zh-CN'] as const)('it warns, sends, and only then ends the session, in %s', async (locale) => {
    const one = await withUnsent({ locale })
    const { page, attemptId } = one
    const t = translator(playerMessages, locale)
    await signOut(page).click()
    await dialog(page).waitFor()
    expect(await dialog(page).locator('h2').textContent()).toBe(t('signout.title', { n: 1 }))
    await axeOnce(one, 'sign out')
    await page.keyboard.press('Escape')
    await dialog(page).waitFor({ state: 'detached' })
    await page.unroute('**/api/attempts/save')
    await signOut(page).click()
    await dialog(page).locator('a.pri').click()
    await page.waitForURL((url) => !url.pathname.startsWith('/candidate'))
    expect(await text(attemptId)).toBe('not sent yet')
    await page.goto('/candidate')
    expect(new URL(page.url()).pathname).not.toBe('/candidate')
  })

  test('offline it stays signed in and keeps the text; the session ends when the text is up', async () => {
    const { page, attemptId } = await withUnsent()
    await signOut(page).click()
    await dialog(page).locator('a.pri').click()
    await page.waitForURL('**/candidate/attempt/**')
    await playerReady(page)
    await page.locator('.player-bar .saved.warn').waitFor()
    expect(new URL(page.url()).pathname).toContain(attemptId)
    expect(await text(attemptId)).toBeNull()
    await page.unroute('**/api/attempts/save')
    await page.locator('.note.warn button').first().click()
    await page.waitForURL((url) => !url.pathname.startsWith('/candidate'))
    expect(await text(attemptId)).toBe('not sent yet')
  })

  test('after the end of the attempt the text goes to staff first, too', async () => {
    const { page, attemptId } = await withUnsent()
    await poise.setClock(LIMIT + MINUTE)
    await eventually(
      async () => (await attemptRow((await poise.deps()).store.read, attemptId))?.status === 'closed',
      'the attempt to close',
    )
    await page.unroute('**/api/attempts/save')
    await signOut(page).click()
    await dialog(page).locator('a.pri').click()
    await page.waitForURL((url) => !url.pathname.startsWith('/candidate'))
    const { store } = await poise.deps()
    expect((await attemptRow(store.read, attemptId))?.state.quarantined).toBe(1)
    expect(await text(attemptId)).toBeNull()
  })

  test('nothing unsent: no question', async () => {
    const { page, attemptId } = await atTheAttempt()
    await page.goto(`/candidate/attempt/${attemptId}?item=mx-essay`)
    await playerReady(page)
    await essay(page).fill('sent')
    await saved(page)
    await page.goto('/candidate')
    await signOut(page).click()
    await page.waitForURL((url) => !url.pathname.startsWith('/candidate'))
    expect(await text(attemptId)).toBe('sent')
  })
})
