// The table of the route matrix: for every loader, action and endpoint who may, with which parameters and body. A
// route, an intent or an endpoint that is not in here fails tests/integration/route-matrix.test.ts.
import type { Role } from '#app/core/access/actor.ts'
import type { ServerDeps } from '#app/server/deps.server.ts'
import { actOnAttempt, staffAct } from '#app/services/attempt/acts.server.ts'
import { saveAnswers } from '#app/services/attempt/saves.server.ts'
import { chooseConsents } from '#app/services/candidate/notice.server.ts'
import { requestAfterResult } from '#app/services/candidate/report.server.ts'
import { saveDraft } from '#app/services/content/item-editor-drafts.server.ts'
import { yamlOf } from '#app/services/content/item-editor-typed.server.ts'
import { currentContent } from '#app/services/content/versions.server.ts'
import { noticeFor } from '#app/services/enrolment/consents.server.ts'
import { setActive } from '#app/services/people/people.server.ts'
import { actOnContact } from '#app/services/rating/contact-acts.server.ts'
import { readSheet } from '#app/services/rating/sheet.server.ts'
import { openEvidence } from '#app/services/results/evidence.server.ts'
import { scoreAttempt } from '#app/services/results/scoring.server.ts'
import { quarantinedOf } from '#db/repositories/quarantine.server.ts'
import {
  emptyWorld,
  peopleMaker,
  publish,
  smallContent,
  subjectOf,
  type Candidate,
  type Person,
} from './matrix-world.ts'

// ---- The world ----

const STAFF_ROLES: Role[] = ['interviewer', 'trainer', 'admin', 'accommodation_officer', 'auditor', 'supervisor']
export const STAFF = ['admin', 'trainer', 'rater', 'rater2', 'officer', 'auditor', 'supervisor'] as const
export const CANDIDATES = [
  'stranger',
  'fresh',
  'ready',
  'asked',
  'running',
  'closed',
  'taken',
  'complete',
  'released',
  'talker',
  'talking',
  'identity',
] as const
type StaffName = (typeof STAFF)[number]
type CandidateName = (typeof CANDIDATES)[number]
export type Who = 'nobody' | StaffName | CandidateName | `self:${CandidateName}`

export type Matrix = {
  staff: Record<StaffName, Person>
  candidates: Record<CandidateName, Candidate>
  /**
   * The candidate's own person, signed in by password with every staff role: nobody acts as staff on what is about
   * themselves.
   */
  selves: Record<CandidateName, Person>
  ids: Record<string, string>
}

export const NOTE = 'these very words'
const ANSWER = { kind: 'essay', text: `I am sorry. I mean ${NOTE}.` } as const

/** Makes everybody. The folder can be copied as often as needed. */
export async function makeMatrix(): Promise<{ dataDir: string; matrix: Matrix }> {
  const { deps, dataDir, close } = await emptyWorld()
  await publish(deps, smallContent())
  const make = peopleMaker(deps)
  const staff = {
    admin: await make.account('admin', 'admin'),
    trainer: await make.staff('trainer', 'trainer'),
    rater: await make.staff('rater', 'interviewer'),
    rater2: await make.staff('rater2', 'interviewer'),
    officer: await make.staff('officer', 'accommodation_officer'),
    auditor: await make.staff('auditor', 'auditor'),
    supervisor: await make.staff('supervisor', 'supervisor'),
  }
  const roles = { roles: STAFF_ROLES }
  const candidates = {
    stranger: await make.candidate('stranger', 'mx', roles),
    fresh: await make.candidate('fresh', 'mx', { ...roles, notice: false }),
    ready: await make.candidate('ready', 'mx', roles),
    asked: await make.candidate('asked', 'mx', roles),
    running: await make.candidate('running', 'mx', roles),
    closed: await make.candidate('closed', 'mx', roles),
    taken: await make.candidate('taken', 'mx', roles),
    complete: await make.candidate('complete', 'mx', roles),
    released: await make.candidate('released', 'mx', roles),
    talker: await make.candidate('talker', 'mx', roles),
    talking: await make.candidate('talking', 'mx', roles),
    identity: await make.candidate('identity', 'mx-identity', roles),
  }
  const ids: Record<string, string> = {}
  // Somebody else's running attempt: the owner of another object.
  candidates.stranger = await make.start(candidates.stranger)
  await make.askAccommodation(candidates.running, 'I need breaks')
  await make.grantAccommodation(staff.officer)
  candidates.running = await make.start(candidates.running)
  await make.askAccommodation(candidates.asked, 'I need more time')
  await make.consents(candidates.identity, [])
  for (const name of ['closed', 'taken', 'complete', 'released', 'talker', 'talking'] as const) {
    candidates[name] = await make.start(candidates[name])
    await make.handIn(
      candidates[name],
      (one) =>
        (one.kind === 'essay'
          ? ANSWER
          : one.kind === 'single_choice'
            ? { kind: 'single_choice', optionId: one.key }
            : null) as never,
    )
  }
  const taskOf = async (name: CandidateName) =>
    (await make.tasksOf(candidates[name].attemptId)).find((task) => task.subjectType === 'answer')?.id ?? ''
  ids['task'] = await taskOf('closed')
  ids['sheet'] = await make.take(staff.rater, await taskOf('taken'))
  await make.rate(staff.rater, ids['sheet'], 2, NOTE)
  for (const name of ['complete', 'released'] as const) {
    const sheet = await make.take(staff.rater2, await taskOf(name))
    await make.rate(staff.rater2, sheet, 3, NOTE)
    await make.submitSheet(staff.rater2, sheet)
    await scoreAttempt(deps, candidates[name].attemptId)
  }
  await make.release(staff.admin, candidates.released.attemptId)
  ids['contact'] = await make.playScenario(staff.rater, candidates.talking)
  const selves = {} as Matrix['selves']
  for (const name of CANDIDATES) selves[name] = await make.staffSessionOf(candidates[name], ...STAFF_ROLES)
  await close()
  return { dataDir, matrix: { staff, candidates, selves, ids } }
}

