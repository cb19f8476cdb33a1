/** Versions of content, the one in use, and unfinished edits. */
import type { Kit } from '../kit.server.ts'
import type { JsonObject } from './json.server.ts'
import type { PeopleTables } from './people.server.ts'

export const CONTENT_TYPES = [
  'item',
  'rubric',
  'policy',
  'scenario',
  'kit',
  'blueprint',
  'programme',
  'notice',
  'bank',
  'competencies',
] as const

export function contentTables(k: Kit, { people }: PeopleTables) {
  /** Immutable versions of all content, identified by the hash of their canonical form. */
  const contentVersions = k.table(
    'content_versions',
    {
      id: k.id('id').primaryKey(),
      type: k.oneOf('type', [...CONTENT_TYPES]).notNull(),
      contentId: k.text('content_id').notNull(),
      bankId: k.text('bank_id').notNull(),
      /** 1, 2, 3 … within (type, contentId). */
      number: k.int('number').notNull(),
      contentHash: k.text('content_hash').notNull(),
      /** Versions with the same scoring hash share their statistics; null for content that does not score. */
      scoringHash: k.text('scoring_hash'),
      body: k.json<JsonObject>('body').notNull(),
      origin: k.oneOf('origin', ['import', 'editor']).notNull(),
      createdBy: k.text('created_by'),
      createdAt: k.instant('created_at').notNull(),
    },
    (t) => [
      k.uniqueIndex('content_versions_hash_uq').on(t.type, t.contentId, t.contentHash),
      k.uniqueIndex('content_versions_number_uq').on(t.type, t.contentId, t.number),
    ],
  )

  /** The version in use of each piece of content. */
  const contentHeads = k.table(
    'content_heads',
    {
      type: k.oneOf('type', [...CONTENT_TYPES]).notNull(),
      contentId: k.text('content_id').notNull(),
      bankId: k.text('bank_id').notNull(),
      versionId: k
        .text('version_id')
        .notNull()
        .references(() => contentVersions.id),
      status: k.oneOf('status', ['active', 'retired']).notNull(),
      /** Hash of the file last imported; a head with another hash was edited in Poise since. */
      lastImportedHash: k.text('last_imported_hash'),
      /** Item kind or null; for the list's filters. */
      kind: k.text('kind'),
      competency: k.text('competency'),
      /** Folded and segmented words of both languages, for search. */
      searchText: k.text('search_text').notNull(),
      updatedAt: k.instant('updated_at').notNull(),
    },
    (t) => [
      k.primaryKey({ name: 'content_heads_pk', columns: [t.type, t.contentId] }),
      k.index('content_heads_bank_idx').on(t.type, t.bankId),
    ],
  )

  /** Unfinished edits, one per content and author. */
  const contentDrafts = k.table(
    'content_drafts',
    {
      type: k.oneOf('type', [...CONTENT_TYPES]).notNull(),
      contentId: k.text('content_id').notNull(),
      authorId: k
        .text('author_id')
        .notNull()
        .references(() => people.id),
      baseVersionId: k
        .text('base_version_id')
        .notNull()
        .references(() => contentVersions.id),
      body: k.json<JsonObject>('body').notNull(),
      updatedAt: k.instant('updated_at').notNull(),
    },
    (t) => [k.primaryKey({ name: 'content_drafts_pk', columns: [t.type, t.contentId, t.authorId] })],
  )

  return { contentVersions, contentHeads, contentDrafts }
}

export type ContentTables = ReturnType<typeof contentTables>
