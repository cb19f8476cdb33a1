/** Rules about names that must exist elsewhere: rubrics, policies and their revision, items, statements, banks. */
import { remark, type Remark } from '../finding.ts'
import type { Blueprint, Item, Kit, Programme, Scenario } from '../schema.ts'
import type { BankSet } from '../set.ts'
import {
  CHANNELS,
  COMPETENCIES,
  ITEM_KINDS,
  SOURCE_DOCUMENTS,
  STATEMENT_PREFIX,
  type BANKS,
  type SourceDocument,
} from '../vocabulary.ts'
import type { CheckContext } from './context.ts'

type Source = { document: SourceDocument; statements: readonly string[] }

/** Statement ids that are not in the register, belong to another document, or were deliberately left out. */
export function sourceRemarks(source: Source, context: CheckContext, path = 'source'): Remark[] {
  return source.statements.flatMap((id, i) => {
    const at = `${path}.statements[${i}]`
    if (!id.startsWith(`${STATEMENT_PREFIX[source.document]}-`))
      return [remark('ref.statement_document', at, { id, document: source.document })]
    const use = context.statements.get(id)
    if (!use) return [remark('ref.statement', at, { id })]
    return use === 'left_out' ? [remark('source.left_out_cited', at, { id })] : []
  })
}

const rubricRemark = (id: string, context: CheckContext): Remark[] =>
  context.rubrics.has(id) ? [] : [remark('ref.rubric', 'rubric', { id })]
const policyIdRemarks = (ids: readonly string[], context: CheckContext): Remark[] =>
  ids.flatMap((id, i) => (context.policies.has(id) ? [] : [remark('ref.policy', `policies[${i}]`, { id })]))

function testedPolicy(item: Item, context: CheckContext): Remark[] {
  const named = item.policy
  if (!named) return []
  const policy = context.policies.get(named.id)
  if (!policy) return [remark('ref.policy', 'policy.id', { id: named.id })]
  return [
    ...(policy.revision === named.revision
      ? []
      : [
          remark('ref.policy_revision', 'policy.revision', {
            id: named.id,
            named: named.revision,
            current: policy.revision,
          }),
        ]),
    ...(named.clause === undefined || policy.clauses.some((c) => c.id === named.clause)
      ? []
      : [remark('ref.policy_clause', 'policy.clause', { id: named.id, clause: named.clause })]),
    ...(policy.status === 'current'
      ? []
      : [remark('ref.policy_not_current', 'policy.id', { id: named.id, status: policy.status })]),
  ]
}

/** Everything that an item names. */
export function itemReferenceRemarks(item: Item, context: CheckContext): Remark[] {
  return [
    ...sourceRemarks(item.source, context),
    ...testedPolicy(item, context),
    ...('rubric' in item ? rubricRemark(item.rubric, context) : []),
    ...(item.kind === 'written_reply' ? policyIdRemarks(item.policies, context) : []),
    ...item.enemies.flatMap((id, i) =>
      context.items.has(id) && id !== item.id ? [] : [remark('ref.enemy', `enemies[${i}]`, { id })],
    ),
  ]
}

export const scenarioReferenceRemarks = (scenario: Scenario, context: CheckContext): Remark[] => [
  ...sourceRemarks(scenario.source, context),
  ...rubricRemark(scenario.rubric, context),
  ...policyIdRemarks(scenario.policies, context),
]

export const kitReferenceRemarks = (kit: Kit, context: CheckContext): Remark[] => [
  ...sourceRemarks(kit.source, context),
  ...rubricRemark(kit.rubric, context),
  ...kit.sections.flatMap((section, s) =>
    section.questions.flatMap((question, q) =>
      question.item === undefined || context.items.has(question.item)
        ? []
        : [remark('ref.item', `sections[${s}].questions[${q}].item`, { id: question.item })],
    ),
  ),
]

const BOUND_VALUES: Partial<Record<Blueprint['sections'][number]['bounds'][number]['by'], readonly string[]>> = {
  competency: COMPETENCIES,
  kind: ITEM_KINDS,
  difficulty: ['easy', 'medium', 'hard'],
  channel: CHANNELS,
  source: SOURCE_DOCUMENTS,
}

/**
 * Banks and bound values that a blueprint names. A topic is free and shows up as infeasible when nothing carries it.
 */
