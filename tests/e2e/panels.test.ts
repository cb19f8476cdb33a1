// Every dialog and panel of the player, open: axe, and what can be measured of its layout, on a phone of 320 px and at
// 200 % zoom, in both languages, light and dark. One half-answered item is counted alike wherever items are counted.
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Locale } from '#app/core/shared/locale.ts'
import { candidateMessages } from '#app/i18n/areas/candidate.ts'
import { playerMessages } from '#app/i18n/areas/player.ts'
import { translator } from '#app/i18n/messages.ts'
import { staffAct } from '#app/services/attempt/acts.server.ts'
import { blueprint, both, item, judgement, programme, singleChoice, trueFalse } from '#tests/fixtures/bank.ts'
import { actAs, enterByInvitation, goButton, playerReady, saved, startStage } from '#tests/setup/browser-acts.ts'
import {
  axeOnce,
  closeBrowser,
  visitor,
  visitorsLeave,
  type Visitor,
  type VisitorOptions,
} from '#tests/setup/browser.ts'
import { describeInFull } from '#tests/setup/lane.ts'
import { fits, focusStaysInSight } from '#tests/setup/layout.ts'
import { peopleMaker, publish, smallContent, type Candidate, type Person } from '#tests/setup/matrix-world.ts'
import { startPoise, type Poise } from '#tests/setup/poise-server.ts'

let poise: Poise
let supervisor: Person
let officer: Person
let people = 0

const steps = ['甲', '乙', '丙'].map((name, index) => ({
  id: `e${index + 1}`,
  text: both(`步骤${name}`, `step ${index + 1}`),
}))
const rationale = both('说明理由。', 'The reason.')

beforeAll(async () => {
  poise = await startPoise({ mode: 'test' })
  const deps = await poise.deps()
  const [stage] = programme().stages
  await publish(deps, [
    ...smallContent(),
    {
      type: 'item',
      bank: 'pn-free',
      body: { ...judgement([5, 4, 2, 1]), id: 'pn-judge', mode: 'best_worst' } as never,
    },
    {
      type: 'item',
      bank: 'pn-free',
      body: item('ordering', {
        id: 'pn-order',
        stem: both('排序。', 'Put in order.'),
        elements: steps,
        order: ['e1', 'e2', 'e3'],
        rationale,
      } as never),
    },
    {
      type: 'item',
      bank: 'pn-free',
      body: singleChoice({}, { id: 'pn-choice', policySearch: true, policy: { id: 'returns', revision: 2 } }),
    },
    {
      type: 'item',
      bank: 'pn-free',
      body: item('essay', {
        id: 'pn-essay',
        stem: both('写一封道歉信。', 'Write an apology.'),
        rubric: 'empathy',
        expected: [both('道歉', 'regret'), both('步骤', 'a step')],
      } as never),
    },
    {
      type: 'item',
      bank: 'pn-forward',
      body: trueFalse(both('先道歉。', 'Say sorry first.'), true, { id: 'pn-true' }),
    },
    {
      type: 'item',
      bank: 'pn-forward',
      body: trueFalse(both('可以催促买家。', 'Hurrying a buyer is fine.'), false, { id: 'pn-false' }),
    },
    ...(['pn-free', 'pn-forward'] as const).map((id) => ({
      type: 'bank' as const,
      bank: id,
      body: { id, title: both('库', 'Bank') } as never,
    })),
    {
      type: 'blueprint',
      bank: 'mx',
      body: blueprint({
        id: 'pn-plan',
        sections: [
          { id: 'free', title: both('自由作答的部分', 'Items in any order'), count: 4, banks: ['pn-free'] },
          {
            id: 'forward',
            title: both('单向的部分', 'One way only'),
            count: 2,
            banks: ['pn-forward'],
            itemsPerPage: 1,
            navigation: 'forward_only',
          },
        ],
      }),
    },
    {
      type: 'programme',
      bank: 'mx',
      body: programme({
        id: 'pn',
        stages: [
          { ...stage!, assessment: { kind: 'test', blueprint: 'pn-plan', timeLimitMinutes: 30, switchLanguage: true } },
        ],
      }),
    },
  ])
  const make = peopleMaker(deps)
  supervisor = await make.staff('supervisor', 'supervisor')
  officer = await make.staff('officer', 'accommodation_officer')
})
afterEach(async ({ task }) => {
  await visitorsLeave(task.result?.state === 'fail' ? task.name : undefined)
  await poise.setClock(0)
})
afterAll(async () => {
  await closeBrowser()
  await poise?.dispose()
})

async function newCandidate(): Promise<Candidate> {
  const make = peopleMaker(await poise.deps())
  const who = await make.candidate(`panels-${(people += 1)}`, 'pn')
  await make.askAccommodation(who, 'I need pauses.')
  await make.grantAccommodation(officer, { breakMinutes: 10 })
  return who
}

