/**
 * Enrolling a person in a programme and inviting them by a link. The link's token is 256 bits, stored only as its hash,
 * bound to one address, and stays valid as long as its person may start something: a dead device must not lock a
 * candidate out. Opening the link changes nothing (mail scanners open links); each use is a POST, and taking over from
 * another device asks first.
 */
import { runningSessionsOfEnrolment } from '../../../db/queries/sessions.server.ts'
import { attemptsOfEnrolment } from '../../../db/repositories/attempts.server.ts'
import * as enrolments from '../../../db/repositories/enrolments.server.ts'
import { insertMail } from '../../../db/repositories/mails.server.ts'
import * as people from '../../../db/repositories/people.server.ts'
import type { Writer } from '../../../db/store.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import { DAY_MS, type Instant } from '../../core/shared/time.ts'
import { audit } from '../../ground/audit.server.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { enqueue } from '../../ground/jobs.server.ts'
import { mailMessages } from '../../i18n/areas/mail.ts'
import { localeFormats } from '../../i18n/format.ts'
import { fill } from '../../i18n/messages.ts'
import { currentContent, requireVersion } from '../content/versions.server.ts'
import { createSession } from '../people/sessions.server.ts'
import { personalEnds } from './enrolment.server.ts'

export const invitationUrl = (deps: Pick<Deps, 'config'>, token: string): string =>
  `${deps.config.publicUrl}/i/${token}`

type Issue = {
  enrolmentId: string
  personId: string
  email: string
  displayName: string
  programmeTitle: string
  locale: Locale
  closesAt: Date
  actorId: string
  token: string
  now: Instant
}

/**
 * Writes the invitation in the caller's transaction; the previous link ends. Only the caller has the token in clear.
 */
async function issueLink(w: Writer, deps: Deps, input: Issue, byHand: boolean): Promise<string> {
  const invitationId = deps.ids.id('in')
  await enrolments.endInvitations(w, input.enrolmentId, new Date(input.now))
  await enrolments.insertInvitation(w, {
    id: invitationId,
    enrolmentId: input.enrolmentId,
    tokenHash: deps.secrets.sha256(input.token),
    createdBy: input.actorId,
    createdAt: new Date(input.now),
    expiresAt: input.closesAt,
  })
  await audit(w, deps, input.now, {
    actorId: input.actorId,
    action: 'invitation.issued',
    subjectType: 'enrolment',
    subjectId: input.enrolmentId,
    data: { invitationId, byHand },
  })
  return invitationId
}

/** The link with its mail, in the caller's transaction. Returns the mail's id. */
async function issueInvitation(w: Writer, deps: Deps, input: Issue): Promise<string> {
  const invitationId = await issueLink(w, deps, input, false)
  const texts = mailMessages[input.locale]
  const formats = localeFormats(input.locale, 'UTC')
  const params = {
    name: input.displayName,
    programme: input.programmeTitle,
    url: invitationUrl(deps, input.token),
    closes: `${formats.dateTime(input.closesAt)} UTC`,
  }
  const mailId = deps.ids.id('ma')
  await insertMail(w, {
    id: mailId,
    personId: input.personId,
    kind: 'invitation',
    invitationId,
    sealedBody: deps.secrets.seal(
      JSON.stringify({
        to: input.email,
        subject: fill(texts['invitation.subject'], params),
        text: fill(texts['invitation.text'], params),
      }),
      `mail:${mailId}`,
    ),
    status: deps.mail.sends ? 'queued' : 'held',
    createdAt: new Date(input.now),
  })
  if (deps.mail.sends) await enqueue(w, 'send-mail', { mailId }, { live: deps.live })
  return mailId
}

