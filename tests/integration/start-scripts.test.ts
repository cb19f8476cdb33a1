// What npm start and npm test do around the program, on a project of its own whose sources and packages are those of
// this one.
import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'poise-scripts-'))
  // The scripts find the project by where they are, so they are copied.
  for (const name of [
    'scripts',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'vite.config.ts',
    'remix.config.js',
    'vitest.config.ts',
  ])
    cpSync(join(ROOT, name), join(root, name), { recursive: true })
  for (const name of ['app', 'db', 'node_modules']) symlinkSync(join(ROOT, name), join(root, name))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Ours without what vitest puts there: it would take its own child for a part of this run. */
const environment = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITE|TEST$)/.test(name))),
  NODE_ENV: 'development',
})

/** Runs Node in the project; `whileAlive` looks at the process once it has said "here", and then its input ends. */
async function node(
  args: readonly string[],
  whileAlive: (pid: number) => Promise<void> = async () => {},
): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, args, { cwd: root, env: environment(), stdio: ['pipe', 'pipe', 'pipe'] })
  let output = ''
  const looks: Array<Promise<void>> = []
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (looks.length > 0 || !/^here$/m.test(output)) return
      looks.push(whileAlive(child.pid ?? 0).finally(() => child.stdin.end()))
    })
  const code = await new Promise<number | null>((done) => child.once('close', done))
  await Promise.all(looks)
  return { code, output }
}

/** The command lines of the processes that one has started. */
function childrenOf(pid: number): string[] {
  const parentOf = (stat: string): number => Number(/^\d+ \(.*\) \S (\d+)/s.exec(stat)?.[1])
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return parentOf(readFileSync(`/proc/${name}/stat`, 'utf8')) === pid
          ? [readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()]
          : []
      } catch {
        // Ended meanwhile.
        return []
      }
    })
}

const BUILD = "const { build } = await import('./scripts/build.mjs'); await build({ parts: ['http'], force: true });"
const STAY = "console.log('here'); process.stdin.resume()"

describe.runIf(process.platform === 'linux')('a build in the process that then becomes the server', () => {
  it('leaves no process behind: the service of esbuild ran for as long as the server', async () => {
    let looked = false
    const { output } = await node(['--input-type=module', '-e', BUILD + STAY], async (pid) => {
      looked = true
      await expect.poll(() => childrenOf(pid), { timeout: 20_000 }).toEqual([])
    })
    expect(output).toContain('Built in')
    expect(looked).toBe(true)
  })

  it('is refused in one sentence while somebody runs from what it would replace, and takes nothing away', async () => {
    mkdirSync(join(root, 'build/http'), { recursive: true })
    writeFileSync(join(root, 'build/http/main.js'), '// held')
    let refused: { code: number | null; output: string } | undefined
    await node(
      ['--input-type=module', '-e', `import { openSync } from 'node:fs'; openSync('build/http/main.js'); ${STAY}`],
      async () => {
        refused = await node(['scripts/build.mjs', '--force'])
      },
    )
    expect(refused).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^Poise runs from this folder \(process \d+\).*\.\n$/),
    })
    expect(readFileSync(join(root, 'build/http/main.js'), 'utf8')).toBe('// held')
  })
})

describe('a build over one of other sources', () => {
  const ANEW = /^The build is not whole, or not of these sources, so it is made again\.$/m
  const build = (force: boolean) =>
    node([
      '--input-type=module',
      '-e',
      `const { build } = await import('./scripts/build.mjs'); await build({ parts: ['http'], force: ${force} })`,
    ])

  it('says first why it is made: it came without a word over one that worked', async () => {
    rmSync(join(root, 'build'), { recursive: true, force: true })
    expect((await build(false)).output).not.toMatch(ANEW)
    writeFileSync(join(root, 'build/http/.stamp'), 'of other sources\n')
    const again = await build(false)
    expect(again.output).toMatch(ANEW)
    expect(again.output).toContain('Built in')
    expect((await build(true)).output).not.toMatch(ANEW)
  })

  it('is made as well where a file was lost or cut short, and not where all is there', async () => {
    await build(true)
    expect((await build(false)).output).toBe('')
    const part = join(
      root,
      'build/http',
      readdirSync(join(root, 'build/http')).find((name) => /^part-\w+\.js$/.test(name)) ?? '',
    )
    const whole = readFileSync(part)
    for (const spoil of [() => truncateSync(part, 200), () => rmSync(part)]) {
      spoil()
      expect((await build(false)).output).toMatch(ANEW)
      expect(readFileSync(part).equals(whole)).toBe(true)
    }
  })

  it('asks for the packages in one sentence where those that build are not here', async () => {
    const bare = mkdtempSync(join(tmpdir(), 'poise-unpacked-'))
    try {
      for (const name of ['scripts', 'package.json']) cpSync(join(root, name), join(bare, name), { recursive: true })
      expect(await node([join(bare, 'scripts/build.mjs')])).toEqual({
        code: 1,
        output: 'The development packages, which build Poise, are not all here: run npm ci first.\n',
      })
    } finally {
      rmSync(bare, { recursive: true, force: true })
    }
  })
})

describe('a stage of npm test', () => {
  const contract = () => node(['scripts/test.mjs', '--only', 'contract'])
  const LAST_LINE = /0 passed, 1 failed\n$/

  it('fails where it finds no test', async () => {
    expect(existsSync(join(root, 'tests'))).toBe(false)
    const { code, output } = await contract()
    expect(code).toBe(1)
    expect(output).toMatch(LAST_LINE)
  })

  it('fails where every test is skipped', async () => {
    mkdirSync(join(root, 'tests/contract'), { recursive: true })
    cpSync(join(ROOT, 'tests/setup'), join(root, 'tests/setup'), { recursive: true })
    writeFileSync(
      join(root, 'tests/contract/skipped.test.ts'),
      "import { it } from 'vitest'\nit.skip('is not run', () => {})\n",
    )
    const { code, output } = await contract()
    expect(code).toBe(1)
    expect(output).toMatch(LAST_LINE)
  })
})
