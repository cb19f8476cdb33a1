// What npm test runs, and what looks at a commit before it is made: no test file without a stage, no file name that is
// passed over.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageProgram } from '#scripts/lib/programs.mjs'

const ROOT = resolve(import.meta.dirname, '../..')
/** Ours without what vitest and git put there: the child is no part of this run, and of no commit. */
const environment: NodeJS.ProcessEnv = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITE|TEST$|GIT_)/.test(name))),
  NODE_ENV: 'development',
}
const run = (cwd: string, command: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env: environment, encoding: 'utf8' })
  return { status, stdout, all: stdout + stderr }
}

describe('the stages of npm test', () => {
  const [vitest = '', ...first] = packageProgram(ROOT, 'vitest')
  const listed = (): Array<{ file: string; projectName: string }> =>
    JSON.parse(run(ROOT, vitest, ...first, 'list', '--filesOnly', '--json').stdout) as never

  it('run every test file of the repository, each in one project', () => {
    const files = ['app', 'db', 'scripts', 'tests'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(test|spec)\.[mc]?[jt]sx?$/.test(name))
        .map((name) => `${folder}/${name}`),
    )
    expect(files.length).toBeGreaterThan(100)
    expect(
      listed()
        .map(({ file }) => relative(ROOT, file))
        .sort(),
    ).toEqual(files.sort())
  })

  it('have one for each project, and the long properties are where the configuration says', () => {
    const { status, all } = run(ROOT, process.execPath, 'scripts/test.mjs', '--only', 'none')
    expect(status).toBe(2)
    const stages = /the stages are (.*)\./.exec(all)?.[1]?.split(', ') ?? []
    const projects = new Set(listed().map(({ projectName }) => projectName))
    expect([...projects].filter((name) => !stages.includes(name))).toEqual([])
    expect(listed().filter(({ projectName }) => projectName === 'properties')).toHaveLength(4)
  })
})

describe('the hook before a commit', () => {
  let root: string
  const git = (...args: string[]) =>
    run(root, 'git', '-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args)
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
    git('add', '--', name)
  }
  const commit = () => git('commit', '--quiet', '-m', 'Try the hook')
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'poise-hook-'))
    for (const name of [
      '.githooks',
      '.prettierrc.json',
      '.prettierignore',
      'eslint.config.js',
      'package.json',
      'scripts',
    ])
      cpSync(join(ROOT, name), join(root, name), { recursive: true })
    git('init', '--quiet')
    git('config', 'core.hooksPath', '.githooks')
  })
  afterAll(() => rmSync(root, { recursive: true, force: true }))

  it('lets a commit pass where no packages are installed, and says that nothing was checked', () => {
    write('scripts/other.mjs', 'var ugly  = 1')
    const { status, all } = commit()
    expect([status, all]).toEqual([0, expect.stringContaining('nothing was checked')])
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
  })

  it('stops one whose file is not formatted or breaks a rule, whatever its name', () => {
    write('scripts/客服 kettle.mjs', 'export const a  = 1\n')
    expect(commit()).toMatchObject({ status: 1, all: expect.stringContaining('客服 kettle.mjs') as string })
    write('scripts/客服 kettle.mjs', 'var a = 1\nexport { a }\n')
    expect(commit()).toMatchObject({ status: 1, all: expect.stringContaining('no-var') as string })
  })

  it('lets a good one pass, also one that only removes, and one of pictures and prose', () => {
    write('scripts/客服 kettle.mjs', 'export const a = 1\n')
    expect(commit()).toMatchObject({ status: 0 })
    git('rm', '--quiet', 'scripts/客服 kettle.mjs')
    expect(commit()).toMatchObject({ status: 0 })
    write('docs/一 张.png', 'no real picture')
    write('docs/a page.md', '# A  page\n')
    expect(commit()).toMatchObject({ status: 0 })
  })
})
