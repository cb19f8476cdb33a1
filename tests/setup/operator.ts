// An installation of the built product in a folder of its own, whose settings stand in its .env and nowhere else.
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, watch, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { copyOfBuild } from './poise-server.ts'

export type Ran = { code: number | null; stdout: string; stderr: string }
export type Installation = {
  /** Where the program is. */
  root: string
  /** Where .env says that the data are. */
  dataDir: string
  /** Runs `npm run poise -- …` as the operator would, from `cwd`. */
  poise(args: readonly string[], options?: { input?: string; cwd?: string; env?: Record<string, string> }): Promise<Ran>
  /**
   * Runs it, and kills it with -9 as soon as a name of that form appears in the data folder. True if it died of that.
   */
  poiseKilledAt(name: RegExp, args: readonly string[]): Promise<boolean>
  /** Starts the server and waits until it is ready or has ended. */
  serve(
    env?: Record<string, string>,
  ): Promise<Ran & { url: string | null; stop(signal?: NodeJS.Signals): Promise<void> }>
  /** The newest copy that backup has made. */
  newestCopy(): string
  /** Ends what still runs, and puts the data back as they were when `keep` was called. */
  reset(): Promise<void>
  keep(): void
  remove(): Promise<void>
}

export async function installation(settings: Record<string, string> = {}): Promise<Installation> {
  const copy = await copyOfBuild()
  const root = join(dirname(copy.main), '../..')
  const data = mkdtempSync(join(tmpdir(), 'poise-operator-'))
  const dataDir = join(data, 'kept here')
  writeFileSync(
    join(root, '.env'),
    Object.entries({ DATA_DIR: `"${dataDir}"`, POISE_MODE: 'test', PORT: '0', ...settings })
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  )
  const environment: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    NODE_ENV: 'production',
  }
  const running = new Set<(signal: NodeJS.Signals) => Promise<void>>()

  function run(
    entry: string,
    args: readonly string[],
    { input = '', cwd = root, env = {} }: { input?: string; cwd?: string; env?: Record<string, string> },
  ) {
    const child = spawn(process.execPath, [join(root, 'build/http', entry), ...args], {
      cwd,
      env: { ...environment, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const said = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()))
    const ended = new Promise<number | null>((done) => child.once('close', (code) => done(code)))
    child.stdin.end(input)
    const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
      child.kill(signal)
      await ended
    }
    running.add(stop)
    void ended.then(() => running.delete(stop))
    return { child, said, ended, stop }
  }

  const kept = join(data, 'as it was')
  const stopAll = async (): Promise<void> => {
    for (const stop of running) await stop('SIGKILL')
  }

  return {
    root,
    dataDir,
    async poise(args, options = {}) {
      const { said, ended } = run('poise.js', args, options)
      return { code: await ended, ...said }
    },
    async poiseKilledAt(name, args) {
      const watcher = watch(dataDir)
      try {
        const { ended, stop } = run('poise.js', args, {})
        watcher.on('change', (_event, changed) => (name.test(String(changed)) ? void stop('SIGKILL') : undefined))
        return (await ended) === null
      } finally {
        watcher.close()
      }
    },
    async serve(env = {}) {
      const { child, said, ended, stop } = run('main.js', [], { env })
      const ready = new Promise<string>((done) =>
        child.stdout.on('data', () =>
          /is ready: (http:\S+)/.test(said.stdout)
            ? done(/is ready: (http:\S+)/.exec(said.stdout)?.[1] ?? '')
            : undefined,
        ),
      )
      const outcome = await Promise.race([ready, ended])
      return {
        ...said,
        url: typeof outcome === 'string' ? outcome : null,
        code: typeof outcome === 'string' ? null : outcome,
        stop,
      }
    },
    newestCopy() {
      const folder = join(dataDir, 'backups')
      const [newest] = existsSync(folder)
        ? readdirSync(folder)
            .filter((name) => name.endsWith('.db'))
            .sort()
            .reverse()
        : []
      if (!newest) throw new Error('there is no copy')
      return join(folder, newest)
    },
    keep: () => cpSync(dataDir, kept, { recursive: true }),
    async reset() {
      await stopAll()
      rmSync(dataDir, { recursive: true, force: true })
      cpSync(kept, dataDir, { recursive: true })
    },
    async remove() {
      await stopAll()
      copy.remove()
      rmSync(data, { recursive: true, force: true })
    },
  }
}