export function personOf(matrix: Matrix, who: Who): Person | null {
  if (who === 'nobody') return null
  if (who.startsWith('self:')) return matrix.selves[who.slice(5) as CandidateName]
  return (matrix.staff as Record<string, Person>)[who] ?? (matrix.candidates as Record<string, Person>)[who] ?? null
}

// ---- The table ----

type Form = Record<string, string | string[]>
export type Given = { matrix: Matrix; deps: ServerDeps }
export type Case = {
  /** Id of the Remix route, or method and path of an endpoint. */
  route: string
  kind: 'loader' | 'action' | 'endpoint'
  intent?: string
  /**
   * Everybody who may, the first one as the proof; everybody else must be refused. `anyone`: not even a session is
   * needed.
   */
  may: 'anyone' | readonly [Who, ...Who[]]
  path: string | ((matrix: Matrix) => string)
  form?: (given: Given) => Form | Promise<Form>
  json?: (given: Given) => unknown
  /** Whom the thing is about: their own staff session is refused too. */
  about?: CandidateName
  /** Brings the thing into the state in which this may be done. */
  prepare?: (given: Given) => Promise<unknown>
  /** Where success leads, when that is the login itself; then the proof is that something was stored. */
  leadsTo?: string
  /** Nobody may, not even who holds the thing: listed because the form's parser knows it. */
  never?: true
  /** A loader that writes: the view of evidence is recorded. */
  writes?: true
}

const now = ({ deps }: Given): number => deps.clock.now()
const RATERS = ['rater', 'rater2'] as const
const ALL_STAFF = ['admin', ...STAFF.slice(1)] as unknown as readonly [Who, ...Who[]]
const ALL_CANDIDATES = CANDIDATES as unknown as readonly [Who, ...Who[]]

const anyone = (route: string, path: Case['path']): Case => ({ route, kind: 'loader', may: 'anyone', path })
const attemptPath =
  (name: CandidateName, more = '') =>
  (matrix: Matrix) =>
    `/candidate/attempt/${matrix.candidates[name].attemptId}${more}`

/** A button of the player's plain form. */
const playerGo = (go: string, more: Form = {}, prepare?: Case['prepare']): Case => ({
  route: 'routes/candidate/attempt.$attemptId',
  kind: 'action',
  intent: go.split(':')[0] ?? go,
  may: ['running'],
  path: attemptPath('running'),
  about: 'running',
  form: () => ({
    go,
    epoch: '1',
    at: 'mx-choice',
    items: 'mx-choice',
    'base/mx-choice': '0',
    'mx-choice/option': 'a',
    ...more,
  }),
  ...(prepare ? { prepare } : {}),
})
const holderAct = (act: Parameters<typeof actOnAttempt>[4]) => (given: Given) =>
  actOnAttempt(
    given.deps,
    given.matrix.candidates.running.actor,
    given.matrix.candidates.running.attemptId,
    1,
    act,
    now(given),
  )

const stage = (who: CandidateName, intent: string, form: Case['form'], prepare?: Case['prepare']): Case => ({
  route: 'routes/candidate/stage.$stageId',
  kind: 'action',
  intent,
  // The address names a stage of one's own enrolment, so everybody meets their own.
  may: [who, ...CANDIDATES.filter((name) => name !== who)],
  path: '/candidate/stage/test',
  form: form ?? (() => ({})),
  ...(prepare ? { prepare } : {}),
})

