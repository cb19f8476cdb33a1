// The built product as a process of its own: started, killed, started again on the same data, its clocks moved by the
// test.
import { spawn, type ChildProcess } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { DemoAccounts } from '#app/demo/demo.server.ts'
import { readConfig } from '#app/server/config.server.ts'
import { createDeps, type ServerDeps } from '#app/server/deps.server.ts'

export const ROOT = resolve(import.meta.dirname, '../..')
const SILENT = { info: () => {}, warn: () => {}, error: () => {} }

// ---- The build ----

const LOCK = join(ROOT, '.cache/build.lock')
const STALE_LOCK_MS = 180_000

/** Runs `work` while no other test process does. A lock whose owner died is taken over. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  mkdirSync(join(ROOT, '.cache'), { recursive: true })
  for (;;) {
    try {
      mkdirSync(LOCK)
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const age = Date.now() - (statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
      if (age > STALE_LOCK_MS) rmSync(LOCK, { recursive: true, force: true })
      else await pause(200)
    }
  }
  try {
    return await work()
  } finally {
    rmSync(LOCK, { recursive: true, force: true })
  }
}

/** Ours without what vitest puts there: the build takes that for a test run of its own. */
const plainEnvironment = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^VITE/.test(name))),
  NODE_ENV: 'production',
})

let built: Promise<void> | null = null
/** Builds the product unless it is built from these sources already. Looked at once a test file. */
export async function ensureBuilt(): Promise<void> {
  await (built ??= build())
}

async function build(): Promise<void> {
  await alone(
    () =>
      new Promise<void>((done, failed) => {
        const child = spawn(process.execPath, ['scripts/build.mjs'], {
          cwd: ROOT,
          stdio: ['ignore', 'pipe', 'pipe'],
          env: plainEnvironment(),
        })
        let output = ''
        for (const stream of [child.stdout, child.stderr])
          stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
        child.once('error', failed)
        child.once('close', (code) =>
          code === 0 ? done() : failed(new Error(`The product could not be built.\n${output}`)),
        )
      }),
  )
}

export type BuildCopy = { main: string; remove(): void }

/**
 * A copy of the build, so that nobody's next build pulls it from under a running server. Its question banks are empty:
 * a restart then reads nothing but the database.
 */
export async function copyOfBuild(): Promise<BuildCopy> {
  await ensureBuilt()
  const folder = mkdtempSync(join(tmpdir(), 'poise-build-'))
  mkdirSync(join(folder, 'build'))
  for (const part of ['http', 'server', 'client'])
    cpSync(join(ROOT, 'build', part), join(folder, 'build', part), { recursive: true })
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'))
  cpSync(join(ROOT, 'db/migrations'), join(folder, 'db/migrations'), { recursive: true })
  mkdirSync(join(folder, 'question-banks'))
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  return { main: join(folder, 'build/http/main.js'), remove: () => rmSync(folder, { recursive: true, force: true }) }
}

let withoutBanks: Promise<BuildCopy> | null = null
/** One for this process, which removes it at its end. */
function theCopyWithoutBanks(): Promise<BuildCopy> {
  withoutBanks ??= copyOfBuild().then((copy) => {
    process.once('exit', copy.remove)
    return copy
  })
  return withoutBanks
}

// ---- The process ----

export type Poise = {
  readonly url: string
  readonly port: number
  readonly dataDir: string
  /** Who may sign in, and the invitations, with links to where the server is now. */
  accounts(): DemoAccounts
  /** What it has written so far, for a failure's message. */
  output(): string
  /** Of the process that runs now. */
  pid(): number
  /** POISE_MODE=test: what the server adds to its clock from now on. */
  setClock(offsetMs: number): Promise<void>
  /** Somebody sets the machine's clock: the wall jumps, the monotonic clock does not. */
  stepWallClock(stepMs: number): Promise<void>
  /** No farewell: the process is gone between two instructions. */
  kill9(): Promise<void>
  /** Starts again on the same data and the same port. */
  restart(): Promise<void>
  stop(): Promise<void>
  /** Stops and removes the data. */
  dispose(): Promise<void>
  /**
   * The same database, opened by the test beside the server: to look at what is stored and to prepare what takes too
   * long by hand.
   */
  deps(): Promise<ServerDeps>
}

type Options = {
  mode?: 'demo' | 'test'
  /**
   * Which question banks a start imports. To read and compare the shipped ones costs each start several seconds, so a
   * test that publishes what it needs goes without; a demo is made of them.
   */
  banks?: 'shipped' | 'none'
  dataDir?: string
  env?: Record<string, string>
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Below those that systems give to whoever asks for any: what is free now is to be free when the server takes it. */
const PORTS = { from: 20_000, count: 12_000 }

export async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.from + Math.floor(Math.random() * PORTS.count)
    const isFree = await new Promise<boolean>((done) => {
      const probe = createServer()
      probe.once('error', () => done(false))
      probe.listen(port, '127.0.0.1', () => probe.close(() => done(true)))
    })
    if (isFree) return port
  }
}

const START_PATIENCE_MS = 60_000

