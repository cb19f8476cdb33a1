import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ESLint } from 'eslint'
import { describe, expect, it } from 'vitest'
import { findings, FLOORS, readFiles } from '#scripts/lint/circles.mjs'
import { CAPABILITIES, LAYERS } from '#scripts/lint/layers.mjs'

const root = resolve(import.meta.dirname, '../..')
const eslint = new ESLint({ cwd: root })

/** A real file of a folder: type-checked rules know only files of the project. Its text is replaced by the snippet. */
function fileIn(folder: string, suffix = '.ts'): string {
  const found = readdirSync(join(root, folder), { withFileTypes: true }).find(
    (entry) => entry.isFile() && entry.name.endsWith(suffix) && !entry.name.includes('.test.'),
  )
  if (!found) throw new Error(`no file in ${folder}`)
  return join(folder, found.name)
}

async function rulesBrokenBy(path: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(root, path) })
  const fatal = result?.messages.find((message) => message.fatal)
  if (fatal) throw new Error(`${path}: ${fatal.message}`)
  return [
    ...new Set(
      (result?.messages ?? []).map(({ ruleId }) => ruleId ?? '').filter((rule) => !rule.endsWith('no-unused-vars')),
    ),
  ]
}

const CORE = 'app/core/shared/time.ts'
const REPOSITORY = 'db/repositories/people.server.ts'
const QUERY = fileIn('db/queries')
const SERVICE = 'app/services/people/people.server.ts'
const JOBS = 'app/jobs/runner.server.ts'
const use = (names: string, from: string): string =>
  `import { ${names} } from '${from}'\nexport const used = [${names}]\n`

type Case = { what: string; path: string; code: string; rule: string | null }

async function check({ path, code, rule }: Case): Promise<void> {
  const broken = await rulesBrokenBy(path, code)
  if (rule === null) expect(broken).toEqual([])
  else expect(broken).toContain(rule)
}

