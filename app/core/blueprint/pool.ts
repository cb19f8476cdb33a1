/** What a draw needs to know about an item, and which items a section may use. */
import type { Blueprint, BlueprintSection, Item } from '../bank/schema.ts'
import { isCurrentIn, type Languages } from '../bank/set.ts'
import type { ItemKind } from '../bank/vocabulary.ts'

export type PoolItem = {
  readonly id: string
  readonly versionId?: string
  readonly bank: string
  readonly kind: ItemKind
  readonly competency: string
  readonly difficulty: number
  readonly channel: string
  /** Source document. */
  readonly source: string
  readonly topics: readonly string[]
  readonly enemies: readonly string[]
  readonly practice: boolean
  readonly languages: Languages
  /** Whether the options may be shuffled. */
  readonly shuffle: boolean
  /**
   * Ids of what is shown in an order: options, elements, actions, or the right side of a matching item. Retired ones
   * left out.
   */
  readonly optionIds: readonly string[]
}

export type Bound = BlueprintSection['bounds'][number]
export type DifficultyBand = 'easy' | 'medium' | 'hard'

export const difficultyBand = (difficulty: number): DifficultyBand =>
  difficulty >= 0.75 ? 'easy' : difficulty >= 0.5 ? 'medium' : 'hard'

function optionIdsOf(item: Item): string[] {
  switch (item.kind) {
    case 'single_choice':
    case 'multiple_choice':
      return item.options.filter((o) => !o.retired).map((o) => o.id)
    case 'ordering':
      return item.elements.map((e) => e.id)
    case 'matching':
      return item.right.map((e) => e.id)
    case 'situational_judgement':
      return item.actions.map((a) => a.id)
    default:
      return []
  }
}

/** The view of an item that a draw works on. */
export function poolItem(item: Item, bank: string, versionId?: string): PoolItem {
  return {
    id: item.id,
    ...(versionId === undefined ? {} : { versionId }),
    bank,
    kind: item.kind,
    competency: item.competency,
    difficulty: item.difficulty,
    channel: item.channel,
    source: item.source.document,
    topics: item.topics,
    enemies: item.enemies,
    practice: item.practice,
    languages: item.languages,
    shuffle: item.shuffle,
    optionIds: optionIdsOf(item),
  }
}

/** Whether the item counts towards the bound. */
export function meets(item: PoolItem, bound: Pick<Bound, 'by' | 'value'>): boolean {
  switch (bound.by) {
    case 'difficulty':
      return difficultyBand(item.difficulty) === bound.value
    case 'topic':
      return item.topics.includes(bound.value)
    default:
      return item[bound.by] === bound.value
  }
}

/** Whether the section may use the item at all, exposure and exclusion apart. */
export const eligible = (item: PoolItem, section: BlueprintSection, blueprint: Pick<Blueprint, 'languages'>): boolean =>
  !item.practice &&
  section.banks.includes(item.bank) &&
  (section.kinds === undefined || section.kinds.includes(item.kind)) &&
  blueprint.languages.every((locale) => isCurrentIn(item.languages, locale))

/**
 * Forms of the window in which one item may stand. At least one: a cap below one form would forbid every item for ever.
 */
export const exposureLimit = (blueprint: Pick<Blueprint, 'exposureCap' | 'exposureWindow'>): number =>
  blueprint.exposureCap >= 1
    ? Infinity
    : Math.max(1, Math.floor(blueprint.exposureCap * blueprint.exposureWindow + 1e-9))
