import { describe, expect, it } from 'vitest'
import { npmCommand, packageProgram } from './programs.mjs'

const on = (platform: NodeJS.Platform, execPath: string, there: string[], env: Record<string, string> = {}): string[] =>
  npmCommand({ platform, execPath, env, exists: (path: string) => there.includes(path) })

describe('npm', () => {
  it('is never the batch file on Windows, which Node refuses to spawn', () => {
    const script = 'C:\\Program Files\\nodejs\\node_modules\\npm\\bin\\npm-cli.js'
    expect(on('win32', 'C:\\Program Files\\nodejs\\node.exe', [script])).toEqual([
      'C:\\Program Files\\nodejs\\node.exe',
      script,
    ])
  })

  it('is the one beside this Node elsewhere', () => {
    const script = '/opt/node/lib/node_modules/npm/bin/npm-cli.js'
    expect(on('linux', '/opt/node/bin/node', [script])).toEqual(['/opt/node/bin/node', script])
  })

  it('is the one that runs us, where one does', () => {
    const [own, beside] = ['/home/a/.npm/bin/npm-cli.js', '/opt/node/lib/node_modules/npm/bin/npm-cli.js']
    expect(on('linux', '/opt/node/bin/node', [own, beside], { npm_execpath: own })).toEqual(['/opt/node/bin/node', own])
  })

  it('is not the script of pnpm, which names itself the same way', () => {
    expect(
      on('linux', '/usr/bin/node', ['/usr/lib/pnpm/bin/pnpm.cjs'], { npm_execpath: '/usr/lib/pnpm/bin/pnpm.cjs' }),
    ).toEqual(['npm'])
  })
})

describe('a program of a package', () => {
  const of = (name: string, manifest: object): string[] =>
    packageProgram('/p', name, { read: () => JSON.stringify(manifest), execPath: '/bin/node' })

  it('is its script, run by this Node: files in .bin are batch files on Windows', () => {
    expect(of('eslint', { bin: { eslint: './bin/eslint.js' } })).toEqual([
      '/bin/node',
      '/p/node_modules/eslint/bin/eslint.js',
    ])
    expect(of('tsx', { bin: './dist/cli.mjs' })).toEqual(['/bin/node', '/p/node_modules/tsx/dist/cli.mjs'])
  })

  it('is the first of those that bear other names', () => {
    expect(of('typescript', { bin: { tsc: './bin/tsc', tsserver: './bin/tsserver' } })).toEqual([
      '/bin/node',
      '/p/node_modules/typescript/bin/tsc',
    ])
  })

  it('is missed in words', () => {
    expect(() => of('zod', {})).toThrow('zod')
  })
})
