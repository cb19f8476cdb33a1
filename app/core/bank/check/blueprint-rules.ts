/** Whether the items of the set can meet each blueprint, also for a second attempt where a programme allows one. */
import { feasibility, poolItem, twoDisjointForms, type PoolItem } from '../../blueprint/draw.ts'
import { remark, type Remark } from '../finding.ts'
import type { Blueprint } from '../schema.ts'
import type { BankSet } from '../set.ts'

const poolOf = (set: BankSet): PoolItem[] => set.items.map(({ value, bank }) => poolItem(value, bank))

export function blueprintRemarks(blueprint: Blueprint, set: BankSet): Remark[] {
  return feasibility(blueprint, poolOf(set)).map(({ rule, section, by, value, need, have }) => {
    const s = blueprint.sections.findIndex((x) => x.id === section)
    return remark('blueprint.infeasible', s < 0 ? 'sections' : `sections[${s}]`, {
      rule,
      section,
      by,
      value,
      need,
      have,
    })
  })
}

/** A candidate who may try again should not see the same items. */
export function secondFormRemarks(blueprint: Blueprint, set: BankSet): Remark[] {
  const stages = set.programmes.flatMap(({ value }) => value.stages)
  const again = stages.some(
    ({ assessment, attempts }) =>
      assessment.kind === 'test' && assessment.blueprint === blueprint.id && attempts.max > 1,
  )
  if (!again) return []
  const pool = poolOf(set)
  if (feasibility({ ...blueprint, exposureCap: 1 }, pool).length > 0) return []
  const { possible, lacking } = twoDisjointForms(blueprint, pool)
  if (possible) return []
  const [first] = lacking
  return [
    remark(
      'blueprint.one_form_only',
      'sections',
      first
        ? { by: first.by, value: first.value, need: first.need, have: first.have }
        : { by: 'count', value: '', need: 0, have: 0 },
    ),
  ]
}
