// Why the server does not start, or stops by itself, in one sentence for the person who started it.
import { describeSqliteError, driverCode } from '../../db/dialect/errors.server.ts'
import { StoreError } from '../../db/store.server.ts'
import { ConfigError } from './config.server.ts'
import { databaseFile } from './deps.server.ts'
import { safeMessage } from './log.server.ts'

const RESTORABLE: ReadonlySet<string> = new Set(['db.corrupt', 'db.lost', 'db.foreign_log'])
const HOW_TO_RESTORE = 'Restore a backup: npm run restore -- FILE (docs/operations.md).'

/** Why a running server stops: the error that its store has called fatal. */
export function stopReason(error: unknown, config: { port: number; host: string; dataDir: string }): string {
  // Which of the files it is decides what to do, so this message says it all.
  if (error instanceof StoreError && error.code === 'db.lost') return error.message
  return startFailure(error, config) ?? `The database ${databaseFile(config)} can no longer be used.`
}

/** Null where the error is not one that its reader can put right: then the stack is the better answer. */
export function startFailure(
  error: unknown,
  config: { port: number; host: string; dataDir: string } | null,
): string | null {
  if (error instanceof ConfigError) return error.message
  // The driver's own errors may come from anywhere below, in the words of SQLite.
  const below =
    error instanceof StoreError && (error.code === 'db.commit_failed' || error.code === 'db.transaction_lost')
      ? error.cause
      : error
  const described =
    config !== null && driverCode(below).startsWith('SQLITE_')
      ? describeSqliteError(below, databaseFile(config))
      : error
  const known = described instanceof StoreError ? described : error
  if (known instanceof StoreError) {
    const sentence = /[.!?。]$/u.test(known.message) ? known.message : `${known.message}.`
    return RESTORABLE.has(known.code) ? `${sentence} ${HOW_TO_RESTORE}` : sentence
  }
  // Where install scripts were left out, or pnpm has not been told to allow them, nothing was compiled.
  if (error instanceof Error && error.message.startsWith('Could not locate the bindings file'))
    return 'The package better-sqlite3 was installed without its compiled part: run npm rebuild better-sqlite3 (with pnpm: pnpm approve-builds, then pnpm rebuild better-sqlite3), then start again.'
  if (!(error instanceof Error) || !('code' in error) || config === null) return null
  const from = 'syscall' in error ? error.syscall : ''
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${config.port} is in use: stop the other program, or set PORT to another number.`
    case 'EINVAL':
      if (from !== 'listen') return null
      return `This machine cannot listen on ${config.host}: check HOST.`
    case 'ENAMETOOLONG':
      return `The name of the folder ${config.dataDir} is too long for this system: set DATA_DIR to a shorter one.`
    case 'EMFILE':
    case 'ENFILE':
      return 'The system lets this account open too few files: raise the limit (ulimit -n) to 1024 or more.'
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `This machine has no address ${config.host}: check HOST.`
    case 'ENOSPC':
      return `There is no room on the disk for ${config.dataDir}.`
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
    case 'ENOENT':
      return from === 'listen'
        ? `Port ${config.port} may not be used by this account: set PORT to a number above 1023.`
        : 'path' in error && typeof error.path === 'string' && !`${config.dataDir}/`.startsWith(`${error.path}/`)
          ? `${error.path} cannot be read or written: check that it is there, and who owns it.`
          : `The folder ${config.dataDir} cannot be written: check DATA_DIR and its owner.`
    case 'ERR_DLOPEN_FAILED':
      return `The packages were installed for another version of Node.js or another system than this one (Node.js ${process.versions.node} on ${process.platform} ${process.arch}): run npm rebuild better-sqlite3, or npm ci, and start again; or use the Node.js that they were installed with.`
    case 'ERR_MODULE_NOT_FOUND':
    case 'MODULE_NOT_FOUND':
      return `A part of the program is missing (${safeMessage(error.message.split('\n')[0] ?? '')}): run npm ci && npm run build.`
    default:
      return null
  }
}
