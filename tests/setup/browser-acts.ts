// What people do in the browser, in the words of their work. Controls are found by what they send, so the same acts
// serve both languages, and pages with and without scripts.
import type { Locator, Page } from 'playwright-core'
import type { Visitor } from './browser.ts'
import type { Poise } from './poise-server.ts'

export const button = (page: Page | Locator, name: string, value: string): Locator =>
  page.locator(`button[name="${name}"][value="${value}"]`)
/** A button of the player. */
export const goButton = (page: Page, wish: string): Locator => button(page, 'go', wish).filter({ visible: true }).last()
export const intentButton = (page: Page | Locator, intent: string): Locator => button(page, 'intent', intent)

type Cookies = Awaited<ReturnType<Visitor['context']['cookies']>>
const sessions = new Map<string, Cookies>()

/**
 * Signs in by the form the first time; afterwards the same session goes on, because only so many logins are let through
 * from one address.
 */
export async function signIn(
  { page, context }: Pick<Visitor, 'page' | 'context'>,
  poise: Pick<Poise, 'accounts' | 'url'>,
  role: string,
): Promise<void> {
  const known = sessions.get(`${poise.url} ${role}`)
  if (known) {
    await context.addCookies(known)
    await page.goto('/')
    return
  }
  const account = poise.accounts().accounts.find((one) => one.role === role)
  if (!account) throw new Error(`the demo has no ${role}`)
  await page.goto('/login')
  await page.locator('input[name=email]').fill(account.email)
  await page.locator('input[name=password]').fill(account.password)
  await page.locator('form:has(input[name=password]) button[type=submit]').click()
  await page.waitForURL((url) => url.pathname !== '/login')
  sessions.set(
    `${poise.url} ${role}`,
    (await context.cookies()).filter((cookie) => cookie.name === 'poise'),
  )
}

/** Opens an invitation and goes in; on a second device that is confirmed on the same page. */
export async function enterByInvitation(page: Page, link: string): Promise<void> {
  await page.goto(new URL(link, page.url() === 'about:blank' ? link : page.url()).pathname)
  await page.locator('main form button[type=submit]').click()
  await page.waitForURL('**/candidate')
}

/** Reads the notice of a stage, confirms it, and starts. Gives the attempt's id. */
export async function startStage(
  page: Page,
  stageId: string,
  look: (state: string) => Promise<void> = async () => {},
): Promise<string> {
  await page.goto(`/candidate/stage/${stageId}`)
  const read = page.locator('input[name=read]')
  if ((await read.count()) > 0) {
    await look('notice')
    await read.check()
    await intentButton(page, 'notice').click()
    await read.waitFor({ state: 'detached' })
  }
  await look('ready')
  await intentButton(page, 'start').click()
  await page.waitForURL('**/candidate/attempt/**')
  return attemptIn(page)
}

export const attemptIn = (page: Page): string => new URL(page.url()).pathname.split('/')[3] ?? ''

/** The player's scripts run and hold the attempt. */
export const playerReady = (page: Page): Promise<void> => page.locator('#player.js').waitFor()

/** What stands on the page is with the server. */
export const saved = (page: Page): Promise<void> =>
  page.locator('.player-bar .saved:not(.warn):not(.bad) time').waitFor()

export const WORDS =
  'I am sorry for the trouble. I have checked the order and offer two ways; choose one and I will do it today.'

/** Answers everything on the page by its native controls, whatever the kind. */
export async function answerPage(page: Page, words: string = WORDS): Promise<void> {
  for (const sheet of await page.locator('.sheet-in[data-item]').all()) await answerItem(sheet, words)
}

async function answerItem(sheet: Locator, words: string): Promise<void> {
  const controls = await sheet.locator('input:not([type=hidden]), select, textarea').evaluateAll((all) =>
    all.map((one, index) => ({
      index,
      tag: one.tagName,
      type: one.getAttribute('type') ?? '',
      name: one.getAttribute('name') ?? '',
      numeric: one.getAttribute('inputmode') === 'decimal',
    })),
  )
  const at = (index: number): Locator => sheet.locator('input:not([type=hidden]), select, textarea').nth(index)
  const groups = new Map<string, number[]>()
  for (const { index, type, name } of controls)
    if (type === 'radio') groups.set(name, [...(groups.get(name) ?? []), index])
  for (const [name, members] of groups)
    await at((name.endsWith('/worst') ? members.at(-1) : members[0]) ?? 0).check({ force: true })
  const boxes = controls.filter(({ type }) => type === 'checkbox')
  for (const { index } of boxes.slice(0, 2)) await at(index).check({ force: true })
  let place = 0
  for (const { index, tag, type, name, numeric } of controls) {
    if (tag === 'SELECT') {
      place += 1
      // Positions take each element once; everything else its first entry.
      await at(index).selectOption({ index: name.includes('/position.') ? place : 1 })
    } else if (tag === 'TEXTAREA') await at(index).fill(words)
    else if (tag === 'INPUT' && (type === 'text' || type === '')) {
      if (name === '' || name === 'q') continue
      await at(index).fill(numeric ? '42' : words.slice(0, 20))
    }
  }
}

