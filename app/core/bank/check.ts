/**
 * The content check. Rules about one item serve the editor while a trainer types; rules about the whole set serve the
 * import. Nothing here reads a file: question-banks/ is read by the service that calls this.
 */
import type { Locale } from '../shared/locale.ts'
import { balanceRemarks } from './check/balance-rules.ts'
import { blueprintRemarks, secondFormRemarks } from './check/blueprint-rules.ts'
import { checkContext, type CheckContext } from './check/context.ts'
import { optionRemarks } from './check/option-rules.ts'
import { pairRemarks } from './check/pair-rules.ts'
import { anchorRemarks, behaviouralRemarks, kitRemarks, scenarioRemarks } from './check/people-rules.ts'
import { profileOf } from './check/profile.ts'
import {
  blueprintReferenceRemarks,
  carriersByStatement,
  itemReferenceRemarks,
  kitReferenceRemarks,
  prefixRemarks,
  programmeReferenceRemarks,
  scenarioReferenceRemarks,
  sourceRemarks,
  unreferencedPolicies,
} from './check/references.ts'
import { stemRemarks } from './check/stem-rules.ts'
import { structureRemarks } from './check/structure.ts'
import { listRemarks, staleRemarks, textRemarks } from './check/text-rules.ts'
import {
  findingsOf,
  isFindingCode,
  remark,
  RULES,
  type Finding,
  type Remark,
  type Subject,
  type SubjectType,
} from './finding.ts'
import type { Item } from './schema.ts'
import type { BankSet, Languages, Loaded, Waiver } from './set.ts'

export { checkContext, type CheckContext } from './check/context.ts'
export {
  GUIDELINES,
  RULES,
  formatPath,
  type Finding,
  type FindingCode,
  type Guideline,
  type Severity,
  type Subject,
  type SubjectType,
} from './finding.ts'

const subjectOf = (type: SubjectType, id: string, file?: string): Subject =>
  file === undefined ? { type, id } : { type, id, file }

/** An item may name a company where the policy it tests does, or where it says so itself. */
const itemMayNameCompanies = (item: Item & { namesCompanies?: boolean }, context: CheckContext): boolean =>
  item.namesCompanies === true ||
  (item.policy !== undefined && context.policies.get(item.policy.id)?.namesCompanies === true)

const acceptedLists = (item: Item, may: boolean): Remark[] => {
  if (item.kind === 'short_text')
    return Object.entries(item.accepted).flatMap(([locale, list]) => listRemarks(list, `accepted.${locale}`, may))
  if (item.kind !== 'cloze') return []
  return item.gaps.flatMap((gap, g) =>
    gap.type === 'typed'
      ? Object.entries(gap.accepted).flatMap(([locale, list]) =>
          listRemarks(list, `gaps[${g}].accepted.${locale}`, may),
        )
      : [],
  )
}

/** Everything about one item except how it compares with the others. */
function itemRemarks(item: Item, context: CheckContext): Remark[] {
  const mayNameCompanies = itemMayNameCompanies(item, context)
  return [
    ...prefixRemarks(item, context.bank),
    ...structureRemarks(item),
    ...itemReferenceRemarks(item, context),
    ...stemRemarks(item),
    ...optionRemarks(item),
    ...behaviouralRemarks(item),
    ...textRemarks(item, { mayNameCompanies, skip: ['accepted', 'waivers', 'languages'] }),
    ...acceptedLists(item, mayNameCompanies),
    ...staleRemarks(item.languages),
  ]
}

/** Checks one item as a trainer edits it, against the rest of the content. */
export function checkItem(item: Item, context: CheckContext): Finding[] {
  const profile = profileOf(item)
  const pairs = context.profiles.flatMap((other) => pairRemarks(profile, other))
  return findingsOf(subjectOf('item', item.id, context.file), [...itemRemarks(item, context), ...pairs], item.waivers)
}

// A blueprint's `languages` is a list of locales: it has no revisions to compare.
type Checked = { id: string; languages?: Languages | readonly Locale[]; waivers?: readonly Waiver[] }
const revisionsOf = (languages: Checked['languages']): Languages | undefined =>
  languages && 'en' in languages ? languages : undefined

/** Waivers that name no rule, and waivers that nothing needs any more. */
function waiverFindings(subject: Subject, waivers: readonly Waiver[], findings: readonly Finding[]): Finding[] {
  return findingsOf(
    subject,
    waivers.flatMap(({ rule }, i) => {
      if (!isFindingCode(rule) || RULES[rule].severity === 'error')
        return [remark('waiver.unknown_rule', `waivers[${i}].rule`, { rule })]
      return findings.some((f) => f.code === rule) ? [] : [remark('waiver.unused', `waivers[${i}].rule`, { rule })]
    }),
  )
}