export function blueprintReferenceRemarks(blueprint: Blueprint, banks: ReadonlySet<string>): Remark[] {
  return blueprint.sections.flatMap((section, s) => [
    ...section.banks.flatMap((id, i) =>
      banks.has(id) ? [] : [remark('ref.bank', `sections[${s}].banks[${i}]`, { id })],
    ),
    ...section.bounds.flatMap((bound, b) => {
      const known = bound.by === 'bank' ? [...banks] : BOUND_VALUES[bound.by]
      return !known || known.includes(bound.value)
        ? []
        : [remark('ref.bound_value', `sections[${s}].bounds[${b}].value`, { by: bound.by, value: bound.value })]
    }),
  ])
}

/** What the stages and the practice page of a programme name. */
export function programmeReferenceRemarks(programme: Programme, set: BankSet): Remark[] {
  const has = (list: readonly { value: { id: string } }[], id: string): boolean =>
    list.some(({ value }) => value.id === id)
  return [
    ...programme.stages.flatMap(({ assessment }, s) => {
      const at = `stages[${s}].assessment`
      switch (assessment.kind) {
        case 'test':
          return has(set.blueprints, assessment.blueprint)
            ? []
            : [remark('ref.blueprint', `${at}.blueprint`, { id: assessment.blueprint })]
        case 'mock_scenario':
          return assessment.scenarios.flatMap((id, i) =>
            has(set.scenarios, id) ? [] : [remark('ref.scenario', `${at}.scenarios[${i}]`, { id })],
          )
        case 'interview':
          return has(set.kits, assessment.kit) ? [] : [remark('ref.kit', `${at}.kit`, { id: assessment.kit })]
      }
    }),
    ...programme.practiceItems.flatMap((id, i) => {
      const item = set.items.find(({ value }) => value.id === id)
      if (!item) return [remark('ref.item', `practiceItems[${i}]`, { id })]
      return item.value.practice ? [] : [remark('ref.programme_practice', `practiceItems[${i}]`, { id })]
    }),
    ...(has(set.notices, programme.notice) ? [] : [remark('ref.notice', 'notice', { id: programme.notice })]),
  ]
}

/** Id prefix of the items of each bank. */
export const ITEM_PREFIX: Record<(typeof BANKS)[number], string> = {
  'service-hiring': 'sh-',
  'seller-support': 'ss-',
  'contact-channels': 'cc-',
  'five-certificates': 'fc-',
  'service-standard': 'st-',
}
const isBank = (bank: string): bank is (typeof BANKS)[number] => Object.hasOwn(ITEM_PREFIX, bank)

export const prefixRemarks = (item: Item, bank: string | undefined): Remark[] =>
  bank !== undefined && isBank(bank) && !item.id.startsWith(ITEM_PREFIX[bank])
    ? [remark('item.id_prefix', 'id', { prefix: ITEM_PREFIX[bank], bank })]
    : []

/** Policies that nothing names, and carried statements without a carrier. Keyed by the id of the policy or register. */
export function unreferencedPolicies(set: BankSet): Set<string> {
  const named = new Set([
    ...set.items.flatMap(({ value }) => [
      value.policy?.id ?? '',
      ...(value.kind === 'written_reply' ? value.policies : []),
    ]),
    ...set.scenarios.flatMap(({ value }) => value.policies),
  ])
  return new Set(set.policies.map(({ value }) => value.id).filter((id) => !named.has(id)))
}

export type Carrier = { readonly type: 'item' | 'policy' | 'rubric' | 'scenario' | 'kit'; readonly id: string }

/** Statement id → what carries it. */
export function carriersByStatement(set: BankSet): Map<string, Carrier[]> {
  const out = new Map<string, Carrier[]>()
  const add = (source: Source | undefined, type: Carrier['type'], id: string): void => {
    for (const statement of source?.statements ?? []) out.set(statement, [...(out.get(statement) ?? []), { type, id }])
  }
  for (const { value } of set.items) add(value.source, 'item', value.id)
  for (const { value } of set.policies) for (const source of value.sources) add(source, 'policy', value.id)
  for (const { value } of set.rubrics) add(value.source, 'rubric', value.id)
  for (const { value } of set.scenarios) add(value.source, 'scenario', value.id)
  for (const { value } of set.kits) add(value.source, 'kit', value.id)
  return out
}