/** The forms of a rating sheet, in the room of an answer and in that of a contact. */
function sheetCases(
  route: string,
  path: Case['path'],
  about: CandidateName,
  sheetOf: (given: Given) => Promise<string>,
): Case[] {
  const of = (
    intent: string,
    more: (given: Given, sheetId: string) => Form | Promise<Form>,
    prepare?: Case['prepare'],
  ): Case => ({
    route,
    kind: 'action',
    intent,
    may: ['rater'],
    path,
    about,
    form: async (given) => {
      const sheetId = await sheetOf(given)
      return { intent, ...(await subjectOf(given.deps, sheetId)), ...(await more(given, sheetId)) }
    },
    ...(prepare ? { prepare } : {}),
  })
  const read = async ({ deps, matrix }: Given, sheetId: string) =>
    (await readSheet(deps, matrix.staff.rater.actor, sheetId, 'en'))!.view
  const rateAll = async (given: Given) =>
    peopleMaker(given.deps).rate(given.matrix.staff.rater, await sheetOf(given), 2, NOTE)
  return [
    of('mark', () => ({ criterionId: 'feeling', level: '3' })),
    of('evidence', () => ({ criterionId: 'feeling', polarity: 'for', quote: NOTE })),
    of(
      'drop_evidence',
      async (given, sheetId) => ({ criterionId: 'feeling', evidenceId: (await read(given, sheetId)).evidence[0]!.id }),
      rateAll,
    ),
    of('comment', () => ({ criterionId: 'feeling', text: 'a remark' })),
    // A contact is nobody else's to rate: put back, it could never be rated at all.
    { ...of('return', () => ({})), ...(about === 'talking' ? { never: true as const } : {}) },
    of(
      'submit',
      async (given, sheetId) => ({ seq: String((await read(given, sheetId)).seq) }),
      async (given) => {
        await rateAll(given)
        if (about === 'talking')
          await actOnContact(
            given.deps,
            given.matrix.staff.rater.actor,
            given.matrix.ids['contact']!,
            { type: 'end', ending: 'completed' },
            'en',
            now(given),
          )
      },
    ),
  ]
}
const contactSheet = async ({ deps, matrix }: Given): Promise<string> => {
  const tasks = await peopleMaker(deps).tasksOf((await contactOf(deps, matrix.ids['contact']!)).attemptId)
  const { q, t } = deps.store.read
  return (await q.select().from(t.ratingSheets)).find((sheet) => tasks.some((task) => task.id === sheet.taskId))!.id
}
const contactOf = async (deps: ServerDeps, id: string) => {
  const { q, t } = deps.store.read
  return (await q.select().from(t.contacts)).find((row) => row.id === id)!
}
const contactAct = (intent: string, more: Form = {}, prepare?: Case['prepare']): Case => ({
  route: 'routes/interviewer/contacts.$contactId',
  kind: 'action',
  intent,
  may: ['rater'],
  about: 'talking',
  path: ({ ids }) => `/interviewer/contacts/${ids['contact']}`,
  form: () => ({ intent, ...more }),
  ...(prepare ? { prepare } : {}),
})

const PUBLIC: Case[] = [
  { route: 'root', kind: 'loader', may: 'anyone', path: '/login' },
  anyone('routes/public/_index', '/'),
  anyone('routes/public/login', '/login?next=%2Fadmin'),
  anyone('routes/public/logout', '/logout'),
  anyone('routes/public/preferences', '/preferences'),
  anyone('routes/public/i.$token', ({ candidates }) => `/i/${candidates.fresh.invitation}`),
  {
    route: 'routes/public/login',
    kind: 'action',
    may: 'anyone',
    path: '/login',
    form: ({ matrix }) => ({ email: matrix.staff.admin.email, password: matrix.staff.admin.password ?? '' }),
  },
  {
    route: 'routes/public/logout',
    kind: 'action',
    may: 'anyone',
    path: '/logout',
    leadsTo: '/login',
    form: () => ({}),
  },
  {
    route: 'routes/public/preferences',
    kind: 'action',
    may: 'anyone',
    path: '/preferences',
    leadsTo: '/login',
    form: () => ({ lang: 'zh-CN', back: '/login' }),
  },
  {
    route: 'routes/public/i.$token',
    kind: 'action',
    may: 'anyone',
    path: ({ candidates }) => `/i/${candidates.fresh.invitation}`,
    form: () => ({ takeOver: 'yes' }),
  },
  { route: 'routes/public/$', kind: 'loader', may: 'anyone', never: true, path: '/nobody/has/this' },
  { route: 'routes/public/$', kind: 'action', may: 'anyone', never: true, path: '/nobody/has/this', form: () => ({}) },
  { route: 'routes/public/account', kind: 'loader', may: ALL_STAFF, path: '/account' },
  {
    route: 'routes/public/account',
    kind: 'action',
    intent: 'password',
    may: ALL_STAFF,
    path: '/account',
    leadsTo: '/login',
    form: ({ matrix }) => ({
      intent: 'password',
      current: matrix.staff.admin.password ?? '',
      next: 'another quite long sentence',
    }),
  },
  {
    route: 'routes/public/account',
    kind: 'action',
    intent: 'sign-out-everywhere',
    may: ALL_STAFF,
    path: '/account',
    leadsTo: '/login',
    form: () => ({ intent: 'sign-out-everywhere' }),
  },
]

