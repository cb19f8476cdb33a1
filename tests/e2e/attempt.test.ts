// What happens to candidates in their one hour: a second tab, another device, no network, a crash, clocks that are
// wrong, time that runs out, staff who act. Each ends with the right answers and the right time ledger (done-when 2 of
// the issue "Attempt").
import { eq } from 'drizzle-orm'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { playerTexts } from '#app/i18n/en/player.ts'
import { answersOf, attemptRow, eventsOf } from '#db/repositories/attempts.server.ts'
import { quarantinedOf } from '#db/repositories/quarantine.server.ts'
import { readClockAlarm } from '#db/repositories/settings.server.ts'
import {
  actAs,
  enterByInvitation,
  goButton,
  handIn,
  intentButton,
  next,
  playerReady,
  saved,
  startStage,
} from '#tests/setup/browser-acts.ts'
import { axeOnce, closeBrowser, visitor, visitorsLeave, type Visitor } from '#tests/setup/browser.ts'
import { peopleMaker, publish, smallContent, type Candidate, type Person } from '#tests/setup/matrix-world.ts'
import { eventually, startPoise, type Poise } from '#tests/setup/poise-server.ts'

const MINUTE = 60_000
const ALLOWANCE = 10_000
let poise: Poise
let make: ReturnType<typeof peopleMaker>
let supervisor: Person
let people = 0

beforeAll(async () => {
  poise = await startPoise({ mode: 'test' })
  const deps = await poise.deps()
  await publish(deps, smallContent())
  make = peopleMaker(deps)
  supervisor = await make.staff('supervisor', 'supervisor')
})
afterEach(async ({ task }) => {
  await visitorsLeave(task.result?.state === 'fail' ? task.name : undefined)
  await poise.setClock(0)
})
afterAll(async () => {
  await closeBrowser()
  await poise?.dispose()
})

// ---- The scene ----

const newCandidate = (programmeId = 'mx-short'): Promise<Candidate> =>
  make.candidate(`candidate-${(people += 1)}`, programmeId)

async function atTheAttempt(
  who: Candidate,
  options: Parameters<typeof visitor>[1] = {},
): Promise<Visitor & { attemptId: string }> {
  const one = await visitor(poise, options)
  await actAs(one, poise, who)
  const attemptId = await startStage(one.page, 'test')
  await playerReady(one.page)
  return { ...one, attemptId }
}

const essay = (page: Page) => page.locator('textarea[name="mx-essay/text"]')
const toItem = async (page: Page, id: string): Promise<void> => {
  await goButton(page, `item:${id}`).click()
  await page.locator(`.sheet-in[data-item="${id}"]`).waitFor()
}
async function write(page: Page, text: string): Promise<void> {
  if ((await essay(page).count()) === 0) await toItem(page, 'mx-essay')
  await essay(page).fill(text)
}
async function submit(page: Page): Promise<void> {
  await goButton(page, 'review').click()
  await page.locator('main .review').waitFor()
  await handIn(page)
}

/** Nothing of ours reaches the server from this page. */
const cut = async (page: Page): Promise<void> =>
  void (await page.route('**/api/attempts/save', (route) => route.abort()))
const mend = (page: Page): Promise<void> => page.unroute('**/api/attempts/save')
const onDevice = (page: Page): Promise<void> => page.locator('.player-bar .saved.warn').waitFor()

type Stored = Awaited<ReturnType<typeof stored>>
async function stored(attemptId: string) {
  const { store } = await poise.deps()
  const [row, answers, events, quarantined] = await Promise.all([
    attemptRow(store.read, attemptId),
    answersOf(store.read, attemptId),
    eventsOf(store.read, attemptId),
    quarantinedOf(store.read, attemptId),
  ])
  if (!row) throw new Error('no such attempt')
  const text = (id: string): string | null => {
    const response = answers.find((answer) => answer.itemId === id)?.response
    return response && 'text' in response ? response.text : null
  }
  return { row, answers, events, quarantined, text, essay: text('mx-essay') }
}
const types = ({ events }: Stored): string[] => events.map((event) => event.type)
const count = (all: Stored, type: string): number => types(all).filter((one) => one === type).length
const closed = (attemptId: string): Promise<Stored> =>
  eventually(async () => {
    const now = await stored(attemptId)
    return now.row.status === 'closed' ? now : null
  }, 'the attempt to close')

