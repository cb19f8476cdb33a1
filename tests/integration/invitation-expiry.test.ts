/** An invitation ends with its window, but never locks anybody out of what they have begun. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '#app/core/access/actor.ts'
import { DAY_MS } from '#app/core/shared/time.ts'
import { startAttempt } from '#app/services/attempt/start.server.ts'
import { importBanks } from '#app/services/content/bank-import.server.ts'
import { acknowledgeNotice } from '#app/services/enrolment/consents.server.ts'
import { invite, readInvitation } from '#app/services/enrolment/invitations.server.ts'
import { addPerson } from '#app/services/people/people.server.ts'
import { testDeps, type TestDeps } from '#tests/setup/server-deps.ts'

let world: TestDeps
beforeAll(async () => {
  world = await testDeps()
  await importBanks(world.deps, 'question-banks')
})
afterAll(() => world.cleanup())

test('the link ends with the window where nothing was begun, and leads on where something was', async () => {
  const { deps } = world
  const now = deps.clock.now()
  const admin: Actor = { personId: 'staff', roles: ['admin'], sessionId: 's', enrolmentId: null }
  const person = await addPerson(
    deps,
    admin,
    { displayName: 'Late', email: 'late@candidate.example', roles: ['candidate'] },
    now,
  )
  if (!person.ok) throw new Error(person.error.code)
  const invited = await invite(
    deps,
    admin,
    { personId: person.value.personId, programmeId: 'service-standard', locale: 'en', closesAt: now + DAY_MS },
    now,
  )
  if (!invited.ok) throw new Error(invited.error.code)
  const look = async (at: number): Promise<string> => {
    const found = await readInvitation(deps, { token: invited.value.token, client: 'test' }, at)
    return found.ok ? 'valid' : found.error.code
  }
  expect(await look(now + DAY_MS)).toBe('valid')
  expect(await look(now + DAY_MS + 1)).toBe('invitation.expired')
  const candidate: Actor = {
    personId: person.value.personId,
    roles: ['candidate'],
    sessionId: 'c',
    enrolmentId: invited.value.enrolmentId,
  }
  await acknowledgeNotice(deps, candidate, now)
  expect((await startAttempt(deps, candidate, { stageId: 'standard', locale: 'en' }, now)).ok).toBe(true)
  expect(await look(now + DAY_MS + 1)).toBe('valid')
})