export async function startPoise({
  mode = 'test',
  banks = mode === 'demo' ? 'shipped' : 'none',
  dataDir = mkdtempSync(join(tmpdir(), 'poise-e2e-')),
  env = {},
}: Options = {}): Promise<Poise> {
  await ensureBuilt()
  const main = banks === 'shipped' ? join(ROOT, 'build/http/main.js') : (await theCopyWithoutBanks()).main
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let child: ChildProcess | null = null
  let output = ''
  let opened: ServerDeps | null = null

  async function start(): Promise<void> {
    const began = spawn(process.execPath, ['--import', join(ROOT, 'tests/setup/poise-server.clock.mjs'), main], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: process.env['HOME'] ?? '',
        TZ: 'UTC',
        NODE_ENV: 'production',
        POISE_ENV_FILE: '',
        PORT: String(port),
        DATA_DIR: dataDir,
        POISE_MODE: mode,
        ...env,
      },
    })
    child = began
    began.once('exit', (code, signal) => (output += `\n[the process ended: ${code ?? signal ?? ''}]\n`))
    running.add(began)
    began.once('exit', () => running.delete(began))
    for (const stream of [began.stdout, began.stderr])
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()))
    await new Promise<void>((done, failed) => {
      const patience = setTimeout(() => failed(new Error(`Poise was not ready in time.\n${output}`)), START_PATIENCE_MS)
      const look = (): void => {
        if (!output.includes(`is ready: http`)) return
        clearTimeout(patience)
        done()
      }
      began.stdout?.on('data', look)
      began.once('exit', (code) => {
        clearTimeout(patience)
        failed(new Error(`Poise ended with ${code} before it was ready.\n${output}`))
      })
    })
  }

  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const ending = child
    child = null
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return
    await new Promise<void>((done) => {
      ending.once('exit', () => done())
      ending.kill(signal)
    })
  }

  async function closeDeps(): Promise<void> {
    await opened?.close()
    opened = null
  }

  await start()
  const poise: Poise = {
    url,
    port,
    dataDir,
    output: () => output,
    pid() {
      if (child?.pid === undefined) throw new Error('the server does not run')
      return child.pid
    },
    accounts() {
      const made = JSON.parse(readFileSync(join(dataDir, 'demo-accounts.json'), 'utf8')) as DemoAccounts
      return { ...made, invitations: made.invitations.map((one) => ({ ...one, url: url + new URL(one.url).pathname })) }
    },
    async setClock(offsetMs) {
      const answer = await fetch(`${url}/__test/clock`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
        body: JSON.stringify({ offsetMs }),
      })
      if (!answer.ok) throw new Error(`the clock was not moved: ${answer.status}`)
    },
    async stepWallClock(stepMs) {
      const moving = child
      if (!moving) throw new Error('the server does not run')
      await new Promise<void>((done, failed) => {
        moving.once('message', () => done())
        moving.send({ stepMs }, (error) => (error ? failed(error) : undefined))
      })
    },
    kill9: () => end('SIGKILL'),
    async restart() {
      await end('SIGTERM')
      output = ''
      await start()
    },
    stop: () => end('SIGTERM'),
    async dispose() {
      await end('SIGTERM')
      await closeDeps()
      rmSync(dataDir, { recursive: true, force: true })
    },
    async deps() {
      opened ??= await createDeps(
        readConfig({ POISE_MODE: 'test', PORT: String(port), DATA_DIR: dataDir }, '0.0.0-test'),
        { log: SILENT },
      )
      return opened
    },
  }
  return poise
}

/**
 * Answers when `look` gives something. Asks again at once after every turn; the only clock in it is the one that gives
 * up.
 */
export async function eventually<T>(
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  what = 'it',
  patienceMs = 15_000,
): Promise<T> {
  const until = Date.now() + patienceMs
  for (;;) {
    const found = await look()
    if (found) return found
    if (Date.now() > until) throw new Error(`waited in vain for ${what}`)
    await pause(40)
  }
}

// ---- A demo to begin with ----

const TEMPLATE = 'POISE_E2E_TEMPLATE'

/** A data folder with the demo in it: made by the product once in a test process, and copied. */
export async function demoData(): Promise<string> {
  let template = process.env[TEMPLATE]
  if (!template || !existsSync(template)) {
    template = mkdtempSync(join(tmpdir(), 'poise-demo-'))
    const made = template
    process.once('exit', () => rmSync(made, { recursive: true, force: true }))
    const poise = await startPoise({ mode: 'demo', dataDir: template })
    await poise.stop()
    process.env[TEMPLATE] = template
  }
  const copy = mkdtempSync(join(tmpdir(), 'poise-e2e-'))
  cpSync(template, copy, { recursive: true })
  return copy
}

/** The demo's people and content, served in test mode, so that the clock can be moved. */
export const startDemoInTestMode = async (): Promise<Poise> =>
  startPoise({ mode: 'test', banks: 'shipped', dataDir: await demoData() })

/** Where a failed run leaves what helps to understand it. */
export function keepForLater(name: string, content: string | Buffer): string {
  const folder = join(ROOT, '.cache/test/e2e')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, name)
  writeFileSync(file, content)
  return file
}
