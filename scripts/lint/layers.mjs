// The import rules as one table. An ESLint rule of our own and not `no-restricted-imports`: it knows where a relative
// path leads, from whatever depth, and sees `import()`, `export … from` and `import type` alike.
import { dirname, relative, resolve, sep } from 'node:path'

/** What only staff need. In the bundle of a candidate every reader of the player would wait for it. */
const OF_STAFF =
  /^app\/((ui\/(admin|editor|rating|staff-bar)|(areas|routes)\/(admin|interviewer|trainer))\b|i18n\/areas\/(admin|interviewer|trainer|staff)\.ts$)/
const SERVER_OR_STAFF = new RegExp(`${/\.server(\.tsx?)?$/.source}|${OF_STAFF.source}`)
const ROUTE = [
  'app/services',
  'app/ground/audit.server.ts',
  'type:app/ground',
  'app/core',
  'app/ui',
  'app/http',
  'app/forms',
  'app/i18n',
]
const UI = ['app/core', 'app/i18n', 'app/forms', 'app/player']

const SERVICE = ['app/ground', 'app/core', 'db', 'app/i18n']

/**
 * Which capability may import which, lowest first: no arrow leads back, and none stands here that no file needs.
 * The desk, exchange, statistics, credentials and integration will have their rows here as well.
 */
export const CAPABILITIES = {
  content: [],
  people: ['content'],
  enrolment: ['content', 'people'],
  attempt: ['content', 'enrolment'],
  invigilation: ['content', 'enrolment', 'attempt'],
  rating: ['content', 'people', 'enrolment', 'attempt'],
  results: ['content', 'enrolment', 'attempt'],
  candidate: ['content', 'enrolment', 'attempt', 'results'],
}

/**
 * What a folder may import from the project; the longest matching path wins. `type:` allows types only. A folder may
 * always import itself, except where `self` is false. Tests beside their source may import anything.
 */
