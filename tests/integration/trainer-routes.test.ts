import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Role } from '#app/core/access/actor.ts'
import { sessionCookieName } from '#app/http/cookies.server.ts'
import * as home from '#app/routes/trainer/_index.tsx'
import * as content from '#app/routes/trainer/$shelf_.$contentId.tsx'
import * as shelf from '#app/routes/trainer/$shelf.tsx'
import * as draft from '#app/routes/trainer/items_.$itemId_.draft.tsx'
import * as uses from '#app/routes/trainer/items_.$itemId_.used-in.tsx'
import * as versions from '#app/routes/trainer/items_.$itemId_.versions.tsx'
import * as item from '#app/routes/trainer/items_.$itemId.tsx'
import * as items from '#app/routes/trainer/items.tsx'
import { importBanks } from '#app/services/content/bank-import.server.ts'
import { currentContent } from '#app/services/content/versions.server.ts'
import { createAccount, signIn } from '#app/services/people/accounts.server.ts'
import { contentFolder, type ContentFolder } from '#tests/fixtures/content-folder.ts'
import { testDeps, type TestDeps } from '#tests/setup/server-deps.ts'

let context: TestDeps
let folder: ContentFolder
const cookies: Partial<Record<Role, string>> = {}
const PASSWORD = 'a sentence for the tests'

async function signedIn(role: Role): Promise<string> {
  const email = `${role}@poise.example`
  await createAccount(
    context.deps,
    { email, displayName: role, password: PASSWORD, roles: [role], actorId: null },
    context.deps.clock.now(),
  )
  const result = await signIn(context.deps, { email, password: PASSWORD, client: 'test' }, context.deps.clock.now())
  if (!result.ok) throw new Error(result.error.code)
  return `${sessionCookieName(context.deps.config)}=${result.value.token}`
}

beforeEach(async () => {
  context = await testDeps()
  folder = contentFolder()
  await importBanks(context.deps, folder.path)
  cookies.trainer = await signedIn('trainer')
  cookies.interviewer = await signedIn('interviewer')
})
afterEach(async () => {
  folder.remove()
  await context.cleanup()
})

type Call = {
  path: string
  params?: Record<string, string>
  form?: Record<string, string>
  role?: Role
  json?: boolean
}
type Handler = (args: never) => Promise<Response | null>
async function call(
  handler: unknown,
  { path, params = {}, form, role = 'trainer', json = false }: Call,
): Promise<Response> {
  const headers: Record<string, string> = {
    cookie: cookies[role] ?? '',
    'accept-language': 'en',
    ...(json ? { accept: 'application/json' } : {}),
  }
  const request = new Request(
    `http://poise.test${path}`,
    form ? { method: 'POST', headers, body: new URLSearchParams(form) } : { headers },
  )
  const args = { request, params, context: { deps: context.deps, receivedAt: context.deps.clock.now() } }
  try {
    return (await (handler as Handler)(args as never)) ?? new Response(null)
  } catch (thrown) {
    if (thrown instanceof Response) return thrown
    throw thrown
  }
}

const ITEM = { itemId: 'st-kettle' }
const PAGES: { name: string; handler: unknown; path: string; params?: Record<string, string> }[] = [
  { name: 'room', handler: home.loader, path: '/trainer' },
  { name: 'items', handler: items.loader, path: '/trainer/items?q=水壶' },
  { name: 'item', handler: item.loader, path: '/trainer/items/st-kettle', params: ITEM },
  { name: 'versions', handler: versions.loader, path: '/trainer/items/st-kettle/versions', params: ITEM },
  { name: 'uses', handler: uses.loader, path: '/trainer/items/st-kettle/used-in', params: ITEM },
  { name: 'shelf', handler: shelf.loader, path: '/trainer/policies', params: { shelf: 'policies' } },
  {
    name: 'policy',
    handler: content.loader,
    path: '/trainer/policies/returns',
    params: { shelf: 'policies', contentId: 'returns' },
  },
]

describe('the trainer’s pages', () => {
  test.each(PAGES)(
    '$name: opens for a trainer, is not there for others, and asks nobody in particular to sign in',
    async ({ handler, path, params }) => {
      expect((await call(handler, { path, ...(params ? { params } : {}) })).status).toBe(
        path === '/trainer' ? 302 : 200,
      )
      expect((await call(handler, { path, ...(params ? { params } : {}), role: 'interviewer' })).status).toBe(404)
      const nobody = await call(handler, { path, ...(params ? { params } : {}), role: 'admin' })
      expect([nobody.status, nobody.headers.get('location')]).toEqual([
        302,
        `/login?next=${encodeURIComponent(new URL(`http://x${path}`).pathname + new URL(`http://x${path}`).search)}`,
      ])
    },
  )
  test('that do not exist are not found', async () => {
    expect((await call(item.loader, { path: '/trainer/items/none', params: { itemId: 'none' } })).status).toBe(404)
    expect((await call(shelf.loader, { path: '/trainer/notices', params: { shelf: 'notices' } })).status).toBe(404)
    expect(
      (await call(content.loader, { path: '/trainer/policies/none', params: { shelf: 'policies', contentId: 'none' } }))
        .status,
    ).toBe(404)
  })
})

