/**
 * The promises about the content that ships: how much there is, that guessing rules earn nothing, and that every
 * programme can be sat by two candidates in a row without a shared item. Expected figures are those of the
 * specification, not of the files.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '#app/core/access/actor.ts'
import { blindRules } from '#app/core/bank/blind-rules.ts'
import { checkBankSet } from '#app/core/bank/check.ts'
import type { BankSet } from '#app/core/bank/set.ts'
import { COMPETENCIES, ITEM_KINDS, SOURCE_DOCUMENTS } from '#app/core/bank/vocabulary.ts'
import { drawForm, poolItem } from '#app/core/blueprint/draw.ts'
import { LOCALES } from '#app/core/shared/locale.ts'
import { saveAnswers } from '#app/services/attempt/saves.server.ts'
import { startAttempt } from '#app/services/attempt/start.server.ts'
import { readBankFiles } from '#app/services/content/bank-files.server.ts'
import { importBanks } from '#app/services/content/bank-import.server.ts'
import { acknowledgeNotice } from '#app/services/enrolment/consents.server.ts'
import { invite } from '#app/services/enrolment/invitations.server.ts'
import { addPerson } from '#app/services/people/people.server.ts'
import { confirmIdentity } from '#db/repositories/accommodations.server.ts'
import { awaitNextIdentityCheck } from '#db/repositories/candidate-requests.server.ts'
import { formItemsOf } from '#db/repositories/forms.server.ts'
import { testDeps, type TestDeps } from '#tests/setup/server-deps.ts'

const ROOT = 'question-banks'
let set: BankSet
let world: TestDeps

beforeAll(async () => {
  const files = await readBankFiles(ROOT)
  expect(files.findings.filter((finding) => finding.severity === 'error')).toEqual([])
  set = files.set
  world = await testDeps()
  expect((await importBanks(world.deps, ROOT)).blocked).toEqual([])
})
afterAll(() => world.cleanup())

test('there is no error and no warning without a reason', () => {
  expect(
    checkBankSet(set)
      .filter((finding) => finding.waived === undefined)
      .map((finding) => `${finding.subject.id} ${finding.code}`),
  ).toEqual([])
})

test.each([
  ['service-hiring', 80],
  ['seller-support', 36],
  ['contact-channels', 30],
  ['five-certificates', 66],
  ['service-standard', 30],
])('%s holds at least %i items', (bank, least) => {
  expect(set.items.filter((item) => item.bank === bank && !item.value.practice).length).toBeGreaterThanOrEqual(least)
})

test('every kind, every competency and every source is covered', () => {
  const items = set.items.map((item) => item.value)
  for (const kind of ITEM_KINDS)
    expect(
      items.some((item) => item.kind === kind),
      kind,
    ).toBe(true)
  for (const competency of COMPETENCIES)
    expect(
      items.some((item) => item.competency === competency),
      competency,
    ).toBe(true)
  for (const document of SOURCE_DOCUMENTS)
    expect(
      items.some((item) => item.source.document === document),
      document,
    ).toBe(true)
  for (const competency of COMPETENCIES)
    expect(
      items.some((item) => item.kind === 'behavioural' && item.competency === competency),
      `behavioural ${competency}`,
    ).toBe(true)
})

test('rubrics, policies, scenarios, kits and programmes are as many as promised', () => {
  expect(set.rubrics.length).toBeGreaterThanOrEqual(18)
  expect(set.policies.length).toBeGreaterThanOrEqual(24)
  expect(set.scenarios.length).toBeGreaterThanOrEqual(10)
  expect(new Set(set.scenarios.map((scenario) => scenario.value.channel))).toEqual(new Set(['chat', 'mail', 'phone']))
  expect(new Set(set.kits.map((kit) => kit.value.purpose))).toEqual(
    new Set(['phone_screen', 'behavioural', 'simulation_debrief']),
  )
  expect(set.programmes.map((programme) => programme.value.id).sort()).toEqual([
    'five-in-one',
    'hiring-loop',
    'seller-support-specialist',
    'service-standard',
  ])
})

test.each(['service-hiring', 'seller-support', 'contact-channels', 'five-certificates', 'service-standard'])(
  'in %s no guessing rule earns more than chance and ten points',
  (bank) => {
    const items = set.items.filter((item) => item.bank === bank && !item.value.practice).map((item) => item.value)
    for (const locale of LOCALES) {
      for (const rule of blindRules(items, locale)) {
        // "Always the fifth option" meets a handful of multiple-choice items only; the promise is about choice items of
        // at least twenty.
        if (rule.n < 20) continue
        expect(
          rule.earned - rule.chance,
          `${bank} ${locale} ${rule.strategy}: ${(rule.earned * 100).toFixed(1)} against ${(rule.chance * 100).toFixed(1)}`,
        ).toBeLessThanOrEqual(0.1)
      }
    }
  },
)

test('each blueprint gives two candidates in a row forms without a shared item', () => {
  const pool = set.items.map((item) => poolItem(item.value, item.bank))
  for (const { value: blueprint } of set.blueprints) {
    const first = drawForm({ blueprint, pool, seed: 'first', exposure: {} })
    expect(first.ok, blueprint.id).toBe(true)
    if (!first.ok) continue
    const taken = first.value.sections.flatMap((section) => section.slots.map((slot) => slot.itemId))
    const second = drawForm({ blueprint, pool, seed: 'second', exposure: {}, exclude: taken })
    expect(second.ok, `${blueprint.id} for a second candidate`).toBe(true)
    if (second.ok)
      expect(
        second.value.sections
          .flatMap((section) => section.slots.map((slot) => slot.itemId))
          .filter((id) => taken.includes(id)),
      ).toEqual([])
  }
})

test.each(['five-in-one', 'hiring-loop', 'seller-support-specialist', 'service-standard'])(
  '%s starts on a fresh installation and every test stage can be sat',
  async (programmeId) => {
    const { deps } = world
    const now = deps.clock.now()
    const admin: Actor = { personId: 'staff', roles: ['admin'], sessionId: 's', enrolmentId: null }
    const person = await addPerson(
      deps,
      admin,
      { displayName: programmeId, email: `${programmeId}@candidate.example`, roles: ['candidate'] },
      now,
    )
    if (!person.ok) throw new Error(person.error.code)
    const invited = await invite(deps, admin, { personId: person.value.personId, programmeId, locale: 'en' }, now)
    if (!invited.ok) throw new Error(invited.error.code)
    const candidate: Actor = {
      personId: person.value.personId,
      roles: ['candidate'],
      sessionId: 'c',
      enrolmentId: invited.value.enrolmentId,
    }
    expect((await acknowledgeNotice(deps, candidate, now)).ok).toBe(true)
    const programme = set.programmes.find((entry) => entry.value.id === programmeId)?.value
    const checkIdentity = async (): Promise<void> => {
      if (!programme?.identityCheck) return
      await deps.store.transact(async (w) => {
        await awaitNextIdentityCheck(w, invited.value.enrolmentId)
        await confirmIdentity(w, invited.value.enrolmentId, {
          status: 'confirmed_in_person',
          supervisorId: 'staff',
          confirmedAt: new Date(now),
          documentType: null,
          lastCharacters: null,
          eraseAfter: null,
        })
      })
    }
    const seen: string[] = []
    for (const stage of programme?.stages ?? []) {
      if (stage.assessment.kind !== 'test') continue
      await checkIdentity()
      const started = await startAttempt(deps, candidate, { stageId: stage.id, locale: 'en' }, deps.clock.now())
      expect(started.ok ? 'started' : started.error.code, stage.id).toBe('started')
      if (!started.ok) continue
      const drawn = (await formItemsOf(deps.store.read, started.value.attemptId)).map((slot) => slot.itemId)
      expect(drawn.length).toBeGreaterThan(0)
      seen.push(...drawn)
      const saved = await saveAnswers(
        deps,
        candidate,
        { attemptId: started.value.attemptId, epoch: 1, mutations: [], final: true },
        deps.clock.now(),
      )
      expect(saved.ok && saved.value.reply.closing?.result).toBe('closed')
    }
    expect(new Set(seen).size, 'no item twice in one person’s stages').toBe(seen.length)
  },
)

test('ids do not give away the order or the pairs: a candidate reads them in the page', () => {
  const sorted = (ids: readonly string[]): string => [...ids].sort().join()
  for (const { value: item } of set.items) {
    if (item.kind === 'ordering') {
      const key = item.order.join()
      expect(
        [sorted(item.order), [...item.order].sort().reverse().join(), item.elements.map((entry) => entry.id).join()],
        item.id,
      ).not.toContain(key)
    }
    if (item.kind === 'matching' && item.left.length > 2) {
      const matched = item.left.map((entry) => item.pairs[entry.id] ?? '')
      // Two left entries may share a partner; then ascending means nothing.
      if (new Set(matched).size === matched.length)
        expect([sorted(matched), [...matched].sort().reverse().join()], item.id).not.toContain(matched.join())
    }
  }
})

test('a competency that must be reached has enough items in every form to be judged', () => {
  const ENOUGH = 3
  for (const { value: programme } of set.programmes) {
    for (const stage of programme.stages) {
      const { assessment } = stage
      const sections =
        assessment.kind === 'test'
          ? (set.blueprints.find((entry) => entry.value.id === assessment.blueprint)?.value.sections ?? [])
          : []
      for (const cut of stage.competencyCuts) {
        const least = sections
          .flatMap((section) => section.bounds)
          .filter((bound) => bound.by === 'competency' && bound.value === cut.competency)
          .reduce((sum, bound) => sum + bound.min, 0)
        expect(least, `${programme.id} ${stage.id} ${cut.competency}`).toBeGreaterThanOrEqual(ENOUGH)
      }
    }
  }
})
