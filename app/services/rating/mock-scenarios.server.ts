/** The interviewer's list of mock scenarios: those that could begin now, and the interviewer's own contacts. */
import { contactsOfInterviewer, enrolmentsInWindow } from '../../../db/queries/contacts.server.ts'
import * as ratings from '../../../db/repositories/ratings.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import type { Locale } from '../../core/shared/locale.ts'
import type { Instant } from '../../core/shared/time.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { readVersions } from '../content/versions.server.ts'
import { readiness } from '../enrolment/readiness.server.ts'
import { referenceOf } from '../people/reference.server.ts'
import { mockStages, termsFor } from './mock-scenario-stages.server.ts'

/** The mock stages of open enrolments that could begin now: earlier stages closed, nothing running, attempts left. */
export async function listScenarios(deps: Pick<Deps, 'store' | 'secrets'>, actor: Actor, locale: Locale, now: Instant) {
  const r = deps.store.read
  const [rows, contacts] = await Promise.all([
    enrolmentsInWindow(r, actor.personId, new Date(now)),
    contactsOfInterviewer(r, actor.personId),
  ])
  const programmes = await readVersions(
    r,
    'programme',
    rows.map((row) => row.programmeVersionId),
  )
  const ready = []
  for (const enrolment of rows) {
    const programme = programmes.get(enrolment.programmeVersionId)
    for (const context of programme ? mockStages(enrolment, programme) : []) {
      const admitted = await readiness(deps, context, await termsFor(deps, context, null), now)
      // Why somebody is not ready (an accommodation to decide, a notice to read) is not the rater's business.
      if (!admitted.ok) continue
      ready.push({
        enrolmentId: enrolment.id,
        stageId: context.stage.id,
        reference: referenceOf(deps, enrolment.id),
        programme: context.programme.body.title[locale],
        stage: context.stage.title[locale],
        minutes: context.mock.timeLimitMinutes,
        closesAt: enrolment.closesAt.toISOString(),
      })
    }
  }
  const scenarios = await readVersions(
    r,
    'scenario',
    contacts.map((row) => row.contact.scenarioVersionId),
  )
  const tasks = await Promise.all(contacts.map((row) => ratings.tasksOfAttempt(r, row.contact.attemptId)))
  const sheets = await ratings.sheetsOfTasks(
    r,
    tasks.flat().map((task) => task.id),
  )
  return {
    // By code, which says nothing about a name, an address or the time of the invitation.
    ready: ready.sort((a, b) => (a.reference < b.reference ? -1 : 1)),
    mine: contacts.map(({ contact, enrolmentId }) => {
      const task = tasks.flat().find((entry) => entry.subjectId === contact.id)
      const submitted = sheets.some(
        (sheet) => sheet.taskId === task?.id && sheet.raterId === actor.personId && sheet.status === 'submitted',
      )
      return {
        contactId: contact.id,
        reference: referenceOf(deps, enrolmentId),
        title: scenarios.get(contact.scenarioVersionId)?.body.title[locale] ?? '',
        startedAt: (contact.startedAt ?? contact.createdAt).toISOString(),
        state: submitted ? ('submitted' as const) : contact.endedAt ? ('to_rate' as const) : ('running' as const),
      }
    }),
  }
}
