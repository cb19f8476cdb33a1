/** An attempt of the candidate's own, with the names of its stage and programme. */
import * as attempts from '../../../db/repositories/attempts.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import type { Locale } from '../../core/shared/locale.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { ownsAttempt } from '../attempt/saves.server.ts'
import { stageContext } from '../enrolment/enrolment.server.ts'

type Owned = {
  row: attempts.AttemptRow
  stageTitle: string
  programmeTitle: string
  stageId: string
  nextStage: { id: string; title: string } | null
}

/** Null for an unknown attempt and for somebody else's alike. */
export async function ownAttempt(deps: Deps, actor: Actor, attemptId: string, locale: Locale): Promise<Owned | null> {
  const row = await attempts.attemptRow(deps.store.read, attemptId)
  if (!row || !ownsAttempt(actor, row)) return null
  const context = await stageContext(deps, actor, row.stageId)
  if (!context) return null
  const next = context.programme.body.stages[context.stageIndex + 1]
  return {
    row,
    stageId: row.stageId,
    stageTitle: context.stage.title[locale],
    programmeTitle: context.programme.body.title[locale],
    nextStage: next ? { id: next.id, title: next.title[locale] } : null,
  }
}
