import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Actor } from '#app/core/access/actor.ts'
import { valuesOf, type SingleChoiceValues } from '#app/core/bank/editing/form-values.ts'
import type { EditorView } from '#app/core/bank/editing/view.ts'
import type { ItemOf } from '#app/core/bank/schema.ts'
import { findingText } from '#app/i18n/bank-findings.ts'
import { itemsOfAttempt } from '#app/services/attempt/form.server.ts'
import { startAttempt } from '#app/services/attempt/start.server.ts'
import { importBanks } from '#app/services/content/bank-import.server.ts'
import { continueOnNewer, discardDraft, editList, saveDraft } from '#app/services/content/item-editor-drafts.server.ts'
import { publishItem } from '#app/services/content/item-editor-publish.server.ts'
import { yamlOf, type EditorInput } from '#app/services/content/item-editor-typed.server.ts'
import { openItem } from '#app/services/content/item-editor.server.ts'
import { readHistory, readItemUses } from '#app/services/content/item-history.server.ts'
import { currentContent } from '#app/services/content/versions.server.ts'
import { acknowledgeNotice } from '#app/services/enrolment/consents.server.ts'
import { invite } from '#app/services/enrolment/invitations.server.ts'
import { createAccount } from '#app/services/people/accounts.server.ts'
import { addPerson } from '#app/services/people/people.server.ts'
import { trueFalse } from '#tests/fixtures/bank.ts'
import { both, contentFolder, kettle, KETTLE_FILE, type ContentFolder } from '#tests/fixtures/content-folder.ts'
import { testDeps, type TestDeps } from '#tests/setup/server-deps.ts'

let context: TestDeps
let folder: ContentFolder
let trainer: Actor
const NOW = Date.UTC(2026, 10, 22, 8, 20, 41)
const NOT_COMPARED = { 'zh-CN': false, en: false }
const statement = trueFalse(both('卖家可以在周末申请加急。', 'A seller may ask for an urgent call at weekends.'), false)

async function account(name: string): Promise<Actor> {
  const made = await createAccount(
    context.deps,
    {
      email: `${name}@poise.example`,
      displayName: name,
      password: 'a sentence for the tests',
      roles: ['trainer'],
      actorId: null,
    },
    NOW,
  )
  if (!made.ok) throw new Error(made.error.code)
  return { personId: made.value.personId, roles: ['trainer'], sessionId: 's', enrolmentId: null }
}

beforeEach(async () => {
  context = await testDeps()
  folder = contentFolder([kettle(), statement])
  const report = await importBanks(context.deps, folder.path)
  expect(report.blocked).toEqual([])
  trainer = await account('shen')
})
afterEach(async () => {
  folder.remove()
  await context.cleanup()
})

async function open(actor = trainer, id = 'st-kettle'): Promise<EditorView> {
  const opened = await openItem(context.deps, actor, id, 'en')
  if (!opened.ok) throw new Error(opened.error.code)
  return opened.value
}
const valuesIn = (view: EditorView): SingleChoiceValues => {
  if (view.content.form !== 'fields') throw new Error('the item has no form')
  return view.content.values as SingleChoiceValues
}
async function typed(change: (values: SingleChoiceValues) => void, actor = trainer): Promise<EditorInput> {
  const view = await open(actor)
  const values = structuredClone(valuesIn(view))
  change(values)
  return { base: view.base.versionId, values, yaml: null, compared: NOT_COMPARED }
}
const newStem = (en: string) => typed((values) => void (values.stem.en = en))
const publish = (input: EditorInput, actor = trainer, id = 'st-kettle') =>
  publishItem(context.deps, actor, id, input, 'en', NOW)
const codeOf = (result: Awaited<ReturnType<typeof publish>>): string =>
  result.ok ? `version ${result.value.number}` : result.error.code
const current = async () => (await currentContent(context.deps.store.read, 'item', 'st-kettle'))!