/** Every save in the log has a revision of its own, in order, and each mutation counts once. */
function expectOrdered(all: Stored): void {
  const saves = all.events.filter((event) => event.type === 'answer_saved')
  for (const itemId of new Set(saves.map((event) => event.itemId))) {
    const own = saves.filter((event) => event.itemId === itemId)
    expect(own.map((event) => event.revision)).toEqual(own.map((_, index) => index + 1))
  }
  expect(new Set(saves.map((event) => event.mutationId)).size).toBe(saves.length)
  expect(all.events.map((event) => event.seq)).toEqual(all.events.map((_, index) => index + 1))
  expect(count(all, 'closed')).toBeLessThanOrEqual(1)
}

// ---- Tabs and devices ----

describe('tabs and devices', () => {
  test('a second tab asks first; the first is told, and its unsent text is not lost', async () => {
    const who = await newCandidate()
    const first = await atTheAttempt(who)
    await write(first.page, 'saved before')
    await saved(first.page)
    first.expectErrors(/Failed to load resource|ERR_FAILED/)
    await cut(first.page)
    await write(first.page, 'written in the first tab, not sent')
    await onDevice(first.page)
    const second = await first.newPage()
    await second.goto(`/candidate/attempt/${first.attemptId}`)
    await second.locator('dialog[open] .go .pri').waitFor()
    expect(await second.locator('dialog[open] h2').textContent()).toBe(playerTexts['takeover.tab.title'])
    await axeOnce({ ...first, page: second }, 'a second tab')
    await second.locator('dialog[open] .go .pri').click()
    await first.page.locator(`h1:has-text("${playerTexts['taken.tab']}")`).waitFor()
    await axeOnce(first, 'taken over')
    expect(await first.page.content()).toContain('written in the first tab, not sent')
    await playerReady(second)
    // One browser: the draft that the first tab kept goes up from the second, which stands at the item last worked on.
    await second.locator('.sheet-in[data-item="mx-essay"]').waitFor()
    await expect.poll(() => essay(second).inputValue()).toBe('written in the first tab, not sent')
    await saved(second)
    await essay(second).fill('finished in the second tab')
    await saved(second)
    await submit(second)
    const all = await stored(first.attemptId)
    expect(all.essay).toBe('finished in the second tab')
    expect(count(all, 'taken_over')).toBe(1)
    expect(all.row.closingReason).toBe('submitted')
    expectOrdered(all)
  })

  test('another device asks twice, takes over, and finishes; what the first writes afterwards does not count', async () => {
    const who = await newCandidate()
    const first = await visitor(poise)
    await enterByInvitation(first.page, `${poise.url}/i/${who.invitation}`)
    const attemptId = await startStage(first.page, 'test')
    await playerReady(first.page)
    await write(first.page, 'from the first device')
    await saved(first.page)
    const second = await visitor(poise, { viewport: { width: 360, height: 740 } })
    await second.page.goto(`/i/${who.invitation}`)
    await axeOnce(second, 'in use')
    await second.page.locator('main form button[type=submit]').click()
    await second.page.waitForURL('**/candidate')
    await second.page.goto(`/candidate/attempt/${attemptId}`)
    await axeOnce(second, 'elsewhere')
    expect(await second.page.locator('h1').textContent()).toContain(playerTexts['takeover.title'])
    await second.page.locator('button[name=go][value^="take-over:"]').click()
    await playerReady(second.page)
    await first.page.locator(`h1:has-text("${playerTexts['taken.title']}")`).waitFor()
    // It opens at the item last worked on, though its address names none.
    expect(new URL(second.page.url()).search).toBe('')
    await second.page.locator('.sheet-in[data-item="mx-essay"]').waitFor()
    expect(await essay(second.page).inputValue()).toBe('from the first device')
    await essay(second.page).fill('from the second device')
    await saved(second.page)
    // The first device's page still knows its old epoch.
    const late = await first.page.evaluate(
      async (id) =>
        (
          await fetch('/api/attempts/save', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({
              attemptId: id,
              epoch: 1,
              mutations: [
                {
                  mutationId: 'from-the-past',
                  itemId: 'mx-essay',
                  baseRevision: 2,
                  response: { kind: 'essay', text: 'from the past' },
                },
              ],
            }),
          })
        ).status,
      attemptId,
    )
    first.expectErrors(/409/)
    first.errors.length = 0
    expect(late).toBe(409)
    await submit(second.page)
    const all = await stored(attemptId)
    expect(all.essay).toBe('from the second device')
    expect(all.row.state.epoch ?? all.row.head.epoch).toBe(2)
    expect(count(all, 'taken_over')).toBe(1)
    expectOrdered(all)
  })
})

