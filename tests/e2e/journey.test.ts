// The main job from end to end, in a real browser and in both languages: invite, take a timed assessment, rate, play,
// release, ask for a review; a trainer's new version is drawn by the next attempt. axe looks at every page on the way.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Locale } from '#app/core/shared/locale.ts'
import { answersOf, attemptRow, eventsOf } from '#db/repositories/attempts.server.ts'
import { formItemsOf } from '#db/repositories/forms.server.ts'
import {
  answerEverything,
  enterByInvitation,
  fingerprint,
  handIn,
  intentButton,
  rateSheet,
  signIn,
  startStage,
  submitSheet,
} from '#tests/setup/browser-acts.ts'
import { axeOnce, closeBrowser, pagesLookedAt, visitor, visitorsLeave, type Visitor } from '#tests/setup/browser.ts'
import { eventually, startDemoInTestMode, type Poise } from '#tests/setup/poise-server.ts'

let poise: Poise
beforeAll(async () => {
  poise = await startDemoInTestMode()
})
afterEach(async ({ task }) => visitorsLeave(task.result?.state === 'fail' ? task.name : undefined))
afterAll(async () => {
  await closeBrowser()
  await poise?.dispose()
})

/** What the story hands from one person to the next. */
type Story = { name: string; link: string; personUrl: string; attempts: Record<string, string> }
const stories: Record<Locale, Story> = {
  'zh-CN': { name: '许知远 Xu Zhiyuan', link: '', personUrl: '', attempts: {} },
  en: { name: 'Amara Nwosu', link: '', personUrl: '', attempts: {} },
}
/** Each language with one theme, so that both are looked at. */
const CASES = [
  ['zh-CN', 'dark'],
  ['en', 'light'],
] as const

const looker = (person: Visitor) => (state: string) => axeOnce(person, state)

/** Every item of the form has an answer, and they came one after another by the candidate's own hand. */
async function expectAnswered(attemptId: string): Promise<void> {
  const { store } = await poise.deps()
  const [row, answers, items, events] = [
    await attemptRow(store.read, attemptId),
    await answersOf(store.read, attemptId),
    await formItemsOf(store.read, attemptId),
    await eventsOf(store.read, attemptId),
  ]
  expect(answers.filter((answer) => answer.response !== null)).toHaveLength(items.length)
  expect(row?.closingReason).toBe('submitted')
  expect(events.filter((event) => event.type === 'closed')).toHaveLength(1)
}