describe('publishing', () => {
  test('makes a version, moves the head, ends the draft and leaves an audit row', async () => {
    const input = await newStem('A buyer writes that the kettle has a crack. What do you reply first?')
    await saveDraft(context.deps, trainer, 'st-kettle', input, 'en', NOW)
    expect(codeOf(await publish(input))).toBe('version 2')
    const head = await current()
    expect(head).toMatchObject({
      number: 2,
      body: { stem: { en: 'A buyer writes that the kettle has a crack. What do you reply first?' } },
    })
    expect(head.body.languages).toMatchObject({ en: { revision: 2 }, 'zh-CN': { revision: 1, checkedAgainst: 1 } })
    expect((await open()).draft).toBeNull()
    const { q, t } = context.deps.store.read
    const rows = await q.select().from(t.auditEvents)
    expect(rows.filter((row) => row.action === 'content.published')).toMatchObject([
      { actorId: trainer.personId, subjectId: 'st-kettle', data: { number: 2, contentHash: head.contentHash } },
    ])
  })
  test('of what is in use already makes no version', async () => {
    expect(codeOf(await publish(await typed(() => undefined)))).toBe('item.unchanged')
    expect((await readHistory(context.deps, trainer, 'st-kettle', { from: null, to: null })).ok).toBe(true)
    expect((await current()).number).toBe(1)
  })
  test('from one version by two people has one winner, and nothing is left of the other', async () => {
    const other = await account('ren')
    const results = await Promise.all([
      publish(await newStem('First new wording of the question?')),
      publish(await newStem('Second new wording of the question?'), other),
    ])
    expect(results.map(codeOf).sort()).toEqual(['item.conflict', 'version 2'])
    const { q, t } = context.deps.store.read
    expect(
      (await q.select().from(t.contentVersions))
        .filter((row) => row.contentId === 'st-kettle')
        .map((row) => row.number)
        .sort(),
    ).toEqual([1, 2])
  })
  test('is refused with a sentence while a field is missing or an error stands', async () => {
    expect(codeOf(await publish(await newStem(' ')))).toBe('item.incomplete')
    expect(codeOf(await publish(await typed((values) => void (values.policy.revision = '9'))))).toBe('item.has_errors')
    expect(codeOf(await publish({ ...(await newStem('x')), base: 'cv_unknown' }))).toBe('item.not_found')
    expect(
      (
        await publishItem(
          context.deps,
          { ...trainer, roles: ['interviewer'] },
          'st-kettle',
          await newStem('x'),
          'en',
          NOW,
        )
      ).ok,
    ).toBe(false)
  })
  test('lets a warning stand with a reason, and keeps the reason with the version', async () => {
    const long =
      'Say that you are sorry, ask where the crack is, ask for a photograph of it and of the box, and tell her when she will hear from you again'
    const input = await typed((values) => void (values.options[2]!.text.en = long))
    const saved = await saveDraft(context.deps, trainer, 'st-kettle', input, 'en', NOW)
    if (!saved.ok) throw new Error(saved.error.code)
    expect(saved.value.check.findings.find((f) => f.code === 'item.key_length')).toMatchObject({
      severity: 'warning',
      guideline: 'HDR2002-24',
    })
    const waived = await typed(
      (values) =>
        void (
          (values.options[2]!.text.en = long),
          (values.waivers = [{ rule: 'item.key_length', reason: 'The policy names all four steps.' }])
        ),
    )
    const again = await saveDraft(context.deps, trainer, 'st-kettle', waived, 'en', NOW)
    expect(again.ok && again.value.check.findings.find((f) => f.code === 'item.key_length')?.waived).toBe(
      'The policy names all four steps.',
    )
    expect(codeOf(await publish(waived))).toBe('version 2')
    expect((await current()).body.waivers).toEqual([
      { rule: 'item.key_length', reason: 'The policy names all four steps.' },
    ])
  })
})

describe('options', () => {
  test('that were published are retired and stay; they cannot be taken out', async () => {
    expect(codeOf(await publish(await typed((values) => void (values.options = values.options.slice(0, 3)))))).toBe(
      'item.incomplete',
    )
    const input = await typed((values) => {
      values.options[3]!.retired = true
      values.options.push({
        id: 'e',
        text: both('先登记再回复', 'Make a note of it before you reply'),
        rationale: both('说明理由。', 'The reason.'),
        retired: false,
      })
    })
    expect(codeOf(await publish(input))).toBe('version 2')
    expect(
      ((await current()).body as ItemOf<'single_choice'>).options.map(
        ({ id, retired }) => `${id}${retired ? ' retired' : ''}`,
      ),
    ).toEqual(['a', 'b', 'c', 'd retired', 'e'])
    const view = await open()
    expect(view.publishedOptions).toEqual(['a', 'b', 'c', 'd', 'e'])
  })
  test('are added and moved by plain buttons, and a published one is not removed by one', async () => {
    const press = async (list: 'options', op: 'add' | 'up' | 'remove', index: number) =>
      editList(context.deps, trainer, 'st-kettle', await typed(() => undefined), { list, op, index }, NOW)
    await press('options', 'add', 0)
    await press('options', 'up', 1)
    await press('options', 'remove', 0)
    expect(valuesIn(await open()).options.map((o) => o.id)).toEqual(['b', 'a', 'c', 'd', 'e'])
  })
})

