// What happens around npm ci while it installs: who may begin, and who ends with whom. The project is a bare copy of
// the scripts, and npm is a program of ours that stays until it is told to go.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { constants, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')

/** Says its number, ends with its line to us, and hears signals only where it is told to. Installs nothing. */
const NPM = `
const { spawn } = require('node:child_process')
const line = require('node:net').connect(process.env.TEST_LINE)
const isHelper = process.argv[2] === 'helper'
if (isHelper || process.env.TEST_DEAF) process.on('SIGTERM', () => {})
line.write(JSON.stringify({ pid: process.pid, isHelper }))
line.on('close', () => process.exit(1))
if (process.env.TEST_HELPER && !isHelper) spawn(process.execPath, [__filename, 'helper'], { stdio: 'ignore' })
`

type Npm = { pid: number; isHelper: boolean; line: Socket; ended: Promise<unknown> }
let root: string
let server: Server
let present: Npm[]
let onArrival: () => void
const ends: Array<() => Promise<void>> = []

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'poise-first-'))
  for (const name of ['scripts', 'package.json', 'package-lock.json'])
    cpSync(join(ROOT, name), join(root, name), { recursive: true })
  writeFileSync(join(root, 'npm-cli.cjs'), NPM)
  present = []
  onArrival = () => {}
  server = createServer((line) => {
    line.on('error', () => {})
    const ended = once(line, 'close')
    line.once('data', (said: Buffer) => {
      present.push({ ...(JSON.parse(said.toString()) as { pid: number; isHelper: boolean }), line, ended })
      onArrival()
    })
  }).listen(join(root, 'line'))
  await once(server, 'listening')
})
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
  for (const npm of present) {
    npm.line.destroy()
    await npm.ended
  }
  server.close()
  rmSync(root, { recursive: true, force: true })
})

/** Waits until as many have come in all, helpers included. */
async function npms(count: number): Promise<Npm[]> {
  while (present.length < count) await new Promise<void>((done) => (onArrival = done))
  return present
}

type Program = { pid: number; output(): string; ended: Promise<number | null>; kill(signal: NodeJS.Signals): void }
function run(command: string, args: readonly string[], env: Record<string, string> = {}): Program {
  const { npm_lifecycle_event: _, ...ours } = process.env
  const child = spawn(command, args, {
    cwd: root,
    env: { ...ours, npm_execpath: join(root, 'npm-cli.cjs'), TEST_LINE: join(root, 'line'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ended = once(child, 'close').then(([code]) => code as number | null)
  ends.push(async () => {
    child.kill('SIGKILL')
    for (const npm of present) npm.line.destroy()
    await ended
  })
  return { pid: child.pid ?? 0, output: () => output, ended, kill: (signal) => child.kill(signal) }
}
const script = (name: string, args: readonly string[] = [], env: Record<string, string> = {}): Program =>
  run(process.execPath, [join(root, 'scripts', name), ...args], env)
const refusalBy = (pid: number): string =>
  `Poise is being installed here by process ${pid}: wait until it has ended, then try again.\n`

describe.runIf(process.platform === 'linux')('while the packages are installed for the first time', () => {
  it.each([
    ['npm start', 'start.mjs', []],
    ['npm run admin:create', 'poise.mjs', ['admin:create']],
    ['npm run build', 'build.mjs', []],
  ])(
    '%s is refused in one sentence: a second npm ci took the packages away from the first',
    async (_name, file, args) => {
      const first = script('start.mjs')
      const [npm] = await npms(1)
      const second = script(file, args)
      expect(await second.ended).toBe(1)
      expect(second.output()).toBe(refusalBy(first.pid))
      expect(present).toEqual([npm])
      expect(npm?.line.closed).toBe(false)
    },
  )

  it('one begins of those that start in the same moment', async () => {
    const all = [1, 2, 3, 4].map(() => script('start.mjs'))
    const [npm] = await npms(1)
    const refused = await new Promise<number>((done) => {
      let count = 0
      for (const one of all) void one.ended.then(() => ++count === all.length - 1 && done(count))
    })
    expect(refused).toBe(3)
    expect(present).toEqual([npm])
    expect(all.filter((one) => /wait until it has ended/.test(one.output()))).toHaveLength(3)
  })

  it('an npm ci that outlives a killed start still counts, and nothing is locked once it has ended', async () => {
    const first = script('start.mjs')
    const [npm] = await npms(1)
    first.kill('SIGKILL')
    await first.ended
    const second = script('start.mjs')
    expect(await second.ended).toBe(1)
    expect(second.output()).toBe(refusalBy(npm?.pid ?? 0))
    process.kill(npm?.pid ?? 0, 'SIGKILL')
    await npm?.ended
    script('start.mjs')
    expect(await npms(2)).toHaveLength(2)
  })

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    '%s ends the start, npm and what npm has started',
    async (signal) => {
      const start = script('start.mjs', [], { TEST_HELPER: '1' })
      const both = await npms(2)
      start.kill(signal)
      expect(await start.ended).toBe(128 + constants.signals[signal])
      await Promise.all(both.map((one) => one.ended))
      expect(start.output()).not.toContain('could not be installed')
    },
  )

  it('an npm that does not hear is ended all the same', async () => {
    const start = script('start.mjs', [], { TEST_DEAF: '1' })
    const [npm] = await npms(1)
    start.kill('SIGTERM')
    expect(await start.ended).toBe(143)
    await npm?.ended
  })

  it('the start ends when the shell in which npm has put it is gone', async () => {
    const shell = run('/bin/sh', ['-c', `"${process.execPath}" scripts/start.mjs; true`], {
      npm_lifecycle_event: 'start',
    })
    const [npm] = await npms(1)
    shell.kill('SIGKILL')
    await npm?.ended
    await expect.poll(shell.output).toContain('stopped')
  })
})
