/**
 * What a check can say about content: a code with values, never prose. The sentences stand in
 * app/i18n/bank-findings.ts.
 */

/**
 * Guidelines of Haladyna, T. M., Downing, S. M. and Rodriguez, M. C. (2002), "A review of multiple-choice item-writing
 * guidelines for classroom assessment", Applied Measurement in Education 15(3), 309-334, by their number there.
 */
export const GUIDELINES = {
  'HDR2002-3': 'Use novel material; paraphrase the language of instruction',
  'HDR2002-4': 'Keep the content of each item independent from content of other items',
  'HDR2002-9': 'Avoid the complex multiple-choice (Type K) format',
  'HDR2002-12': 'Use correct grammar, punctuation, capitalisation and spelling',
  'HDR2002-15': 'Include the central idea in the stem instead of the choices',
  'HDR2002-17': 'Word the stem positively; emphasise a negative word where one is used',
  'HDR2002-19': 'Make sure that only one of the choices is the right answer',
  'HDR2002-20': 'Vary the location of the right answer',
  'HDR2002-22': 'Keep choices independent; choices should not be overlapping',
  'HDR2002-24': 'Keep the length of choices about equal',
  'HDR2002-25': 'Use none-of-the-above carefully',
  'HDR2002-26': 'Avoid all-of-the-above',
  'HDR2002-28a': 'Avoid specific determiners such as always and never',
  'HDR2002-28b': 'Avoid clang associations: choices that repeat words of the stem',
  'HDR2002-28c': 'Avoid grammatical inconsistencies that cue the right choice',
  'HDR2002-28d': 'Avoid a conspicuous correct choice',
} as const
export type Guideline = keyof typeof GUIDELINES

export type Severity = 'error' | 'warning'
type Rule = { readonly severity: Severity; readonly guideline?: Guideline }
const error = { severity: 'error' } as const
const warning = { severity: 'warning' } as const
const advice = <G extends Guideline>(guideline: G) => ({ severity: 'warning', guideline }) as const

/** Every rule by its code. Errors block an import and cannot be waived. */
export const RULES = {
  'file.yaml': error,
  'file.schema': error,
  'file.name': error,
  'file.place': error,
  'file.bank_missing': error,
  'set.duplicate_id': error,
  'ref.rubric': error,
  'ref.policy': error,
  'ref.policy_revision': error,
  'ref.policy_clause': error,
  'ref.policy_not_current': warning,
  'ref.enemy': error,
  'ref.item': error,
  'ref.scenario': error,
  'ref.kit': error,
  'ref.blueprint': error,
  'ref.notice': error,
  'ref.bank': error,
  'ref.bound_value': error,
  'ref.statement': error,
  'ref.statement_document': error,
  'ref.programme_practice': error,
  'source.not_carried': error,
  'source.left_out_cited': warning,
  'policy.unreferenced': warning,
  'item.id_prefix': error,
  'item.policy_missing': error,
  'item.duplicate_option_id': error,
  'item.too_few_options': error,
  'item.key_unknown': error,
  'item.key_retired': error,
  'item.keys_invalid': error,
  'item.order_mismatch': error,
  'item.pairs_mismatch': error,
  'item.rationales_mismatch': error,
  'item.gap_count': error,
  'item.gap_unknown': error,
  'item.accepted_too_long': error,
  'item.limits': error,
  'item.judgement_extremes': error,
  'item.judgement_spread': warning,
  'item.key_length': advice('HDR2002-24'),
  'item.key_grammar': advice('HDR2002-28c'),
  'item.absolute_word': advice('HDR2002-28a'),
  'item.hedged_key': advice('HDR2002-28d'),
  'item.negative_stem': advice('HDR2002-17'),
  'item.all_of_the_above': advice('HDR2002-26'),
  'item.none_of_the_above': advice('HDR2002-25'),
  'item.type_k': advice('HDR2002-9'),
  'item.option_overlap': advice('HDR2002-22'),
  'item.repeated_words': advice('HDR2002-15'),
  'item.gives_away': advice('HDR2002-4'),
  'item.near_duplicate': advice('HDR2002-4'),
  'bank.key_position': advice('HDR2002-20'),
  'bank.true_false_balance': advice('HDR2002-20'),
  'bank.blind_rule': advice('HDR2002-28d'),
  'translation.untranslated': error,
  'translation.stale': warning,
  'text.typography': advice('HDR2002-12'),
  'text.phone_number': error,
  'text.link': error,
  'text.company_name': error,
  'interview.forbidden_topic': warning,
  'rubric.anchor_trait': warning,
  'rubric.anchor_vague': warning,
  'rubric.anchor_repeated': warning,
  'blueprint.infeasible': error,
  'blueprint.one_form_only': warning,
  'waiver.unknown_rule': error,
  'waiver.unused': warning,
} as const satisfies Record<string, Rule>
export type FindingCode = keyof typeof RULES
export const isFindingCode = (code: string): code is FindingCode => Object.hasOwn(RULES, code)

export type SubjectType =
  | 'file'
  | 'bank'
  | 'item'
  | 'rubric'
  | 'policy'
  | 'scenario'
  | 'kit'
  | 'blueprint'
  | 'programme'
  | 'notice'
  | 'register'
  | 'competencies'
export type Subject = { readonly type: SubjectType; readonly id: string; readonly file?: string }
export type FindingParams = Readonly<Record<string, string | number>>

export type Finding = {
  readonly code: FindingCode
  readonly severity: Severity
  /** Path inside the file, e.g. `options[1].text.en`. Empty for the whole. */
  readonly path: string
  readonly subject: Subject
  readonly guideline?: Guideline
  readonly params: FindingParams
  /** The reason given in the file for letting a warning stand. */
  readonly waived?: string
}

/** What a rule hands back: where and with which values; severity and guideline follow from the code. */
export type Remark = { readonly code: FindingCode; readonly path: string; readonly params: FindingParams }
export const remark = (code: FindingCode, path: string, params: FindingParams = {}): Remark => ({ code, path, params })

/** Turns remarks into findings about a subject and applies its waivers. Errors are never waived. */
export function findingsOf(
  subject: Subject,
  remarks: readonly Remark[],
  waivers: readonly { rule: string; reason: string }[] = [],
): Finding[] {
  return remarks.map(({ code, path, params }) => {
    const rule: Rule = RULES[code]
    const waiver = rule.severity === 'warning' ? waivers.find((w) => w.rule === code) : undefined
    return {
      code,
      severity: rule.severity,
      path,
      subject,
      ...(rule.guideline ? { guideline: rule.guideline } : {}),
      params,
      ...(waiver ? { waived: waiver.reason } : {}),
    }
  })
}

export type PathPart = string | number
/** `['options', 1, 'text', 'en']` → `options[1].text.en`. */
export const formatPath = (parts: readonly PropertyKey[]): string =>
  parts.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i === 0 ? '' : '.'}${String(part)}`)).join('')
