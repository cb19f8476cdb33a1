// An empty PostgreSQL in this process. To make one costs several seconds of a core, to load a copy of one about one
// second; so it is made once on a machine, for each version of PGlite.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { PGlite } from '@electric-sql/pglite'

const ROOT = resolve(import.meta.dirname, '../..')
const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules/@electric-sql/pglite/package.json'), 'utf8')) as {
  version: string
}
const FOLDER = join(ROOT, '.cache/test')
const FILE = join(FOLDER, `pglite-${version}.tar`)

async function make(): Promise<Blob> {
  const client = new PGlite()
  // Asked before, it never answers.
  await client.waitReady
  const dump = await client.dumpDataDir('none')
  await client.close()
  mkdirSync(FOLDER, { recursive: true })
  // Another test file may be making it as well; whoever reads it finds it whole.
  const own = `${FILE}.${process.pid}`
  writeFileSync(own, Buffer.from(await dump.arrayBuffer()))
  renameSync(own, FILE)
  return dump
}

async function find(): Promise<Blob> {
  try {
    return new Blob([readFileSync(FILE)])
  } catch {
    return make()
  }
}

let made: Promise<Blob> | undefined

export async function emptyPglite(): Promise<PGlite> {
  return PGlite.create({ loadDataDir: await (made ??= find()) })
}
