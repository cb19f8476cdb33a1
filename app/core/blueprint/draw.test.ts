import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { blueprint } from '#tests/fixtures/bank.ts'
import type { Blueprint } from '../bank/schema.ts'
import { COMPETENCIES } from '../bank/vocabulary.ts'
import { seededRandom, type Random } from '../shared/random.ts'
import { drawForm, feasibility, twoDisjointForms, type Exposure, type Form, type PoolItem } from './draw.ts'
import { eligible, exposureLimit, meets } from './pool.ts'

const CURRENT = { 'zh-CN': { revision: 1, checkedAgainst: 1 }, en: { revision: 1, checkedAgainst: 1 } }
const KINDS = ['single_choice', 'multiple_choice', 'true_false', 'situational_judgement'] as const
const CHANNELS = ['chat', 'mail', 'phone']
const poolItem = (id: string, over: Partial<PoolItem> = {}): PoolItem => ({
  id,
  bank: 'service-standard',
  kind: 'single_choice',
  competency: 'empathy',
  difficulty: 0.6,
  channel: 'chat',
  source: 'service-standard',
  topics: [],
  enemies: [],
  practice: false,
  languages: CURRENT,
  shuffle: true,
  optionIds: ['a', 'b', 'c', 'd'],
  ...over,
})
const pick = <T>(list: readonly T[], random: Random): T => list[random.below(list.length)] as T

function randomPool(n: number, random: Random): PoolItem[] {
  return Array.from({ length: n }, (_, i) =>
    poolItem(`i${i}`, {
      bank: pick(['service-standard', 'service-hiring'], random),
      kind: pick(KINDS, random),
      competency: pick(COMPETENCIES.slice(0, 8), random),
      difficulty: 0.3 + 0.6 * random.next(),
      channel: pick(CHANNELS, random),
      topics: random.next() < 0.2 ? ['returns'] : [],
      enemies: random.next() < 0.2 ? [`i${random.below(n)}`] : [],
    }),
  )
}