const CANDIDATE: Case[] = [
  { route: 'routes/candidate/_index', kind: 'loader', may: ALL_CANDIDATES, path: '/candidate' },
  { route: 'routes/candidate/practice', kind: 'loader', may: ALL_CANDIDATES, path: '/candidate/practice' },
  { route: 'routes/candidate/stage.$stageId', kind: 'loader', may: ALL_CANDIDATES, path: '/candidate/stage/test' },
  stage('fresh', 'notice', async ({ deps, matrix }) => ({
    intent: 'notice',
    read: 'yes',
    hash: (await noticeFor(deps, matrix.candidates.fresh.actor))!.notice.contentHash,
  })),
  stage('ready', 'consents', () => ({ intent: 'consents' })),
  stage('ready', 'accommodation', () => ({ intent: 'accommodation', reason: 'I read slowly' })),
  stage('asked', 'withdraw', () => ({ intent: 'withdraw' })),
  stage('identity', 'identity', () => ({ intent: 'identity' })),
  stage('ready', 'start', () => ({ intent: 'start', lang: 'en' })),
  {
    route: 'routes/candidate/attempt.$attemptId',
    kind: 'loader',
    may: ['running'],
    about: 'running',
    path: attemptPath('running', '?item=mx-choice&q=returns'),
  },
  {
    route: 'routes/candidate/attempt.$attemptId_.review',
    kind: 'loader',
    may: ['running'],
    about: 'running',
    path: attemptPath('running', '/review'),
  },
  {
    route: 'routes/candidate/attempt.$attemptId_.continue',
    kind: 'loader',
    may: ['running'],
    about: 'running',
    path: attemptPath('running', '/continue'),
  },
  {
    route: 'routes/candidate/attempt.$attemptId_.receipt',
    kind: 'loader',
    may: ['closed'],
    about: 'closed',
    path: attemptPath('closed', '/receipt'),
  },
  {
    route: 'routes/candidate/attempt.$attemptId_.ledger',
    kind: 'loader',
    may: ['closed'],
    about: 'closed',
    path: attemptPath('closed', '/ledger'),
  },
  {
    route: 'routes/candidate/attempt.$attemptId_.result',
    kind: 'loader',
    may: ['released'],
    about: 'released',
    path: attemptPath('released', '/result'),
  },
  ...['reasons', 'review'].map((intent): Case => ({
    route: 'routes/candidate/attempt.$attemptId_.result',
    kind: 'action',
    intent,
    may: ['released'],
    about: 'released',
    path: attemptPath('released', '/result'),
    form: () => ({ intent, text: 'please' }),
  })),
  {
    route: 'routes/resources/policies',
    kind: 'loader',
    may: ['running'],
    about: 'running',
    path: ({ candidates }) => `/resources/policies?attempt=${candidates.running.attemptId}&q=returns`,
  },
  playerGo('item:mx-choice'),
  playerGo('flag:mx-choice:on'),
  playerGo('next'),
  playerGo('next!'),
  playerGo('back'),
  playerGo('enter:timed'),
  playerGo('leave:timed', {}, holderAct({ type: 'enterSection', sectionId: 'timed' })),
  playerGo('lang:zh-CN'),
  playerGo('set:theme:dark'),
  playerGo('search', { q: 'returns' }),
  playerGo('clear:mx-choice'),
  playerGo('break'),
  playerGo('resume', {}, holderAct({ type: 'takeBreak' })),
  playerGo('review'),
  playerGo('overview'),
  playerGo('submit'),
  playerGo('take-over:1'),
]