describe('drafts', () => {
  test('are kept per author, unfinished as they are, and given up', async () => {
    const other = await account('ren')
    const saved = await saveDraft(context.deps, trainer, 'st-kettle', await newStem(''), 'en', NOW)
    expect(saved).toMatchObject({
      ok: true,
      value: {
        savedAt: '2026-11-22T08:20:41.000Z',
        draft: true,
        check: { problems: [{ path: 'stem.en', code: 'form.required' }] },
        item: null,
      },
    })
    expect(valuesIn(await open()).stem.en).toBe('')
    expect(valuesIn(await open(other)).stem.en).not.toBe('')
    expect((await open(other)).draft).toBeNull()
    await discardDraft(context.deps, trainer, 'st-kettle')
    expect((await open()).draft).toBeNull()
  })
  test('vanish when the text is again the one in use', async () => {
    await saveDraft(context.deps, trainer, 'st-kettle', await newStem('Other words?'), 'en', NOW)
    const view = await open()
    const back = valuesOf(view.base.item as ItemOf<'single_choice'>)
    expect(
      await saveDraft(
        context.deps,
        trainer,
        'st-kettle',
        { base: view.base.versionId, values: back, yaml: null, compared: NOT_COMPARED },
        'en',
        NOW,
      ),
    ).toMatchObject({ ok: true, value: { draft: false } })
    expect((await open()).draft).toBeNull()
  })
  test('show both texts when somebody published meanwhile, and go on from the new version once it was read', async () => {
    const other = await account('ren')
    const mine = await newStem('My wording of the question?')
    await saveDraft(context.deps, trainer, 'st-kettle', mine, 'en', NOW)
    expect(codeOf(await publish(await newStem('Their wording of the question?'), other))).toBe('version 2')
    const view = await open()
    expect(view.newer).toMatchObject({
      number: 2,
      author: 'ren',
      item: { stem: { en: 'Their wording of the question?' } },
    })
    expect(valuesIn(view).stem.en).toBe('My wording of the question?')
    expect(codeOf(await publish(mine))).toBe('item.conflict')
    expect(await continueOnNewer(context.deps, trainer, 'st-kettle', 'cv_old', NOW)).toMatchObject({
      ok: false,
      error: { code: 'item.conflict' },
    })
    expect((await continueOnNewer(context.deps, trainer, 'st-kettle', view.newer!.versionId, NOW)).ok).toBe(true)
    const after = await open()
    expect([after.newer, after.base.number]).toEqual([null, 2])
    expect(
      codeOf(
        await publish({ base: after.base.versionId, values: valuesIn(after), yaml: null, compared: NOT_COMPARED }),
      ),
    ).toBe('version 3')
  })
  test('with a character that no store can hold are refused', async () => {
    expect(await saveDraft(context.deps, trainer, 'st-kettle', await newStem('a\u0000b'), 'en', NOW)).toMatchObject({
      ok: false,
      error: { code: 'text.forbidden_character' },
    })
  })
})

describe('other kinds', () => {
  const yamlInput = async (change: (text: string) => string): Promise<EditorInput> => {
    const view = await open(trainer, statement.id)
    return {
      base: view.base.versionId,
      values: {},
      yaml: change(view.content.form === 'yaml' ? view.content.text : ''),
      compared: { 'zh-CN': true, en: true },
    }
  }
  test('are edited as YAML under the same checks and published the same way', async () => {
    const input = await yamlInput((text) => text.replace('may ask for', 'can book'))
    expect(codeOf(await publish(input, trainer, statement.id))).toBe('version 2')
    const head = await currentContent(context.deps.store.read, 'item', statement.id)
    expect(head?.body.stem.en).toBe('A seller can book an urgent call at weekends.')
    expect(head?.body.languages).toEqual({
      'zh-CN': { revision: 1, checkedAgainst: 2 },
      en: { revision: 2, checkedAgainst: 1 },
    })
  })
  test('say by path and line what is wrong, and keep what was typed', async () => {
    const input = await yamlInput((text) => text.replace('difficulty: 0.6', 'difficulty: easy'))
    const saved = await saveDraft(context.deps, trainer, statement.id, input, 'en', NOW)
    expect(saved).toMatchObject({
      ok: true,
      value: { item: null, check: { findings: [{ code: 'file.schema', path: 'difficulty' }] } },
    })
    expect(saved.ok && saved.value.check.findings[0]?.params.line).toBe(6)
    expect(codeOf(await publish(input, trainer, statement.id))).toBe('item.has_errors')
    const view = await open(trainer, statement.id)
    expect(view.content.form === 'yaml' && view.content.text).toContain('difficulty: easy')
  })
  test('of YAML that cannot be read, tell the first place once, in the reader’s language, with the parser’s words beside it', async () => {
    const input = await yamlInput((text) => text.replace('difficulty: 0.6', 'difficulty: [0.6'))
    const saved = await saveDraft(context.deps, trainer, statement.id, input, 'zh-CN', NOW)
    const findings = saved.ok ? saved.value.check.findings : []
    expect(findings.map(({ code }) => code)).toEqual(['file.yaml'])
    const { line, column, problem } = findings[0]!.params
    expect([typeof line, typeof column]).toEqual(['number', 'number'])
    expect(findingText('zh-CN', findings[0]!)).toMatchObject({
      message: `第${line}行第${column}列起，无法按YAML读取`,
      hint: expect.stringContaining(`“${problem}”`) as string,
    })
    expect(codeOf(await publish(input, trainer, statement.id))).toBe('item.has_errors')
  })
  test('keep id and kind', async () => {
    expect(
      await saveDraft(
        context.deps,
        trainer,
        statement.id,
        await yamlInput((text) => text.replace(`id: ${statement.id}`, 'id: st-other')),
        'en',
        NOW,
      ),
    ).toMatchObject({ ok: true, value: { check: { problems: [{ path: 'id', code: 'item.id_changed' }] } } })
    expect(yamlOf(statement).startsWith(`id: ${statement.id}`)).toBe(true)
  })
})

