import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  ensureInstalled,
  explainInstall,
  installEnvironment,
  isInstallStale,
  missingPackages,
  packageManagerOf,
} from './install.mjs'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'poise-install-'))
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  rmSync(root, { recursive: true, force: true })
})

function file(path: string, content: object | string = ''): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content))
}
type Entry = { version: string; dev?: true; optional?: true; devOptional?: true }
const locked = (packages: Record<string, Entry>): void =>
  file('package-lock.json', { packages: { '': {}, ...packages } })
const installed = (packages: Record<string, Entry>): void => file('node_modules/.package-lock.json', { packages })

const EXPRESS = { 'node_modules/express': { version: '4.22.3' } }
const VITE = { 'node_modules/vite': { version: '6.4.6', dev: true } as const }

describe('an installation by npm', () => {
  it('is stale where there is none, or where a version differs', () => {
    locked(EXPRESS)
    expect(isInstallStale(root)).toBe(true)
    installed({ 'node_modules/express': { version: '4.0.0' } })
    expect(isInstallStale(root)).toBe(true)
    installed(EXPRESS)
    expect(isInstallStale(root)).toBe(false)
  })

  it('without development packages is whole for a start and not for a build', () => {
    locked({ ...EXPRESS, ...VITE })
    installed(EXPRESS)
    expect(isInstallStale(root, { development: false })).toBe(false)
    expect(isInstallStale(root, { development: true })).toBe(true)
  })

  it('lacks nothing when only packages of other systems are absent', () => {
    locked({ ...EXPRESS, 'node_modules/@x/darwin': { version: '1.0.0', optional: true } })
    installed(EXPRESS)
    expect(isInstallStale(root)).toBe(false)
  })
})

describe('a first install', () => {
  it('says once how long it takes, with the build', async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {})
    file('npm-cli.js', 'process.exit(0)')
    vi.stubEnv('npm_execpath', join(root, 'npm-cli.js'))
    locked(EXPRESS)
    expect(await ensureInstalled(root)).toBe(true)
    const estimates = said.mock.calls.flat().filter((line) => /minutes/.test(String(line)))
    expect(estimates).toEqual([expect.stringContaining('two to ten minutes')])
  })
})

describe('what pnpm or yarn have installed', () => {
  const manifest = { dependencies: { express: '^4' }, devDependencies: { vite: '^6' } }

  it.each([
    ['pnpm', 'node_modules/.modules.yaml'],
    ['yarn', 'node_modules/.yarn-state.yml'],
    ['yarn', 'node_modules/.yarn-integrity'],
    ['yarn', '.pnp.cjs'],
    ['npm', 'node_modules/.package-lock.json'],
  ])('is known as that of %s by %s', (manager, mark) => {
    file(mark)
    expect(packageManagerOf(root)).toBe(manager)
  })

  it('is used as it is, and not replaced', async () => {
    file('package.json', manifest)
    locked({ ...EXPRESS, ...VITE })
    file('node_modules/.modules.yaml')
    for (const name of ['express', 'vite']) file(`node_modules/${name}/package.json`, {})
    expect(await ensureInstalled(root)).toBe(true)
  })

  it('names its manager when something is missing', async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {})
    file('package.json', manifest)
    file('node_modules/.modules.yaml')
    file('node_modules/express/package.json', {})
    expect(missingPackages(root)).toEqual(['vite'])
    expect(missingPackages(root, { development: false })).toEqual([])
    expect(await ensureInstalled(root)).toBe(false)
    expect(said.mock.calls.flat().join()).toMatch(/pnpm.*vite.*pnpm install/)
  })
})

