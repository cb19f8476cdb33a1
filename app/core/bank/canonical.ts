/** The texts whose SHA-256 identifies a version of content, and the part of it that scores. Services do the hashing. */
import { canonicalJson } from '../shared/canonical-json.ts'
import type { Item, Rubric } from './schema.ts'

/** Lists whose order means nothing: two files that differ only here hold the same content. */
const SETS = ['topics', 'enemies', 'keys', 'statements'] as const

const sorted = (value: unknown): unknown =>
  Array.isArray(value) && value.every((v) => typeof v === 'string') ? [...value].sort() : value

function normalised(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalised)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, v]) => [
      key,
      (SETS as readonly string[]).includes(key) ? sorted(v) : normalised(v),
    ]),
  )
}

/**
 * Everything in a piece of content: what a candidate sees, what scores, and what steers draws and checks (difficulty,
 * enemies, experts, waivers). The latter is in it because a version is the only place where it is kept: were it left
 * out, a new estimate of difficulty in a file would have no version to stand in.
 */
export const contentCanonical = (value: object): string => canonicalJson(normalised(value))

type Entry = { readonly id: string; readonly retired?: boolean }
const idsOf = (entries: readonly Entry[]): string[] =>
  entries
    .filter((e) => !e.retired)
    .map((e) => e.id)
    .sort()

function scoringOf(item: Item): object {
  switch (item.kind) {
    case 'single_choice':
      return { options: idsOf(item.options), key: item.key }
    case 'multiple_choice':
      return { options: idsOf(item.options), keys: [...item.keys].sort(), credit: item.credit }
    case 'true_false':
      return { key: item.key }
    case 'ordering':
      return { elements: idsOf(item.elements), order: item.order }
    case 'matching':
      return { left: idsOf(item.left), right: idsOf(item.right), pairs: item.pairs }
    case 'cloze':
      return {
        gaps: item.gaps
          .map((gap) =>
            gap.type === 'dropdown'
              ? { id: gap.id, options: idsOf(gap.options), key: gap.key }
              : { id: gap.id, accepted: gap.accepted },
          )
          .sort((a, b) => (a.id < b.id ? -1 : 1)),
      }
    case 'numeric':
      return { key: item.key, tolerance: item.tolerance }
    case 'short_text':
      return { accepted: item.accepted }
    case 'situational_judgement':
      return { mode: item.mode, actions: Object.fromEntries(item.actions.map((a) => [a.id, a.effectiveness])) }
    case 'behavioural':
    case 'written_reply':
    case 'essay':
      return { rubric: item.rubric }
  }
}

/** What decides the credit of an answer, without any wording: versions that agree here share their statistics. */
export const scoringCanonical = (item: Item): string =>
  canonicalJson({ kind: item.kind, competency: item.competency, points: item.points, ...scoringOf(item) })

/** The same for a rubric: criteria, levels, weights and floors, without titles and anchors. */
export const rubricScoringCanonical = (rubric: Rubric): string =>
  canonicalJson({
    levels: rubric.levels,
    criteria: rubric.criteria.map(({ id, competency, weight, critical, notApplicable }) => ({
      id,
      competency,
      weight,
      critical,
      notApplicable,
    })),
  })