describe('who may import whom', () => {
  const LAYER = 'poise/layers'
  const cases: Case[] = [
    {
      what: 'core imports zod and its shared words',
      path: 'app/core/attempt/decide.ts',
      code: use('z', 'zod') + `export { earlier } from '../shared/time.ts'\n`,
      rule: null,
    },
    {
      what: 'core imports a service',
      path: CORE,
      code: use('x', '../../services/people/people.server.ts'),
      rule: LAYER,
    },
    {
      what: 'core imports the database, even its types',
      path: CORE,
      code: `import type { Store } from '../../../db/store.server.ts'\nexport type S = Store\n`,
      rule: LAYER,
    },
    { what: 'core imports node', path: CORE, code: use('createHash', 'node:crypto'), rule: LAYER },
    { what: 'core imports React', path: CORE, code: use('useState', 'react'), rule: LAYER },
    { what: 'core imports by alias', path: CORE, code: use('x', '#app/services/people/people.server.ts'), rule: LAYER },
    {
      what: 'a calculation imports what stands above it',
      path: 'app/core/timing/deadline.ts',
      code: use('x', '../attempt/decide.ts'),
      rule: LAYER,
    },
    {
      what: 'a route imports the database',
      path: 'app/root.tsx',
      code: use('x', '../db/store.server.ts'),
      rule: LAYER,
    },
    {
      what: 'a service imports the database',
      path: SERVICE,
      code: use('x', '../../../db/repositories/people.server.ts'),
      rule: null,
    },
    { what: 'a service imports a page', path: SERVICE, code: use('x', '../../ui/field.tsx'), rule: LAYER },
    { what: 'a service imports the server', path: SERVICE, code: use('x', '../../server/deps.server.ts'), rule: LAYER },
    {
      what: 'a service imports a job handler',
      path: SERVICE,
      code: use('x', '../../jobs/handlers/index.server.ts'),
      rule: LAYER,
    },
    {
      what: 'a service loads a page later',
      path: SERVICE,
      code: `export const later = () => import('../../ui/field.tsx')\n`,
      rule: LAYER,
    },
    { what: 'a service passes a page on', path: SERVICE, code: `export * from '../../ui/field.tsx'\n`, rule: LAYER },
    {
      what: 'the job runner imports a service',
      path: JOBS,
      code: use('x', '../services/people/people.server.ts'),
      rule: LAYER,
    },
    {
      what: 'the database imports core values',
      path: 'db/sqlite.server.ts',
      code: use('x', '../app/core/shared/time.ts'),
      rule: LAYER,
    },
    {
      what: 'the database imports core types',
      path: 'db/sqlite.server.ts',
      code: `import type { Instant } from '../app/core/shared/time.ts'\nexport type I = Instant\n`,
      rule: null,
    },
    {
      what: 'a repository imports a service',
      path: REPOSITORY,
      code: use('x', '../../app/services/people/people.server.ts'),
      rule: LAYER,
    },
    { what: 'a service talks to SQLite itself', path: SERVICE, code: use('x', 'better-sqlite3'), rule: LAYER },
    {
      what: 'the server imports a page',
      path: 'app/server/http.server.ts',
      code: use('x', '../ui/field.tsx'),
      rule: LAYER,
    },
    {
      what: 'words import a service',
      path: fileIn('app/i18n'),
      code: use('x', '../services/people/people.server.ts'),
      rule: LAYER,
    },
    {
      what: 'a page of candidates imports what only staff need',
      path: 'app/routes/candidate/practice.tsx',
      code: use('x', '../../ui/admin/roles.ts'),
      rule: LAYER,
    },
    {
      what: 'a page of candidates imports the words of trainers',
      path: 'app/routes/candidate/practice.tsx',
      code: use('x', '../../i18n/areas/trainer.ts'),
      rule: LAYER,
    },
    {
      what: 'the player imports the editor',
      path: 'app/ui/player/item-view.tsx',
      code: use('x', '../editor/candidate-pane.tsx'),
      rule: LAYER,
    },
    {
      what: 'what all pages share imports what only staff need',
      path: 'app/ui/brand.tsx',
      code: use('x', './rating/stars.tsx'),
      rule: LAYER,
    },
    {
      what: 'the editor imports the player',
      path: fileIn('app/ui/editor', '.tsx'),
      code: use('x', '../player/item-view.tsx'),
      rule: null,
    },
    {
      what: 'a page outside the rooms of staff links to one by the router',
      path: 'app/routes/public/login.tsx',
      code: `import { Link } from '@remix-run/react'\nexport const X = () => <Link to="/trainer/items">x</Link>\n`,
      rule: 'no-restricted-syntax',
    },
    {
      what: 'a test imports what it likes',
      path: 'tests/integration/jobs.test.ts',
      code: `import { x } from '../../db/store.server.ts'\nexport const used = x\n`,
      rule: null,
    },
  ]
  it.each(cases)('$what', check)

  it('holds for routes and components wherever they lie', async () => {
    const { judgeImport } = (await import('../../scripts/lint/layers.mjs')) as {
      judgeImport(input: object): string | null
    }
    const judge = (file: string, specifier: string, typeOnly = false) =>
      judgeImport({ file: join(root, file), specifier, typeOnly, root })
    expect(judge('app/routes/admin/people.$id.tsx', '../../../db/queries/people.server.ts')).toContain(
      'must not import db',
    )
    expect(judge('app/routes/admin/people.$id.tsx', '../../services/people/people.server.ts')).toBeNull()
    expect(judge('app/routes/admin/people.$id.tsx', '../../jobs/runner.server.ts')).toContain('must not import')
    expect(judge('app/ui/field.tsx', '../http/visit.server.ts')).toContain('must not import')
    expect(judge('app/ui/field.tsx', '../forms/form.ts')).toBeNull()
    expect(judge('app/ui/field.tsx', '../services/people/people.server.ts')).toContain('must not import')
    expect(judge('app/areas/admin.tsx', '../../db/store.server.ts')).toContain('must not import')
    expect(judge('app/http/errors.ts', '../services/people/people.server.ts')).toContain('must not import')
    expect(judge('app/core/scoring/score.ts', '../attempt/state.ts')).toContain('types only')
    expect(judge('app/core/scoring/score.ts', '../attempt/state.ts', true)).toBeNull()
    expect(judge('app/services/people/people.server.ts', 'express')).toContain('must not import the package')
  })
})

describe('capabilities', () => {
  it.each(Object.entries(CAPABILITIES))('%s imports only what stands before it', (name, below) => {
    const order = Object.keys(CAPABILITIES)
    for (const other of below) expect(order.slice(0, order.indexOf(name))).toContain(other)
  })

  it('have a folder each, and no folder is without a row', () => {
    const folders = readdirSync(join(root, 'app/services'))
    expect(folders.sort()).toEqual(Object.keys(CAPABILITIES).sort())
  })

  it('import nothing that their row does not name', async () => {
    const path = 'app/services/people/people.server.ts'
    expect(await rulesBrokenBy(path, use('x', '../content/versions.server.ts'))).toEqual([])
    expect(await rulesBrokenBy(path, use('x', '../attempt/saves.server.ts'))).toContain('poise/layers')
  })
})