const INTERVIEWER: Case[] = [
  { route: 'routes/interviewer/_index', kind: 'loader', may: RATERS, path: '/interviewer' },
  { route: 'routes/interviewer/queue', kind: 'loader', may: RATERS, path: '/interviewer/queue' },
  {
    route: 'routes/interviewer/queue',
    kind: 'action',
    intent: 'next',
    may: RATERS,
    path: '/interviewer/queue',
    form: () => ({ intent: 'next', itemId: 'mx-essay' }),
  },
  {
    route: 'routes/interviewer/queue',
    kind: 'action',
    intent: 'take',
    may: RATERS,
    about: 'closed',
    path: '/interviewer/queue',
    form: ({ matrix }) => ({ intent: 'take', taskId: matrix.ids['task']! }),
  },
  {
    route: 'routes/interviewer/sheets.$sheetId',
    kind: 'loader',
    may: ['rater'],
    about: 'taken',
    path: ({ ids }) => `/interviewer/sheets/${ids['sheet']}`,
  },
  ...sheetCases(
    'routes/interviewer/sheets.$sheetId',
    ({ ids }) => `/interviewer/sheets/${ids['sheet']}`,
    'taken',
    async ({ matrix }) => matrix.ids['sheet']!,
  ),
  { route: 'routes/interviewer/scenarios._index', kind: 'loader', may: RATERS, path: '/interviewer/scenarios' },
  {
    route: 'routes/interviewer/scenarios.$enrolmentId.$stageId',
    kind: 'loader',
    may: RATERS,
    about: 'talker',
    path: ({ candidates }) => `/interviewer/scenarios/${candidates.talker.enrolmentId}/talk`,
  },
  {
    route: 'routes/interviewer/scenarios.$enrolmentId.$stageId',
    kind: 'action',
    may: RATERS,
    about: 'talker',
    path: ({ candidates }) => `/interviewer/scenarios/${candidates.talker.enrolmentId}/talk`,
    form: async ({ deps }) => ({
      versionId: (await currentContent(deps.store.read, 'scenario', 'late-parcel'))!.versionId,
    }),
  },
  {
    route: 'routes/interviewer/contacts.$contactId',
    kind: 'loader',
    may: ['rater'],
    about: 'talking',
    path: ({ ids }) => `/interviewer/contacts/${ids['contact']}`,
  },
  contactAct('disclose', { factId: 'order', disclosed: 'yes' }),
  contactAct('hold'),
  contactAct('resume', {}, async (given) =>
    staffAct(
      given.deps,
      given.matrix.staff.rater.actor,
      (await contactOf(given.deps, given.matrix.ids['contact']!)).attemptId,
      { type: 'pause', reason: 'a knock at the door' },
      now(given),
    ),
  ),
  contactAct('end', { ending: 'completed' }),
  ...sheetCases(
    'routes/interviewer/contacts.$contactId',
    ({ ids }) => `/interviewer/contacts/${ids['contact']}`,
    'talking',
    contactSheet,
  ),
  { route: 'routes/interviewer/kits._index', kind: 'loader', may: RATERS, path: '/interviewer/kits' },
  { route: 'routes/interviewer/kits.$kitId', kind: 'loader', may: RATERS, path: '/interviewer/kits/phone-screen' },
]

// ---- Admin ----

const person = (
  intent: string,
  who: (matrix: Matrix) => Person,
  form: (given: Given) => Form,
  prepare?: Case['prepare'],
): Case => ({
  route: 'routes/admin/people.$personId',
  kind: 'action',
  intent,
  may: ['admin'],
  path: (matrix) => `/admin/people/${who(matrix).actor.personId}`,
  form: (given) => ({ intent, ...form(given) }),
  ...(prepare ? { prepare } : {}),
})
const trainer = (matrix: Matrix): Person => matrix.staff.trainer
const invited = (matrix: Matrix): Candidate => matrix.candidates.ready
const released = (intent: string): Case => ({
  route: 'routes/admin/results.$attemptId',
  kind: 'action',
  intent,
  may: ['admin'],
  about: 'complete',
  path: ({ candidates }) => `/admin/results/${candidates.complete.attemptId}`,
  prepare: ({ deps, matrix }) =>
    openEvidence(deps, matrix.staff.admin.actor, matrix.candidates.complete.attemptId, 'en', deps.clock.now()),
  form: () => ({ intent, outcome: 'passed', scoreNumber: '2', reason: 'seen and found good' }),
})