test('the invitation opened again in the same browser speaks of a tab, not of a device', async () => {
  const who = await newCandidate()
  const first = await visitor(poise)
  await enterByInvitation(first.page, `${poise.url}/i/${who.invitation}`)
  const attemptId = await startStage(first.page, 'test')
  await playerReady(first.page)
  const second = await first.newPage()
  await second.goto(`/i/${who.invitation}`)
  await second.locator('main form button[type=submit]').click()
  await second.waitForURL('**/candidate')
  await second.goto(`/candidate/attempt/${attemptId}`)
  await second.locator(`h1:has-text("${playerTexts['takeover.tab.title']}")`).waitFor()
  await second.locator('button[name=go][value^="take-over:"]').click()
  await playerReady(second)
  await first.page.locator(`h1:has-text("${playerTexts['taken.tab']}")`).waitFor()
})

// ---- Network, reload, crash ----

describe('network and crashes', () => {
  test('a reload with unsent answers brings them back and sends them', async () => {
    const who = await newCandidate()
    const { page, attemptId, ...one } = await atTheAttempt(who)
    one.expectErrors(/Failed to load resource|ERR_FAILED/)
    await cut(page)
    await write(page, 'unsent at the reload')
    await onDevice(page)
    expect((await stored(attemptId)).essay).toBeNull()
    page.on('dialog', (dialog) => void dialog.accept())
    await page.reload()
    await playerReady(page)
    await expect.poll(() => essay(page).inputValue()).toBe('unsent at the reload')
    await mend(page)
    await saved(page)
    expect((await stored(attemptId)).essay).toBe('unsent at the reload')
    await submit(page)
    const all = await stored(attemptId)
    expect(all.essay).toBe('unsent at the reload')
    expectOrdered(all)
  })

  test('an hour of writing offline, within the time, goes up when the network is back', async () => {
    const who = await newCandidate()
    const { page, attemptId, context, ...one } = await atTheAttempt(who)
    one.expectErrors(/Failed to load resource|ERR_INTERNET_DISCONNECTED/)
    await write(page, 'before')
    await saved(page)
    await context.setOffline(true)
    await write(page, 'before, and then offline')
    await onDevice(page)
    await page.locator('.note.warn').first().waitFor()
    await axeOnce({ ...one, page }, 'offline')
    await poise.setClock(20 * MINUTE)
    await context.setOffline(false)
    await saved(page)
    expect((await stored(attemptId)).essay).toBe('before, and then offline')
    await submit(page)
    expectOrdered(await stored(attemptId))
  })

  test('offline for longer than time and allowance: what had gone up counts, the rest is with staff, and the candidate is told', async () => {
    const who = await newCandidate()
    const { page, attemptId, context, ...one } = await atTheAttempt(who)
    one.expectErrors(/Failed to load resource|ERR_INTERNET_DISCONNECTED|409/)
    await write(page, 'in time')
    await saved(page)
    await context.setOffline(true)
    await write(page, 'in time, and more that came too late')
    await onDevice(page)
    await poise.setClock(30 * MINUTE + ALLOWANCE + 5_000)
    const swept = await closed(attemptId)
    await context.setOffline(false)
    await page.waitForURL('**/receipt')
    await eventually(async () => (await stored(attemptId)).quarantined.length > 0, 'the late text to be with staff')
    await page.reload()
    await page.locator('.note.warn, .told').first().waitFor()
    await axeOnce({ ...one, page }, 'late text')
    const all = await stored(attemptId)
    expect(all.essay).toBe('in time')
    expect(all.quarantined.map((entry) => (entry.response as { text: string }).text)).toContain(
      'in time, and more that came too late',
    )
    expect(all.row.closingReason).toBe('time_up')
    // The finish is the deadline, not the moment at which the sweep came by.
    expect(all.row.finishedAt?.getTime()).toBe((all.row.startedAt?.getTime() ?? 0) + 30 * MINUTE)
    expect(all.row.finishedAt).toEqual(swept.row.finishedAt)
    expectOrdered(all)
  })

  test('a server killed with -9 in the middle loses nothing that it acknowledged, and takes the rest when it is back', async () => {
    const who = await newCandidate()
    const { page, attemptId, ...one } = await atTheAttempt(who)
    one.expectErrors(/Failed to load resource|ERR_|EventSource|net::/)
    await write(page, 'acknowledged')
    await saved(page)
    await poise.kill9()
    try {
      await write(page, 'acknowledged, and written while the server was dead')
      await onDevice(page)
    } finally {
      await poise.restart()
    }
    expect((await stored(attemptId)).essay).toBe('acknowledged')
    await page.locator('.note.warn button').first().click()
    await saved(page)
    await submit(page)
    const all = await stored(attemptId)
    expect(all.essay).toBe('acknowledged, and written while the server was dead')
    expectOrdered(all)
  })
})

