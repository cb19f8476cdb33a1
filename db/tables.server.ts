/**
 * Every table of Poise, written once for both engines.
 *
 * Two rules shape them. Histories (attempt_events, rating_events, audit_events) hold ids, hashes and numbers only;
 * whatever a person wrote or is called stands in rows of its own, marked "erasable" below, so that erasing a person
 * leaves event, hash and score. And every race that matters has a unique key to settle it.
 */
import type { Kit } from './kit.server.ts'
import { attemptTables } from './tables/attempts.server.ts'
import { contentTables } from './tables/content.server.ts'
import { enrolmentTables } from './tables/enrolment.server.ts'
import { identityCheckTables } from './tables/identity-checks.server.ts'
import { machineryTables } from './tables/machinery.server.ts'
import { peopleTables } from './tables/people.server.ts'
import { ratingTables } from './tables/rating.server.ts'
import { resultTables } from './tables/results.server.ts'

export type { AttemptRest } from './tables/attempts.server.ts'
export type { JsonObject, JsonValue } from './tables/json.server.ts'
export { ROLES } from './tables/people.server.ts'
export type { ScoredItem } from './tables/results.server.ts'

export function defineTables(k: Kit) {
  const people = peopleTables(k)
  const content = contentTables(k, people)
  const enrolment = enrolmentTables(k, people, content)
  const attempts = attemptTables(k, people, content, enrolment)
  return {
    ...people,
    ...content,
    ...enrolment,
    ...identityCheckTables(k, enrolment, attempts),
    ...attempts,
    ...ratingTables(k, people, content, attempts),
    ...resultTables(k, people, attempts),
    ...machineryTables(k, people),
  }
}