const ADMIN: Case[] = [
  { route: 'routes/admin/_index', kind: 'loader', may: ['admin', 'supervisor', 'officer', 'auditor'], path: '/admin' },
  { route: 'routes/admin/outbox', kind: 'loader', may: ['admin'], path: '/admin/outbox' },
  {
    route: 'routes/admin/outbox',
    kind: 'action',
    may: ['admin'],
    path: '/admin/outbox',
    form: ({ matrix }) => ({ mailId: invited(matrix).mailId }),
  },
  { route: 'routes/admin/people._index', kind: 'loader', may: ['admin'], path: '/admin/people?q=rea' },
  {
    route: 'routes/admin/people._index',
    kind: 'action',
    may: ['admin'],
    path: '/admin/people',
    form: () => ({ displayName: 'New Person', email: 'new@person.example', 'roles[]': 'trainer' }),
  },
  {
    route: 'routes/admin/people.$personId',
    kind: 'loader',
    may: ['admin'],
    path: (matrix) => `/admin/people/${invited(matrix).actor.personId}`,
  },
  person('roles', trainer, () => ({ 'roles[]': ['trainer', 'interviewer'] })),
  person('ask-disable', trainer, () => ({})),
  person('disable', trainer, () => ({})),
  person(
    'enable',
    invited,
    () => ({}),
    ({ deps, matrix }) =>
      setActive(deps, matrix.staff.admin.actor, invited(matrix).actor.personId, false, deps.clock.now()),
  ),
  person('link', invited, ({ matrix }) => ({ enrolmentId: invited(matrix).enrolmentId })),
  person('resend', invited, ({ matrix }) => ({ enrolmentId: invited(matrix).enrolmentId, locale: 'en' })),
  person('invite', invited, () => ({ programmeId: 'mx-identity', locale: 'en', closesAt: '' })),
  person('password', trainer, () => ({ password: 'a new and long enough sentence' })),
  { route: 'routes/admin/results._index', kind: 'loader', may: ['admin'], path: '/admin/results' },
  {
    route: 'routes/admin/results.$attemptId',
    kind: 'loader',
    may: ['admin'],
    about: 'complete',
    path: ({ candidates }) => `/admin/results/${candidates.complete.attemptId}`,
    writes: true,
  },
  { route: 'routes/admin/requests', kind: 'loader', may: ['admin'], path: '/admin/requests' },
  {
    route: 'routes/admin/requests',
    kind: 'action',
    may: ['admin'],
    about: 'released',
    path: '/admin/requests',
    prepare: ({ deps, matrix }) =>
      requestAfterResult(
        deps,
        matrix.candidates.released.actor,
        { attemptId: matrix.candidates.released.attemptId, kind: 'reasons', text: 'why so' },
        'en',
        deps.clock.now(),
      ),
    form: async ({ deps, matrix }) => {
      const { q, t } = deps.store.read
      return {
        requestId: (await q.select().from(t.reviewRequests))[0]!.id,
        attemptId: matrix.candidates.released.attemptId,
        text: 'because of this',
      }
    },
  },
  released('check'),
  released('release'),
]

// ---- Officers and the live room ----

const MONITORS = ['supervisor', 'admin'] as const
const roomAct = (act: string, more: Form = {}, prepare?: Case['prepare']): Case[] => [
  {
    route: 'routes/admin/live._index',
    kind: 'action',
    intent: 'act',
    may: MONITORS,
    path: '/admin/live',
    form: ({ matrix }) => ({
      intent: 'act',
      act,
      text: 'a reason',
      requestId: 'rq_1',
      attempts: matrix.candidates.running.attemptId,
      ...more,
    }),
    ...(prepare ? { prepare } : {}),
  },
  {
    route: 'routes/admin/live.$attemptId',
    kind: 'action',
    intent: 'act',
    may: MONITORS,
    about: 'running',
    path: ({ candidates }) => `/admin/live/${candidates.running.attemptId}`,
    form: ({ matrix }) => ({
      intent: 'act',
      act,
      text: 'a reason',
      requestId: 'rq_1',
      attempts: matrix.candidates.running.attemptId,
      ...more,
    }),
    ...(prepare ? { prepare } : {}),
  },
]
const tooLate = ({ deps, matrix: { candidates } }: Given) =>
  saveAnswers(
    deps,
    candidates.closed.actor,
    {
      attemptId: candidates.closed.attemptId,
      epoch: 1,
      mutations: [
        {
          mutationId: 'late-1',
          itemId: 'mx-choice',
          baseRevision: 1,
          response: { kind: 'single_choice', optionId: 'b' },
        },
      ],
    },
    deps.clock.now(),
  )
const lateText = (intent: string): Case => ({
  route: 'routes/admin/live.$attemptId',
  kind: 'action',
  intent,
  may: MONITORS,
  about: 'closed',
  path: ({ candidates }) => `/admin/live/${candidates.closed.attemptId}`,
  prepare: tooLate,
  form: async ({ deps, matrix: { candidates } }) => {
    const [late] = await quarantinedOf(deps.store.read, candidates.closed.attemptId)
    return { intent, seq: String(late?.seq ?? 0), reason: 'a reason' }
  },
})
const identity = (intent: string, more: Form, prepare?: Case['prepare']): Case => ({
  route: 'routes/admin/identity',
  kind: 'action',
  intent,
  may: MONITORS,
  path: '/admin/identity',
  about: 'identity',
  form: ({ matrix }) => ({ intent, enrolmentId: matrix.candidates.identity.enrolmentId, ...more }),
  ...(prepare ? { prepare } : {}),
})