describe('circles, floors and lengths', () => {
  const found = (files: Record<string, string>) => findings(new Map(Object.entries(files)))
  const lines = (n: number) => 'export {}\n'.repeat(n)

  it('finds nothing in the repository', () => {
    const files = readFiles(root)
    expect(files.size).toBeGreaterThan(300)
    expect(findings(files)).toEqual([])
  })

  it('knows a floor for every folder that has a row', () => {
    const floors = FLOORS.flat()
    const without = Object.keys(LAYERS).filter(
      (folder) => /^(app|db)\b/.test(folder) && !floors.some((floor) => floor !== 'app' && folder.startsWith(floor)),
    )
    expect(without.sort()).toEqual(['app', 'app/core', 'app/services'])
  })

  it.each([
    ['values', `import { b } from './b.ts'\n`, `import { a } from './a.ts'\n`],
    ['types', `import type { B } from './b.ts'\n`, `export type A = import('./a.ts').A\n`],
    ['what is passed on', `export * from './b.ts'\n`, `export { a } from '#app/ui/a.ts'\n`],
    ['what is loaded later', `export const b = () => import('./b.ts')\n`, `import './a.ts'\n`],
  ])('finds a circle of %s', (_, a, b) => {
    expect(found({ 'app/ui/a.ts': a, 'app/ui/b.ts': b })).toEqual([
      'app/ui/a.ts imports app/ui/b.ts imports app/ui/a.ts: that is a circle.',
    ])
  })

  it('finds a longer circle once, and not what only leads into it', () => {
    const files = {
      'db/a.ts': `import './b.ts'\n`,
      'db/b.ts': `import './c.tsx'\n`,
      'db/c.tsx': `import './d.ts'\n`,
      'db/d.ts': `import './b.ts'\n`,
    }
    expect(found(files)).toEqual(['db/b.ts imports db/c.tsx imports db/d.ts imports db/b.ts: that is a circle.'])
  })

  it('finds a file that imports itself', () => {
    expect(found({ 'db/a.ts': `import type { A } from './a.ts'\n` })).toEqual(['db/a.ts imports itself.'])
  })

  it.each([
    ['db', 'app/ground', 'db/a.ts', `import { b } from '../app/ground/b.ts'\n`, 'app/ground/b.ts'],
    ['app/http', 'app/ui', 'app/http/a.ts', `import type { B } from '../ui/b.tsx'\n`, 'app/ui/b.tsx'],
    ['app/ui', 'app', 'app/ui/a.tsx', `import type { B } from '../root.tsx'\n`, 'app/root.tsx'],
    [
      'app/core/bank',
      'app/core/bank/check',
      'app/core/bank/a.ts',
      `import './check/b.ts'\n`,
      'app/core/bank/check/b.ts',
    ],
    [
      'app/services/people',
      'app/services/attempt',
      'app/services/people/a.ts',
      `import '../attempt/b.ts'\n`,
      'app/services/attempt/b.ts',
    ],
  ])('finds an import from %s up to %s', (low, high, path, code, target) => {
    expect(found({ [path]: code, [target]: '' })).toEqual([
      `${path} must not import ${target}: ${high} stands above ${low}.`,
    ])
    expect(found({ [path]: '', [target]: `import '${`#${path}`}'\n` })).toEqual([])
  })

  it('asks for the floor of a new folder', () => {
    expect(found({ 'app/services/new/a.ts': '' })[0]).toMatch('stands on no floor')
  })

  it('passes over tests, packages and what is in no file of its own', () => {
    const files = {
      'app/core/bank/a.ts': `import 'zod'\nimport style from './a.css?url'\nconst text = "import './a.test.ts'"\n`,
      'app/core/bank/a.test.ts': `import './a.ts'\nimport '../../ui/b.tsx'\n` + lines(500),
      'app/ui/b.tsx': '',
    }
    expect(found(files)).toEqual([])
  })

  it('finds a file of more than 400 lines', () => {
    expect(found({ 'db/a.ts': lines(400) })).toEqual([])
    expect(found({ 'db/a.ts': lines(401) })).toEqual(['db/a.ts has 401 lines, and 400 is the most.'])
    expect(found({ 'app/i18n/en/a.ts': lines(401) })).toEqual([])
  })
})

describe('the pure core', () => {
  const cases: Case[] = [
    {
      what: 'reads the clock',
      path: CORE,
      code: 'export const f = () => Date.now()\n',
      rule: 'no-restricted-properties',
    },
    {
      what: 'makes a date of now',
      path: CORE,
      code: 'export const f = () => new Date()\n',
      rule: 'no-restricted-syntax',
    },
    { what: 'calls Date', path: CORE, code: 'export const f = () => Date()\n', rule: 'no-restricted-syntax' },
    {
      what: 'makes a date of a given instant',
      path: CORE,
      code: 'export const f = (at: number) => new Date(at).toISOString()\n',
      rule: null,
    },
    {
      what: 'draws a number',
      path: CORE,
      code: 'export const f = () => Math.random()\n',
      rule: 'no-restricted-properties',
    },
    {
      what: 'reads the process',
      path: CORE,
      code: "export const f = () => process.env['X']\n",
      rule: 'no-restricted-globals',
    },
    {
      what: 'writes to the console',
      path: CORE,
      code: "export const f = () => console.log('x')\n",
      rule: 'no-restricted-globals',
    },
    {
      what: 'measures time',
      path: CORE,
      code: 'export const f = () => performance.now()\n',
      rule: 'no-restricted-globals',
    },
    {
      what: 'makes an id',
      path: CORE,
      code: 'export const f = () => crypto.randomUUID()\n',
      rule: 'no-restricted-globals',
    },
    {
      what: 'takes the long way to it',
      path: CORE,
      code: 'export const f = () => globalThis\n',
      rule: 'no-restricted-globals',
    },
    {
      what: 'formats by the machine’s locale',
      path: CORE,
      code: 'export const f = (n: number) => n.toLocaleString()\n',
      rule: 'no-restricted-syntax',
    },
    {
      what: 'reads the machine’s time zone',
      path: CORE,
      code: 'export const f = (d: Date) => d.getHours()\n',
      rule: 'no-restricted-syntax',
    },
  ]
  it.each(cases)('$what', check)
})

describe('queries', () => {
  const query = (end: string) =>
    `import type { Reader } from '../store.server.ts'\nexport const f = async (r: Reader) => r.q.select().from(r.t.people)${end}\n`
  const cases: Case[] = [
    { what: 'awaited', path: REPOSITORY, code: query(''), rule: null },
    { what: '.get()', path: REPOSITORY, code: query('.get()'), rule: 'no-restricted-syntax' },
    { what: '.get({}) on a chain', path: REPOSITORY, code: query('.get({})'), rule: 'no-restricted-syntax' },
    { what: '.all()', path: QUERY, code: query('.all()'), rule: 'no-restricted-syntax' },
    { what: '.run()', path: REPOSITORY, code: query('.run()'), rule: 'no-restricted-syntax' },
    {
      what: 'a Map’s get and Promise.all',
      path: REPOSITORY,
      code: "export const f = (m: Map<string, Promise<number>>) => Promise.all([m.get('a'), m.get('b')])\n",
      rule: null,
    },
    {
      what: 'never awaited, so never run',
      path: REPOSITORY,
      code: `import type { Writer } from '../store.server.ts'\nexport async function f(w: Writer) {\n  w.q.delete(w.t.people)\n}\n`,
      rule: '@typescript-eslint/no-floating-promises',
    },
  ]
  it.each(cases)('$what', check)
})

describe('everywhere', () => {
  const cases: Case[] = [
    {
      what: 'a forgotten promise',
      path: SERVICE,
      code: 'const work = async () => 1\nexport function f() {\n  work()\n}\n',
      rule: '@typescript-eslint/no-floating-promises',
    },
    {
      what: 'an explicit any',
      path: SERVICE,
      code: 'export const f = (x: any) => typeof x\n',
      rule: '@typescript-eslint/no-explicit-any',
    },
    {
      what: 'console in a service',
      path: SERVICE,
      code: "export const f = () => console.log('x')\n",
      rule: 'no-console',
    },
    {
      what: 'console in the main program',
      path: 'app/server/main.server.ts',
      code: "export const f = () => console.log('x')\n",
      rule: null,
    },
    {
      what: 'data() of single fetch',
      path: SERVICE,
      code: use('data', '@remix-run/node'),
      rule: 'no-restricted-imports',
    },
    {
      what: 'a catch that hides',
      path: SERVICE,
      code: 'export function f(g: () => void) {\n  try {\n    g()\n  } catch {}\n}\n',
      rule: 'no-empty',
    },
    {
      what: 'a forgotten member of a union',
      path: SERVICE,
      code: "export function f(x: 'a' | 'b') {\n  switch (x) {\n    case 'a':\n      return 1\n  }\n  return 2\n}\n",
      rule: '@typescript-eslint/switch-exhaustiveness-check',
    },
  ]
  it.each(cases)('$what', check)

  it('finds what is not used', async () => {
    const [result] = await eslint.lintText('const x = 1\nexport const y = 2\n', { filePath: join(root, SERVICE) })
    expect(result?.messages.map(({ ruleId }) => ruleId)).toContain('@typescript-eslint/no-unused-vars')
  })
})
