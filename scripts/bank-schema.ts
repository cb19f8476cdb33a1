// Writes question-banks/schema/*.json from the Zod schemas, for editors that complete and check YAML.
//   npm run bank:schema [-- --check]      --check writes nothing and fails when a file is not up to date.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bankJsonSchemas } from './lib/bank-json-schema.ts'

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, folder: { type: 'string', default: 'question-banks/schema' } },
})
const wanted = bankJsonSchemas()
await mkdir(values.folder, { recursive: true })
const present = (await readdir(values.folder)).filter((name) => name.endsWith('.json'))
const stale: string[] = []
for (const [name, text] of wanted) {
  const old = present.includes(name) ? await readFile(join(values.folder, name), 'utf8') : null
  if (old === text) continue
  stale.push(name)
  if (!values.check) await writeFile(join(values.folder, name), text)
}
for (const name of present.filter((n) => !wanted.has(n))) {
  stale.push(name)
  if (!values.check) await rm(join(values.folder, name))
}
if (values.check && stale.length > 0) {
  console.error(`Not up to date: ${stale.join(', ')}. Run npm run bank:schema.`)
  process.exitCode = 1
} else console.log(stale.length === 0 ? 'The schemas are up to date.' : `Written: ${stale.join(', ')}`)