type Seat = Visitor & { attemptId: string; who: Candidate; look(state: string): Promise<void> }
async function takeSeat(options: VisitorOptions): Promise<Seat> {
  const who = await newCandidate()
  const one = await visitor(poise, options)
  await actAs(one, poise, who)
  const attemptId = await startStage(one.page, 'test')
  await playerReady(one.page)
  const size = `${options.viewport?.width ?? 1280} px, ${one.locale}, ${one.theme}`
  const look = async (state: string): Promise<void> => {
    await axeOnce(one, `${state}, ${size}`)
    await fits(one.page, `${state}, ${size}`)
  }
  return { ...one, attemptId, who, look }
}

const sheet = (page: Page, id: string) => page.locator(`.sheet-in[data-item="${id}"]`)
const dialog = (page: Page) => page.locator('dialog[open]')
/** By its address within the open player: no page is loaded, as when a cell of the navigator is pressed. */
async function toItem({ page, attemptId }: Seat, id: string): Promise<void> {
  await page.goto(`/candidate/attempt/${attemptId}?item=${id}`)
  await playerReady(page)
  await sheet(page, id).waitFor()
}
const closeDialog = async (page: Page): Promise<void> => {
  await dialog(page).locator('[data-safe]').click()
  await dialog(page).waitFor({ state: 'detached' })
}

const PHONE = { viewport: { width: 320, height: 640 } }
/** A window of 1280 × 800 at 200 %. */
const ZOOMED = { viewport: { width: 640, height: 400 } }

type Look = readonly [Locale, 'light' | 'dark', typeof PHONE]
/** Each language, theme and window once. */
const LOOKS: Look[] = [
  ['zh-CN', 'dark', PHONE],
  ['en', 'light', ZOOMED],
]
const FURTHER_LOOKS: Look[] = [
  ['en', 'light', PHONE],
  ['zh-CN', 'light', ZOOMED],
  ['en', 'dark', ZOOMED],
]
describe.each(LOOKS)('in %s, %s, %o', panels)
describeInFull.each(FURTHER_LOOKS)('in %s, %s, %o', panels)

function panels(...[locale, theme, size]: Look): void {
  const t = translator(playerMessages, locale)

  test('items, display settings, policy search, keys, review and the question before handing in', async () => {
    const seat = await takeSeat({ locale, theme, ...size })
    const { page, look } = seat
    for (const id of ['pn-judge', 'pn-order', 'pn-essay', 'pn-choice']) {
      await toItem(seat, id)
      await look(id)
      expect(await focusStaysInSight(page, `${id} ${locale}`)).toBeGreaterThan(6)
    }
    await page.locator('.search input[name=q]').fill(locale === 'en' ? 'returns' : '退货')
    await page.locator('.search button').click()
    await page.locator('.search .policy').first().waitFor()
    await look('policies found')
    await focusStaysInSight(page, `policies ${locale}`)
    await page.locator('details.aa > summary').click()
    await page.locator('.menu-in').waitFor()
    await look('display settings')
    await page.keyboard.press('Escape')
    await page.locator('h1').first().focus()
    await page.keyboard.press('?')
    await dialog(page).waitFor()
    await look('keys')
    await closeDialog(page)
    await goButton(page, 'review').click()
    await page.locator('main .review').waitFor()
    await look('review')
    await focusStaysInSight(page, `review ${locale}`)
    await goButton(page, 'submit').click()
    await dialog(page).waitFor()
    await look('before handing in')
    expect(await page.evaluate(() => document.activeElement?.hasAttribute('data-safe'))).toBe(true)
  })

  test('forward only: the gate, a page left open, leaving', async () => {
    const seat = await takeSeat({ locale, theme, ...size })
    const { page, look } = seat
    await page.goto(`/candidate/attempt/${seat.attemptId}?view=review`)
    await playerReady(page)
    await page.locator('main .review button.link', { hasText: t('gate.enter') }).click()
    await page.locator('button[value="enter:forward"]').waitFor()
    await playerReady(page)
    await look('gate')
    await page.locator('button[value="enter:forward"]').click()
    await page.locator('.sheet-in[data-item]').waitFor()
    await playerReady(page)
    await look('forward')
    await goButton(page, 'next').click()
    await dialog(page).waitFor()
    await look('page left open')
    await dialog(page).locator('.pri').click()
    await dialog(page).waitFor({ state: 'detached' })
    await page.locator('.sheet-in[data-item]').waitFor()
    await playerReady(page)
    await goButton(page, 'next').click()
    await dialog(page).waitFor()
    await look('leaving')
  })

  test('two texts, offline, a message, a pause, a break, another tab, another device', async () => {
    const seat = await takeSeat({ locale, theme, ...size })
    const { page, look, attemptId, who } = seat
    seat.expectErrors(/Failed to load resource|ERR_|net::/)
    const deps = await poise.deps()
    await toItem(seat, 'pn-essay')
    const essay = page.locator('textarea[name="pn-essay/text"]')
    await page.evaluate(
      async (id) =>
        void (await fetch('/api/attempts/save', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            attemptId: id,
            epoch: 1,
            mutations: [
              {
                mutationId: 'elsewhere',
                itemId: 'pn-essay',
                baseRevision: 0,
                response: { kind: 'essay', text: 'from another page' },
              },
            ],
          }),
        })),
      attemptId,
    )
    await essay.fill('from this page')
    await dialog(page).locator('.two').waitFor()
    await look('two texts')
    await dialog(page).locator('[data-safe]').click()
    await saved(page)
    await page.route('**/api/attempts/save', (route) => route.abort())
    await essay.fill('from this page, offline')
    await page.locator('.note.warn.off').waitFor()
    await look('offline')
    await focusStaysInSight(page, `offline ${locale}`)
    await page.unroute('**/api/attempts/save')
    await page.locator('.note.warn.off button').click()
    await saved(page)
    await staffAct(
      deps,
      supervisor.actor,
      attemptId,
      {
        type: 'message',
        text: locale === 'en' ? 'The room changes at noon; your time does not.' : '中午换考场，考试时间不变。',
      },
      deps.clock.now(),
    )
    await page.locator('.note .said').waitFor()
    await look('message')
    await page.locator('.note button').click()
    await staffAct(deps, supervisor.actor, attemptId, { type: 'pause', reason: 'an alarm' }, deps.clock.now())
    await page.locator(`h1:has-text("${t('paused.title')}")`).waitFor()
    await look('paused')
    await staffAct(deps, supervisor.actor, attemptId, { type: 'resume' }, deps.clock.now())
    await essay.waitFor()
    await page.locator('details.aa > summary').click()
    await page.locator('button[name=go][value=break]').click()
    await page.locator(`h1:has-text("${t('paused.break.title')}")`).waitFor()
    await playerReady(page)
    await look('break')
    await page.locator('button[name=go][value=resume]').click()
    await essay.waitFor()
    await playerReady(page)
    const second = await seat.newPage()
    await second.goto(`/candidate/attempt/${attemptId}`)
    await dialog(second).waitFor()
    await axeOnce({ ...seat, page: second }, `another tab, ${size.viewport.width}`)
    await fits(second, 'another tab')
    await dialog(second).locator('.pri').click()
    await page.locator(`h1:has-text("${t('taken.tab')}")`).waitFor()
    await look('taken over')
    const device = await visitor(poise, { locale, theme, ...size })
    await enterByInvitation(device.page, `${poise.url}/i/${who.invitation}`)
    await device.page.goto(`/candidate/attempt/${attemptId}`)
    await device.page.locator('button[value^="take-over:"]').waitFor()
    await axeOnce(device, `another device, ${size.viewport.width}`)
    await fits(device.page, 'another device')
  })
}

