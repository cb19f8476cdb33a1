import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Actor } from '#app/core/access/actor.ts'
import { searchTextOf, searchWords } from '#app/core/bank/search.ts'
import { importBanks } from '#app/services/content/bank-import.server.ts'
import { publishItem } from '#app/services/content/item-editor-publish.server.ts'
import { openItem } from '#app/services/content/item-editor.server.ts'
import { findItems, listShelf, readShelf, shelfCounts, type ItemFilter } from '#app/services/content/search.server.ts'
import { matchingHeads } from '#db/queries/content-search.server.ts'
import { insertVersion, upsertHead } from '#db/repositories/content.server.ts'
import { singleChoice, trueFalse } from '#tests/fixtures/bank.ts'
import { both, contentFolder, kettle, type ContentFolder } from '#tests/fixtures/content-folder.ts'
import { testDeps, type TestDeps } from '#tests/setup/server-deps.ts'
import { pgliteTestStore, sqliteTestStore } from '#tests/setup/test-store.ts'

let context: TestDeps
let folder: ContentFolder
const trainer: Actor = { personId: 'pe_none', roles: ['trainer'], sessionId: 's', enrolmentId: null }
const refund = singleChoice(
  {
    stem: both(
      '买家问：退款多久到账？第一句怎么答？',
      'A buyer asks when the Refund will arrive. What is your first line?',
    ),
  },
  {
    id: 'st-refund',
    competency: 'clarity',
    experts: Array.from({ length: 5 }, (_, i) => ({ name: `Expert ${i}`, ratedOn: '2026-01-12' })),
    enemies: ['st-kettle'],
  },
)
const statement = trueFalse(
  both('每月1日公布服务时间100%达标率。', 'The rate of 100% is published on the 1st of each month.'),
  false,
  { practice: true },
)

beforeEach(async () => {
  context = await testDeps()
  folder = contentFolder([kettle(), refund, statement])
  expect((await importBanks(context.deps, folder.path)).blocked).toEqual([])
})
afterEach(async () => {
  folder.remove()
  await context.cleanup()
})

const find = async (over: Partial<ItemFilter>): Promise<string[]> =>
  (
    await findItems(context.deps, trainer, {
      query: '',
      bank: null,
      kind: null,
      competency: null,
      status: null,
      provisional: null,
      page: 1,
      ...over,
    })
  ).rows.map((row) => row.itemId)

describe('finding items', () => {
  test.each([
    ['退款', ['st-refund']],
    ['退', ['st-refund']],
    ['款', ['st-kettle', 'st-refund']],
    ['到账', ['st-refund']],
    ['refund', ['st-refund']],
    ['REFUND', ['st-refund']],
    ['ｒｅｆｕｎｄ', ['st-refund']],
    ['退款 refund', ['st-refund']],
    ['refund parcel', []],
    ['水壶 裂纹', ['st-kettle', 'st-refund']],
    ['st-refund', ['st-refund']],
    ['100%', ['st-statement']],
    ['_', []],
    ['!!! ——', []],
    ['没有这个词', []],
  ])('%s', async (query, found) => {
    expect((await find({ query })).sort()).toEqual(found)
  })
  test('by bank, kind, competency, status and provisional key', async () => {
    expect(await find({ bank: 'seller-support' })).toEqual([])
    expect(await find({ bank: 'service-standard', kind: 'true_false' })).toEqual(['st-statement'])
    expect(await find({ competency: 'clarity' })).toEqual(['st-refund'])
    expect(await find({ status: 'retired' })).toEqual([])
    expect(await find({ status: 'draft' })).toEqual([])
    expect(await find({ provisional: false })).toEqual(['st-refund'])
    expect(await find({ provisional: true })).toEqual(['st-kettle', 'st-statement'])
  })
  test('tells how many of how many, and keeps to the pages there are', async () => {
    const list = await findItems(context.deps, trainer, {
      query: '退款',
      bank: null,
      kind: null,
      competency: null,
      status: null,
      provisional: null,
      page: 99,
    })
    expect(list).toMatchObject({ found: 1, total: 3, page: 1, pages: 1, banks: [{ id: 'service-standard' }] })
  })
  test('finds a published text at once, and the replaced one no more', async () => {
    const opened = await openItem(context.deps, trainer, 'st-refund', 'en')
    if (!opened.ok || opened.value.content.form !== 'fields') throw new Error('no form')
    const values = structuredClone(opened.value.content.values)
    values.stem = both(
      '买家问：返现多久到账？第一句怎么答？',
      'A buyer asks when the cashback will arrive. What is your first line?',
    )
    const published = await publishItem(
      context.deps,
      trainer,
      'st-refund',
      { base: opened.value.base.versionId, values, yaml: null, compared: { 'zh-CN': true, en: true } },
      'en',
      0,
    )
    expect(published.ok).toBe(true)
    expect([await find({ query: '返现' }), await find({ query: 'cashback' }), await find({ query: '退款' })]).toEqual([
      ['st-refund'],
      ['st-refund'],
      [],
    ])
  })
})

