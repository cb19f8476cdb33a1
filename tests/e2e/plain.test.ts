// The candidate's part without JavaScript: invitation, notice, both test stages with every kind that is drawn, handing
// in, receipt; and what the plain form owes them when another device has been there.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { answersOf, attemptRow } from '#db/repositories/attempts.server.ts'
import { formItemsOf } from '#db/repositories/forms.server.ts'
import {
  actAs,
  answerEverything,
  enterByInvitation,
  fingerprint,
  goButton,
  handIn,
  startStage,
} from '#tests/setup/browser-acts.ts'
import { closeBrowser, visitor, visitorsLeave } from '#tests/setup/browser.ts'
import { peopleMaker, publish, smallContent } from '#tests/setup/matrix-world.ts'
import { startDemoInTestMode, type Poise } from '#tests/setup/poise-server.ts'

let poise: Poise
beforeAll(async () => {
  poise = await startDemoInTestMode()
})
afterEach(async ({ task }) => visitorsLeave(task.result?.state === 'fail' ? task.name : undefined))
afterAll(async () => {
  await closeBrowser()
  await poise?.dispose()
})

test.each([
  ['zh-CN', 'knowledge', 0],
  ['zh-CN', 'written', 0],
  ['en', 'knowledge', 1],
] as const)('a candidate without scripts takes the stage, in %s: %s', async (locale, stage, which) => {
  const { page } = await visitor(poise, { locale, js: false })
  await enterByInvitation(page, poise.accounts().invitations[which]?.url ?? '')
  const attemptId = await startStage(page, stage)
  // The deadline is printed as a moment, since nothing counts down here.
  expect(await page.locator('.player-bar .timer time').getAttribute('datetime')).toMatch(/^\d{4}-/)
  expect(await page.locator('noscript .noscript, .noscript').first().textContent()).toMatch(/\d{2}:\d{2}/)
  await answerEverything(page, { scripts: false, words: '实在抱歉，我已查过订单。两个办法请您选一个，今天就办。' })
  await handIn(page, false)
  expect(await fingerprint(page)).toMatch(/^[\w+/=-]{16,}/)
  const { store } = await poise.deps()
  const [row, answers, items] = [
    await attemptRow(store.read, attemptId),
    await answersOf(store.read, attemptId),
    await formItemsOf(store.read, attemptId),
  ]
  expect(answers.filter((answer) => answer.response !== null)).toHaveLength(items.length)
  expect(row?.closingReason).toBe('submitted')
})

test('a form that was filled in on an old page loses neither text: both are shown, and the candidate chooses', async () => {
  const deps = await poise.deps()
  await publish(deps, smallContent())
  const who = await peopleMaker(deps).candidate('plain', 'mx-short')
  const { page, context, ...one } = await visitor(poise, { js: false })
  // The conflict is told with its status.
  one.expectErrors(/409/)
  await actAs({ context }, poise, who)
  const attemptId = await startStage(page, 'test')
  await page.goto(`/candidate/attempt/${attemptId}?item=mx-essay`)
  const old = await context.newPage()
  await old.goto(`/candidate/attempt/${attemptId}?item=mx-essay`)
  await page.locator('textarea[name="mx-essay/text"]').fill('the first to arrive')
  await goButton(page, 'review').click()
  await page.locator('main .review').waitFor()
  await old.locator('textarea[name="mx-essay/text"]').fill('from the old page')
  await goButton(old, 'review').click()
  await old.locator('.note.warn .two').waitFor()
  const both = await old.locator('.note.warn').textContent()
  const shown = `${both} ${await old.locator('.note.warn textarea').evaluateAll((all) => all.map((one) => (one as HTMLTextAreaElement).value).join(' '))}`
  expect(shown).toContain('the first to arrive')
  expect(shown).toContain('from the old page')
  await old.locator('.note.warn button[value=save]').click()
  await old.waitForURL('**/candidate/attempt/**')
  const text = async () =>
    (
      (await answersOf(deps.store.read, attemptId)).find((answer) => answer.itemId === 'mx-essay')?.response as {
        text: string
      } | null
    )?.text
  expect(await text()).toBe('from the old page')
})