/** Enrols a person and sends the invitation. Window from now for the programme's days unless given. */
export async function invite(
  deps: Deps,
  actor: Pick<Actor, 'personId'>,
  input: { personId: string; programmeId: string; locale: Locale; closesAt?: Instant },
  now: Instant,
): Promise<
  Result<
    { enrolmentId: string; mailId: string; token: string },
    'person.not_found' | 'programme.not_found' | 'enrolment.already_open' | 'enrolment.closes_past'
  >
> {
  if (input.closesAt !== undefined && input.closesAt <= now) return err('enrolment.closes_past')
  const person = await people.personById(deps.store.read, input.personId)
  if (!person || person.status !== 'active') return err('person.not_found')
  const programme = await currentContent(deps.store.read, 'programme', input.programmeId)
  if (!programme) return err('programme.not_found')
  const enrolmentId = deps.ids.id('en')
  const token = deps.ids.token()
  const closesAt = new Date(input.closesAt ?? now + programme.body.windowDays * DAY_MS)
  return deps.store.transact(async (w) => {
    // A second enrolment beside a running one would grant the attempts of each stage twice.
    const open = await enrolments.enrolmentsOf(w, person.id)
    if (
      open.some((row) => row.programmeId === input.programmeId && row.status === 'open' && row.closesAt.getTime() > now)
    )
      return err('enrolment.already_open')
    await people.addRole(w, person.id, 'candidate', new Date(now))
    await enrolments.insertEnrolment(w, {
      id: enrolmentId,
      personId: person.id,
      programmeId: input.programmeId,
      programmeVersionId: programme.versionId,
      status: 'open',
      opensAt: new Date(now),
      closesAt,
      createdBy: actor.personId,
      createdAt: new Date(now),
    })
    await audit(w, deps, now, {
      actorId: actor.personId,
      action: 'enrolment.created',
      subjectType: 'enrolment',
      subjectId: enrolmentId,
      data: { personId: person.id, programmeVersionId: programme.versionId },
    })
    const mailId = await issueInvitation(w, deps, {
      enrolmentId,
      personId: person.id,
      email: person.email,
      displayName: person.displayName,
      programmeTitle: programme.body.title[input.locale],
      locale: input.locale,
      closesAt,
      actorId: actor.personId,
      token,
      now,
    })
    return ok({ enrolmentId, mailId, token })
  })
}

/**
 * A new link for an enrolment; the old one ends at once. `by_hand`: an admin copies it and hands it over, so no mail is
 * made. `by_mail`: it goes out, or waits in the outbox where no mail server is set.
 */
export async function reissueInvitation(
  deps: Deps,
  actor: Pick<Actor, 'personId'>,
  input: { enrolmentId: string; personId?: string; locale: Locale; deliver: 'by_hand' | 'by_mail' },
  now: Instant,
): Promise<Result<{ url: string; name: string }, 'enrolment.not_found' | 'enrolment.closed'>> {
  const enrolment = await enrolments.enrolmentById(deps.store.read, input.enrolmentId)
  if (!enrolment || (input.personId !== undefined && enrolment.personId !== input.personId))
    return err('enrolment.not_found')
  // A lost link must not cost anybody a running attempt. Whether an accommodation still allows a start is not asked:
  // the reply would give it away.
  const running = (await attemptsOfEnrolment(deps.store.read, enrolment.id)).some((row) => row.status === 'in_progress')
  if (enrolment.status !== 'open' || (enrolment.closesAt.getTime() <= now && !running)) return err('enrolment.closed')
  const [person, programme] = await Promise.all([
    people.personById(deps.store.read, enrolment.personId),
    currentContent(deps.store.read, 'programme', enrolment.programmeId),
  ])
  if (!person) return err('enrolment.not_found')
  const token = deps.ids.token()
  const issue: Issue = {
    enrolmentId: enrolment.id,
    personId: person.id,
    email: person.email,
    displayName: person.displayName,
    programmeTitle: programme?.body.title[input.locale] ?? enrolment.programmeId,
    locale: input.locale,
    closesAt: enrolment.closesAt,
    actorId: actor.personId,
    token,
    now,
  }
  await deps.store.transact((w) =>
    input.deliver === 'by_hand' ? issueLink(w, deps, issue, true) : issueInvitation(w, deps, issue),
  )
  return ok({ url: invitationUrl(deps, token), name: person.displayName })
}

