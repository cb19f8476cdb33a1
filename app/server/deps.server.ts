// The composition root: the one place where Deps is made (docs/decisions/0008-one-composition-root.md).
import { existsSync, lstatSync, mkdirSync, realpathSync, statfsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { inspectSqlite, readBindings, type Bindings } from '../../db/inspect.server.ts'
import { migrateStore, type MigrationReport } from '../../db/migrate.server.ts'
import { openPostgres } from '../../db/postgres.server.ts'
import { readClockAlarm } from '../../db/repositories/settings.server.ts'
import { openSqlite } from '../../db/sqlite.server.ts'
import type { Store } from '../../db/store.server.ts'
import type { Deps, Log } from '../ground/deps.server.ts'
import { createLive } from '../live/bus.server.ts'
import { createClock, type ClockAlarm, type GuardedClock } from './clock.server.ts'
import { ConfigError, type ServerConfig } from './config.server.ts'
import { openSecrets, requireKey, watchClock } from './installation.server.ts'
import { createLimiter } from './limits.server.ts'
import { createLog } from './log.server.ts'
import { createMailer } from './mail.server.ts'
import { giveToOwnerOfFolder } from './owner.server.ts'
import { createPasswords } from './passwords.server.ts'
import { createIds, readMasterKey } from './secrets.server.ts'

export type ServerDeps = Deps & {
  clock: GuardedClock
  config: ServerConfig
  /** Finishes what was accepted, then lets go of database and mail. */
  close(): Promise<void>
}

/**
 * The SQLite file, in the folder of the key file. Where a link leads elsewhere, there: SQLite keeps the log beside the
 * file itself.
 */
export function databaseFile(config: { dataDir: string }): string {
  const file = join(config.dataDir, 'poise.db')
  return existsSync(file) && lstatSync(file).isSymbolicLink() ? realpathSync(file) : file
}

/**
 * Makes the data folder, for this account only. One level at a time: the recursive mkdir of Node never ends where the
 * system answers "no such file" for a parent that exists. Throws a ConfigError where a file is in the way.
 */
export function makeDataDir(dataDir: string): void {
  const missing: string[] = []
  let path = resolve(dataDir)
  for (; !existsSync(path); path = dirname(path)) missing.unshift(path)
  if (!statSync(path).isDirectory())
    throw new ConfigError([
      `${path} is no folder, so there can be no data folder ${dataDir}: set DATA_DIR to another one.`,
    ])
  for (const folder of missing) {
    mkdirSync(folder, { mode: 0o700 })
    giveToOwnerOfFolder(folder, dirname(folder))
  }
}

/** A demo takes half of this. */
const FIRST_START_MEGABYTES = 8

/** Throws a ConfigError where an installation cannot begin: half of one, with a key of its own, would be left. */
function requireRoom(dataDir: string): void {
  const { bavail, bsize, blocks } = statfsSync(dataDir)
  // Some disks of the network do not tell their size.
  if (blocks > 0 && bavail * bsize < FIRST_START_MEGABYTES * 1024 * 1024)
    throw new ConfigError([
      `There is no room on the disk for a database in ${dataDir}: a new one needs ${FIRST_START_MEGABYTES} MB.`,
    ])
}

/**
 * Brings the configured database to the present schema. Throws a StoreError when it is damaged or lost: an installation
 * that has a key has had a database. `judge` may throw for an SQLite file that is bound to something else, before the
 * file is changed for good.
 */
export async function migrateFor(
  config: ServerConfig,
  judge: (bindings: Bindings) => void = () => {},
): Promise<MigrationReport> {
  makeDataDir(config.dataDir)
  if (config.databaseUrl !== null) return migrateStore({ url: config.databaseUrl })
  const file = databaseFile(config)
  const key = readMasterKey(config.dataDir)
  const { size } = inspectSqlite(file, { expected: key !== null })
  const bindings = readBindings(file)
  requireKey(bindings.keyFingerprint, key, config.dataDir)
  judge(bindings)
  if (size > 0) return migrateStore({ file })
  requireRoom(config.dataDir)
  const report = await migrateStore({ file })
  giveToOwnerOfFolder(file, config.dataDir)
  return report
}

/** The database of an installation as its operator knows it: a path, or a PostgreSQL address without its password. */
export function databaseName(config: Pick<ServerConfig, 'databaseUrl' | 'dataDir'>): string {
  if (config.databaseUrl === null) return databaseFile(config)
  if (!URL.canParse(config.databaseUrl)) return 'PostgreSQL'
  const url = new URL(config.databaseUrl)
  return `postgres://${url.username ? `${url.username}@` : ''}${url.host}${url.pathname}`
}

export type DepsOptions = {
  /** Told about an error after which the database cannot be used without someone looking at it. */
  onFatal?: (error: unknown) => void
  log?: Log
}

/** Opens the migrated database and makes Deps around it. */
export async function createDeps(config: ServerConfig, options: DepsOptions = {}): Promise<ServerDeps> {
  const log = options.log ?? createLog({ level: config.logLevel })
  const report = (error: unknown, where: string): void => log.error('store.trouble', error, { where })
  const onFatal = (error: unknown): void => {
    log.error('store.fatal', error)
    options.onFatal?.(error)
  }
  // A mistake of ours, which development and the tests find; a save need not pay for looking.
  const noticeNesting = process.env['NODE_ENV'] !== 'production'
  const store =
    config.databaseUrl === null
      ? openSqlite({ file: databaseFile(config), report, onFatal, noticeNesting })
      : await openPostgres({ url: config.databaseUrl, report, noticeNesting })
  try {
    return await assembleDeps(config, store, { log })
  } catch (error) {
    await store.close()
    throw error
  }
}

/** Makes Deps around a store that is open already; `close` closes it. */
export async function assembleDeps(
  config: ServerConfig,
  store: Store,
  { log = createLog({ level: config.logLevel }) }: { log?: Log } = {},
): Promise<ServerDeps> {
  let raise: (alarm: ClockAlarm) => void = () => {}
  const unconfirmed = await readClockAlarm(store.read)
  if (unconfirmed) log.warn('clock.unconfirmed', { alarmId: unconfirmed.alarmId })
  const clock = createClock({
    offsetMs: config.clockOffsetMs,
    adjustable: config.mode === 'test',
    unconfirmed,
    onAlarm: (alarm) => raise(alarm),
  })
  const secrets = await openSecrets(store, config.dataDir, new Date(clock.now()))
  const [ids, live] = [createIds(), createLive()]
  const watch = watchClock({ store, clock, ids, live, log }, unconfirmed?.alarmId)
  raise = watch.raise
  const mail = createMailer(config)
  return {
    store,
    clock,
    ids,
    secrets,
    passwords: createPasswords(),
    mail,
    limits: createLimiter(),
    live,
    config,
    log,
    async close() {
      await watch.close()
      mail.close()
      await store.close()
    },
  }
}
