// People, their links, the outbox and the trail.
import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '#app/core/access/actor.ts'
import { auditTrail, checkChain } from '#app/ground/audit.server.ts'
import { invite, readInvitation, reissueInvitation, useInvitation } from '#app/services/enrolment/invitations.server.ts'
import { linkForMail, outbox } from '#app/services/enrolment/outbox.server.ts'
import { signIn } from '#app/services/people/accounts.server.ts'
import {
  addPerson,
  personPage,
  searchPeople,
  setActive,
  setPassword,
  setRoles,
} from '#app/services/people/people.server.ts'
import { referenceOf } from '#app/services/people/reference.server.ts'
import { attemptWorld, DAY, type World } from '#tests/setup/attempt-world.ts'
import { sqliteTestStore, type SqliteTestStore } from '#tests/setup/test-store.ts'

let store: SqliteTestStore
let world: World
beforeEach(async () => {
  store = await sqliteTestStore()
  world = await attemptWorld(store.store)
})
afterEach(() => store.cleanup())

const now = () => world.clock.now()
async function person(
  displayName: string,
  email: string,
  roles: Parameters<typeof addPerson>[2]['roles'] = [],
): Promise<string> {
  const added = await addPerson(world.deps, world.admin, { displayName, email, roles }, now())
  if (!added.ok) throw new Error(added.error.code)
  return added.value.personId
}
const tokenOf = (url: string) => url.split('/i/')[1] ?? ''
const opens = async (token: string) => (await readInvitation(world.deps, { token, client: token }, now())).ok

describe('people', () => {
  it('come in the order of the reader’s language, found by name or address', async () => {
    await person('周理', 'zhou@x.example', ['interviewer'])
    await person('陈思远', 'chen@x.example')
    await person('Ömer', 'omer@x.example')
    const names = async (q: string, locale: 'zh-CN' | 'en', role: 'interviewer' | null = null) =>
      (await searchPeople(world.deps, { q, role }, locale)).people
        .map((row) => row.displayName)
        .filter((name) => !name.startsWith('Person'))
    // Pinyin: chen before zhou.
    expect(await names('x.example', 'zh-CN')).toEqual(['陈思远', '周理', 'Ömer'])
    expect((await names('x.example', 'en'))[0]).toBe('Ömer')
    expect(await names('周', 'zh-CN')).toEqual(['周理'])
    expect(await names('OMER@', 'en')).toEqual(['Ömer'])
    expect(await names('', 'en', 'interviewer')).toEqual(['周理'])
  })

  it('cannot take admin from themselves, disable themselves, or set their own password here', async () => {
    const { admin, deps } = world
    expect(await setRoles(deps, admin, admin.personId, ['trainer'], now())).toMatchObject({
      ok: false,
      error: { code: 'person.own_roles' },
    })
    expect(await setActive(deps, admin, admin.personId, false, now())).toMatchObject({
      ok: false,
      error: { code: 'person.own_roles' },
    })
    expect(
      await setPassword(deps, admin, { personId: admin.personId, password: 'a sentence that is long' }, now()),
    ).toMatchObject({ ok: false, error: { code: 'person.own_password' } })
  })

  it('get a password only with a staff role; sessions end, and the trail has no password', async () => {
    const candidate = await person('Cai', 'cai@x.example')
    const password = 'seven herons over the ferry'
    expect(await setPassword(world.deps, world.admin, { personId: candidate, password }, now())).toMatchObject({
      ok: false,
      error: { code: 'person.no_staff_role' },
    })
    const trainer = await person('Tao', 'tao@x.example', ['trainer'])
    expect(await setPassword(world.deps, world.admin, { personId: trainer, password: 'short' }, now())).toMatchObject({
      ok: false,
      error: { code: 'auth.password_short' },
    })
    expect(await setPassword(world.deps, world.admin, { personId: trainer, password }, now())).toEqual({
      ok: true,
      value: true,
    })
    expect((await signIn(world.deps, { email: 'tao@x.example', password, client: 'c' }, now())).ok).toBe(true)
    await setActive(world.deps, world.admin, trainer, false, now())
    expect(await signIn(world.deps, { email: 'tao@x.example', password, client: 'c' }, now())).toMatchObject({
      ok: false,
      error: { code: 'auth.wrong' },
    })
    expect(JSON.stringify(await store.store.read.q.select().from(store.store.read.t.auditEvents))).not.toContain(
      'herons',
    )
  })
})

