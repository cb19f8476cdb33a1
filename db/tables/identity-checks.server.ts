/** Apart from the enrolment, because a check names the attempt that it was used for. */
import type { Kit } from '../kit.server.ts'
import type { AttemptTables } from './attempts.server.ts'
import type { EnrolmentTables } from './enrolment.server.ts'

export function identityCheckTables(k: Kit, { enrolments }: EnrolmentTables, { attempts }: AttemptTables) {
  const identityChecks = k.table(
    'identity_checks',
    {
      enrolmentId: k
        .text('enrolment_id')
        .notNull()
        .references(() => enrolments.id),
      /** First, second … check of the enrolment: each admits to one attempt. */
      number: k.int('number').notNull(),
      status: k.oneOf('status', ['waiting', 'confirmed', 'confirmed_in_person']).notNull(),
      supervisorId: k.text('supervisor_id'),
      confirmedAt: k.instant('confirmed_at'),
      /** The attempt that it was used for; null while it is open. */
      attemptId: k.text('attempt_id').references(() => attempts.id),
      /** Erasable, with a retention of its own: type of paper and last characters. */
      documentType: k.text('document_type'),
      lastCharacters: k.text('last_characters'),
      eraseAfter: k.instant('erase_after'),
    },
    (t) => [k.primaryKey({ name: 'identity_checks_pk', columns: [t.enrolmentId, t.number] })],
  )

  return { identityChecks }
}