// ---- Clocks ----

const secondsLeft = async (page: Page): Promise<number> => {
  const text = (await page.locator('.player-bar .timer > time').textContent()) ?? ''
  return text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
}

describe('clocks', () => {
  test.each([24, -24])('a client whose clock is off by %i hours has the same time as everybody', async (hours) => {
    const who = await newCandidate()
    const one = await visitor(poise)
    await one.context.addInitScript(
      (ms) => {
        const Real = Date
        const shifted = class extends Real {
          constructor(...given: []) {
            if (given.length === 0) super(Real.now() + ms)
            else super(...given)
          }
          static override now = (): number => Real.now() + ms
        }
        globalThis.Date = shifted as DateConstructor
      },
      hours * 60 * MINUTE,
    )
    await actAs(one, poise, who)
    const attemptId = await startStage(one.page, 'test')
    await playerReady(one.page)
    expect(await secondsLeft(one.page)).toBeGreaterThan(28 * 60)
    expect(await secondsLeft(one.page)).toBeLessThanOrEqual(30 * 60)
    const before = Date.now()
    await write(one.page, 'my clock is wrong')
    await saved(one.page)
    const all = await stored(attemptId)
    expect(all.essay).toBe('my clock is wrong')
    expect(Math.abs((all.row.lastSaveAt?.getTime() ?? 0) - before)).toBeLessThan(MINUTE)
    // The moment that is shown is the server's, in the zone of the browser, also on the first page that somebody ever
    // opens.
    const shown = (await one.page.locator('.player-bar .saved time').textContent()) ?? ''
    const expected = [0, 1, 2, 3, 4, 5].map((s) =>
      new Date((all.row.lastSaveAt?.getTime() ?? 0) + s * 1000).toLocaleTimeString('en-GB', {
        timeZone: 'Asia/Shanghai',
      }),
    )
    expect(expected).toContain(shown.trim())
    await submit(one.page)
    expect((await stored(attemptId)).row.closingReason).toBe('submitted')
  })

  test('a server whose wall clock jumps two hours keeps everybody’s time, tells staff, and sweeps nobody', async () => {
    const who = await newCandidate()
    const { page, attemptId } = await atTheAttempt(who)
    await write(page, 'before the jump')
    await saved(page)
    const startedAt = (await stored(attemptId)).row.startedAt?.getTime() ?? 0
    await poise.stepWallClock(120 * MINUTE)
    let off = true
    try {
      const staff = await visitor(poise)
      await actAs(staff, poise, supervisor)
      await eventually(async () => {
        await staff.page.goto('/admin/live')
        return (await intentButton(staff.page, 'confirm-clock').count()) > 0
      }, 'the alarm in the live room')
      await axeOnce(staff, 'clock alarm')
      await write(page, 'before the jump, and after it')
      await saved(page)
      await page.reload()
      await playerReady(page)
      expect(await secondsLeft(page)).toBeGreaterThan(25 * 60)
      const during = await stored(attemptId)
      expect(during.row.status).toBe('in_progress')
      expect(during.row.lastSaveAt!.getTime() - startedAt).toBeLessThan(5 * MINUTE)
      // The operator puts the machine right again, and staff confirm.
      await poise.stepWallClock(-120 * MINUTE)
      off = false
      // What the page shows is what is confirmed.
      await staff.page.reload()
      await intentButton(staff.page, 'confirm-clock').click()
      await intentButton(staff.page, 'confirm-clock').waitFor({ state: 'detached' })
      await eventually(
        async () => ((await (await fetch(`${poise.url}/healthz`)).json()) as { clock: string }).clock === 'ok',
        'the clock to count again',
        20_000,
      )
    } finally {
      if (off) await poise.stepWallClock(-120 * MINUTE)
    }
    await submit(page)
    const all = await stored(attemptId)
    expect(all.essay).toBe('before the jump, and after it')
    expect(all.row.closingReason).toBe('submitted')
    expect(all.row.finishedAt!.getTime() - startedAt).toBeLessThan(5 * MINUTE)
    expectOrdered(all)
    // Both are in the story, once, and the candidate reads them: the step, and that nothing moved in the end.
    const notes = all.events.filter((event) => event.type === 'clock_alarm' || event.type === 'clock_confirmed')
    // A step of -3 ms rounds to -0, which toEqual tells from 0.
    expect(notes.map((event) => [event.type, Math.round(event.stepMs / MINUTE) + 0])).toEqual([
      ['clock_alarm', 120],
      ['clock_confirmed', 0],
    ])
    await page.goto(`/candidate/attempt/${attemptId}/ledger`)
    expect(await page.locator('main table tbody').textContent()).toMatch(
      /jumped 2 h .*corrected and nothing changed|向前跳了2小时.*没有变化/,
    )
  })

  test('the clock has stepped and the server dies: a restart confirms nothing, and the alarm is in the ledger once', async () => {
    const who = await newCandidate()
    const { page, attemptId } = await atTheAttempt(who)
    await write(page, 'saved, then the clock stepped')
    await saved(page)
    await page.close()
    await poise.stepWallClock(45 * MINUTE)
    const { store } = await poise.deps()
    // The alarm is raised by whoever asks for the time next; that is the sweep, within the second.
    const alarm = await eventually(() => readClockAlarm(store.read), 'the alarm to be kept')
    await poise.kill9()
    // It died with the notes in hand, as it may or may not have: nobody else can hold them, so the next start need not
    // wait.
    await store.transact((w) =>
      w.q
        .update(w.t.jobs)
        .set({ status: 'running', leaseUntil: new Date(Date.now() + 60 * MINUTE) })
        .where(eq(w.t.jobs.kind, 'note-clock')),
    )
    // The machine comes back with its old time, and the alarm stands.
    await poise.restart()
    const noted = await eventually(async () => {
      const now = await stored(attemptId)
      return count(now, 'clock_alarm') > 0 ? now : null
    }, 'the alarm in the ledger')
    expect(count(noted, 'clock_alarm')).toBe(1)
    await eventually(
      async () => (await store.read.q.select().from(store.read.t.jobs)).every(({ status }) => status === 'done'),
      'the jobs of the dead server',
    )
    expect(await readClockAlarm(store.read)).toMatchObject({
      alarmId: alarm.alarmId,
      raisedAt: alarm.raisedAt,
      stepMs: alarm.stepMs,
    })
    expect(((await (await fetch(`${poise.url}/healthz`)).json()) as { clock: string }).clock).toBe('alarm')
    // Past deadline and allowance, and still nobody's time is up.
    await poise.setClock(31 * MINUTE)
    const staff = await visitor(poise)
    await actAs(staff, poise, supervisor)
    await staff.page.goto('/admin/live')
    expect((await stored(attemptId)).row.status).toBe('in_progress')
    await poise.setClock(0)
    await staff.page.goto('/admin/live')
    await intentButton(staff.page, 'confirm-clock').click()
    await intentButton(staff.page, 'confirm-clock').waitFor({ state: 'detached' })
    await eventually(
      async () => ((await (await fetch(`${poise.url}/healthz`)).json()) as { clock: string }).clock === 'ok',
      'the clock to count again',
      20_000,
    )
    const after = await eventually(async () => {
      const now = await stored(attemptId)
      return count(now, 'clock_confirmed') > 0 ? now : null
    }, 'the confirmation in the ledger')
    expect([count(after, 'clock_alarm'), count(after, 'clock_confirmed'), after.row.status]).toEqual([
      1,
      1,
      'in_progress',
    ])
  })

  test('time is up with the browser closed: what was saved is handed in at the deadline', async () => {
    const who = await newCandidate()
    const { page, attemptId, context } = await atTheAttempt(who)
    await write(page, 'saved, then I closed the browser')
    await saved(page)
    await page.close()
    await poise.setClock(31 * MINUTE)
    const all = await closed(attemptId)
    expect(all.essay).toBe('saved, then I closed the browser')
    expect(all.row.closingReason).toBe('time_up')
    expect(all.row.finishedAt?.getTime()).toBe((all.row.startedAt?.getTime() ?? 0) + 30 * MINUTE)
    const again = await context.newPage()
    await again.goto(`/candidate/attempt/${attemptId}`)
    await again.waitForURL('**/receipt')
    expect(await again.locator('.fingerprint').count()).toBe(1)
    await again.goto(`/candidate/attempt/${attemptId}/ledger`)
    expect(await again.locator('main').textContent()).toBeTruthy()
    expectOrdered(all)
  })
})

