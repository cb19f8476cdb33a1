// A whole attempt without a mouse: from the invitation to the receipt by Tab, Space, arrows and Enter, and once more
// with the shortcuts.
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { answersOf, attemptRow } from '#db/repositories/attempts.server.ts'
import { attemptIn, playerReady, saved } from '#tests/setup/browser-acts.ts'
import { closeBrowser, visitor, visitorsLeave } from '#tests/setup/browser.ts'
import { peopleMaker, publish, smallContent } from '#tests/setup/matrix-world.ts'
import { startPoise, type Poise } from '#tests/setup/poise-server.ts'

let poise: Poise
beforeAll(async () => {
  poise = await startPoise({ mode: 'test' })
  await publish(await poise.deps(), smallContent())
})
afterEach(async ({ task }) => visitorsLeave(task.result?.state === 'fail' ? task.name : undefined))
afterAll(async () => {
  await closeBrowser()
  await poise?.dispose()
})

const MANY = 120

/** Presses Tab until the focus is on what is meant; the focus must be visible wherever it goes. */
async function tabTo(page: Page, selector: string, key = 'Tab'): Promise<void> {
  for (let n = 0; n < MANY; n += 1) {
    const on = await page.evaluate((wanted) => {
      const focused = document.activeElement
      if (!(focused instanceof HTMLElement) || focused === document.body)
        return { there: false, hidden: false, what: '' }
      const style = getComputedStyle(focused)
      const ring = focused.matches('input[type=radio], input[type=checkbox]')
        ? getComputedStyle(focused.closest('label') ?? focused)
        : style
      const seen =
        style.outlineStyle !== 'none' ||
        ring.outlineStyle !== 'none' ||
        style.boxShadow !== 'none' ||
        ring.boxShadow !== 'none' ||
        focused.matches('h1, h2, main, section')
      return { there: focused.matches(wanted), hidden: !seen, what: focused.outerHTML.slice(0, 120) }
    }, selector)
    if (on.hidden) throw new Error(`the focus cannot be seen on ${on.what}`)
    if (on.there) return
    await page.keyboard.press(key)
  }
  throw new Error(`Tab does not reach ${selector}`)
}

async function press(page: Page, selector: string, key = 'Enter'): Promise<void> {
  await tabTo(page, selector)
  await page.keyboard.press(key)
}

/** Answers the item in view by keys alone. */
async function answerByKeys(page: Page): Promise<void> {
  const sheet = page.locator('.sheet-in[data-item]').first()
  const kinds = await sheet.evaluate((one) => ({
    radios: new Set([...one.querySelectorAll('input[type=radio]')].map((radio) => radio.getAttribute('name'))).size,
    boxes: one.querySelectorAll('input[type=checkbox]').length,
    selects: one.querySelectorAll('select').length,
    texts: one.querySelectorAll('textarea, input[type=text]').length,
  }))
  const item = await sheet.getAttribute('data-item')
  const within = (what: string): string => `[data-item="${item}"] ${what}`
  if (kinds.radios > 0) {
    await tabTo(page, within('input[type=radio]'))
    await page.keyboard.press('Space')
    await page.keyboard.press('ArrowDown')
  }
  for (let n = 1; n <= Math.min(2, kinds.boxes); n += 1) {
    await tabTo(page, within(`li:nth-child(${n}) input[type=checkbox]`))
    await page.keyboard.press('Space')
  }
  for (let n = 1; n <= kinds.selects; n += 1) {
    await tabTo(page, within(`li:nth-child(${n}) select`))
    for (let m = 0; m < n; m += 1) await page.keyboard.press('ArrowDown')
  }
  if (kinds.texts > 0) {
    await tabTo(
      page,
      within('textarea, [data-item] input[type=text]').replace(', [data-item]', `, [data-item="${item}"]`),
    )
    await page.keyboard.type('42')
  }
  await saved(page)
}

async function itemOrPlace(page: Page): Promise<string> {
  return page.evaluate(
    () =>
      document.querySelector('.sheet-in[data-item]')?.getAttribute('data-item') ??
      document.querySelector('main h1')?.textContent ??
      '',
  )
}

/** After every move the focus is on the heading of what is shown, so that it is read and Tab goes on from there. */
async function atTheHeading(page: Page): Promise<void> {
  await expect
    .poll(() =>
      page.evaluate(() =>
        document.activeElement === document.querySelector('main h1')
          ? 'heading'
          : (document.activeElement?.outerHTML.slice(0, 120) ?? ''),
      ),
    )
    .toBe('heading')
}