export const LAYERS = {
  'app/core/shared': { may: [] },
  'app/core/bank': { may: ['app/core/shared'] },
  // Judges whole sets of content, so it stands above what it judges: it asks the draw whether a blueprint can be
  // filled.
  'app/core/bank/check': {
    may: [
      'app/core/shared',
      'app/core/bank',
      'app/core/blueprint',
      'app/core/rubric',
      'app/core/simulation',
      'app/core/desk',
    ],
  },
  'app/core/blueprint': { may: ['app/core/shared', 'app/core/bank'] },
  'app/core/timing': { may: ['app/core/shared'] },
  'app/core/attempt': { may: ['app/core/shared', 'app/core/bank', 'app/core/timing'] },
  'app/core/desk': { may: ['app/core/shared', 'app/core/bank'] },
  'app/core/simulation': { may: ['app/core/shared', 'app/core/bank'] },
  'app/core/rubric': { may: ['app/core/shared', 'app/core/bank'] },
  'app/core/scoring': { may: ['app/core/shared', 'app/core/bank', 'app/core/rubric', 'type:app/core/attempt'] },
  'app/core/psychometrics': { may: ['app/core/shared'] },
  'app/core/access': { may: ['app/core/shared'] },
  'app/core': { may: [] },

  // What every service stands on: what it is given, and the trail, jobs, events and mails that it writes.
  'app/ground': { may: ['app/core', 'db'] },
  'app/ground/deps.server.ts': { may: ['type:db', 'type:app/core/shared'] },
  ...Object.fromEntries(
    Object.entries(CAPABILITIES).map(([name, below]) => [
      `app/services/${name}`,
      { may: [...SERVICE, ...below.map((other) => `app/services/${other}`)] },
    ]),
  ),
  'app/services': { may: [] },

  'app/routes': { may: ROUTE },
  'app/routes/candidate': { may: ROUTE, never: OF_STAFF },
  'app/routes/public': { may: ROUTE, never: OF_STAFF },
  'app/areas': { may: ROUTE },
  'app/areas/manifest.ts': { may: ['app/core/shared', 'app/i18n'] },
  'app/areas/candidate.tsx': { may: ROUTE, never: OF_STAFF },
  'app/ui': { may: UI, never: SERVER_OR_STAFF },
  ...Object.fromEntries(
    ['admin', 'editor', 'rating', 'staff-bar.tsx'].map((room) => [
      `app/ui/${room}`,
      { may: ['app/ui', ...UI], never: /\.server(\.tsx?)?$/ },
    ]),
  ),
  'app/i18n': { may: ['app/core/shared', 'type:app/core'] },
  // The server's side of a request: who acts, in which language, and how a result becomes a reply.
  'app/http': {
    may: ['app/services/people/sessions.server.ts', 'app/core', 'app/i18n', 'type:app/ground', 'type:app/forms'],
  },
  // What the browser and the server know of a form.
  'app/forms': { may: ['app/core'] },
  // The browser's side of the player: answers that wait to be saved, and what is kept of them.
  'app/player': { may: ['app/core'] },

  'app/jobs/handlers': { may: ['app/ground', 'app/services', 'app/core', 'type:db'] },
  'app/jobs': { may: ['app/ground', 'db/repositories/jobs.server.ts', 'type:db'] },
  'app/live': { may: ['app/ground', 'db/repositories/streams.server.ts', 'type:db'] },
  // Made by the services that the product uses.
  'app/demo': { may: ['app/services', 'app/core', 'type:app/ground'] },
  'app/server': { may: ['app', 'db'], never: /^app\/(areas|ui|routes)\// },

  'db/tables': { may: ['type:db/kit.server.ts', 'type:app/core'] },
  'db/repositories': { may: ['db', 'app/core'] },
  'db/queries': { may: ['db', 'app/core'] },
  db: { may: ['type:app/core'] },

  // Kills a server again and again: made of what the tests of attempts are made of.
  'scripts/check-crash.ts': { may: ['tests', 'db'] },
  scripts: { may: ['app/services', 'app/ground', 'app/core', 'app/server', 'app/i18n', 'db'] },
  tests: { may: ['app', 'db', 'scripts', 'question-banks', 'root'] },
  // root.tsx, entry.*.tsx, routes.ts
  app: {
    may: ['app/areas', 'app/ui', 'app/http', 'app/i18n', 'app/core', 'app/routes'],
    self: true,
    exact: true,
  },
}

/** Packages that belong to one place. */
const PACKAGES = [
  {
    name: /^(drizzle-orm|drizzle-kit|better-sqlite3|pg|@electric-sql\/pglite)(\/|$)/,
    only: ['db', 'scripts', 'tests', 'app/server'],
  },
  {
    name: /^(express|compression|@remix-run\/express|pino|nodemailer|rate-limiter-flexible|@node-rs\/argon2|vite)(\/|$)/,
    only: ['app/server', 'tests', 'scripts'],
  },
  {
    name: /^(react|react-dom|@remix-run\/react|react-hook-form|lucide-react)(\/|$)/,
    not: ['app/core', 'app/ground', 'app/services', 'app/jobs', 'app/live', 'app/demo', 'app/http', 'app/server', 'db'],
  },
]

const startsWith = (path, folder) => path === folder || path.startsWith(`${folder}/`)
const isTest = (path) => /\.test\.tsx?$/.test(path)

/** The table's row for a file. */
function layerOf(path) {
  const matching = Object.keys(LAYERS).filter((folder) => startsWith(path, folder))
  const name = matching.sort((a, b) => b.length - a.length)[0]
  return name === undefined ? null : { name, ...LAYERS[name] }
}

/** Where a specifier leads, from the project's folder; null for a package. */
function targetOf(specifier, file, root) {
  const bare = specifier.replace(/\?.*$/, '')
  const alias = /^#(app|db|scripts|tests)\/(.*)$/.exec(bare)
  if (alias) return `${alias[1]}/${alias[2]}`
  if (!bare.startsWith('.')) return null
  return relative(root, resolve(dirname(file), bare))
    .split(sep)
    .join('/')
}

/** One sentence about what is wrong with an import, or null. */
export function judgeImport({ file, specifier, typeOnly, root }) {
  const from = relative(root, file).split(sep).join('/')
  if (isTest(from)) return null
  const layer = layerOf(from)
  if (!layer) return null
  const target = targetOf(specifier, file, root)
  if (target === null) return judgePackage(from, layer, specifier)
  if (layer.never?.test(target)) return `${layer.name} must not import ${target}`
  if (layer.self !== false && !layer.exact && startsWith(target, layer.name)) return null
  if (layer.exact && startsWith(target, layer.name) && !target.slice(layer.name.length + 1).includes('/')) return null
  for (const rule of layer.may) {
    const [folder, onlyTypes] = rule.startsWith('type:') ? [rule.slice(5), true] : [rule, false]
    if (folder === 'root' && !target.startsWith('..')) return null
    if (!startsWith(target, folder) && !startsWith(target, folder.replace(/\.tsx?$/, ''))) continue
    if (!onlyTypes || typeOnly) return null
    return `${layer.name} may import types only from ${folder}`
  }
  return `${layer.name} must not import ${target}`
}

function judgePackage(from, layer, specifier) {
  if (startsWith(from, 'app/core')) return specifier === 'zod' ? null : 'app/core imports itself and zod, nothing else'
  if (startsWith(from, 'app/ui') && specifier.startsWith('node:'))
    return 'app/ui runs in the browser and has no node: modules'
  for (const { name, only, not } of PACKAGES) {
    if (!name.test(specifier)) continue
    if (only && !only.some((folder) => startsWith(from, folder)))
      return `${layer.name} must not import the package ${specifier}`
    if (not?.some((folder) => startsWith(from, folder))) return `${layer.name} must not import the package ${specifier}`
  }
  return null
}

const allTypes = (node) =>
  (node.importKind ?? node.exportKind) === 'type' ||
  (node.specifiers?.length > 0 &&
    node.specifiers.every((specifier) => specifier.importKind === 'type' || specifier.exportKind === 'type'))

/** @type {import('eslint').Rule.RuleModule} */
export const layersRule = {
  meta: { type: 'problem', schema: [], messages: { wrong: '{{sentence}} (scripts/lint/layers.mjs).' } },
  create(context) {
    const root = context.cwd
    const check = (node, source, typeOnly) => {
      if (typeof source?.value !== 'string') return
      const sentence = judgeImport({ file: context.filename, specifier: source.value, typeOnly, root })
      if (sentence) context.report({ node: source, messageId: 'wrong', data: { sentence } })
    }
    return {
      ImportDeclaration: (node) => check(node, node.source, allTypes(node)),
      ExportNamedDeclaration: (node) => check(node, node.source, allTypes(node)),
      ExportAllDeclaration: (node) => check(node, node.source, node.exportKind === 'type'),
      ImportExpression: (node) => check(node, node.source, false),
      TSImportType: (node) => check(node, node.argument?.literal ?? node.source, true),
    }
  },
}
