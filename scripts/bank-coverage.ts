// Writes question-banks/SOURCES.md and question-banks/COVERAGE.md.
//   npm run bank:coverage [-- --check]    --check writes nothing and fails when a file is not up to date.
// Fails when a statement marked as carried has nothing that carries it.
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readBankFiles } from '../app/services/content/bank-files.server.ts'
import { coverageMarkdown, sourcesMarkdown, uncarried } from './lib/bank-coverage.ts'

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, folder: { type: 'string', default: 'question-banks' } },
})
const root = resolve(values.folder)
const { set, findings } = await readBankFiles(root)
if (findings.some((f) => f.severity === 'error'))
  console.error('Some files could not be read; npm run bank:check says which.')

const old = (file: string): Promise<string | null> =>
  readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) =>
    error.code === 'ENOENT' ? null : Promise.reject(error),
  )
for (const [name, text] of [
  ['SOURCES.md', sourcesMarkdown(set)],
  ['COVERAGE.md', coverageMarkdown(set)],
] as const) {
  const file = join(root, name)
  if ((await old(file)) === text) continue
  if (values.check) {
    console.error(`${name} is not up to date. Run npm run bank:coverage.`)
    process.exitCode = 1
  } else {
    await writeFile(file, text)
    console.log(`Written: ${name}`)
  }
}
const missing = uncarried(set)
if (missing.length > 0) {
  console.error(`Nothing carries ${missing.join(', ')}.`)
  process.exitCode = 1
}
