// What a candidate with an accommodation is told before the start is what the clock will do, and the link opens as long
// as the start.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { candidateOverview } from '#app/services/candidate/overview.server.ts'
import { stagePage } from '#app/services/candidate/stage.server.ts'
import { readInvitation, reissueInvitation } from '#app/services/enrolment/invitations.server.ts'
import { attemptWorld, DAY, MINUTE, T0, type Candidate, type World } from '#tests/setup/attempt-world.ts'
import { sqliteTestStore, type SqliteTestStore } from '#tests/setup/test-store.ts'

let store: SqliteTestStore
let world: World
beforeAll(async () => {
  store = await sqliteTestStore()
  world = await attemptWorld(store.store)
})
afterAll(() => store.cleanup())

const iso = (at: number): string => new Date(at).toISOString()
const closesAt = T0 + 20 * MINUTE
const page = async (candidate: Candidate) => {
  const found = await stagePage(world.deps, candidate.actor, 'test', 'en', world.clock.now())
  if (!found.ok) throw new Error(found.error.code)
  return found.value
}
const overview = async (candidate: Candidate) => {
  const found = await candidateOverview(world.deps, candidate.actor, 'en', world.clock.now())
  if (!found) throw new Error('no overview')
  return found
}
/** 30 minutes, of which 10 for the timed section. */
const invited = async (window: 'start' | 'end', accommodation: Parameters<World['candidate']>[1] = {}) =>
  world.candidate(await world.programme({ window, sections: ['free', 'timed'] }), { closesAt, ...accommodation })

describe('before the start', () => {
  test('half as much time again lengthens limit, section and window alike, wherever they are read', async () => {
    const candidate = await invited('end', { accommodation: { factor: 1.5, breakMinutes: 10 } })
    const before = await page(candidate)
    // 30 → 45 minutes, 10 → 15, and the window ends 15 minutes later.
    expect(before.stage).toMatchObject({ limitMs: 45 * MINUTE, closesAt: iso(T0 + 35 * MINUTE) })
    expect(before.sections.map((section) => section.limitMs)).toEqual([null, 15 * MINUTE])
    expect(before).toMatchObject({ wouldEndAt: iso(T0 + 35 * MINUTE), shortenedByWindow: true, breaksMs: 10 * MINUTE })
    expect(await overview(candidate)).toMatchObject({
      closesAt: iso(T0 + 35 * MINUTE),
      limitless: false,
      stages: [{ limitMs: 45 * MINUTE }],
    })
    expect(JSON.stringify([before, await overview(candidate)])).not.toContain(iso(closesAt))
  })

  test('without limits nothing that limits is shown', async () => {
    const candidate = await invited('end', { accommodation: { unlimited: true } })
    const before = await page(candidate)
    expect(before.stage).toMatchObject({ limitMs: null, closesAt: null })
    expect(before.sections.map((section) => section.limitMs)).toEqual([null, null])
    expect(before).toMatchObject({ wouldEndAt: null, shortenedByWindow: false })
    expect(await overview(candidate)).toMatchObject({ closesAt: null, limitless: true })
    // A window that gates the start still does, also for them.
    const gated = await invited('start', { accommodation: { unlimited: true } })
    expect((await page(gated)).stage).toMatchObject({ limitMs: null, closesAt: iso(closesAt) })
  })

  test('who has none reads the programme’s own figures', async () => {
    const candidate = await invited('end')
    const before = await page(candidate)
    expect(before.stage).toMatchObject({ limitMs: 30 * MINUTE, closesAt: iso(closesAt) })
    expect(before.sections.map((section) => section.limitMs)).toEqual([null, 10 * MINUTE])
    expect(before.breaksMs).toBe(0)
  })
})

describe('the link', () => {
  async function linkOf(candidate: Candidate): Promise<string> {
    const link = await reissueInvitation(
      world.deps,
      world.admin,
      { enrolmentId: candidate.enrolmentId, locale: 'en', deliver: 'by_hand' },
      world.clock.now(),
    )
    if (!link.ok) throw new Error(link.error.code)
    return link.value.url.split('/i/')[1] ?? ''
  }
  const look = async (token: string, at: number): Promise<string> => {
    const found = await readInvitation(world.deps, { token, client: token }, at)
    return found.ok ? (found.value.closesAt?.toISOString() ?? 'never') : found.error.code
  }

  test('opens as long as its person may start', async () => {
    const [longer, endless, usual, gated] = [
      await invited('end', { accommodation: { factor: 1.5 } }),
      await invited('end', { accommodation: { unlimited: true } }),
      await invited('end'),
      await invited('start', { accommodation: { factor: 1.5 } }),
    ]
    const [a, b, c, d] = [await linkOf(longer), await linkOf(endless), await linkOf(usual), await linkOf(gated)]
    expect(await look(a, closesAt + MINUTE)).toBe(iso(T0 + 35 * MINUTE))
    expect(await look(a, T0 + 35 * MINUTE + 1)).toBe('invitation.expired')
    expect(await look(b, closesAt + 30 * DAY)).toBe('never')
    expect(await look(c, closesAt + 1)).toBe('invitation.expired')
    // Where the window gates the start only, the accommodation does not move it.
    expect(await look(d, closesAt + 1)).toBe('invitation.expired')
    // The same minute in which the link lets in, the start does too.
    world.clock.to(closesAt + MINUTE)
    const attemptId = await world.start(longer)
    expect((await world.stored(attemptId)).row.head.deadlineAt).toBe(T0 + 35 * MINUTE)
    // A lost link of a running attempt can be replaced after the window; of one not begun it cannot.
    expect(await look(await linkOf(longer), world.clock.now())).toBe(iso(T0 + 35 * MINUTE))
    await expect(linkOf(usual)).rejects.toThrow('enrolment.closed')
  })
})
