/** JSON Schemas of the content files, by file name. */
import { z } from 'zod'
import {
  BankSchema,
  BlueprintSchema,
  CompetenciesSchema,
  ItemSchema,
  KitSchema,
  NoticeSchema,
  PolicySchema,
  ProgrammeSchema,
  RubricSchema,
  ScenarioSchema,
  SourceRegisterSchema,
} from '../../app/core/bank/schema.ts'

const SCHEMAS: Record<string, z.ZodType> = {
  bank: BankSchema,
  blueprint: BlueprintSchema,
  competencies: CompetenciesSchema,
  item: ItemSchema,
  kit: KitSchema,
  notice: NoticeSchema,
  policy: PolicySchema,
  programme: ProgrammeSchema,
  rubric: RubricSchema,
  scenario: ScenarioSchema,
  source: SourceRegisterSchema,
}

/** As authors write them: what has a default may be left out. */
export function bankJsonSchemas(): Map<string, string> {
  return new Map(
    Object.entries(SCHEMAS).map(([name, schema]) => [
      `${name}.json`,
      `${JSON.stringify(z.toJSONSchema(schema, { io: 'input', reused: 'ref' }), null, 2)}\n`,
    ]),
  )
}