function checkAll<T extends Checked>(
  type: SubjectType,
  list: readonly Loaded<T>[],
  rules: (value: T, loaded: Loaded<T>) => Remark[],
): Finding[] {
  return list.flatMap((loaded) => {
    const { value, file } = loaded
    const subject = subjectOf(type, value.id, file)
    const languages = type === 'item' ? undefined : revisionsOf(value.languages)
    const remarks = [...rules(value, loaded), ...(languages ? staleRemarks(languages) : [])]
    const waivers = value.waivers ?? []
    const findings = findingsOf(subject, remarks, waivers)
    return [...findings, ...waiverFindings(subject, waivers, findings)]
  })
}

function duplicateIds<T extends { id: string }>(type: SubjectType, list: readonly Loaded<T>[]): Finding[] {
  return list.flatMap(({ value, file }, i) => {
    const first = list.findIndex((other) => other.value.id === value.id)
    if (first === i) return []
    return findingsOf(subjectOf(type, value.id, file), [
      remark('set.duplicate_id', 'id', { id: value.id, first: list[first]?.file ?? value.id }),
    ])
  })
}

/** Each pair of items once; the remarks go to the one that comes later, as it was written later. */
function pairsOf(context: CheckContext): ReadonlyMap<string, Remark[]> {
  const out = new Map<string, Remark[]>()
  context.profiles.forEach((profile, i) => {
    out.set(profile.id, [
      ...(out.get(profile.id) ?? []),
      ...context.profiles.slice(0, i).flatMap((other) => pairRemarks(profile, other)),
    ])
  })
  return out
}

function checkSources(set: BankSet): Finding[] {
  const carriers = carriersByStatement(set)
  return set.registers.flatMap(({ value, file }) => {
    const remarks = value.statements.flatMap((statement, i) => [
      ...(statement.use === 'carried' && !carriers.has(statement.id)
        ? [remark('source.not_carried', `statements[${i}].use`, { id: statement.id })]
        : []),
    ])
    // Registers speak of the sources and their companies; only languages and numbers to call are looked at.
    const texts = textRemarks(value, { mayNameCompanies: true })
    return findingsOf(subjectOf('register', value.document, file), [...remarks, ...texts])
  })
}

/** Checks everything under question-banks/. Findings come in the order of the set. */
export function checkBankSet(set: BankSet): Finding[] {
  const context = checkContext(set)
  const pairs = pairsOf(context)
  const unreferenced = unreferencedPolicies(set)
  const banks = new Set(set.banks.map(({ value }) => value.id))
  const own = { mayNameCompanies: false, skip: ['waivers', 'languages'] }
  return [
    ...checkAll('bank', set.banks, (bank) => [
      ...textRemarks(bank, own),
      ...balanceRemarks(set.items.filter((i) => i.bank === bank.id).map((i) => i.value)),
    ]),
    ...checkAll('item', set.items, (item, { bank, file }) => [
      ...itemRemarks(item, { ...context, bank, ...(file === undefined ? {} : { file }) }),
      ...(pairs.get(item.id) ?? []),
    ]),
    ...checkAll('rubric', set.rubrics, (rubric) => [
      ...(rubric.source ? sourceRemarks(rubric.source, context) : []),
      ...anchorRemarks(rubric),
      ...textRemarks(rubric, own),
    ]),
    ...checkAll('policy', set.policies, (policy) => [
      ...policy.sources.flatMap((source, i) => sourceRemarks(source, context, `sources[${i}]`)),
      ...(unreferenced.has(policy.id) ? [remark('policy.unreferenced', 'id', { id: policy.id })] : []),
      ...textRemarks(policy, { ...own, mayNameCompanies: policy.namesCompanies }),
    ]),
    ...checkAll('scenario', set.scenarios, (scenario) => [
      ...scenarioReferenceRemarks(scenario, context),
      ...scenarioRemarks(scenario),
      ...textRemarks(scenario, own),
    ]),
    ...checkAll('kit', set.kits, (kit) => [
      ...kitReferenceRemarks(kit, context),
      ...kitRemarks(kit),
      ...textRemarks(kit, own),
    ]),
    ...checkAll('blueprint', set.blueprints, (blueprint) => [
      ...blueprintReferenceRemarks(blueprint, banks),
      ...blueprintRemarks(blueprint, set),
      ...secondFormRemarks(blueprint, set),
      ...textRemarks(blueprint, own),
    ]),
    ...checkAll('programme', set.programmes, (programme) => [
      ...programmeReferenceRemarks(programme, set),
      ...textRemarks(programme, own),
    ]),
    ...checkAll('notice', set.notices, (notice) => textRemarks(notice, own)),
    ...set.competencies.flatMap(({ value, file }) =>
      findingsOf(subjectOf('competencies', 'competencies', file), textRemarks(value, own)),
    ),
    ...checkSources(set),
    ...duplicateIds('item', set.items),
    ...duplicateIds('rubric', set.rubrics),
    ...duplicateIds('policy', set.policies),
    ...duplicateIds('scenario', set.scenarios),
    ...duplicateIds('kit', set.kits),
    ...duplicateIds('blueprint', set.blueprints),
    ...duplicateIds('programme', set.programmes),
    ...duplicateIds('notice', set.notices),
    ...duplicateIds('bank', set.banks),
  ]
}
