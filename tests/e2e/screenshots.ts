/**
 * npm run screenshots: makes the pictures of docs/pictures.md and the README from a demo of its own, in a real browser.
 * Nothing in them is drawn: an attempt is taken, time is granted, an answer is rated, a result is released.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { closeBrowser, visitor, visitorsLeave, type Visitor } from '#tests/setup/browser.ts'
import { demoData, ROOT, startPoise, type Poise } from '#tests/setup/poise-server.ts'

const FOLDER = join(ROOT, 'docs/images')
mkdirSync(FOLDER, { recursive: true })
const PHONE = { width: 360, height: 740 }

async function picture(page: Page, name: string, fullPage = true): Promise<void> {
  await page.screenshot({ path: join(FOLDER, `${name}.png`), fullPage })
  console.log(`docs/images/${name}.png`)
}

async function signIn(poise: Poise, role: string, options: Parameters<typeof visitor>[1]): Promise<Visitor> {
  const staff = await visitor(poise, options)
  const account = poise.accounts().accounts.find((entry) => entry.role === role)
  if (!account) throw new Error(`the demo has no ${role}`)
  await staff.page.goto('/login')
  await staff.page.fill('input[name=email]', account.email)
  await staff.page.fill('input[name=password]', account.password)
  await Promise.all([
    staff.page.waitForURL((url) => !url.pathname.startsWith('/login')),
    staff.page.click('main button[type=submit]'),
  ])
  return staff
}

/** Enters by the invitation and starts the first stage; returns the attempt's path. */
async function begin(candidate: Visitor, url: string): Promise<string> {
  const { page } = candidate
  await page.goto(url)
  await page.click('main button[type=submit]')
  await page.waitForURL('**/candidate')
  await page.goto('/candidate/stage/knowledge')
  await page.locator('main input[type=checkbox]').first().check()
  await page.click('button[name=intent][value=notice]')
  await page.locator('button[value=start]').waitFor()
  await page.click('button[value=start]')
  await page.waitForURL('**/attempt/**')
  return new URL(page.url()).pathname
}