describe.each(CASES)('in %s, %s', (locale, theme) => {
  const story = stories[locale]

  test('an admin adds a person and invites them', async () => {
    const admin = await visitor(poise, { locale, theme })
    const { page } = admin
    const look = looker(admin)
    await page.goto('/')
    await look('')
    await page.goto('/login')
    await look('')
    await signIn(admin, poise, 'admin')
    await look('')
    await page.goto('/admin/people')
    await look('')
    await page.locator('input[name=displayName]').fill(story.name)
    await page.locator('input[name=email]').fill(`journey-${locale.toLowerCase()}@candidate.example`)
    await page.locator('form:has(input[name=displayName]) button[type=submit]').click()
    await page.waitForURL('**/admin/people/*')
    story.personUrl = new URL(page.url()).pathname
    await page.locator('select[name=programmeId]').selectOption('hiring-loop')
    await page.locator('select[name=locale]').selectOption(locale)
    await page.locator('form:has(select[name=programmeId]) button[type=submit]').click()
    await intentButton(page, 'link').first().waitFor()
    await look('invited')
    await intentButton(page, 'link').first().click()
    const link = page
      .locator(`text=${poise.url}/i/`)
      .first()
      .or(page.locator(`input[value^="${poise.url}/i/"]`))
    await link.first().waitFor()
    story.link = (await page.content()).match(new RegExp(`${poise.url}/i/[\\w-]+`))?.[0] ?? ''
    expect(story.link).not.toBe('')
    await look('link')
    await page.goto('/admin/outbox')
    await look('')
  })

  test('the candidate takes the knowledge test and the written tasks', async () => {
    const candidate = await visitor(poise, { locale, theme })
    const { page } = candidate
    const look = looker(candidate)
    await page.goto(new URL(story.link).pathname)
    await look('')
    await enterByInvitation(page, story.link)
    await look('')
    await page.goto('/candidate/practice')
    await look('')
    for (const stage of ['knowledge', 'written']) {
      const attemptId = await startStage(page, stage, look)
      story.attempts[stage] = attemptId
      await answerEverything(page, {
        onPage: async () =>
          look(
            (
              await page
                .locator('.sheet-in[data-item] .item')
                .first()
                .evaluate((item) => [...item.children].map((one) => one.className).join(' '))
            ).replace(/\s+/g, ' '),
          ),
      })
      await look('review')
      await handIn(page, true, look)
      await look('')
      expect(await fingerprint(page)).toMatch(/^[\w+/=-]{16,}/)
      await expectAnswered(attemptId)
      await page.goto(`/candidate/attempt/${attemptId}/ledger`)
      await look('')
    }
    await page.goto('/candidate')
    await look('handed in')
  })

  test('the interviewer rates the written answers and plays the mock scenario', async () => {
    const interviewer = await visitor(poise, { locale, theme })
    const { page } = interviewer
    const look = looker(interviewer)
    await signIn(interviewer, poise, 'interviewer')
    const { store } = await poise.deps()
    const { t, q } = store.read
    const own = async () =>
      (await q.select().from(t.ratingTasks)).filter((task) => task.attemptId === story.attempts['written'])
    await eventually(async () => (await own()).length === 4, 'the written answers in the queue')
    await page.goto('/interviewer/queue')
    await look('')
    for (const task of await own()) {
      await page.goto('/interviewer/queue')
      const row = page.locator('details').filter({ has: page.locator(`input[name=taskId][value="${task.id}"]`) })
      await row.locator('summary').click()
      await page.locator(`form:has(input[value="${task.id}"])`).locator('button').click()
      await page.waitForURL('**/interviewer/sheets/*')
      await rateSheet(page, 4, 'select')
      await look('rated')
      await submitSheet(page)
      await look('submitted')
    }
    await page.goto('/interviewer/scenarios')
    await look('')
    const enrolment = (await attemptRow(store.read, story.attempts['written'] ?? ''))!.enrolmentId
    await page.locator(`a[href*="${enrolment}"]`).click()
    await page.locator('button[name=versionId]').waitFor()
    await look('prepare')
    await page.locator('button[name=versionId]').click()
    await page.waitForURL('**/interviewer/contacts/*')
    story.attempts['contact'] = new URL(page.url()).pathname.split('/')[3] ?? ''
    // Two facts come up while they talk. Before the scripts run each would be a page of its own.
    await page.locator('.r-keys').waitFor()
    for (let n = 0; n < 2; n += 1) {
      const said = page.locator('form:has(input[name=disclosed][value=yes]) button')
      const before = await said.count()
      await said.first().click()
      await page.waitForFunction(
        (was) => document.querySelectorAll('input[name=disclosed][value=yes]').length < was,
        before,
      )
    }
    await rateSheet(page, 4, 'note')
    await look('playing')
    await page.locator('form:has(select[name=ending]) button').click()
    await page.locator('dialog[open] .go .pri').click()
    await page.locator('select[name=ending]').waitFor({ state: 'detached' })
    await submitSheet(page)
    await look('played')
    await page.goto('/interviewer/kits')
    await look('')
    await page.locator('main a[href^="/interviewer/kits/"]').first().click()
    await page.waitForURL('**/interviewer/kits/*')
    await look('')
  })

  test('an admin sees the evidence and releases each result', async () => {
    const admin = await visitor(poise, { locale, theme })
    const { page } = admin
    const look = looker(admin)
    await signIn(admin, poise, 'admin')
    const { store } = await poise.deps()
    const { t, q } = store.read
    const contact = (await q.select().from(t.contacts)).find((one) => one.id === story.attempts['contact'])!
    for (const attemptId of [story.attempts['knowledge'], story.attempts['written'], contact.attemptId]) {
      await eventually(
        async () => (await attemptRow(store.read, attemptId ?? ''))?.scoredAt,
        `the score of ${attemptId}`,
      )
      await page.goto('/admin/results')
      await look('')
      await page.locator(`a[href="/admin/results/${attemptId}"]`).first().click()
      await page.waitForURL(`**/admin/results/${attemptId}*`)
      await look('evidence')
      await page.locator('input[name=outcome][value=passed]').check()
      await page.locator('textarea[name=reason]').fill('All anchors of level 4 are evidenced.')
      await intentButton(page, 'check').click()
      await intentButton(page, 'release').waitFor()
      await look('confirm')
      await intentButton(page, 'release').click()
      await page.locator('#release').waitFor({ state: 'detached' })
      await look('released')
      const [release] = (await q.select().from(t.releases)).filter((one) => one.attemptId === attemptId)
      expect(release).toMatchObject({ outcome: 'passed' })
      expect(release!.evidenceSeenAt.getTime()).toBeLessThanOrEqual(release!.releasedAt.getTime())
    }
  })

  test('the candidate sees the result and asks for a review; an admin finds the request', async () => {
    const candidate = await visitor(poise, { locale, theme })
    const { page } = candidate
    await enterByInvitation(page, story.link)
    await page.goto(`/candidate/attempt/${story.attempts['written']}/result`)
    await looker(candidate)('')
    const form = page.locator('form:has(button[name=intent][value=review])')
    if ((await form.locator('textarea').count()) > 0 && !(await form.locator('textarea').first().isVisible()))
      await page.locator('details:has(button[value=review]) > summary').click()
    if ((await form.locator('textarea').count()) > 0)
      await form.locator('textarea').first().fill('Please look at the chat again.')
    await intentButton(page, 'review').click()
    await intentButton(page, 'review').waitFor({ state: 'detached' })
    await looker(candidate)('asked')
    const admin = await visitor(poise, { locale, theme })
    await signIn(admin, poise, 'admin')
    await admin.page.goto('/admin/requests')
    await admin.page.locator(`text=${story.name}`).first().waitFor()
    await looker(admin)('')
  })

  test('every page of staff passes axe', async () => {
    const admin = await visitor(poise, { locale, theme })
    await signIn(admin, poise, 'admin')
    for (const path of [
      '/account',
      '/admin',
      '/admin/people',
      story.personUrl,
      '/admin/outbox',
      '/admin/results',
      '/admin/requests',
      '/admin/live',
      `/admin/live/${story.attempts['written']}`,
      '/admin/audit',
      '/admin/accommodations',
      '/admin/identity',
      '/admin/nothing-here',
    ]) {
      if (path.endsWith('nothing-here')) admin.expectErrors(/404/)
      await admin.page.goto(path)
      await axeOnce(admin)
    }
    const trainer = await visitor(poise, { locale, theme })
    await signIn(trainer, poise, 'trainer')
    for (const path of [
      '/trainer/items',
      '/trainer/policies',
      '/trainer/rubrics',
      '/trainer/scenarios',
      '/trainer/kits',
      '/trainer/blueprints',
      '/trainer/programmes',
      '/trainer/programmes/hiring-loop',
      '/trainer/rubrics/empathy',
    ]) {
      await trainer.page.goto(path)
      await axeOnce(trainer, path)
    }
  })
})

test('axe has looked at every kind of page', () => {
  expect(pagesLookedAt().length).toBeGreaterThan(40)
})
