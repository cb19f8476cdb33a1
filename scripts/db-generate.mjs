// Writes the next migration of both engines from db/tables.server.ts. Needs no database and no network.
//   node scripts/db-generate.mjs [name]     writes db/migrations/{sqlite,pg}/NNNN_<name>.sql
//   node scripts/db-generate.mjs --check    fails if the tables and the migrations differ, if a migration that was written before has
//                                           changed, or if one has no fixture; writes nothing
// What to do after it: db/migrations/README.md.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { tsImport } from 'tsx/esm/api'
import { freeze, thawed, unfinished } from './lib/frozen-migrations.mjs'

const root = resolve(import.meta.dirname, '..')
const kit = join(dirname(createRequire(import.meta.url).resolve('drizzle-kit')), 'bin.cjs')
const check = process.argv[2] === '--check'
const name = check ? 'check' : process.argv[2]
let differs = false

const migrations = join(root, 'db/migrations')
const broken = thawed(migrations)
for (const sentence of broken)
  console.error(
    `db/migrations/${sentence}: a migration that was written is never changed; append one that changes what it made`,
  )
if (broken.length > 0) process.exit(1)

const { defineTables } = await tsImport('../db/tables.server.ts', import.meta.url)
const { sqliteKit } = await tsImport('../db/kit.server.ts', import.meta.url)
const tables = Object.keys(defineTables(sqliteKit))

// drizzle-kit sees only what a module exports by name, so the names are written out.
for (const engine of ['sqlite', 'pg']) {
  const file = join(root, `db/schema.${engine}.server.ts`)
  const source = [
    `import { ${engine}Kit } from './kit.server.ts'`,
    "import { defineTables } from './tables.server.ts'",
    '',
    '// Written by scripts/db-generate.mjs: drizzle-kit sees only what is exported by name.',
    'export const {',
    ...tables.map((name) => `  ${name},`),
    `} = defineTables(${engine}Kit)`,
    '',
  ].join('\n')
  if (!check) writeFileSync(file, source)
  else if (readFileSync(file, 'utf8') !== source) {
    differs = true
    console.error(`db/schema.${engine}.server.ts does not match db/tables.server.ts: run npm run db:generate`)
  }
}

for (const [engine, dialect] of [
  ['sqlite', 'sqlite'],
  ['pg', 'postgresql'],
]) {
  const kept = join(root, 'db/migrations', engine)
  const out = check ? mkdtempSync(join(tmpdir(), 'poise-migrations-')) : kept
  if (check) cpSync(kept, out, { recursive: true })
  const args = check
    ? ['generate', `--dialect=${dialect}`, `--schema=./db/schema.${engine}.server.ts`, `--out=${out}`, '--name=check']
    : ['generate', `--config=db/drizzle.${engine}.config.ts`, ...(name ? [`--name=${name}`] : [])]
  const run = spawnSync(process.execPath, [kit, ...args], {
    cwd: root,
    stdio: check ? 'pipe' : 'inherit',
    encoding: 'utf8',
  })
  if (run.status !== 0) {
    if (check) process.stderr.write(run.stdout + run.stderr)
    process.exit(run.status ?? 1)
  }
  if (check) {
    if (readdirSync(out).length !== readdirSync(kept).length) {
      differs = true
      console.error(`db/migrations/${engine} does not match db/tables.server.ts: run npm run db:generate`)
    }
    rmSync(out, { recursive: true })
  }
}
if (!check) freeze(migrations)
else {
  for (const sentence of unfinished(migrations, join(root, 'tests/fixtures/databases'))) {
    differs = true
    console.error(sentence)
  }
}
process.exit(differs ? 1 : 0)
