// Compares question-banks/ with a folder of source texts: no run of thirteen Han characters may be the same.
//   npm run bank:plagiarism -- <folder of sources> [--folder question-banks]
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { isScalar, LineCounter, parseDocument, visit } from 'yaml'
import { sharedRuns, stretches } from './lib/shared-runs.ts'

const LENGTH = 13
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { folder: { type: 'string', default: 'question-banks' } },
})
const [sources] = positionals

async function texts(root: string, pattern: RegExp): Promise<{ file: string; text: string }[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((e) => e.isFile() && pattern.test(e.name))
    .map((e) => join(e.parentPath, e.name))
    .sort()
  return Promise.all(files.map(async (file) => ({ file: relative(root, file), text: await readFile(file, 'utf8') })))
}

type Passage = { readonly line: number; readonly text: string }

/** Each text of a YAML file as a whole, however it is broken into lines; paragraphs of anything else. */
function passages(file: string, text: string): Passage[] {
  const out: Passage[] = []
  if (/\.ya?ml$/u.test(file)) {
    const lineCounter = new LineCounter()
    visit(parseDocument(text, { lineCounter }), {
      Scalar(_key, node) {
        if (isScalar(node) && typeof node.value === 'string')
          out.push({ line: lineCounter.linePos(node.range?.[0] ?? 0).line, text: node.value })
      },
    })
    return out
  }
  let line = 1
  for (const paragraph of text.split('\n\n')) {
    out.push({ line, text: paragraph })
    line += paragraph.split('\n').length + 1
  }
  return out
}

if (sources === undefined) {
  console.error('Usage: npm run bank:plagiarism -- <folder of sources> [--folder question-banks]')
  process.exitCode = 1
} else {
  const read = await texts(resolve(sources), /\.(?:txt|md|html?)$/u)
  if (read.length === 0) throw new Error(`no source text in ${sources}`)
  const known = stretches(
    read.map((s) => s.text),
    LENGTH,
  )
  const own = await texts(resolve(values.folder), /\.(?:ya?ml|md)$/u)
  let n = 0
  for (const { file, text } of own) {
    for (const { line, text: passage } of passages(file, text)) {
      for (const run of sharedRuns(passage, known, LENGTH)) {
        n += 1
        console.error(`${file}:${line}: ${run}`)
      }
    }
  }
  console.log(`${own.length} files compared with ${read.length} sources: ${n} shared runs`)
  process.exitCode = n > 0 ? 1 : 0
}
