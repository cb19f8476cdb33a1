// The built server as a process: what its operator sees when it starts, fails to start, and stops.
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runningFrom } from '#scripts/lib/running.mjs'
import { freePort } from '#tests/setup/poise-server.ts'

const root = resolve(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'poise-process-'))
const dataDir = join(folder, 'data')
const children: ChildProcess[] = []

type Process = { child: ChildProcess; output: () => string; ended: Promise<{ code: number | null; afterMs: number }> }
function start(environment: Record<string, string>, stdio: StdioOptions = ['ignore', 'pipe', 'pipe']): Process {
  const { PATH = '', HOME = '' } = process.env
  const began = performance.now()
  const child = spawn(process.execPath, ['build/http/main.js'], {
    cwd: root,
    env: { NODE_ENV: 'production', POISE_ENV_FILE: '', PATH, HOME, DATA_DIR: dataDir, ...environment },
    stdio,
  })
  children.push(child)
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ended = new Promise<{ code: number | null; afterMs: number }>((done) =>
    child.once('close', (code) => done({ code, afterMs: performance.now() - began })),
  )
  return { child, output: () => output, ended }
}

async function ready(server: Process): Promise<string> {
  for (let i = 0; i < 600; i += 1) {
    const url = /is ready: (\S+)/.exec(server.output())?.[1]
    if (url) return url
    if (server.child.exitCode !== null) break
    await new Promise((again) => setTimeout(again, 50))
  }
  throw new Error(`not ready: ${server.output()}`)
}

afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

describe('first start', () => {
  let first: Process
  let url: string
  beforeAll(async () => {
    // Made by the operator, and open to everybody.
    mkdirSync(dataDir)
    chmodSync(dataDir, 0o755)
    first = start({ PORT: '0' })
    url = await ready(first)
  })

  it('shows the accounts of the demo, and links that lead to this very server', async () => {
    // The line that says where it is comes before these.
    await expect.poll(() => first.output()).toMatch(/admin@\S+\s+\S{15,}/)
    await expect.poll(() => first.output()).toContain(`${url}/i/`)
  })

  it('answers, and keeps its files to its own account', async () => {
    const health = await fetch(`${url}/healthz`)
    expect(health.status).toBe(200)
    expect(await health.json()).toMatchObject({ status: 'ok', database: 'ok' })
    expect((await fetch(`${url}/login`)).status).toBe(200)
    const files = readdirSync(dataDir)
    expect(files).toEqual(
      expect.arrayContaining(['poise.db', 'poise.db-wal', 'poise.lock', 'secret.key', 'demo-accounts.json']),
    )
    expect(files.filter((name) => (statSync(join(dataDir, name)).mode & 0o077) !== 0)).toEqual([])
    // The folder itself is the operator's.
    expect(statSync(dataDir).mode & 0o777).toBe(0o755)
  })

  it.runIf(process.platform === 'linux')(
    'is known to run from its build, so that no second start takes that away',
    () => {
      expect(runningFrom(root)).toContain(first.child.pid)
    },
  )

  it('has no test clock', async () => {
    const post = async (path: string) =>
      (await fetch(`${url}${path}`, { method: 'POST', headers: { origin: url }, body: '{"offsetMs":1}' })).status
    // Answered like an address that never was.
    expect(await post('/__test/clock')).toBe(await post('/__test/no-such-thing'))
    expect((await fetch(`${url}/__test/clock`)).status).toBe(404)
  })

  it('tells a second server that the port is in use', async () => {
    const second = start({ PORT: new URL(url).port })
    expect((await second.ended).code).toBe(1)
    expect(second.output()).toMatch(/^Port \d+ is in use: .*\.\n$/)
  })

  it('stops on SIGTERM with 0, and is ready again with the same people', async () => {
    first.child.kill('SIGTERM')
    expect((await first.ended).code).toBe(0)
    expect(runningFrom(root)).not.toContain(first.child.pid)
    const second = start({ PORT: '0' })
    await ready(second)
    expect(second.output()).not.toContain('Sign in')
    // Ctrl-C under npm arrives twice at once, and is one wish.
    second.child.kill('SIGINT')
    second.child.kill('SIGINT')
    expect((await second.ended).code).toBe(0)
  })
})

describe.runIf(process.platform === 'linux')('output that cannot be written', () => {
  const full = openSync('/dev/full', 'w')
  afterAll(() => closeSync(full))
  const environment = { LOG_LEVEL: 'info', PORT: '0' }

  it('does not end the start, the server, or its stop', async () => {
    const port = await freePort()
    const data = join(folder, 'full-log')
    // The log of one goes to a full device, and all of the other.
    const noLog = start({ ...environment, DATA_DIR: data }, ['ignore', 'pipe', full])
    expect(await (await fetch(`${await ready(noLog)}/healthz`)).json()).toMatchObject({ status: 'ok' })
    noLog.child.kill('SIGTERM')
    expect((await noLog.ended).code).toBe(0)
    const silent = start({ ...environment, DATA_DIR: data, PORT: String(port) }, ['ignore', full, full])
    await expect
      .poll(
        () =>
          fetch(`http://127.0.0.1:${port}/healthz`).then(
            ({ status }) => status,
            () => null,
          ),
        { timeout: 30_000 },
      )
      .toBe(200)
    silent.child.kill('SIGTERM')
    expect((await silent.ended).code).toBe(0)
  })

  it('leaves a start that is refused its code', async () => {
    expect((await start({ POISE_MODE: 'production' }, ['ignore', full, full]).ended).code).toBe(1)
  })
})

describe('a start that cannot succeed', () => {
  const cases: Array<[string, Record<string, string>, string]> = [
    ['a damaged database', { DATA_DIR: folder, PORT: '0' }, 'is damaged or is not a database'],
    [
      'a data folder that cannot be made',
      { DATA_DIR: join(folder, 'poise.db', 'below'), PORT: '0' },
      'is no folder, so there can be no data folder',
    ],
    ['production without an address', { POISE_MODE: 'production' }, 'Production needs PUBLIC_URL'],
    ['production over http', { POISE_MODE: 'production', PUBLIC_URL: 'http://poise.example' }, 'must begin with https'],
    ['a demo for the whole network', { HOST: '0.0.0.0' }, 'listens on this machine only'],
  ]
  it.each(cases)('says in one sentence: %s', async (_name, environment, sentence) => {
    writeFileSync(join(folder, 'poise.db'), 'this is not a database'.repeat(500))
    const server = start(environment)
    expect((await server.ended).code).toBe(1)
    expect(server.output()).toContain(sentence)
    expect(server.output().trim().split('\n')).toHaveLength(1)
  })
})