describe.each([
  ['SQLite', sqliteTestStore],
  ['PostgreSQL', pgliteTestStore],
])('the search text in %s', (_, open) => {
  test('is matched by any part of it, in either script, and takes no wildcards', async () => {
    const { store, cleanup } = await open()
    const at = new Date(0)
    await store.transact(async (w) => {
      const { version } = (await insertVersion(w, {
        id: 'v1',
        type: 'item',
        contentId: 'a-1',
        bankId: 'b',
        number: 1,
        contentHash: 'h',
        scoringHash: null,
        body: {},
        origin: 'import',
        createdBy: null,
        createdAt: at,
      }))!
      await upsertHead(w, {
        type: 'item',
        contentId: 'a-1',
        bankId: 'b',
        versionId: version.id,
        status: 'active',
        lastImportedHash: null,
        kind: 'numeric',
        competency: 'clarity',
        searchText: searchTextOf('a-1', { stem: both('7天内全额退款', 'A full Refund in 7 days') }),
        updatedAt: at,
      })
    })
    const hits = async (query: string, more = {}) =>
      (await matchingHeads(store.read, { type: 'item', words: searchWords(query), ...more })).length
    expect(
      await Promise.all(['退', '退款', '额退', 'REFUND', 'refund 退款', '7', 'a-1'].map((query) => hits(query))),
    ).toEqual([1, 1, 1, 1, 1, 1, 1])
    expect(await Promise.all(['退货', 'refunds', '8'].map((query) => hits(query)))).toEqual([0, 0, 0])
    expect(
      (await matchingHeads(store.read, { type: 'item', words: ['f_ll'] })).length +
        (await matchingHeads(store.read, { type: 'item', words: ['%'] })).length,
    ).toBe(0)
    expect([
      await hits('', { kind: 'numeric', status: 'active', bank: 'b', competency: 'clarity' }),
      await hits('', { kind: 'essay' }),
    ]).toEqual([1, 0])
    await cleanup()
  })
})

describe('the other shelves', () => {
  test('are counted, listed and searched', async () => {
    expect(await shelfCounts(context.deps)).toEqual({
      items: 3,
      policies: 1,
      rubrics: 1,
      scenarios: 0,
      kits: 0,
      blueprints: 1,
      programmes: 1,
    })
    expect(await listShelf(context.deps, trainer, 'policies', '退货')).toMatchObject({
      total: 1,
      rows: [{ id: 'returns', uses: 1 }],
    })
    expect(await listShelf(context.deps, trainer, 'policies', '保修')).toMatchObject({ total: 1, rows: [] })
    // Without a letter or digit nothing is asked for that a text could hold.
    expect(await listShelf(context.deps, trainer, 'policies', '!!!')).toMatchObject({
      total: 1,
      wordless: true,
      rows: [],
    })
    expect(await listShelf(context.deps, trainer, 'policies', '  ')).toMatchObject({
      wordless: false,
      rows: [{ id: 'returns' }],
    })
  })
  test('say what uses them, and know nothing of what is not there', async () => {
    expect(await readShelf(context.deps, trainer, 'policies', 'returns')).toMatchObject({
      ok: true,
      value: { type: 'policy', uses: [{ type: 'item', id: 'st-kettle', role: 'tests' }] },
    })
    expect(await readShelf(context.deps, trainer, 'blueprints', 'certificate')).toMatchObject({
      ok: true,
      value: { uses: [{ type: 'programme', id: 'standard', role: 'stage' }] },
    })
    expect(await readShelf(context.deps, trainer, 'policies', 'nothing')).toMatchObject({
      ok: false,
      error: { code: 'content.not_found' },
    })
    expect((await readShelf(context.deps, { ...trainer, roles: ['interviewer'] }, 'policies', 'returns')).ok).toBe(
      false,
    )
  })
})
