// What no single file shows: circles of imports, imports that point upward, and files that have grown too long. Reads
// app and db without their tests, and prints each finding in one sentence. Part of npm run lint.
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'

/** root.tsx, entry.*.tsx, routes.ts: only what lies in app itself, so that a new folder needs a floor of its own. */
const ROOT = 'app'

/**
 * The floors of the house, lowest first. A file imports from its own floor and from those below it, values and types
 * alike. The longest matching path decides on which floor a file stands; what neighbours on one floor may import from
 * each other is the business of layers.mjs.
 */
export const FLOORS = [
  ['app/core/shared'],
  ['app/core/access', 'app/core/timing', 'app/core/psychometrics', 'app/core/bank'],
  ['app/core/blueprint', 'app/core/rubric', 'app/core/attempt', 'app/core/desk', 'app/core/simulation'],
  ['app/core/scoring', 'app/core/bank/check', 'app/core/bank/check.ts'],
  ['app/i18n'],
  ['db'],
  ['db/repositories'],
  ['db/queries'],
  ['app/ground'],
  ['app/services/content'],
  ['app/services/people'],
  ['app/services/enrolment'],
  ['app/services/attempt'],
  ['app/services/invigilation', 'app/services/rating', 'app/services/results'],
  ['app/services/candidate'],
  ['app/jobs', 'app/live', 'app/demo'],
  ['app/forms', 'app/player'],
  ['app/http'],
  ['app/ui'],
  ['app/areas', 'app/routes'],
  [ROOT],
  ['app/server'],
]

const MOST_LINES = 400

const startsWith = (path, folder) => path === folder || path.startsWith(`${folder}/`)
const isTest = (path) => /\.test\.tsx?$/.test(path)

/** The number of a file's floor, and the folder that put it there; null for a file on none. */
function floorOf(path) {
  const matching = FLOORS.flatMap((folders, number) => folders.map((folder) => ({ folder, number }))).filter(
    ({ folder }) => (folder === ROOT ? posix.dirname(path) === ROOT : startsWith(path, folder)),
  )
  return matching.sort((a, b) => b.folder.length - a.folder.length)[0] ?? null
}

/** Every specifier of a file: import, export … from, import() and import types. */
function specifiersOf(path, text) {
  const kind = path.endsWith('.tsx') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  const found = []
  const visit = (node) => {
    const named =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
          ? node.arguments[0]
          : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
            ? node.argument.literal
            : undefined
    if (named && ts.isStringLiteralLike(named)) found.push(named.text)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false, kind))
  return found
}

/** The file of `sources` that a specifier leads to; null for a package, a style sheet and whatever else is not read. */
function targetOf(specifier, from, sources) {
  const bare = specifier.replace(/\?.*$/, '')
  const alias = /^#(app|db)\/(.*)$/.exec(bare)
  if (!alias && !bare.startsWith('.')) return null
  const path = alias ? `${alias[1]}/${alias[2]}` : posix.join(posix.dirname(from), bare)
  return [path, `${path}.ts`, `${path}.tsx`].find((candidate) => sources.has(candidate)) ?? null
}

/** A shortest way from a file back to itself; null where there is none. */
function circleThrough(start, imports) {
  const cameFrom = new Map()
  const queue = [start]
  for (const path of queue) {
    for (const next of imports.get(path)) {
      if (next === start) {
        const way = [path]
        while (way[0] !== start) way.unshift(cameFrom.get(way[0]))
        return way
      }
      if (cameFrom.has(next)) continue
      cameFrom.set(next, path)
      queue.push(next)
    }
  }
  return null
}

function circles(imports) {
  const told = new Set()
  const sentences = []
  for (const start of imports.keys()) {
    // A circle is told once, at the first of its files.
    const way = told.has(start) ? null : circleThrough(start, imports)
    if (!way) continue
    for (const path of way) told.add(path)
    sentences.push(
      way.length === 1 ? `${start} imports itself.` : `${[...way, start].join(' imports ')}: that is a circle.`,
    )
  }
  return sentences
}

function upward(imports) {
  const sentences = []
  for (const [path, targets] of imports) {
    const floor = floorOf(path)
    if (!floor) sentences.push(`${path} stands on no floor: add its folder to FLOORS in scripts/lint/circles.mjs.`)
    for (const target of targets) {
      const above = floorOf(target)
      if (floor && above && above.number > floor.number)
        sentences.push(`${path} must not import ${target}: ${above.folder} stands above ${floor.folder}.`)
    }
  }
  return sentences
}

function lengths(sources) {
  const sentences = []
  for (const [path, text] of sources) {
    // A list of messages is as long as there are messages.
    if (startsWith(path, 'app/i18n')) continue
    const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
    if (lines > MOST_LINES) sentences.push(`${path} has ${lines} lines, and ${MOST_LINES} is the most.`)
  }
  return sentences
}

/** Everything that is wrong with a set of files, path → text. Tests among them are passed over. */
export function findings(files) {
  const sources = new Map([...files].filter(([path]) => !isTest(path)))
  const imports = new Map(
    [...sources].map(([path, text]) => [
      path,
      new Set(
        specifiersOf(path, text)
          .map((specifier) => targetOf(specifier, path, sources))
          .filter((target) => target !== null),
      ),
    ]),
  )
  return [...circles(imports), ...upward(imports), ...lengths(sources)]
}

/** The .ts and .tsx files of app and db, path → text. */
export function readFiles(root) {
  const files = new Map()
  for (const folder of ['app', 'db']) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.tsx?$/.test(entry.name)) continue
      const file = join(entry.parentPath, entry.name)
      files.set(posix.normalize(file.slice(root.length + 1).replaceAll('\\', '/')), readFileSync(file, 'utf8'))
    }
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)))
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const sentences = findings(readFiles(resolve(import.meta.dirname, '../..')))
  for (const sentence of sentences) console.error(sentence)
  if (sentences.length > 0) process.exit(1)
}