// ---- Staff ----

async function act(
  staff: Visitor,
  attemptId: string,
  what: string,
  fields: { minutes?: string; text?: string },
): Promise<void> {
  await staff.page.goto('/admin/live')
  await staff.page.locator(`input[name=attempts][value="${attemptId}"]`).check()
  await staff.page.locator(`input[name=act][value="${what}"]`).check()
  if (fields.minutes) await staff.page.locator('input[name=minutes]').fill(fields.minutes)
  if (fields.text) await staff.page.locator('.act-form textarea[name=text]').fill(fields.text)
  await staff.page.locator('.act-form button[type=submit]').click()
  await staff.page
    .locator('section[role=status] .st, section[role=status] .status, section[role=status] li')
    .first()
    .waitFor()
}

describe('staff', () => {
  test('grant ten minutes to somebody who is writing; the page knows at once, the ledger says why', async () => {
    const who = await newCandidate()
    const { page, attemptId, ...one } = await atTheAttempt(who)
    await write(page, 'before the grant')
    await saved(page)
    const staff = await visitor(poise)
    await actAs(staff, poise, supervisor)
    await act(staff, attemptId, 'grant', { minutes: '10', text: 'a fire drill' })
    await expect.poll(() => secondsLeft(page), { timeout: 15_000 }).toBeGreaterThan(35 * 60)
    await axeOnce(staff, 'granted')
    // Past the first deadline, within the new one.
    await poise.setClock(33 * MINUTE)
    await write(page, 'before the grant, and in the time that was granted')
    await saved(page)
    await submit(page)
    const all = await stored(attemptId)
    expect(all.essay).toBe('before the grant, and in the time that was granted')
    expect(all.row.closingReason).toBe('submitted')
    const granted = all.events.find((event) => event.type === 'time_granted')
    expect(granted).toMatchObject({ extraMs: 10 * MINUTE })
    await page.goto(`/candidate/attempt/${attemptId}/ledger`)
    expect(await page.locator('main').textContent()).toContain('a fire drill')
    await axeOnce({ ...one, page }, 'granted')
    expectOrdered(all)
  })

  test('pause and let go on: the time stands still and nothing can be written meanwhile', async () => {
    const who = await newCandidate()
    const { page, attemptId, ...one } = await atTheAttempt(who)
    await write(page, 'before the pause')
    await saved(page)
    const staff = await visitor(poise)
    await actAs(staff, poise, supervisor)
    await act(staff, attemptId, 'pause', { text: 'an alarm' })
    await essay(page).waitFor({ state: 'detached' })
    await axeOnce({ ...one, page }, 'paused')
    const before = await secondsLeft(page)
    await poise.setClock(12 * MINUTE)
    await act(staff, attemptId, 'resume', {})
    await essay(page).or(page.locator('.sheet-in[data-item]')).first().waitFor()
    const after = await secondsLeft(page)
    expect(Math.abs(after - before)).toBeLessThan(30)
    await write(page, 'before the pause, and after it')
    await saved(page)
    await submit(page)
    const all = await stored(attemptId)
    expect(all.essay).toBe('before the pause, and after it')
    const [paused, resumed] = [
      all.events.find((event) => event.type === 'paused'),
      all.events.find((event) => event.type === 'resumed'),
    ]
    expect((resumed?.at ?? 0) - (paused?.at ?? 0)).toBeGreaterThanOrEqual(12 * MINUTE - 30_000)
    expect(all.row.closingReason).toBe('submitted')
    expectOrdered(all)
  })
})