/** Goes through the whole attempt, answers each page, and stands on the page before handing in. */
export async function answerEverything(
  page: Page,
  options: { words?: string; scripts?: boolean; onPage?: (kind: string) => Promise<void> } = {},
): Promise<number> {
  const { scripts = true, words, onPage } = options
  let pages = 0
  for (;;) {
    if (scripts) await playerReady(page)
    if ((await page.locator('main .review').count()) > 0) return pages
    const gate = page.locator('button[name=go][value^="enter:"]')
    if ((await gate.count()) > 0) {
      await onPage?.('gate')
      await gate.click()
      await page.locator('.sheet-in[data-item]').first().waitFor()
      continue
    }
    pages += 1
    // Not waited for page by page: handing in sends whatever is still on its way.
    await answerPage(page, words)
    await onPage?.('item')
    await next(page, scripts)
  }
}

/** Presses Next and waits until another page of the attempt stands there; what has to be confirmed is confirmed. */
export async function next(page: Page, scripts = true): Promise<void> {
  const before = await place(page)
  await goButton(page, 'next').click()
  for (;;) {
    await page.waitForFunction(
      ([was, dialog]) => {
        const items = [...document.querySelectorAll('.sheet-in[data-item]')]
          .map((one) => one.getAttribute('data-item'))
          .join()
        const now = items || document.querySelector('main .review h1, main h1')?.textContent || ''
        const asked = document.querySelector(
          dialog ? 'dialog[open] .go .pri' : '.note button[value^="leave:"], .note button[value="next!"]',
        )
        return (now !== '' && now !== was) || asked !== null
      },
      [before, scripts] as const,
    )
    const asked = scripts
      ? page.locator('dialog[open] .go .pri')
      : page.locator('.note button[value^="leave:"], .note button[value="next!"]')
    if ((await asked.count()) === 0) return
    await asked.click()
    await asked.waitFor({ state: 'detached' })
    if (!scripts) return
  }
}

const place = (page: Page): Promise<string> =>
  page.evaluate(
    () =>
      [...document.querySelectorAll('.sheet-in[data-item]')].map((one) => one.getAttribute('data-item')).join() ||
      document.querySelector('main h1')?.textContent ||
      '',
  )

/** From the page before handing in to the receipt. */
export async function handIn(
  page: Page,
  scripts = true,
  look: (state: string) => Promise<void> = async () => {},
): Promise<void> {
  await goButton(page, 'submit').click()
  if (scripts) {
    await page.locator('dialog[open] .go .pri').waitFor()
    await look('dialog')
    await page.locator('dialog[open] .go .pri').click()
  }
  await page.waitForURL('**/receipt')
}

/** The fingerprint on the receipt. */
export const fingerprint = async (page: Page): Promise<string> =>
  (await page.locator('.fingerprint').textContent())?.replaceAll(' ', '').slice(0, 64) ?? ''

// ---- Rating ----

/**
 * Rates every criterion of the open sheet with the keys, quotes words of the answer as evidence, and hands the sheet
 * in.
 */
export async function rateSheet(
  page: Page,
  level: number,
  evidence: 'select' | 'note',
  note = 'asked for the order number first',
): Promise<void> {
  await page.locator('.r-current').waitFor()
  await page.locator('.r-keys').waitFor()
  const rows = await page.locator('.r-row, .r-current').count()
  for (let n = 0; n < rows; n += 1) {
    await page.locator('.r-current h2').focus()
    await page.keyboard.press(String(level))
    await page.locator(`.r-current input[name=level][value="${level}"]:checked`).waitFor()
    if (evidence === 'select') {
      await page.locator('.r-text').first().selectText()
      await page.locator('.r-current .r-evidence q').first().waitFor()
      await page.keyboard.press('e')
    } else {
      await page.locator('.r-current textarea[name=quote]').fill(note)
      await page.locator('.r-current button[name=polarity][value=for]').click()
    }
    await page.locator('.r-current .r-evidence ul li').first().waitFor()
    if (n + 1 < rows) {
      const title = await page.locator('.r-current h2').textContent()
      await page.locator('.r-current h2').focus()
      await page.keyboard.press('j')
      await page.waitForFunction((was) => document.querySelector('.r-current h2')?.textContent !== was, title)
    }
  }
  await page.locator('.r-saved time').waitFor()
}

export async function submitSheet(page: Page): Promise<void> {
  await page.locator('.r-foot .btn.pri').first().click()
  await page.locator('dialog[open] .go .pri').click()
  await page.locator('.r-foot .st.ok').waitFor()
}

/** The browser of somebody whose session the test has made. */
export const actAs = (
  { context }: Pick<Visitor, 'context'>,
  poise: Pick<Poise, 'url'>,
  { token }: { token: string },
): Promise<void> =>
  context.addCookies([{ name: 'poise', value: token, url: poise.url, sameSite: 'Lax', httpOnly: true }])