const poise = await startPoise({ mode: 'test', banks: 'shipped', dataDir: await demoData() })
try {
  const [zh, en] = poise.accounts().invitations
  if (!zh || !en) throw new Error('the demo has no invitations')

  const candidate = await visitor(poise, { locale: 'en', theme: 'light' })
  const attemptPath = await begin(candidate, en.url)
  const attemptId = attemptPath.split('/').at(-1) ?? ''
  // Some items answered, as a candidate would, then one of the situational ones.
  for (let n = 0; n < 8; n += 1) {
    const radios = candidate.page.locator('main input[type=radio]')
    const choices = await radios.count()
    if (choices > 0) await radios.nth(n % choices).check()
    const before = candidate.page.url()
    await candidate.page.locator('button[value=next]').click()
    await candidate.page.waitForURL((url) => url.href !== before)
  }
  await candidate.page.getByText('Situational judgement', { exact: true }).first().click()
  await candidate.page.locator('main input[type=radio]').first().check()
  await candidate.page.locator('main input[type=radio]').last().check()
  await candidate.page
    .getByText(/^Saved \d/)
    .first()
    .waitFor()
  await picture(candidate.page, 'player.en.light')
  await candidate.page.emulateMedia({ colorScheme: 'dark' })
  await picture(candidate.page, 'player.en.dark')
  await candidate.page.setViewportSize(PHONE)
  await picture(candidate.page, 'player.en.dark.360')

  const second = await visitor(poise, { locale: 'zh-CN', theme: 'light' })
  await begin(second, zh.url)
  await picture(second.page, 'player.zh-CN.light')

  const admin = await signIn(poise, 'admin', { locale: 'en', theme: 'light' })
  await admin.page.goto('/admin/live')
  await admin.page.locator('tbody tr').first().waitFor()
  await picture(admin.page, 'live-room.en.light')
  const adminZh = await signIn(poise, 'admin', { locale: 'zh-CN', theme: 'dark' })
  await adminZh.page.goto('/admin/live')
  await adminZh.page.locator('tbody tr').first().waitFor()
  await picture(adminZh.page, 'live-room.zh-CN.dark')

  // A story for the ledger: a pause and a grant by staff, through the product's own services on the same database.
  const deps = await poise.deps()
  const { staffAct } = await import('#app/services/attempt/acts.server.ts')
  const staff = { personId: 'screenshots', roles: ['supervisor'] as const, sessionId: 'screenshots', enrolmentId: null }
  const now = (): number => deps.clock.now()
  await staffAct(deps, staff, attemptId, { type: 'pause', reason: 'Fire drill in the building' }, now())
  await poise.setClock(250_000)
  await staffAct(deps, staff, attemptId, { type: 'resume' }, now() + 248_000)
  await staffAct(
    deps,
    staff,
    attemptId,
    { type: 'grant', extraMs: 120_000, reason: 'Seated again after the drill' },
    now() + 249_000,
  )
  await candidate.page.setViewportSize({ width: 1280, height: 900 })
  await candidate.page.emulateMedia({ colorScheme: 'light' })
  await candidate.page.goto(`${attemptPath}/ledger`)
  await picture(candidate.page, 'ledger.en.light')
  await admin.page.goto(`/admin/live/${attemptId}`)
  await picture(admin.page, 'attempt-for-staff.en.light')

  const rater = await signIn(poise, 'interviewer', {
    locale: 'zh-CN',
    theme: 'light',
    viewport: { width: 1440, height: 960 },
  })
  await rater.page.goto('/interviewer/queue')
  await rater.page.locator('button[value=next]').first().click()
  await rater.page.waitForURL('**/sheets/**')
  await picture(rater.page, 'rating.zh-CN.light')

  const results = await signIn(poise, 'admin', { locale: 'en', theme: 'light' })
  await results.page.goto('/admin/results')
  await picture(results.page, 'results.en.light')

  const trainer = await signIn(poise, 'trainer', {
    locale: 'en',
    theme: 'dark',
    viewport: { width: 1440, height: 960 },
  })
  await trainer.page.goto('/trainer/items?kind=single_choice')
  await picture(trainer.page, 'items.en.dark', false)
  await trainer.page.locator('tbody a').first().click()
  await trainer.page.waitForURL('**/trainer/items/*')
  await picture(trainer.page, 'editor.en.dark')

  const captions: Array<[string, string]> = [
    ['player.en.light', 'An item in the player: saved state and time at the top right, the navigator in the margin.'],
    ['player.en.dark.360', 'The same on a phone, in the dark theme.'],
    ['player.zh-CN.light', 'The player in Chinese.'],
    [
      'ledger.en.light',
      'The time ledger as the candidate reads it: start, pause and grant with reasons, and the deadline after each.',
    ],
    [
      'live-room.en.light',
      'The live room: who is running, time left, last save, connection; grant, pause, message, close.',
    ],
    ['live-room.zh-CN.dark', 'The live room in Chinese, dark.'],
    ['attempt-for-staff.en.light', 'One attempt for staff: ledger, late texts, and why each item was drawn.'],
    ['rating.zh-CN.light', 'Rating: the answer beside the rubric, all anchors visible, nobody named.'],
    ['results.en.light', 'Results wait for a person.'],
    ['items.en.dark', 'Finding items.'],
    ['editor.en.dark', 'The editor: both languages, the candidate’s view and the item check side by side.'],
  ]
  writeFileSync(
    join(ROOT, 'docs/pictures.md'),
    `# Pictures\n\nMade by \`npm run screenshots\` from a demo in a real browser. The wire protocol behind the player is described in [attempt-protocol.md](attempt-protocol.md).\n\n${captions.map(([name, text]) => `## ${text}\n\n![${text}](images/${name}.png)\n`).join('\n')}`,
  )
  for (const one of [candidate, second, admin, adminZh, rater, results, trainer] satisfies Visitor[])
    one.errors.length = 0
  await visitorsLeave()
} finally {
  await closeBrowser()
  await poise.dispose()
}