// ---- One way ----

test('forward only holds for the protocol too: neither an item that was left nor one not reached can be written', async () => {
  const who = await newCandidate('mx')
  const { page, attemptId, ...one } = await atTheAttempt(who)
  await goButton(page, 'review').click()
  await page.locator('main .review').waitFor()
  // Through the gate of the forward-only section.
  const all0 = await stored(attemptId)
  const section = all0.row.setup.sections.find((s) => s.id === 'forward')!
  const [a, b, c] = section.itemIds as [string, string, string]
  await page.goto(`/candidate/attempt/${attemptId}?item=${a}`)
  await playerReady(page)
  await axeOnce({ ...one, page }, 'gate')
  await goButton(page, 'enter:forward').click()
  await page.locator(`.sheet-in[data-item="${a}"]`).waitFor()
  await playerReady(page)
  await next(page)
  await page.locator(`.sheet-in[data-item="${b}"]`).waitFor()
  const send = (itemId: string, response: unknown) =>
    page.evaluate(
      async (body) =>
        (await (
          await fetch('/api/attempts/save', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          })
        ).json()) as { results: Array<{ result: string; code?: string }> },
      { attemptId, epoch: 1, mutations: [{ mutationId: `bypass-${itemId}`, itemId, baseRevision: 0, response }] },
    )
  const answer = async (id: string) =>
    id === 'mx-order' ? { kind: 'ordering', order: ['e1', 'e2', 'e3'] } : { kind: 'true_false', value: true }
  expect((await send(a, await answer(a))).results[0]).toMatchObject({ result: 'refused', code: 'navigation.item_left' })
  expect((await send(c, await answer(c))).results[0]).toMatchObject({
    result: 'refused',
    code: 'navigation.not_reached',
  })
  expect((await send(b, await answer(b))).results[0]).toMatchObject({ result: 'accepted' })
  const all = await stored(attemptId)
  expect(all.answers.find((one2) => one2.itemId === a)?.response).toBeNull()
  expect(all.answers.find((one2) => one2.itemId === c)?.response).toBeNull()
  expect(all.answers.find((one2) => one2.itemId === b)?.revision).toBe(1)
  expectOrdered(all)
})
