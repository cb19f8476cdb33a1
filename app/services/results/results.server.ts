/** The list of results: which closed attempts are complete, which wait for raters, which are released. */
import { closedAttempts, latestScores, undecidedQuarantine } from '../../../db/queries/results.server.ts'
import * as people from '../../../db/repositories/people.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { can } from '../../core/access/can.ts'
import type { Locale } from '../../core/shared/locale.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { readVersions } from '../content/versions.server.ts'
import { profileOf } from './scoring.server.ts'

export const RESULT_STATES = ['ready', 'rating', 'scoring', 'released'] as const
export type ResultState = (typeof RESULT_STATES)[number]
export type ResultFilter = { state: ResultState | null; programmeId: string | null; q: string }

/**
 * Closed attempts with where they stand, the ones that wait for a release first; and the programmes that there are, for
 * the filter.
 */
export async function listResults(deps: Pick<Deps, 'store'>, actor: Actor, filter: ResultFilter, locale: Locale) {
  const r = deps.store.read
  const rows = (await closedAttempts(r)).filter((row) =>
    can(actor, 'result:view', { ownerId: row.attempt.personId, released: row.attempt.releasedAt !== null }),
  )
  const ids = rows.map((row) => row.attempt.id)
  const [persons, versions, latest, late] = await Promise.all([
    people.peopleByIds(r, [...new Set(rows.map((row) => row.attempt.personId))]),
    readVersions(
      r,
      'programme',
      rows.map((row) => row.programmeVersionId),
    ),
    latestScores(r, ids),
    undecidedQuarantine(r, ids),
  ])
  const names = new Map(persons.map((person) => [person.id, person.displayName]))
  const all = rows.map((row) => {
    const score = latest.get(row.attempt.id)
    const profile = profileOf(score)
    const programme = versions.get(row.programmeVersionId)?.body
    const state: ResultState = row.attempt.releasedAt
      ? 'released'
      : score?.complete
        ? 'ready'
        : score
          ? 'rating'
          : 'scoring'
    return {
      attemptId: row.attempt.id,
      name: names.get(row.attempt.personId) ?? '',
      programmeId: row.programmeId,
      programmeTitle: programme?.title[locale] ?? row.programmeId,
      stageTitle:
        programme?.stages.find((stage) => stage.id === row.attempt.stageId)?.title[locale] ?? row.attempt.stageId,
      ordinal: row.attempt.ordinal,
      finishedAt: row.attempt.finishedAt?.toISOString() ?? null,
      state,
      percent: score?.percent ?? null,
      proposal: profile?.outcome.proposal ?? null,
      provisional: profile?.outcome.provisional ?? true,
      waiting: profile?.form.awaiting.length ?? null,
      lateTexts: late.get(row.attempt.id) ?? 0,
      outcome: row.outcome,
    }
  })
  const q = filter.q.trim().toLowerCase()
  const list = all.filter(
    (row) =>
      (filter.state === null || row.state === filter.state) &&
      (filter.programmeId === null || row.programmeId === filter.programmeId) &&
      (q === '' || row.name.toLowerCase().includes(q)),
  )
  return {
    rows: list.sort((a, b) => RESULT_STATES.indexOf(a.state) - RESULT_STATES.indexOf(b.state)),
    total: all.length,
    programmes: [...new Map(all.map((row) => [row.programmeId, row.programmeTitle]))].map(([id, title]) => ({
      id,
      title,
    })),
  }
}