describe('after publishing', () => {
  async function candidate(name: string): Promise<Actor> {
    const added = await addPerson(
      context.deps,
      trainer,
      { displayName: name, email: `${name}@candidate.example`, roles: ['candidate'] },
      NOW,
    )
    if (!added.ok) throw new Error(added.error.code)
    const invited = await invite(
      context.deps,
      trainer,
      { personId: added.value.personId, programmeId: 'standard', locale: 'en' },
      context.deps.clock.now(),
    )
    if (!invited.ok) throw new Error(invited.error.code)
    const actor: Actor = {
      personId: added.value.personId,
      roles: ['candidate'],
      sessionId: `s-${name}`,
      enrolmentId: invited.value.enrolmentId,
    }
    await acknowledgeNotice(context.deps, actor, context.deps.clock.now())
    return actor
  }
  async function start(name: string): Promise<string> {
    const started = await startAttempt(
      context.deps,
      await candidate(name),
      { stageId: 'test', locale: 'en' },
      context.deps.clock.now(),
    )
    if (!started.ok) throw new Error(started.error.code)
    return started.value.attemptId
  }
  const stemOf = async (attemptId: string) =>
    (await itemsOfAttempt(context.deps.store, attemptId)).get('st-kettle')?.stem.en

  test('a new attempt draws the new version, a running one keeps the old', async () => {
    // Only the item under test can be drawn.
    folder.write(`service-standard/items/${statement.id}.yaml`, { ...statement, practice: true })
    expect((await importBanks(context.deps, folder.path)).blocked).toEqual([])
    const before = kettle().stem.en
    const running = await start('lin')
    // Compared: a stale translation would keep the item out of the draw.
    const input = await typed(
      (values) =>
        void (
          (values.stem.en = 'A buyer says the kettle came with a crack. What is your first reply?'),
          (values.compared['zh-CN'] = true)
        ),
    )
    expect(codeOf(await publish(input))).toBe('version 2')
    const fresh = await start('maya')
    expect(await stemOf(running)).toBe(before)
    expect(await stemOf(fresh)).toBe('A buyer says the kettle came with a crack. What is your first reply?')
    const uses = await readItemUses(context.deps, trainer, 'st-kettle')
    expect(uses.ok && uses.value).toMatchObject({
      draws: 2,
      uses: [{ type: 'blueprint', id: 'certificate', role: 'draws' }],
    })
    const history = await readHistory(context.deps, trainer, 'st-kettle', { from: null, to: null })
    expect(history.ok && history.value.versions.map(({ number, draws, inUse }) => [number, draws, inUse])).toEqual([
      [2, 1, true],
      [1, 1, false],
    ])
  })
  test('an import reports the item as a conflict and does not overturn it', async () => {
    expect(
      codeOf(await publish(await newStem('A buyer says the kettle came with a crack. What is your first reply?'))),
    ).toBe('version 2')
    const unchanged = await importBanks(context.deps, folder.path)
    expect(unchanged.conflicts).toMatchObject([{ type: 'item', id: 'st-kettle', fileChanged: false }])
    folder.write(
      KETTLE_FILE,
      kettle({
        stem: both('买家说水壶裂了，先怎样回应？', 'A buyer writes: the kettle is cracked. Your first reply?'),
      }),
    )
    expect((await importBanks(context.deps, folder.path)).conflicts).toMatchObject([
      { type: 'item', id: 'st-kettle', fileChanged: true },
    ])
    expect((await current()).body.stem.en).toBe('A buyer says the kettle came with a crack. What is your first reply?')
  })
})