describe('a link', () => {
  async function invited() {
    const programmeId = await world.programme()
    const personId = await person('Mei', 'mei@x.example')
    const sent = await invite(world.deps, world.admin, { personId, programmeId, locale: 'zh-CN' }, now())
    if (!sent.ok) throw new Error(sent.error.code)
    return { personId, programmeId, ...sent.value }
  }
  const byHand = (enrolmentId: string, personId?: string) =>
    reissueInvitation(
      world.deps,
      world.admin,
      { enrolmentId, ...(personId ? { personId } : {}), locale: 'en', deliver: 'by_hand' },
      now(),
    )

  it('that is copied ends the one before, and makes no mail', async () => {
    const { enrolmentId, token } = await invited()
    expect(await opens(token)).toBe(true)
    const copied = await byHand(enrolmentId)
    if (!copied.ok) throw new Error(copied.error.code)
    expect(await opens(token)).toBe(false)
    expect(await opens(tokenOf(copied.value.url))).toBe(true)
    const box = await outbox(world.deps, now())
    expect(box.sends).toBe(false)
    expect(box.mails.map((mail) => [mail.state, mail.canCopy])).toEqual([['replaced', true]])
    // Neither token nor link is anywhere in clear.
    const everything = JSON.stringify([
      await store.store.read.q.select().from(store.store.read.t.mails),
      await store.store.read.q.select().from(store.store.read.t.invitations),
      await store.store.read.q.select().from(store.store.read.t.auditEvents),
    ])
    for (const secret of [token, tokenOf(copied.value.url)]) expect(everything).not.toContain(secret)
  })

  it('comes from the outbox in the same way, and is told apart once it was used', async () => {
    const { mailId } = await invited()
    const copied = await linkForMail(world.deps, world.admin, { mailId, locale: 'en' }, now())
    if (!copied.ok) throw new Error(copied.error.code)
    await useInvitation(world.deps, { token: tokenOf(copied.value.url), client: 'c', takeOver: false }, now())
    expect(await linkForMail(world.deps, world.admin, { mailId: 'ma_none', locale: 'en' }, now())).toMatchObject({
      ok: false,
      error: { code: 'mail.not_found' },
    })
    const page = await personPage(
      world.deps,
      world.admin,
      (await outbox(world.deps, now())).mails[0]?.personId ?? '',
      'en',
      now(),
    )
    expect(page?.enrolments).toMatchObject([
      { open: true, invitation: { useCount: 1 }, stages: [{ state: 'not_started', attempts: 0 }] },
    ])
    // An admin can tell a rater whose code it is, unless they rate themselves.
    expect(page?.enrolments[0]?.reference).toBe(referenceOf(world.deps, page?.enrolments[0]?.id ?? ''))
    const rates = { ...world.admin, roles: [...world.admin.roles, 'interviewer' as const] }
    expect((await personPage(world.deps, rates, page?.id ?? '', 'en', now()))?.enrolments[0]).toMatchObject({
      reference: null,
      stages: [{ references: [] }],
    })
  })

  it('is made for the person whose page it is, and not after the window', async () => {
    const { enrolmentId, personId } = await invited()
    expect(await byHand(enrolmentId, world.staff.personId)).toMatchObject({
      ok: false,
      error: { code: 'enrolment.not_found' },
    })
    expect((await byHand(enrolmentId, personId)).ok).toBe(true)
    world.clock.advance(31 * DAY)
    expect(await byHand(enrolmentId, personId)).toMatchObject({ ok: false, error: { code: 'enrolment.closed' } })
    expect((await outbox(world.deps, now())).mails.every((mail) => !mail.canCopy)).toBe(true)
  })

  it('is not doubled while a programme is open, and not for a time that has passed', async () => {
    const { personId, programmeId } = await invited()
    const again = (closesAt?: number) =>
      invite(
        world.deps,
        world.admin,
        { personId, programmeId, locale: 'en', ...(closesAt === undefined ? {} : { closesAt }) },
        now(),
      )
    expect(await again()).toMatchObject({ ok: false, error: { code: 'enrolment.already_open' } })
    expect(await again(now())).toMatchObject({ ok: false, error: { code: 'enrolment.closes_past' } })
    world.clock.advance(31 * DAY)
    expect((await again(now() + DAY)).ok).toBe(true)
  })
})

describe('the trail', () => {
  it('holds as a chain, and says where it does not', async () => {
    await person('A', 'a@x.example')
    await person('B', 'b@x.example')
    const whole = await checkChain(world.deps)
    expect(whole.brokenSeq).toBeNull()
    const { t } = store.store.read
    // An id is exchanged behind the product's back.
    await store.store.transact((w) =>
      w.q.update(w.t.auditEvents).set({ subjectId: 'pe_other' }).where(eq(t.auditEvents.seq, 2)),
    )
    expect((await checkChain(world.deps)).brokenSeq).toBe(2)
  })

  it('misses an entry that was taken out', async () => {
    await person('A', 'a@x.example')
    await person('B', 'b@x.example')
    await store.store.transact((w) => w.q.delete(w.t.auditEvents).where(sql`${w.t.auditEvents.seq} = 3`))
    expect((await checkChain(world.deps)).brokenSeq).toBe(4)
  })

  it('is read by subject and in pages', async () => {
    const id = await person('A', 'a@x.example')
    const own = await auditTrail(world.deps, world.admin, { subjectType: 'person', subjectId: id, before: null })
    expect(own.entries.map((entry) => entry.action)).toEqual(['person.created'])
    for (let i = 0; i < 101; i += 1) await person(`P${i}`, `p${i}@y.example`)
    const first = await auditTrail(world.deps, world.admin as Actor, {
      subjectType: null,
      subjectId: null,
      before: null,
    })
    expect(first.entries).toHaveLength(100)
    const second = await auditTrail(world.deps, world.admin, {
      subjectType: null,
      subjectId: null,
      before: first.nextBefore,
    })
    expect(second.entries[0]?.seq).toBe((first.entries.at(-1)?.seq ?? 0) - 1)
    expect(second.nextBefore).toBeNull()
  })
})
