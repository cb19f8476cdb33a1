import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { contentCanonical } from '#app/core/bank/canonical.ts'
import type { Item } from '#app/core/bank/schema.ts'
import { importBanks } from '#app/services/content/bank-import.server.ts'
import { bank, both, goodAnchors, notice, policy, register, rubric, singleChoice } from '#tests/fixtures/bank.ts'
import { testDeps, type TestDeps } from '#tests/setup/server-deps.ts'

let context: TestDeps
let folder: string

const write = (file: string, value: object): void => {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), stringify(value))
}
const ITEM = 'service-standard/items/st-kettle.yaml'
const named = { policy: { id: 'returns', revision: 2, clause: '1.1' } }
const item = (over: Parameters<typeof singleChoice>[0] = {}, extra: Parameters<typeof singleChoice>[1] = {}): Item =>
  singleChoice(over, { ...named, ...extra })
const FILES = 6

beforeEach(async () => {
  context = await testDeps()
  folder = mkdtempSync(join(tmpdir(), 'poise-banks-'))
  write('service-standard/bank.yaml', bank())
  write(ITEM, item())
  write('service-standard/policies/returns.yaml', policy())
  write('shared/rubrics/empathy.yaml', rubric(goodAnchors))
  write('shared/notices/candidate-notice.yaml', notice())
  write('shared/competencies.yaml', { competencies: [] })
  write('sources/service-standard.yaml', register())
})
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true })
  await context.cleanup()
})

const run = () => importBanks(context.deps, folder)
const counts = async () => {
  const { created, unchanged, retired, conflicts, blocked } = await run()
  return { created, unchanged, retired, conflicts: conflicts.length, blocked: blocked.map((f) => f.code) }
}
const nothing = { created: 0, unchanged: FILES, retired: 0, conflicts: 0, blocked: [] }
async function versions(contentId = 'st-kettle') {
  const { q, t } = context.deps.store.read
  return q
    .select()
    .from(t.contentVersions)
    .where(eq(t.contentVersions.contentId, contentId))
    .orderBy(t.contentVersions.number)
}
async function head(contentId = 'st-kettle') {
  const { q, t } = context.deps.store.read
  const [row] = await q.select().from(t.contentHeads).where(eq(t.contentHeads.contentId, contentId))
  if (!row) throw new Error('no head')
  return row
}
/** What the editor does: a version of its own, the head moved to it, the imported hash left as it was. */
async function editInPoise(edited: Item): Promise<string> {
  const hash = context.deps.secrets.sha256(contentCanonical(edited))
  const number = (await versions()).length + 1
  await context.deps.store.transact(async (w) => {
    await w.q.insert(w.t.contentVersions).values({
      id: `edit-${number}`,
      type: 'item',
      contentId: edited.id,
      bankId: 'service-standard',
      number,
      contentHash: hash,
      scoringHash: null,
      body: edited as never,
      origin: 'editor',
      createdAt: new Date(0),
    })
    await w.q
      .update(w.t.contentHeads)
      .set({ versionId: `edit-${number}` })
      .where(eq(w.t.contentHeads.contentId, edited.id))
  })
  return hash
}

describe('an import', () => {
  test('makes one version of each file, with hashes, and a head for search and lists', async () => {
    expect(await counts()).toEqual({ ...nothing, created: FILES, unchanged: 0 })
    const [version] = await versions()
    expect(version).toMatchObject({
      type: 'item',
      number: 1,
      bankId: 'service-standard',
      origin: 'import',
      contentHash: context.deps.secrets.sha256(contentCanonical(item())),
    })
    expect(version?.body).toMatchObject({ id: 'st-kettle', points: 1 })
    expect(await head()).toMatchObject({
      status: 'active',
      kind: 'single_choice',
      competency: 'empathy',
      lastImportedHash: version?.contentHash,
      versionId: version?.id,
    })
    expect((await head()).searchText).toContain('水壶有裂纹')
  })
  test('twice changes nothing, not even the audit trail', async () => {
    await run()
    const { q, t } = context.deps.store.read
    const before = [await q.select().from(t.contentHeads), await q.select().from(t.auditEvents)]
    expect(await counts()).toEqual(nothing)
    expect([await q.select().from(t.contentHeads), await q.select().from(t.auditEvents)]).toEqual(before)
  })
  test('a wording fix is a new version with the same scoring hash; a new key is not', async () => {
    await run()
    write(
      ITEM,
      item({
        stem: both('买家说水壶裂了，先怎样回应？', 'A buyer says the kettle is cracked. What do you reply first?'),
      }),
    )
    expect(await counts()).toEqual({ ...nothing, created: 1, unchanged: FILES - 1 })
    write(ITEM, item({ key: 1 }))
    await run()
    const [first, second, third] = await versions()
    expect([first?.number, second?.number, third?.number]).toEqual([1, 2, 3])
    expect(second?.scoringHash).toBe(first?.scoringHash)
    expect(third?.scoringHash).not.toBe(first?.scoringHash)
    expect((await head()).versionId).toBe(third?.id)
  })
  test('going back to an older text goes back to its version', async () => {
    await run()
    write(ITEM, item({ key: 1 }))
    await run()
    write(ITEM, item())
    await run()
    const all = await versions()
    expect(all).toHaveLength(2)
    expect((await head()).versionId).toBe(all[0]?.id)
    expect(await counts()).toEqual(nothing)
  })
  test('two at once make one version each', async () => {
    const [a, b] = await Promise.all([run(), run()])
    expect(a.created + b.created).toBe(FILES)
    expect(await versions()).toHaveLength(1)
  })
})

