/**
 * The demo: a running programme, three staff accounts with random passwords, two open invitations, and one finished
 * attempt that waits for a rater. Made through the same services that the product uses, so a demo cannot show what the
 * product cannot do.
 */
import type { Actor } from '../core/access/actor.ts'
import { MINUTE_MS } from '../core/shared/time.ts'
import type { Deps } from '../ground/deps.server.ts'
import { itemsOfAttempt } from '../services/attempt/form.server.ts'
import { saveAnswers } from '../services/attempt/saves.server.ts'
import { startAttempt } from '../services/attempt/start.server.ts'
import { currentContent } from '../services/content/versions.server.ts'
import { acknowledgeNotice } from '../services/enrolment/consents.server.ts'
import { invitationUrl, invite } from '../services/enrolment/invitations.server.ts'
import { createAccount } from '../services/people/accounts.server.ts'
import { addPerson } from '../services/people/people.server.ts'
import { demoAnswer } from './demo-answers.ts'

const PROGRAMME = 'hiring-loop'

export type DemoAccounts = {
  accounts: Array<{ role: string; email: string; password: string }>
  invitations: Array<{ name: string; url: string }>
}

/** Four short words' worth of randomness that can be read aloud: 4 × 5 characters of 32, one hundred bits. */
function readablePassword(deps: Pick<Deps, 'ids'>): string {
  const letters = deps.ids
    .token()
    .toLowerCase()
    .replace(/[^a-z2-9]/g, '')
    .replace(/[ilo01]/g, '')
  return (
    letters +
    deps.ids
      .token()
      .toLowerCase()
      .replace(/[^a-hj-km-np-z2-9]/g, '')
  )
    .slice(0, 20)
    .replace(/(.{5})(?=.)/g, '$1-')
}

/** Sets the demo up on an installation without people. What throws in the middle leaves half a demo. */
export async function seedDemo(deps: Deps): Promise<DemoAccounts> {
  const now = deps.clock.now()
  const staff = [
    {
      role: 'admin',
      roles: ['admin', 'supervisor', 'accommodation_officer', 'auditor'],
      email: 'admin@poise.example',
      displayName: '何青 He Qing',
    },
    { role: 'trainer', roles: ['trainer'], email: 'trainer@poise.example', displayName: '沈一帆 Shen Yifan' },
    { role: 'interviewer', roles: ['interviewer'], email: 'interviewer@poise.example', displayName: '周理 Zhou Li' },
  ] as const
  const accounts: DemoAccounts['accounts'] = []
  let admin: Actor | null = null
  for (const person of staff) {
    const password = readablePassword(deps)
    const made = await createAccount(
      deps,
      { email: person.email, displayName: person.displayName, password, roles: person.roles, actorId: null },
      now,
    )
    if (!made.ok) throw new Error(`demo account ${person.email}: ${made.error.code}`)
    accounts.push({ role: person.role, email: person.email, password })
    if (person.role === 'admin')
      admin = { personId: made.value.personId, roles: person.roles, sessionId: 'demo', enrolmentId: null }
  }
  if (!admin) throw new Error('the demo has no admin')

  const invitations: DemoAccounts['invitations'] = []
  const candidates = [
    { displayName: '林晓雯 Lin Xiaowen', email: 'lin@candidate.example', locale: 'zh-CN' },
    { displayName: 'Maya Okafor', email: 'maya@candidate.example', locale: 'en' },
    { displayName: '陈思远 Chen Siyuan', email: 'chen@candidate.example', locale: 'zh-CN' },
  ] as const
  for (const [index, person] of candidates.entries()) {
    const added = await addPerson(
      deps,
      admin,
      { displayName: person.displayName, email: person.email, roles: ['candidate'] },
      now,
    )
    if (!added.ok) throw new Error(`demo candidate ${person.email}: ${added.error.code}`)
    const invited = await invite(
      deps,
      admin,
      { personId: added.value.personId, programmeId: PROGRAMME, locale: person.locale },
      now,
    )
    if (!invited.ok) throw new Error(`demo invitation ${person.email}: ${invited.error.code}`)
    if (index < 2) invitations.push({ name: person.displayName, url: invitationUrl(deps, invited.value.token) })
    else
      await finishTests(deps, {
        personId: added.value.personId,
        roles: ['candidate'],
        sessionId: 'demo-candidate',
        enrolmentId: invited.value.enrolmentId,
      })
  }

  return { accounts, invitations }
}

/** The third candidate takes every test stage of the programme. */
async function finishTests(deps: Deps, actor: Actor): Promise<void> {
  await acknowledgeNotice(deps, actor, deps.clock.now())
  const programme = await currentContent(deps.store.read, 'programme', PROGRAMME)
  for (const stage of programme?.body.stages ?? []) {
    if (stage.assessment.kind !== 'test') continue
    const startedAt = deps.clock.now()
    const started = await startAttempt(deps, actor, { stageId: stage.id, locale: 'zh-CN' }, startedAt)
    if (!started.ok) throw new Error(`demo attempt at ${stage.id}: ${started.error.code}`)
    const { attemptId } = started.value
    const items = await itemsOfAttempt(deps.store, attemptId)
    const mutations = [...items.values()].map((item) => ({
      mutationId: `demo-${item.id}`,
      itemId: item.id,
      baseRevision: 0,
      response: demoAnswer(item, 'demo'),
    }))
    // The clock is the product's own: the attempt counts as handed in at once.
    await saveAnswers(
      deps,
      actor,
      { attemptId, epoch: 1, mutations, final: true },
      Math.min(deps.clock.now(), startedAt + MINUTE_MS),
    )
  }
}