export type InvitationView = {
  enrolmentId: string
  personId: string
  displayName: string
  programmeTitle: { 'zh-CN': string; en: string }
  /** The person's own; null where nothing ends it. */
  closesAt: Date | null
  inUseElsewhere: boolean
}
type InvitationFailure = 'invitation.not_found' | 'invitation.expired' | 'invitation.too_many'

/** Looks at an invitation without using it. */
export async function readInvitation(
  deps: Deps,
  input: { token: string; client: string },
  now: Instant,
): Promise<Result<InvitationView & { invitationId: string }, InvitationFailure>> {
  if (!(await deps.limits.take('invitation', input.client))) return err('invitation.too_many')
  const invitation = await enrolments.invitationByTokenHash(deps.store.read, deps.secrets.sha256(input.token))
  if (!invitation || invitation.endedAt) return err('invitation.not_found')
  const enrolment = await enrolments.enrolmentById(deps.store.read, invitation.enrolmentId)
  if (!enrolment) return err('invitation.not_found')
  const person = await people.personById(deps.store.read, enrolment.personId)
  if (!person || person.status !== 'active') return err('invitation.not_found')
  const ends = await personalEnds(deps, {
    enrolment,
    programme: await requireVersion(deps.store.read, 'programme', enrolment.programmeVersionId),
  })
  const closesAt = ends.includes(null) ? null : Math.max(enrolment.closesAt.getTime(), ...ends.map(Number))
  // After the window the link still leads to what was begun: a running attempt must be finished, and a result be read.
  if (closesAt !== null && now > closesAt && (await attemptsOfEnrolment(deps.store.read, enrolment.id)).length === 0)
    return err('invitation.expired')
  const running = await runningSessionsOfEnrolment(deps.store.read, enrolment.id, new Date(now))
  const programme = await currentContent(deps.store.read, 'programme', enrolment.programmeId)
  return ok({
    invitationId: invitation.id,
    enrolmentId: enrolment.id,
    personId: person.id,
    displayName: person.displayName,
    programmeTitle: programme?.body.title ?? { 'zh-CN': enrolment.programmeId, en: enrolment.programmeId },
    closesAt: closesAt === null ? null : new Date(closesAt),
    inUseElsewhere: running > 0,
  })
}

/**
 * Uses the link: a session begins on this device. The other device's session is not cut off, or its unsent text would
 * meet a login page: a running attempt passes to this device by the player's own confirmation, which raises the epoch
 * and tells the first device.
 */
export async function useInvitation(
  deps: Deps,
  input: { token: string; client: string; takeOver: boolean },
  now: Instant,
): Promise<Result<{ sessionToken: string; enrolmentId: string }, InvitationFailure | 'invitation.in_use'>> {
  const found = await readInvitation(deps, input, now)
  if (!found.ok) return found
  if (found.value.inUseElsewhere && !input.takeOver) return err('invitation.in_use')
  const sessionToken = deps.ids.token()
  await deps.store.transact(async (w) => {
    await enrolments.noteInvitationUse(w, found.value.invitationId, new Date(now))
    await createSession(w, deps, {
      token: sessionToken,
      personId: found.value.personId,
      origin: 'invitation',
      enrolmentId: found.value.enrolmentId,
      now,
    })
    await audit(w, deps, now, {
      actorId: found.value.personId,
      action: 'invitation.used',
      subjectType: 'enrolment',
      subjectId: found.value.enrolmentId,
      data: { takeOver: found.value.inUseElsewhere },
    })
  })
  return ok({ sessionToken, enrolmentId: found.value.enrolmentId })
}