async function goOn(page: Page): Promise<void> {
  const before = await itemOrPlace(page)
  await press(page, 'main button[name=go][value=next]')
  await page.waitForFunction(
    (was) =>
      document.querySelector('dialog[open]') !== null ||
      (document.querySelector('.sheet-in[data-item]')?.getAttribute('data-item') ??
        document.querySelector('main h1')?.textContent ??
        '') !== was,
    before,
  )
  if ((await page.locator('dialog[open]').count()) > 0) {
    // The focus begins on the safe button; what cannot be undone takes one more key.
    expect(await page.evaluate(() => document.activeElement?.hasAttribute('data-safe'))).toBe(true)
    await press(page, 'dialog[open] .go .pri')
    await page.waitForFunction(
      (was) =>
        (document.querySelector('.sheet-in[data-item]')?.getAttribute('data-item') ??
          document.querySelector('main h1')?.textContent ??
          '') !== was,
      before,
    )
  }
}

test('from the invitation to the receipt without a mouse', async () => {
  const deps = await poise.deps()
  const who = await peopleMaker(deps).candidate('keys', 'mx', { notice: false })
  const { page } = await visitor(poise)
  await page.goto(`/i/${who.invitation}`)
  // The first Tab offers to skip to the content, and it does.
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe('#main')
  await press(page, 'main form button[type=submit]')
  await page.waitForURL('**/candidate')
  await press(page, 'main a[href="/candidate/stage/test"]')
  await page.waitForURL('**/candidate/stage/test')
  await tabTo(page, 'input[name=read]')
  await page.keyboard.press('Space')
  await press(page, 'button[name=intent][value=notice]')
  await page.locator('button[name=intent][value=start]').waitFor()
  await press(page, 'button[name=intent][value=start]')
  await page.waitForURL('**/candidate/attempt/**')
  const attemptId = attemptIn(page)
  const seen: string[] = []
  for (let n = 0; n < MANY && (await page.locator('main .review').count()) === 0; n += 1) {
    await playerReady(page)
    if ((await page.locator('button[name=go][value^="enter:"]').count()) > 0) {
      await press(page, 'button[name=go][value^="enter:"]')
      await page.locator('.sheet-in[data-item]').first().waitFor()
      await playerReady(page)
      await atTheHeading(page)
      continue
    }
    seen.push(await itemOrPlace(page))
    await answerByKeys(page)
    await goOn(page)
    await playerReady(page)
    await atTheHeading(page)
  }
  await press(page, 'button[name=go][value=submit]')
  await page.locator('dialog[open]').waitFor()
  expect(await page.evaluate(() => document.activeElement?.hasAttribute('data-safe'))).toBe(true)
  await press(page, 'dialog[open] .go .pri')
  await page.waitForURL('**/receipt')
  const answers = await answersOf(deps.store.read, attemptId)
  expect(answers).toHaveLength(7)
  expect(answers.filter((answer) => answer.response === null).map((answer) => answer.itemId)).toEqual([])
  expect(seen).toHaveLength(7)
  expect((await attemptRow(deps.store.read, attemptId))?.closingReason).toBe('submitted')
})

test('the shortcuts choose, mark and go on; they keep still while somebody types, and can be switched off', async () => {
  const deps = await poise.deps()
  const who = await peopleMaker(deps).start(await peopleMaker(deps).candidate('shortcuts', 'mx-short'))
  const { page, context } = await visitor(poise)
  await context.addCookies([{ name: 'poise', value: who.token, url: poise.url }])
  await page.goto(`/candidate/attempt/${who.attemptId}?item=mx-choice`)
  await playerReady(page)
  await page.keyboard.press('2')
  const chosen = page.locator('[data-item="mx-choice"] [data-key="2"]')
  await expect.poll(() => chosen.isChecked()).toBe(true)
  await page.keyboard.press('f')
  await page.locator('button[name=go][value="flag:mx-choice:off"]').waitFor()
  await page.keyboard.press('?')
  await page.locator('dialog[open]').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('dialog[open]').waitFor({ state: 'detached' })
  await page.goto(`/candidate/attempt/${who.attemptId}?item=mx-essay`)
  await playerReady(page)
  await page.locator('textarea').focus()
  await page.keyboard.type('f2?')
  expect(await page.locator('textarea').inputValue()).toBe('f2?')
  expect(await page.locator('dialog[open]').count()).toBe(0)
  await saved(page)
  await page.goto(`/candidate/attempt/${who.attemptId}?item=mx-choice`)
  await playerReady(page)
  await page.locator('.keys button.link').last().click()
  await page.locator('h1').first().focus()
  await page.keyboard.press('1')
  expect(await chosen.isChecked()).toBe(true)
  const stored = await answersOf(deps.store.read, who.attemptId)
  expect(stored.find((answer) => answer.itemId === 'mx-choice')).toMatchObject({ flagged: true })
})
