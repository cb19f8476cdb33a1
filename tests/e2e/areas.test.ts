// Pages outside the rooms of staff carry no list of those rooms, so each way into one must load a page.
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { closeBrowser, visitor, visitorsLeave } from '#tests/setup/browser.ts'
import { startPoise, type Poise } from '#tests/setup/poise-server.ts'

let poise: Poise
beforeAll(async () => {
  poise = await startPoise({ mode: 'demo' })
})
afterEach(({ task }) => visitorsLeave(task.result?.state === 'fail' ? task.name : undefined))
afterAll(async () => {
  await closeBrowser()
  await poise?.dispose()
})

const known = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    Object.keys((window as unknown as { __remixManifest: { routes: object } }).__remixManifest.routes),
  )
const staffRooms = (ids: readonly string[]): string[] =>
  ids.filter((id) => /(^|\/)(interviewer|trainer|admin)(\/|$)/.test(id))

/** Signs in by the form of a page whose scripts run. */
async function signIn(page: Page, role: string, path = '/login'): Promise<void> {
  const account = poise.accounts().accounts.find((one) => one.role === role)
  if (!account) throw new Error(`the demo has no ${role}`)
  await page.goto(path, { waitUntil: 'networkidle' })
  await page.locator('input[name=email]').fill(account.email)
  await page.locator('input[name=password]').fill(account.password)
  await page.locator('form:has(input[name=password]) button[type=submit]').click()
}

test('the page before signing in knows no room of staff, and what candidates see', async () => {
  const { page } = await visitor(poise)
  await page.goto('/login', { waitUntil: 'networkidle' })
  const ids = await known(page)
  expect(staffRooms(ids)).toEqual([])
  expect(ids).toContain('routes/candidate/attempt.$attemptId')
})

describe('signing in, with scripts', () => {
  test.each([
    ['admin', '/admin'],
    ['trainer', '/trainer/items'],
    ['interviewer', '/interviewer/queue'],
  ])('brings %s to %s, on a page that knows every room', async (role, path) => {
    const { page } = await visitor(poise)
    await signIn(page, role)
    await page.waitForURL((url) => url.pathname === path)
    await page.locator('.bar .rooms').waitFor()
    expect(staffRooms(await known(page)).length).toBeGreaterThan(20)
  })

  test('brings them to the page that they asked for', async () => {
    const { page } = await visitor(poise)
    await signIn(page, 'trainer', '/login?next=%2Ftrainer%2Fitems%3Fq%3Drefund')
    await page.waitForURL((url) => url.pathname === '/trainer/items' && url.searchParams.get('q') === 'refund')
    await page.locator('.bar .rooms').waitFor()
  })
})

test.each([
  ['en', '/nobody/has/this', 'There is no such page'],
  ['zh-CN', '/nobody/has/this', '这里没有这一页'],
  ['zh-CN', '/trainer/nobody/has/this', '这里没有这一页'],
] as const)('an address that nobody has is told in the reader’s language: %s %s', async (locale, path, title) => {
  const { page, expectErrors } = await visitor(poise, { locale })
  expectErrors(/404/)
  await page.goto(path, { waitUntil: 'networkidle' })
  expect(await page.locator('h1').textContent()).toBe(title)
  expect(await page.locator('html').getAttribute('lang')).toBe(locale)
})

test('Back from a page that was loaded anew leads into the room that the page before it knew', async () => {
  const { page, context } = await visitor(poise)
  await signIn(page, 'trainer')
  await page.waitForURL('**/trainer/items')
  await page.waitForLoadState('networkidle')
  const session = await context.cookies()
  await context.clearCookies()
  // The router learns by a request for data that nobody is signed in, and goes to the form without loading a page.
  await page.locator('.bar .rooms a').last().click()
  await page.waitForURL((url) => url.pathname === '/login')
  await page.reload({ waitUntil: 'networkidle' })
  expect(staffRooms(await known(page))).toEqual([])
  await context.addCookies(session)
  await page.goBack()
  await page.waitForURL((url) => url.pathname.startsWith('/trainer'))
  await page.locator('.bar .rooms').waitFor()
})
