// Sections with a clock of their own and sections that go forward only, from the first item to the receipt: without
// scripts, and with them. What came too late is told, can be copied, and does not count.
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Locale } from '#app/core/shared/locale.ts'
import { candidateMessages } from '#app/i18n/areas/candidate.ts'
import { playerMessages } from '#app/i18n/areas/player.ts'
import { localeFormats } from '#app/i18n/format.ts'
import { translator } from '#app/i18n/messages.ts'
import { answersOf, attemptRow, eventsOf } from '#db/repositories/attempts.server.ts'
import { quarantinedOf } from '#db/repositories/quarantine.server.ts'
import { actAs, answerPage, goButton, next, playerReady, saved, startStage } from '#tests/setup/browser-acts.ts'
import {
  axeOnce,
  closeBrowser,
  visitor,
  visitorsLeave,
  type Visitor,
  type VisitorOptions,
} from '#tests/setup/browser.ts'
import { peopleMaker, publish, smallContent } from '#tests/setup/matrix-world.ts'
import { startPoise, type Poise } from '#tests/setup/poise-server.ts'

const MINUTE = 60_000
const SECTION_LIMIT = 10 * MINUTE
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

const words = (locale: Locale) => ({ t: translator(playerMessages, locale), c: translator(candidateMessages, locale) })
const item = (page: Page, id: string) => page.locator(`.sheet-in[data-item="${id}"]`)
const number = (page: Page) => page.locator('input[name="mx-number/text"]')
const over = (page: Page) => page.locator('.sheet > .note.warn')

async function atTheTimedSection(options: VisitorOptions): Promise<Visitor & { attemptId: string }> {
  const who = await peopleMaker(await poise.deps()).candidate(`sections-${(people += 1)}`, 'mx')
  const one = await visitor(poise, options)
  await actAs(one, poise, who)
  const attemptId = await startStage(one.page, 'test')
  const scripts = options.js !== false
  if (scripts) await playerReady(one.page)
  for (let n = 0; n < 2; n += 1) {
    await answerPage(one.page)
    await next(one.page, scripts)
  }
  await one.page.locator('button[value="enter:timed"]').click()
  await one.page.locator('.sheet-in[data-item]').first().waitFor()
  if (scripts) await playerReady(one.page)
  return { ...one, attemptId }
}

async function toItem(page: Page, id: string): Promise<void> {
  await goButton(page, `item:${id}`).click()
  await item(page, id).waitFor()
}

async function stored(attemptId: string) {
  const { store } = await poise.deps()
  const [row, answers, events, quarantined] = await Promise.all([
    attemptRow(store.read, attemptId),
    answersOf(store.read, attemptId),
    eventsOf(store.read, attemptId),
    quarantinedOf(store.read, attemptId),
  ])
  const text = (id: string): string | null => {
    const response = answers.find((answer) => answer.itemId === id)?.response
    return response && 'text' in response ? response.text : null
  }
  return { row: row!, answers, events, quarantined, text }
}

describe.each(['zh-CN', 'en'] as const)('without scripts, in %s', (locale) => {
  const { t, c } = words(locale)

  test('a whole attempt: deadlines are printed, a section that has run out says so and lets go, no text vanishes', async () => {
    const { page, attemptId } = await atTheTimedSection({ locale, js: false })
    const entered = (await stored(attemptId)).events.find((event) => event.type === 'section_entered')!
    // Playwright's zone is Asia/Shanghai; the server learns it from the browser's first scripts, so without them it
    // prints UTC and says so.
    const end = localeFormats(locale, 'UTC').time(entered.at + SECTION_LIMIT)
    expect(await page.locator('.noscript').first().textContent()).toContain(t('noscript.section', { time: end }))
    expect(await page.locator('.player-bar .sect').textContent()).toContain(end.slice(0, 5))
    await toItem(page, 'mx-several')
    await answerPage(page)
    await toItem(page, 'mx-number')
    await number(page).fill('41')
    await toItem(page, 'mx-several')
    await toItem(page, 'mx-number')
    await number(page).fill('42 and too late')
    await poise.setClock(SECTION_LIMIT + 15_000)
    await goButton(page, 'next').click()
    // What became of the text, and the text itself.
    const told = page.locator('.note.warn', {
      hasText: t('late.staff', { n: (await page.locator('.no span[aria-hidden]').first().textContent()) ?? '' }),
    })
    await told.waitFor()
    expect(await told.locator('textarea').inputValue()).toBe('42 and too late')
    expect(await over(page).textContent()).toContain(t('section.over'))
    // What counts stands in the field, and cannot be changed.
    expect(await number(page).inputValue()).toBe('41')
    expect(await number(page).evaluate((field) => (field as HTMLInputElement).readOnly)).toBe(true)
    await toItem(page, 'mx-several')
    expect(await page.locator('[data-item="mx-several"] input:enabled').count()).toBe(0)
    expect(await over(page).count()).toBe(1)
    await over(page).locator('button[value="leave:timed"]').click()
    await page.locator('button[value="enter:forward"]').click()
    // Forward only: a page with nothing on it is asked about, and then shut.
    await item(page, (await stored(attemptId)).row.setup.sections[2]!.itemIds[0]!).waitFor()
    expect(await page.locator('button[name=go][value=back]').count()).toBe(0)
    await goButton(page, 'next').click()
    await page.locator('.note button[value="next!"]').click()
    for (const id of (await stored(attemptId)).row.setup.sections[2]!.itemIds.slice(1)) {
      await item(page, id).waitFor()
      await answerPage(page)
      await goButton(page, 'next').click()
    }
    await page.locator('.note button[value="leave:forward"]').click()
    await page.locator('main .review').waitFor()
    expect(await page.locator('.facts-list').textContent()).toContain(t('review.unanswered', { n: 1 }))
    await goButton(page, 'submit').click()
    await page.waitForURL('**/receipt')
    expect(await page.locator('main').textContent()).toContain(c('receipt.late.body', { n: 1 }))
    const all = await stored(attemptId)
    expect(all.text('mx-number')).toBe('41')
    expect(all.quarantined.map((entry) => [entry.itemId, (entry.response as { text: string }).text])).toEqual([
      ['mx-number', '42 and too late'],
    ])
    expect(all.answers.filter((answer) => answer.response !== null)).toHaveLength(6)
    expect(all.row.closingReason).toBe('submitted')
  })
})

