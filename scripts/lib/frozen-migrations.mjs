// Migrations are only appended: a database remembers the hash of each one that made it, and is refused where ours says
// something else. db/migrations/FROZEN.json holds, engine by engine and in order, what has been written once.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const ENGINES = ['sqlite', 'pg']
const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'))
const frozenFile = (migrations) => join(migrations, 'FROZEN.json')
/** SHA-256 of the text, as Drizzle writes it into the database. */
const hashOf = (file) =>
  existsSync(file) ? createHash('sha256').update(readFileSync(file, 'utf8')).digest('hex') : null
const journalOf = (migrations, engine) => readJson(join(migrations, engine, 'meta/_journal.json')).entries

/** How the folder of migrations departs from what is frozen; sentences, none where it only has migrations more. */
export function thawed(migrations) {
  const frozen = readJson(frozenFile(migrations))
  return ENGINES.flatMap((engine) => {
    const entries = journalOf(migrations, engine)
    const places = frozen[engine].flatMap(({ tag, sha256 }, index) => {
      const hash = hashOf(join(migrations, engine, `${tag}.sql`))
      if (hash === null) return [`${engine}/${tag}.sql is gone`]
      if (hash !== sha256) return [`${engine}/${tag}.sql is not what it was`]
      return entries[index]?.tag === tag ? [] : [`${engine}/${tag} is no longer number ${index} of its journal`]
    })
    // A database asks for nothing before its newest migration.
    const order = entries.flatMap(({ tag, when }, index) =>
      index > 0 && when <= entries[index - 1].when ? [`${engine}/${tag} is dated before the one that it follows`] : [],
    )
    const listed = new Set(entries.map(({ tag }) => `${tag}.sql`))
    const strays = readdirSync(join(migrations, engine)).filter((name) => name.endsWith('.sql') && !listed.has(name))
    return [...places, ...order, ...strays.map((name) => `${engine}/${name} is not in its journal`)]
  })
}

/**
 * What is missing before a release: a migration that is not frozen, a schema without a database of it among the
 * fixtures.
 */
export function unfinished(migrations, fixtures) {
  const frozen = readJson(frozenFile(migrations))
  return ENGINES.flatMap((engine) => {
    const tags = journalOf(migrations, engine).map(({ tag }) => tag)
    const former = readJson(join(migrations, engine, 'bridges/steps.json')).flatMap(({ fixture }) => fixture ?? [])
    return [
      ...tags
        .slice(frozen[engine].length)
        .map((tag) => `${engine}/${tag} is not in FROZEN.json: run npm run db:generate`),
      ...[...tags, ...former].flatMap((name) =>
        existsSync(join(fixtures, engine, `${name}.sql`))
          ? []
          : [`There is no fixture ${engine}/${name}.sql: run npm run db:fixture`],
      ),
    ]
  })
}

/** Adds the migrations that are new to FROZEN.json. */
export function freeze(migrations) {
  const frozen = readJson(frozenFile(migrations))
  for (const engine of ENGINES) {
    for (const { tag } of journalOf(migrations, engine).slice(frozen[engine].length))
      frozen[engine].push({ tag, sha256: hashOf(join(migrations, engine, `${tag}.sql`)) })
  }
  writeFileSync(frozenFile(migrations), `${JSON.stringify(frozen, null, 2)}\n`)
}