describe('where npm keeps what it fetches', () => {
  const fetched = (env: Record<string, string>, home: string): string | undefined =>
    installEnvironment(root, { env, home }).npm_config_cache

  it('is its own affair where that folder can be written, or made', () => {
    expect(fetched({}, root)).toBeUndefined()
    expect(fetched({ npm_config_cache: join(root, 'a/b') }, join(root, 'a/c'))).toBe(join(root, 'a/b'))
  })

  it('is the project’s folder for an account without a home, where npm could not keep anything', () => {
    // As with HOME=/dev/null: nobody can make a folder below a file, not even root.
    const sealed = join(root, 'package.json')
    file('package.json', {})
    expect(fetched({}, sealed)).toBe(join(root, '.cache/npm'))
    expect(fetched({ npm_config_cache: `${sealed}/.npm` }, root)).toBe(join(root, '.cache/npm'))
  })

  it('does not let NODE_ENV leave out what the build needs', () => {
    expect(installEnvironment(root, { env: { NODE_ENV: 'production', PATH: '/bin' }, home: root })).toEqual({
      PATH: '/bin',
    })
  })
})

/** Installs with an npm that is this program, and gives the lines that were said. */
async function installingWith(npm: string): Promise<string[]> {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {})
  file('npm-cli.js', npm)
  vi.stubEnv('npm_execpath', join(root, 'npm-cli.js'))
  await ensureInstalled(root)
  return said.mock.calls
    .flat()
    .filter((line) => !/^Installing packages/.test(String(line)))
    .map(String)
}

describe('another install', () => {
  it('says first why there is one: it came without a word over an installation that worked', async () => {
    locked(EXPRESS)
    installed({ 'node_modules/express': { version: '4.0.0' } })
    expect(await installingWith('')).toEqual([
      'The packages are not those of package-lock.json, so they are installed again.',
    ])
  })
})

describe('a failed install', () => {
  it.each([
    ['gyp ERR! stack Error: not found: make', /make, g\+\+ and python3/],
    ['gyp ERR! find Python You need to install the latest version of Python.', /make, g\+\+ and python3/],
    [
      'make: g++: No such file or directory\ngyp ERR! stack Error: `make` failed with exit code: 2',
      /make, g\+\+ and python3/,
    ],
    ['npm error code EAI_AGAIN', /network/],
    [
      'npm error code EUSAGE\nnpm error `npm ci` can only install packages when your package.json and package-lock.json are in sync.',
      /do not belong together/,
    ],
    ['npm error code EACCES', /who owns this folder/],
    [
      'npm error code EACCES\nnpm error syscall mkdir\nnpm error path /srv/poise/node_modules\nnpm error errno -13',
      /who owns \/srv\/poise\/node_modules\.$/,
    ],
    ['npm error code ENOSPC', /room on the disk/],
    ['Error: spawn npm ENOENT', /npm was not found/],
  ])('%s', (output, sentence) => {
    expect(explainInstall(output)).toMatch(sentence)
  })

  it('is not laid on a missing compiler when the one that is there has failed', () => {
    expect(
      explainInstall('src/a.cpp:1:10: fatal error: sqlite3.h\ngyp ERR! stack Error: `make` failed with exit code: 2'),
    ).toBeNull()
  })

  const failingWith = async (output: string): Promise<string[]> => {
    locked(EXPRESS)
    const [, ...lines] = await installingWith(`console.error(${JSON.stringify(output)}); process.exitCode = 1`)
    return lines
  }

  it('of a known cause is told in one sentence, without the page that npm writes', async () => {
    expect(
      await failingWith('npm error code EACCES\nnpm error The operation was rejected by your operating system.'),
    ).toEqual(['The packages could not be written: check who owns this folder.'])
  })

  it('of an unknown cause shows what npm said', async () => {
    expect(await failingWith('npm error weather')).toEqual([
      'npm error weather\nThe packages could not be installed; what npm said is above.',
    ])
  })

  it('without a word of npm points to no word', async () => {
    const [line, ...more] = await failingWith('')
    expect(line).toMatch(/npm did not say why/)
    expect(more).toEqual([])
  })

  it('in a folder where nothing can be written is told in one sentence, before npm is asked', async () => {
    file('.cache')
    locked(EXPRESS)
    expect(await installingWith('')).toEqual([
      expect.stringMatching(/^Nothing can be written in .*\.cache\/installing \(E[A-Z]+\): check who owns it/),
    ])
  })
})
