// The built server as a child process that is killed without a farewell and started again, as fast as it can be.
import { spawn } from 'node:child_process'
import { ROOT } from './poise-server.ts'

export type ServerProcess = {
  readonly url: string
  /** All that it has said. */
  output(): string
  /** SIGKILL: gone between two instructions. Settles when the process is no more. */
  kill9(): Promise<void>
}

const PATIENCE_MS = 60_000

/** Starts the server on a free port; settles when it takes requests. */
export function startServer(options: {
  main: string
  dataDir: string
  env?: Record<string, string>
}): Promise<ServerProcess> {
  const child = spawn(process.execPath, [options.main], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      NODE_ENV: 'production',
      POISE_ENV_FILE: '',
      POISE_MODE: 'test',
      PORT: '0',
      DATA_DIR: options.dataDir,
      ...options.env,
    },
  })
  let said = ''
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const stopChild = (): void => void child.kill('SIGKILL')
  process.once('exit', stopChild)
  void ended.then(() => process.off('exit', stopChild))
  return new Promise((resolve, reject) => {
    const patience = setTimeout(() => {
      stopChild()
      reject(new Error(`the server was not ready within ${PATIENCE_MS} ms\n${said}`))
    }, PATIENCE_MS)
    const listen = (chunk: Buffer): void => {
      said += chunk.toString('utf8')
      const ready = /is ready: (http:\S+)/.exec(said)
      if (!ready) return
      clearTimeout(patience)
      resolve({
        url: ready[1] ?? '',
        output: () => said,
        async kill9() {
          stopChild()
          await ended
        },
      })
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('error', reject)
    void ended.then(() => {
      clearTimeout(patience)
      reject(new Error(`the server ended before it was ready\n${said}`))
    })
  })
}