/** The page asks the server for the time, as it does when somebody comes back to it. */
const lookAgain = (page: Page): Promise<void> =>
  page.evaluate(() => void document.dispatchEvent(new Event('visibilitychange')))

describe.each([
  ['en', 'light', { width: 1280, height: 900 }],
  ['zh-CN', 'dark', { width: 360, height: 740 }],
] as const)('with scripts, in %s, %s, %o', (locale, theme, viewport) => {
  const { t } = words(locale)

  test('what was written up to the end of the section counts; then it can be read and not changed, and the way on is offered', async () => {
    const one = await atTheTimedSection({ locale, theme, viewport })
    const { page, attemptId } = one
    await page.goto(`/candidate/attempt/${attemptId}?item=mx-several`)
    await playerReady(page)
    const box = page.locator('[data-item="mx-several"] input[type=checkbox]').first()
    await box.focus()
    await page.keyboard.press('Space')
    // A few seconds after the end, within the allowance.
    await poise.setClock(SECTION_LIMIT + 3_000)
    await lookAgain(page)
    await over(page).waitFor()
    expect(await page.locator('[data-item="mx-several"] input:enabled').count()).toBe(0)
    // The switched-off control has let go of the focus; it is where the reason stands.
    await expect.poll(() => page.evaluate(() => document.activeElement?.matches('.sheet > .note.warn'))).toBe(true)
    expect(await page.locator('[role=log]').textContent()).toBe(t('section.over'))
    expect(await page.locator('.player-bar .sect').isVisible()).toBe(true)
    await axeOnce(one, 'section over')
    await expect
      .poll(async () => (await stored(attemptId)).answers.find((answer) => answer.itemId === 'mx-several')?.late)
      .toBe(true)
    await over(page).locator('button').click()
    await page.locator('button[value="enter:forward"]').waitFor()
    expect((await stored(attemptId)).quarantined).toEqual([])
  })

  test('what came after the allowance does not count: it is told, stays visible, and what counts stands in the field', async () => {
    const one = await atTheTimedSection({ locale, theme, viewport })
    const { page, attemptId } = one
    one.expectErrors(/Failed to load resource|ERR_FAILED/)
    await page.goto(`/candidate/attempt/${attemptId}?item=mx-number`)
    await playerReady(page)
    await number(page).fill('41')
    await saved(page)
    await page.route('**/api/attempts/save', (route) => route.abort())
    await number(page).fill('42 and offline')
    await page.locator('.player-bar .saved.warn').waitFor()
    await poise.setClock(SECTION_LIMIT + 15_000)
    await page.unroute('**/api/attempts/save')
    await lookAgain(page)
    const late = page.locator('.note.warn', { hasText: t('late.staff', { n: 0 }).slice(-12) })
    await late.waitFor()
    expect(await late.locator('textarea').inputValue()).toBe('42 and offline')
    await expect.poll(() => number(page).inputValue()).toBe('41')
    await page.keyboard.type('9')
    expect(await number(page).inputValue()).toBe('41')
    await axeOnce(one, 'late text')
    const all = await stored(attemptId)
    expect(all.text('mx-number')).toBe('41')
    expect(all.quarantined.map((entry) => (entry.response as { text: string }).text)).toEqual(['42 and offline'])
  })

  test('a text that was refused when the section ran out is shown to be copied, and holds nobody back', async () => {
    const one = await atTheTimedSection({ locale, theme, viewport })
    const { page, attemptId } = one
    await page.goto(`/candidate/attempt/${attemptId}?item=mx-number`)
    await playerReady(page)
    await number(page).fill('4'.repeat(41))
    await page.locator('.note.bad').waitFor()
    await poise.setClock(SECTION_LIMIT + 15_000)
    await lookAgain(page)
    await over(page).waitFor()
    expect(await page.locator('.note.bad textarea').inputValue()).toBe('4'.repeat(41))
    await axeOnce(one, 'refused text')
    page.on('dialog', (dialog) => void dialog.accept())
    await over(page).locator('button').click()
    await page.locator('button[value="enter:forward"]').waitFor()
  })
})