describe('the editor’s form', () => {
  /** What a browser without a script sends: every field of the page by its name. */
  async function fields(over: Record<string, string>): Promise<Record<string, string>> {
    const view = (
      (await (await call(item.loader, { path: '/trainer/items/st-kettle', params: ITEM })).json()) as {
        view: { base: { versionId: string }; content: { values: object } }
      }
    ).view
    const out: Record<string, string> = { base: view.base.versionId }
    const walk = (value: unknown, name: string): void => {
      if (typeof value === 'string') out[name] = value
      else if (value === true) out[name] = 'on'
      else if (typeof value === 'object' && value !== null)
        for (const [key, inner] of Object.entries(value)) walk(inner, name === '' ? key : `${name}.${key}`)
    }
    walk(view.content.values, '')
    return { ...out, ...over }
  }
  const post = async (over: Record<string, string>, role: Role = 'trainer') =>
    call(item.action, { path: '/trainer/items/st-kettle', params: ITEM, form: await fields(over), role })
  const stem = async () => (await currentContent(context.deps.store.read, 'item', 'st-kettle'))?.body.stem.en

  test('saves, refuses and publishes by its buttons', async () => {
    expect((await post({ intent: 'save', 'stem.en': '' })).headers.get('location')).toBe('/trainer/items/st-kettle')
    const refused = await post({ intent: 'publish' })
    expect([refused.status, await refused.json()]).toEqual([
      422,
      { status: 'failed', error: { code: 'item.incomplete' } },
    ])
    const published = await post({
      intent: 'publish',
      'stem.en': 'The kettle came with a crack. What do you say first?',
    })
    expect([published.status, published.headers.get('location')]).toEqual([302, '/trainer/items/st-kettle?published=2'])
    expect(await stem()).toBe('The kettle came with a crack. What do you say first?')
  })
  test('asks before a draft is thrown away', async () => {
    const asked = await post({ intent: 'discard', 'stem.en': 'Other words?' })
    expect(await asked.json()).toEqual({ status: 'confirm_discard' })
    expect((await post({ intent: 'discard-confirmed' })).headers.get('location')).toBe(
      '/trainer/items/st-kettle?discarded=1',
    )
    expect(
      (
        (await (await call(item.loader, { path: '/trainer/items/st-kettle', params: ITEM })).json()) as {
          view: { draft: unknown }
        }
      ).view.draft,
    ).toBeNull()
  })
  test('adds an option by a plain button, and knows no other buttons', async () => {
    expect((await post({ intent: 'options.add.0' })).status).toBe(302)
    expect(Object.keys(await fields({})).filter((name) => /^options\.\d+\.id$/.test(name))).toHaveLength(5)
    expect((await post({ intent: 'explode' })).status).toBe(422)
  })
  test('changes nothing for anybody else', async () => {
    const form = await fields({ intent: 'publish', 'stem.en': 'Not mine to change?' })
    expect(
      (await call(item.action, { path: '/trainer/items/st-kettle', params: ITEM, form, role: 'interviewer' })).status,
    ).toBe(404)
    expect(
      (
        await call(draft.action, {
          path: '/trainer/items/st-kettle/draft',
          params: ITEM,
          form,
          role: 'interviewer',
          json: true,
        })
      ).status,
    ).toBe(404)
    expect(
      (
        await call(draft.action, {
          path: '/trainer/items/st-kettle/draft',
          params: ITEM,
          form,
          role: 'admin',
          json: true,
        })
      ).status,
    ).toBe(401)
    expect(await stem()).not.toBe('Not mine to change?')
  })
  test('is kept by the automatic save, with what the check says', async () => {
    const form = await fields({ 'policy.revision': '7' })
    const reply = await call(draft.action, { path: '/trainer/items/st-kettle/draft', params: ITEM, form, json: true })
    expect(await reply.json()).toMatchObject({
      draft: true,
      check: { problems: [], findings: [{ code: 'ref.policy_revision', severity: 'error' }] },
    })
    expect(
      (await call(draft.action, { path: '/trainer/items/none/draft', params: { itemId: 'none' }, form, json: true }))
        .status,
    ).toBe(404)
    expect(
      (await call(draft.action, { path: '/trainer/items/st-kettle/draft', params: ITEM, form: {}, json: true })).status,
    ).toBe(422)
  })
})