describe('what was edited in Poise', () => {
  test('is reported and not overturned, whether or not its file changed', async () => {
    await run()
    const headHash = await editInPoise(item({ key: 0 }))
    const same = await run()
    expect(same.conflicts).toMatchObject([{ type: 'item', id: 'st-kettle', file: ITEM, headHash, fileChanged: false }])
    write(ITEM, item({ key: 1 }))
    const changed = await run()
    expect(changed.conflicts).toMatchObject([{ id: 'st-kettle', fileChanged: true }])
    expect(changed.created).toBe(0)
    expect((await head()).versionId).toBe('edit-2')
  })
  test('is no conflict once the edit has gone into the file', async () => {
    await run()
    const edited = item({ key: 0 })
    await editInPoise(edited)
    write(ITEM, edited)
    expect(await counts()).toEqual(nothing)
    write(ITEM, item({ key: 1 }))
    expect(await counts()).toEqual({ ...nothing, created: 1, unchanged: FILES - 1 })
  })
  test('stays retired when a person retired it, while its file stands', async () => {
    await run()
    await context.deps.store.transact(
      async (w) =>
        void (await w.q
          .update(w.t.contentHeads)
          .set({ status: 'retired' })
          .where(eq(w.t.contentHeads.contentId, 'st-kettle'))),
    )
    expect(await counts()).toEqual(nothing)
    expect((await head()).status).toBe('retired')
  })
})

describe('a file that is gone', () => {
  beforeEach(async () => {
    write(
      'service-standard/items/st-second.yaml',
      item(
        {
          stem: both('发票抬头写错了，怎么办？', 'The name on an invoice is wrong. What now?'),
          zh: ['查开票的日期', '引导到订单页', '请财务来处理', '说明系统限制'],
          en: ['Look up the date', 'Point to the order page', 'Bring in accounting', 'Explain the system'],
        },
        { id: 'st-second' },
      ),
    )
    await run()
    rmSync(join(folder, 'service-standard/items/st-second.yaml'))
  })
  test('retires its content and keeps the version', async () => {
    expect(await counts()).toEqual({ ...nothing, retired: 1 })
    expect((await head('st-second')).status).toBe('retired')
    expect(await versions('st-second')).toHaveLength(1)
    expect(await counts()).toEqual(nothing)
  })
  test('comes back with its file', async () => {
    await run()
    write('service-standard/items/st-second.yaml', (await versions('st-second'))[0]?.body ?? {})
    expect(await counts()).toEqual({ ...nothing, created: 1 })
    expect((await head('st-second')).status).toBe('active')
    expect(await versions('st-second')).toHaveLength(1)
  })
})

describe('errors', () => {
  test('in the content stop the import before the first write', async () => {
    write(ITEM, item({}, { key: 'z' }))
    expect(await counts()).toEqual({ ...nothing, unchanged: 0, blocked: ['item.key_unknown'] })
    expect(await context.deps.store.read.q.select().from(context.deps.store.read.t.contentVersions)).toEqual([])
  })
  test('in a file as well, and nothing is retired because it could not be read', async () => {
    await run()
    writeFileSync(join(folder, ITEM), 'id: [')
    expect((await counts()).blocked).toContain('file.yaml')
    expect((await head()).status).toBe('active')
  })
  test('an empty folder retires nothing', async () => {
    await run()
    const empty = mkdtempSync(join(tmpdir(), 'poise-empty-'))
    expect(await importBanks(context.deps, empty)).toEqual({
      created: 0,
      unchanged: 0,
      retired: 0,
      conflicts: [],
      blocked: [],
    })
    rmSync(empty, { recursive: true })
    expect((await head()).status).toBe('active')
  })
  test('a warning stops nothing', async () => {
    write(ITEM, item({ zh: ['一律退款', '等一等再说', '核对后退款', '转给同事办'] }))
    expect((await counts()).created).toBe(FILES)
  })
})