const OFFICERS: Case[] = [
  { route: 'routes/admin/live._index', kind: 'loader', may: MONITORS, path: '/admin/live' },
  {
    route: 'routes/admin/live.$attemptId',
    kind: 'loader',
    may: MONITORS,
    about: 'running',
    path: ({ candidates }) => `/admin/live/${candidates.running.attemptId}`,
  },
  ...roomAct('grant', { minutes: '5' }),
  ...roomAct('pause'),
  ...roomAct('resume', {}, ({ deps, matrix }) =>
    staffAct(
      deps,
      matrix.staff.supervisor.actor,
      matrix.candidates.running.attemptId,
      { type: 'pause', reason: 'an alarm' },
      deps.clock.now(),
    ),
  ),
  ...roomAct('message'),
  {
    route: 'routes/admin/live._index',
    kind: 'action',
    intent: 'confirm-clock',
    may: MONITORS,
    path: '/admin/live',
    form: () => ({ intent: 'confirm-clock', alarmId: 'ck_1', aheadMs: '60000' }),
    prepare: ({ deps }) =>
      deps.store.transact(
        async (w) =>
          void (await w.q.insert(w.t.settings).values({
            key: 'clock_alarm',
            value: {
              alarmId: 'ck_1',
              raisedAt: deps.clock.now(),
              stepMs: 60_000,
              seenAt: deps.clock.now(),
              status: 'raised',
            },
            updatedAt: new Date(deps.clock.now()),
          })),
      ),
  },
  // The page of one attempt shares its parser with the room.
  {
    route: 'routes/admin/live.$attemptId',
    kind: 'action',
    intent: 'confirm-clock',
    may: MONITORS,
    path: ({ candidates }) => `/admin/live/${candidates.running.attemptId}`,
    form: () => ({ intent: 'confirm-clock', alarmId: 'ck_1', aheadMs: '60000' }),
    never: true,
  },
  lateText('counted'),
  lateText('not_counted'),
  { route: 'routes/admin/accommodations', kind: 'loader', may: ['officer'], path: '/admin/accommodations' },
  {
    route: 'routes/admin/accommodations',
    kind: 'action',
    may: ['officer'],
    about: 'asked',
    path: '/admin/accommodations',
    form: async ({ deps }) => {
      const { q, t } = deps.store.read
      const open = (await q.select().from(t.accommodations)).find((row) => row.status === 'requested')
      return {
        accommodationId: open!.id,
        decision: 'granted',
        factor: '1.5',
        extraMinutes: '0',
        breakMinutes: '0',
        answer: 'half as long again',
      }
    },
  },
  { route: 'routes/admin/identity', kind: 'loader', may: MONITORS, path: '/admin/identity' },
  identity('in_person', {}),
  identity('noted', { documentType: 'passport', lastCharacters: '12AB' }, ({ deps, matrix }) =>
    chooseConsents(deps, matrix.candidates.identity.actor, ['identity_check'], deps.clock.now()),
  ),
  { route: 'routes/admin/audit', kind: 'loader', may: ['admin', 'auditor'], path: '/admin/audit?chain=check' },
]

// ---- Trainer ----

const itemVersion = async ({ deps }: Given, id: string) => (await currentContent(deps.store.read, 'item', id))!
const DRAFTED = 'mx-true'
const typed = async (given: Given, change: boolean): Promise<Form> => {
  const version = await itemVersion(given, DRAFTED)
  const yaml = yamlOf(version.body)
  return {
    base: version.versionId,
    yaml: change
      ? yaml
          .replace('Say sorry first.', 'Say that you are sorry before anything else.')
          .replace('先道歉。', '先向客户道歉，再做其他。')
      : yaml,
    'compared.zh-CN': 'on',
    'compared.en': 'on',
  }
}
const keepDraft = async (given: Given) => {
  const { yaml, base } = await typed(given, true)
  return saveDraft(
    given.deps,
    given.matrix.staff.trainer.actor,
    DRAFTED,
    { base: String(base), yaml: String(yaml), compared: { 'zh-CN': true, en: true }, values: {} },
    'en',
    given.deps.clock.now(),
  )
}
const itemAct = (intent: string, form: Case['form'], prepare?: Case['prepare'], id = DRAFTED): Case => ({
  route: 'routes/trainer/items_.$itemId',
  kind: 'action',
  intent: intent.split('.')[0] ?? intent,
  may: ['trainer'],
  path: `/trainer/items/${id}`,
  form: async (given) => ({ ...(await form?.(given)), intent }),
  ...(prepare ? { prepare } : {}),
})