const ids = (form: Form): string[] => form.sections.flatMap((s) => s.slots.map((slot) => slot.itemId))
const drawn = (result: ReturnType<typeof drawForm>): Form => {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

/** What is wrong with a form, checked from the blueprint alone. */
function faults(
  form: Form,
  plan: Blueprint,
  pool: readonly PoolItem[],
  exposure: Exposure,
  exclude: readonly string[],
): string[] {
  const byId = new Map(pool.map((item) => [item.id, item]))
  const all = ids(form)
  const out: string[] = []
  if (new Set(all).size !== all.length) out.push('an item twice')
  for (const id of all) {
    if (exclude.includes(id)) out.push(`${id} was excluded`)
    if ((exposure[id] ?? 0) >= exposureLimit(plan)) out.push(`${id} over the cap`)
    for (const enemy of byId.get(id)?.enemies ?? [])
      if (enemy !== id && all.includes(enemy)) out.push(`${id} meets ${enemy}`)
  }
  plan.sections.forEach((section, s) => {
    const items = (form.sections[s]?.slots ?? []).map((slot) => byId.get(slot.itemId) as PoolItem)
    if (items.length !== section.count) out.push(`${section.id} has ${items.length}`)
    for (const item of items) if (!eligible(item, section, plan)) out.push(`${item.id} not eligible`)
    for (const bound of section.bounds) {
      const n = items.filter((item) => meets(item, bound)).length
      if (n < bound.min || n > (bound.max ?? Infinity)) out.push(`${bound.by} ${bound.value}: ${n}`)
    }
  })
  return out
}

/** A blueprint that one random form of the pool meets, with bounds drawn close around it. */
function plantedBlueprint(pool: readonly PoolItem[], random: Random): Blueprint {
  const enemies = (a: PoolItem, b: PoolItem): boolean => a.enemies.includes(b.id) || b.enemies.includes(a.id)
  const planted: PoolItem[] = []
  for (const item of random.shuffle(pool))
    if (planted.length < 18 && !planted.some((other) => enemies(item, other))) planted.push(item)
  const halves = [planted.slice(0, 11), planted.slice(11)]
  return blueprint({
    sections: halves.map((items) => ({
      count: items.length,
      banks: ['service-standard', 'service-hiring'],
      bounds: (['competency', 'kind', 'difficulty', 'channel'] as const).flatMap((by) => {
        const values =
          by === 'competency'
            ? COMPETENCIES.slice(0, 8)
            : by === 'kind'
              ? KINDS
              : by === 'difficulty'
                ? ['easy', 'medium', 'hard']
                : CHANNELS
        return values.flatMap((value) => {
          const n = items.filter((item) => meets(item, { by, value })).length
          return random.next() < 0.6
            ? [{ by, value, min: Math.max(0, n - random.below(2)), max: n + random.below(2) }]
            : []
        })
      }),
    })),
  })
}

const PLAN = blueprint({
  exposureCap: 0.4,
  exposureWindow: 50,
  sections: [
    {
      count: 16,
      banks: ['service-standard', 'service-hiring'],
      kinds: ['single_choice', 'multiple_choice', 'true_false'],
      bounds: [
        ...COMPETENCIES.slice(0, 8).map((value) => ({ by: 'competency' as const, value, min: 1, max: 3 })),
        { by: 'difficulty', value: 'hard', min: 3, max: 5 },
        { by: 'difficulty', value: 'easy', min: 3 },
        { by: 'bank', value: 'service-hiring', min: 6, max: 10 },
        { by: 'topic', value: 'returns', min: 2, max: 4 },
      ],
    },
    {
      count: 6,
      banks: ['service-standard', 'service-hiring'],
      kinds: ['situational_judgement', 'single_choice'],
      bounds: [
        { by: 'kind', value: 'situational_judgement', min: 4 },
        { by: 'channel', value: 'phone', min: 2, max: 3 },
      ],
    },
  ],
})

describe('ten thousand draws', () => {
  test('meet every constraint, with the exposure that the draws themselves produce', async () => {
    const pool = randomPool(160, seededRandom('pool'))
    expect(feasibility(PLAN, pool)).toEqual([])
    const exposure: Record<string, number> = {}
    const recent: string[][] = []
    const used = new Set<string>()
    for (let i = 0; i < 9000; i += 1) {
      // A worker that is silent for a minute is given up by vitest.
      if (i % 100 === 0) await turn()
      const form = drawn(drawForm({ blueprint: PLAN, pool, seed: `seed ${i}`, exposure }))
      expect(faults(form, PLAN, pool, exposure, [])).toEqual([])
      const all = ids(form)
      recent.push(all)
      for (const id of all) {
        exposure[id] = (exposure[id] ?? 0) + 1
        used.add(id)
      }
      if (recent.length > PLAN.exposureWindow)
        for (const id of recent.shift() ?? []) exposure[id] = (exposure[id] ?? 0) - 1
    }
    expect(used.size).toBeGreaterThan(140)
  }, 180_000)
  test('find a form wherever one was planted, with bounds close around it', () => {
    for (let i = 0; i < 1000; i += 1) {
      const random = seededRandom(`planted ${i}`)
      const pool = randomPool(40 + random.below(60), random)
      const plan = plantedBlueprint(pool, random)
      const form = drawn(drawForm({ blueprint: plan, pool, seed: `s${i}`, exposure: {} }))
      expect(faults(form, plan, pool, {}, [])).toEqual([])
    }
  }, 60_000)
})

describe('a draw', () => {
  const pool = randomPool(160, seededRandom('pool'))
  const draw = (seed: string, over: Partial<Parameters<typeof drawForm>[0]> = {}) =>
    drawForm({ blueprint: PLAN, pool, seed, exposure: {}, ...over })
  test('is the same for the same seed, whatever the order of the pool', () => {
    expect(draw('x')).toEqual(draw('x'))
    expect(draw('x', { pool: [...pool].reverse() })).toEqual(draw('x'))
    expect(draw('x')).not.toEqual(draw('y'))
  })
  test('leaves out what the candidate has seen', () => {
    const first = ids(drawn(draw('x')))
    const second = drawn(draw('x', { exclude: first }))
    expect(ids(second).filter((id) => first.includes(id))).toEqual([])
    expect(faults(second, PLAN, pool, {}, first)).toEqual([])
  })
  test('prefers items seen less', () => {
    const plan = blueprint({ sections: [{ count: 5 }] })
    const ten = Array.from({ length: 10 }, (_, i) => poolItem(`i${i}`))
    const exposure = Object.fromEntries(ten.map((item, i) => [item.id, i < 5 ? 3 : 0]))
    expect(ids(drawn(draw('x', { blueprint: plan, pool: ten, exposure }))).sort()).toEqual([
      'i5',
      'i6',
      'i7',
      'i8',
      'i9',
    ])
  })
  test('enemies never meet, also when only one side names the other, also across sections', () => {
    const plan = blueprint({ sections: [{ count: 1 }, { count: 1 }] })
    const three = [poolItem('a'), poolItem('b', { enemies: ['a'] }), poolItem('c')]
    for (let i = 0; i < 200; i += 1)
      expect(ids(drawn(draw(`${i}`, { blueprint: plan, pool: three }))).sort()).not.toEqual(['a', 'b'])
  })
  test('leaves practice items and stale languages out', () => {
    const stale = { 'zh-CN': { revision: 2, checkedAgainst: 1 }, en: { revision: 1, checkedAgainst: 1 } }
    const three = [poolItem('practice', { practice: true }), poolItem('stale', { languages: stale }), poolItem('good')]
    const plan = blueprint({ sections: [{ count: 1 }] })
    for (let i = 0; i < 50; i += 1) expect(ids(drawn(draw(`${i}`, { blueprint: plan, pool: three })))).toEqual(['good'])
    const chineseOnly = blueprint({ languages: ['zh-CN'], sections: [{ count: 2 }] })
    expect(ids(drawn(draw('x', { blueprint: chineseOnly, pool: three }))).sort()).toEqual(['good', 'stale'])
  })
  test('shuffles options by seed only where the item allows it', () => {
    const plan = blueprint({ sections: [{ count: 2 }] })
    const two = [poolItem('free'), poolItem('fixed', { shuffle: false, versionId: 'v1' })]
    const orders = new Set<string>()
    for (let i = 0; i < 100; i += 1) {
      const slots = drawn(draw(`${i}`, { blueprint: plan, pool: two })).sections[0]?.slots ?? []
      expect(slots.find((s) => s.itemId === 'fixed')).toMatchObject({
        optionOrder: ['a', 'b', 'c', 'd'],
        versionId: 'v1',
      })
      const order = slots.find((s) => s.itemId === 'free')?.optionOrder ?? []
      expect([...order].sort()).toEqual(['a', 'b', 'c', 'd'])
      orders.add(order.join(''))
    }
    expect(orders.size).toBeGreaterThan(15)
  })
  test('says why each item was drawn', () => {
    const plan = blueprint({ sections: [{ count: 2, bounds: [{ by: 'difficulty', value: 'hard', min: 1 }] }] })
    const form = drawn(
      draw('x', {
        blueprint: plan,
        pool: [poolItem('hard', { difficulty: 0.3 }), poolItem('other')],
        exposure: { hard: 4 },
      }),
    )
    const slots = form.sections[0]?.slots ?? []
    expect(slots.find((s) => s.itemId === 'hard')).toMatchObject({
      reason: { type: 'bounds', bounds: [{ by: 'difficulty', value: 'hard' }] },
      exposure: 4,
    })
    expect(slots.find((s) => s.itemId === 'other')).toMatchObject({ reason: { type: 'free' }, exposure: 0 })
  })
})

describe('what cannot be met is named', () => {
  const five = Array.from({ length: 5 }, (_, i) =>
    poolItem(`i${i}`, { competency: i < 2 ? 'empathy' : 'clarity', kind: i === 0 ? 'true_false' : 'single_choice' }),
  )
  const check = (section: Partial<Blueprint['sections'][number]>, over: Partial<Blueprint> = {}) =>
    feasibility({ ...blueprint({ sections: [section] }), ...over }, five)
  test('too few items', () =>
    expect(check({ count: 6 })).toEqual([{ rule: 'too_few', section: 's1', by: 'count', value: '', need: 6, have: 5 }]))
  test('too few for a bound', () =>
    expect(check({ count: 4, bounds: [{ by: 'competency', value: 'empathy', min: 3 }] })).toEqual([
      { rule: 'too_few', section: 's1', by: 'competency', value: 'empathy', need: 3, have: 2 },
    ]))
  test('minimum above maximum', () =>
    expect(check({ count: 4, bounds: [{ by: 'competency', value: 'empathy', min: 2, max: 1 }] })).toEqual([
      { rule: 'crossed', section: 's1', by: 'competency', value: 'empathy', need: 2, have: 1 },
    ]))
  test('minima that add up to more than the count', () =>
    expect(
      check({
        count: 3,
        bounds: [
          { by: 'competency', value: 'empathy', min: 2 },
          { by: 'competency', value: 'clarity', min: 2 },
        ],
      }),
    ).toEqual([{ rule: 'minima', section: 's1', by: 'competency', value: 'empathy + clarity', need: 4, have: 3 }]))
  test('maxima that leave too few', () =>
    expect(
      check({
        count: 4,
        bounds: [
          { by: 'competency', value: 'empathy', min: 0, max: 1 },
          { by: 'competency', value: 'clarity', min: 0, max: 2 },
        ],
      }),
    ).toEqual([{ rule: 'maxima', section: 's1', by: 'competency', value: 'empathy + clarity', need: 4, have: 3 }]))
  test('an exposure cap that the pool cannot carry for long', () =>
    expect(check({ count: 2 }, { exposureCap: 0.2, exposureWindow: 10 })).toEqual([
      { rule: 'exposure', section: 's1', by: 'count', value: '', need: 10, have: 5 },
    ]))
  test('demands that can be met singly but not together', () => {
    // One slot for empathy, and true/false exists in empathy only: two of empathy are needed where one is allowed.
    const findings = check({
      count: 3,
      bounds: [
        { by: 'competency', value: 'clarity', min: 3 },
        { by: 'kind', value: 'true_false', min: 1 },
      ],
    })
    expect(findings).toContainEqual({
      rule: 'together',
      section: 's1',
      by: 'kind',
      value: 'true_false',
      need: 1,
      have: 0,
    })
    expect(findings).toContainEqual({
      rule: 'together',
      section: 's1',
      by: 'competency',
      value: 'clarity',
      need: 3,
      have: 2,
    })
  })
  test('enemies that leave too few', () => {
    const pool = [poolItem('a', { enemies: ['b', 'c'] }), poolItem('b', { enemies: ['c'] }), poolItem('c')]
    expect(feasibility(blueprint({ sections: [{ count: 2 }] }), pool)).toContainEqual({
      rule: 'together',
      section: '',
      by: 'enemies',
      value: '',
      need: 2,
      have: 3,
    })
  })
  test('two sections that want the same item', () => {
    expect(feasibility(blueprint({ sections: [{ count: 3 }, { count: 3 }] }), five).map((f) => f.rule)).toContain(
      'together',
    )
  })
  test('a draw that fails gives the same reason, or the cap where only the cap stands in the way', () => {
    const plan = blueprint({ exposureCap: 0.2, exposureWindow: 10, sections: [{ count: 5 }] })
    expect(drawForm({ blueprint: plan, pool: five, seed: 'x', exposure: {}, exclude: ['i1'] })).toEqual({
      ok: false,
      error: {
        code: 'blueprint.infeasible',
        params: { rule: 'too_few', section: 's1', by: 'count', value: '', need: 5, have: 4 },
      },
    })
    expect(drawForm({ blueprint: plan, pool: five, seed: 'x', exposure: { i1: 2 } })).toEqual({
      ok: false,
      error: {
        code: 'blueprint.infeasible',
        params: { rule: 'exposure', section: 's1', by: 'count', value: '', need: 5, have: 4 },
      },
    })
  })
})

describe('two forms without a common item', () => {
  const items = (n: number, over: Partial<PoolItem> = {}): PoolItem[] =>
    Array.from({ length: n }, (_, i) => poolItem(`i${i}`, over))
  test('need twice the items', () => {
    expect(twoDisjointForms(blueprint({ sections: [{ count: 3 }] }), items(6))).toEqual({ possible: true, lacking: [] })
    expect(twoDisjointForms(blueprint({ sections: [{ count: 3 }] }), items(5))).toEqual({
      possible: false,
      lacking: [{ rule: 'too_few', section: 's1', by: 'count', value: '', need: 6, have: 5 }],
    })
  })
  test('may have enemies in different forms', () => {
    const pool = [poolItem('a', { enemies: ['b'] }), poolItem('b')]
    expect(twoDisjointForms(blueprint({ sections: [{ count: 1 }] }), pool).possible).toBe(true)
  })
})
