// Puts the server together: database, Deps, content, jobs, HTTP. main.server.ts gives it a process; tests can do
// without.
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ServerBuild } from '@remix-run/node'
import { reclaimJobs } from '../../db/repositories/jobs.server.ts'
import { jobHandlers } from '../jobs/handlers/index.server.ts'
import { ticks } from '../jobs/handlers/ticks.server.ts'
import { createRunner } from '../jobs/runner.server.ts'
import { withPort, type ServerConfig } from './config.server.ts'
import { lockDataDir } from './data-lock.server.ts'
import { createDeps, databaseFile, makeDataDir, migrateFor, type ServerDeps } from './deps.server.ts'
import type { RemixBuild } from './express-app.server.ts'
import { prepareContent, requireMode, type FirstStart } from './first-start.server.ts'
import { hotRoutes } from './hot-routes.server.ts'
import { createHttpServer, type HttpServerOptions } from './http.server.ts'
import { removeLeftByRestores } from './left-by-restore.server.ts'
import { watchKey } from './secrets.server.ts'

/** For so long a second server may start on the folder after somebody has removed the lock file. */
const LOCK_EVERY_MS = 1_000
const KEY_EVERY_MS = 60_000

export type StartOptions = {
  config: ServerConfig
  /** The project's folder: `build/` and `question-banks/` are below it. */
  root: string
  /** Serve the pages from their sources, with Vite in the same process. */
  dev?: boolean
  /** Give a demo without people its people; not where what is in the database is to be proved. */
  seedDemo?: boolean
  onFatal?: (error: unknown) => void
}

export type Started = {
  url: string
  port: number
  deps: ServerDeps
  content: FirstStart
  /** Accepts nothing new, finishes what was accepted, then lets go of the database. */
  stop(): Promise<void>
}

/**
 * A quick look that spares a second start by mistake from touching the data of the first, and finds a free port for
 * PORT=0. `listen` decides.
 */
async function lookAtPort(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(port, host, () => {
      const address = probe.address() as AddressInfo
      probe.close(() => resolve(address.port))
    })
  })
}

type Pages = Pick<HttpServerOptions, 'remixBuild' | 'staticDir' | 'devMiddleware'> & { close(): Promise<void> }

async function builtPages(root: string): Promise<Pages> {
  const remixBuild = (await import(pathToFileURL(join(root, 'build/server/index.js')).href)) as ServerBuild
  return { remixBuild, staticDir: join(root, 'build/client'), close: async () => {} }
}

async function developmentPages(root: string): Promise<Pages> {
  const { createServer: createVite } = await import('vite')
  const before = { signal: new Set(process.listeners('SIGTERM')), input: new Set(process.stdin.listeners('end')) }
  const vite = await createVite({ root, server: { middlewareMode: true }, appType: 'custom' })
  // The Remix plugin starts a second Vite that would end the process by itself, past our stop and its order.
  for (const listener of process.listeners('SIGTERM'))
    if (!before.signal.has(listener)) process.off('SIGTERM', listener)
  for (const listener of process.stdin.listeners('end'))
    if (!before.input.has(listener)) process.stdin.off('end', listener as () => void)
  const remixBuild: RemixBuild = () => vite.ssrLoadModule('virtual:remix/server-build') as Promise<never>
  return { remixBuild, staticDir: null, devMiddleware: vite.middlewares, close: () => vite.close() }
}

/** Starts everything, or lets go of what was taken and throws. */
export async function startPoise({
  config: given,
  root,
  dev = false,
  seedDemo = true,
  onFatal,
}: StartOptions): Promise<Started> {
  const config = withPort(given, await lookAtPort(given.port, given.host))
  const release: Array<() => Promise<void> | void> = []
  const letGo = async (): Promise<void> => {
    for (const free of release.splice(0).reverse()) await free()
  }
  try {
    makeDataDir(config.dataDir)
    // Servers on PostgreSQL may share a folder: there the database settles who writes.
    const lock = config.databaseUrl === null ? lockDataDir(config.dataDir, 'server') : null
    if (lock) release.push(() => lock.release())
    await migrateFor(config, ({ mode }) => requireMode(mode, config))
    const deps = await createDeps(config, onFatal ? { onFatal } : {})
    release.push(() => deps.close())
    const content = await prepareContent(deps, join(root, 'question-banks'), { seedDemo })
    const pages = dev ? await developmentPages(root) : await builtPages(root)
    release.push(() => pages.close())
    const runner = createRunner(deps, { handlers: jobHandlers })
    release.push(() => runner.stop())
    const server = createHttpServer(deps, { ...pages, hotRoutes, runner })
    const { port, url } = await server.listen()
    release.push(() => server.stop())
    if (lock) await deps.store.transact(reclaimJobs)
    runner.start()
    const lookAtKey = watchKey(config.dataDir, deps.log)
    runner.every('watch-key', KEY_EVERY_MS, async () => lookAtKey())
    if (lock) {
      runner.every('keep-lock', LOCK_EVERY_MS, async () => lock.renew())
      try {
        removeLeftByRestores(config.dataDir, databaseFile(config))
      } catch (error) {
        deps.log.error('restore.leftovers', error)
      }
    }
    for (const { name, intervalMs, work } of ticks) runner.every(name, intervalMs, () => work(deps))
    return { url, port, deps, content, stop: letGo }
  } catch (error) {
    await letGo()
    throw error
  }
}