const TRAINER: Case[] = [
  { route: 'routes/trainer/_index', kind: 'loader', may: ['trainer'], path: '/trainer' },
  { route: 'routes/trainer/items', kind: 'loader', may: ['trainer'], path: '/trainer/items?q=kettle' },
  { route: 'routes/trainer/items_.$itemId', kind: 'loader', may: ['trainer'], path: '/trainer/items/mx-choice' },
  {
    route: 'routes/trainer/items_.$itemId_.versions',
    kind: 'loader',
    may: ['trainer'],
    path: '/trainer/items/mx-choice/versions',
  },
  {
    route: 'routes/trainer/items_.$itemId_.used-in',
    kind: 'loader',
    may: ['trainer'],
    path: '/trainer/items/mx-choice/used-in',
  },
  { route: 'routes/trainer/$shelf', kind: 'loader', may: ['trainer'], path: '/trainer/rubrics' },
  {
    route: 'routes/trainer/$shelf_.$contentId',
    kind: 'loader',
    may: ['trainer'],
    path: '/trainer/scenarios/late-parcel',
  },
  {
    route: 'routes/trainer/items_.$itemId_.draft',
    kind: 'loader',
    may: ['trainer'],
    path: `/trainer/items/${DRAFTED}/draft`,
    leadsTo: `/trainer/items/${DRAFTED}`,
  },
  {
    route: 'routes/trainer/items_.$itemId_.draft',
    kind: 'action',
    may: ['trainer'],
    path: `/trainer/items/${DRAFTED}/draft`,
    form: (given) => typed(given, true),
  },
  itemAct('save', (given) => typed(given, true)),
  itemAct('discard', (given) => typed(given, true), keepDraft),
  itemAct('discard-confirmed', (given) => typed(given, true), keepDraft),
  itemAct('publish', (given) => typed(given, true)),
  // Somebody else published meanwhile; the author goes on from there.
  {
    ...itemAct('continue.x', (given) => typed(given, true), keepDraft),
    form: async (given) => ({
      ...(await typed(given, true)),
      intent: `continue.${(await itemVersion(given, DRAFTED)).versionId}`,
    }),
  },
  itemAct(
    'options.add.3',
    async (given) => ({ base: (await itemVersion(given, 'mx-choice')).versionId }),
    undefined,
    'mx-choice',
  ),
  itemAct(
    'thread.add.0',
    async (given) => ({ base: (await itemVersion(given, 'mx-choice')).versionId }),
    undefined,
    'mx-choice',
  ),
  itemAct(
    'expected.add.0',
    async (given) => ({ base: (await itemVersion(given, 'mx-choice')).versionId }),
    undefined,
    'mx-choice',
  ),
]

const ENDPOINTS: Case[] = [
  {
    route: 'POST /api/attempts/save',
    kind: 'endpoint',
    may: ['running'],
    about: 'running',
    path: '/api/attempts/save',
    json: ({ matrix }) => ({
      attemptId: matrix.candidates.running.attemptId,
      epoch: 1,
      mutations: [
        {
          mutationId: 'mutation-1',
          itemId: 'mx-choice',
          baseRevision: 0,
          response: { kind: 'single_choice', optionId: 'a' },
        },
      ],
    }),
  },
  {
    route: 'POST /api/attempts/heartbeat',
    kind: 'endpoint',
    may: ['running'],
    about: 'running',
    path: '/api/attempts/heartbeat',
    json: ({ matrix }) => ({ attemptId: matrix.candidates.running.attemptId, epoch: 1 }),
  },
  {
    route: 'GET /api/attempts/',
    kind: 'endpoint',
    intent: 'events',
    may: ['running'],
    about: 'running',
    path: ({ candidates }) => `/api/attempts/${candidates.running.attemptId}/events`,
  },
  {
    route: 'GET /api/attempts/',
    kind: 'endpoint',
    intent: 'draft-key',
    may: ['running'],
    about: 'running',
    path: ({ candidates }) => `/api/attempts/${candidates.running.attemptId}/draft-key`,
  },
  { route: 'GET /api/room/events', kind: 'endpoint', may: ['supervisor', 'admin'], path: '/api/room/events' },
  {
    route: 'POST /__test/clock',
    kind: 'endpoint',
    may: 'anyone',
    path: '/__test/clock',
    json: () => ({ offsetMs: 1 }),
  },
]

export const CASES: readonly Case[] = [
  ...PUBLIC,
  ...CANDIDATE,
  ...INTERVIEWER,
  ...ADMIN,
  ...OFFICERS,
  ...TRAINER,
  ...ENDPOINTS,
]
/** Pages without a loader and without an action: words for everybody. */
export const BARE_PAGES = ['routes/public/signed-out']