test('half an answer is half an answer in the navigator, on the review page, in the question before handing in, and on the receipt', async () => {
  const t = translator(playerMessages, 'en')
  const c = translator(candidateMessages, 'en')
  const seat = await takeSeat({ locale: 'en' })
  const { page, attemptId } = seat
  await toItem(seat, 'pn-choice')
  await page.locator('[data-item="pn-choice"] input').first().check()
  await toItem(seat, 'pn-judge')
  await page.locator('[data-item="pn-judge"] input[name="pn-judge/best"]').first().check()
  await saved(page)
  const numberOf = async (id: string): Promise<string> =>
    (await page.locator(`.side button[value="item:${id}"]`).textContent()) ?? ''
  const [choice, judge, order, essay] = (await Promise.all(
    ['pn-choice', 'pn-judge', 'pn-order', 'pn-essay'].map(numberOf),
  )) as [string, string, string, string]
  const label = (n: string, state: 'nav.cell.answered' | 'review.part' | 'nav.cell.open'): string =>
    t('nav.cell', { n, state: t(state) })
  const labels = await page
    .locator('.side .cells .cell')
    .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')))
  expect(labels.toSorted()).toEqual(
    [
      label(choice, 'nav.cell.answered'),
      label(judge, 'review.part'),
      label(order, 'nav.cell.open'),
      label(essay, 'nav.cell.open'),
    ].toSorted(),
  )
  expect(await page.locator('.tally .num').allTextContents()).toEqual(['1', '1', '2'])
  // The same once it comes from the server alone.
  await page.goto(`/candidate/attempt/${attemptId}?view=review`)
  await playerReady(page)
  // Two items of the section not begun are open as well.
  expect(await page.locator('.facts-list li').allTextContents()).toEqual([
    t('review.unanswered', { n: 4 }),
    t('review.incomplete', { n: 1 }),
  ])
  expect(await page.locator('.missing li').allTextContents()).toHaveLength(3)
  await goButton(page, 'submit').click()
  const asked = (await dialog(page).locator('p').textContent()) ?? ''
  expect(asked).toContain('4 items are not answered (')
  expect(asked).toContain(`One item is partly answered (Items in any order: ${judge}).`)
  expect(asked).not.toContain(t('review.all', { n: 6 }))
  await dialog(page).locator('.pri').click()
  await page.waitForURL('**/receipt')
  expect((await page.locator('.facts dd.num').first().textContent())?.trim()).toBe(
    c('receipt.answers.value', { n: 2, total: 6 }) + c('receipt.answers.part', { n: 1 }),
  )
})
