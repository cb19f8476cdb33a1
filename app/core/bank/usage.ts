/** What uses a piece of content, found in everything that is in use. */
import type { Use, UseRole } from './editing/view.ts'
import type { Blueprint, Item, Kit, Programme, Scenario } from './schema.ts'

export type Placed<T> = { readonly bankId: string; readonly body: T }
export type UsageSet = {
  readonly items: readonly Placed<Item>[]
  readonly scenarios: readonly Placed<Scenario>[]
  readonly kits: readonly Placed<Kit>[]
  readonly blueprints: readonly Placed<Blueprint>[]
  readonly programmes: readonly Placed<Programme>[]
}
export type UsedType = 'item' | 'policy' | 'rubric' | 'scenario' | 'kit' | 'blueprint' | 'programme'

const mayDraw = (blueprint: Blueprint, item: Item, bankId: string): boolean =>
  !item.practice &&
  blueprint.sections.some(
    (section) => section.banks.includes(bankId) && (section.kinds === undefined || section.kinds.includes(item.kind)),
  )

function ofItem(set: UsageSet, id: string): Use[] {
  const self = set.items.find(({ body }) => body.id === id)
  if (!self) return []
  return [
    ...set.blueprints.flatMap(({ body }) =>
      mayDraw(body, self.body, self.bankId) ? [use('blueprint', body, 'draws')] : [],
    ),
    ...set.programmes.flatMap(({ body }) =>
      body.practiceItems.includes(id) ? [use('programme', body, 'practice')] : [],
    ),
    ...set.kits.flatMap(({ body }) =>
      body.sections.some((section) => section.questions.some((q) => q.item === id)) ? [use('kit', body, 'asks')] : [],
    ),
    ...set.items.flatMap(({ body }) =>
      body.id !== id && (body.enemies.includes(id) || self.body.enemies.includes(body.id))
        ? [itemUse(body, 'enemy')]
        : [],
    ),
  ]
}

type Titled = { readonly id: string; readonly title: Use['title'] }
const use = (type: Use['type'], { id, title }: Titled, role: UseRole): Use => ({ type, id, title, role })
const itemUse = (item: Item, role: UseRole): Use => ({ type: 'item', id: item.id, title: item.stem, role })

function ofPolicy(set: UsageSet, id: string): Use[] {
  return [
    ...set.items.flatMap(({ body }) => (body.policy?.id === id ? [itemUse(body, 'tests')] : [])),
    ...set.items.flatMap(({ body }) =>
      body.kind === 'written_reply' && body.policies.includes(id) ? [itemUse(body, 'shows')] : [],
    ),
    ...set.scenarios.flatMap(({ body }) => (body.policies.includes(id) ? [use('scenario', body, 'shows')] : [])),
  ]
}

function ofRubric(set: UsageSet, id: string): Use[] {
  return [
    ...set.scenarios.flatMap(({ body }) => (body.rubric === id ? [use('scenario', body, 'rates')] : [])),
    ...set.kits.flatMap(({ body }) => (body.rubric === id ? [use('kit', body, 'rates')] : [])),
    ...set.items.flatMap(({ body }) => ('rubric' in body && body.rubric === id ? [itemUse(body, 'rates')] : [])),
  ]
}

const stageUses = (
  set: UsageSet,
  role: UseRole,
  names: (assessment: Programme['stages'][number]['assessment']) => boolean,
): Use[] =>
  set.programmes.flatMap(({ body }) =>
    body.stages.some(({ assessment }) => names(assessment)) ? [use('programme', body, role)] : [],
  )

/** Where a piece of content is used, programmes and blueprints before single items. */
export function usesOf(set: UsageSet, type: UsedType, id: string): Use[] {
  switch (type) {
    case 'item':
      return ofItem(set, id)
    case 'policy':
      return ofPolicy(set, id)
    case 'rubric':
      return ofRubric(set, id)
    case 'scenario':
      return stageUses(set, 'plays', (a) => a.kind === 'mock_scenario' && a.scenarios.includes(id))
    case 'kit':
      return stageUses(set, 'stage', (a) => a.kind === 'interview' && a.kit === id)
    case 'blueprint':
      return stageUses(set, 'stage', (a) => a.kind === 'test' && a.blueprint === id)
    case 'programme':
      return []
  }
}
