// Why the server does not start, in one sentence for the person who started it.
import { StoreError } from '../../db/store.server.ts'
import { ConfigError } from './config.server.ts'
import { safeMessage } from './log.server.ts'

/** Null where the error is not one that its reader can put right: then the stack is the better answer. */
export function startFailure(error: unknown, config: { port: number; host: string; dataDir: string } | null): string | null {
  if (error instanceof ConfigError) return error.message
  if (error instanceof StoreError) return /[.!?。]$/u.test(error.message) ? error.message : `${error.message}.`
  if (!(error instanceof Error) || !('code' in error) || config === null) return null
  const from = 'syscall' in error ? error.syscall : ''
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${config.port} is in use: stop the other program, or set PORT to another number.`
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
        : `The folder ${config.dataDir} cannot be written: check DATA_DIR and its owner.`
    case 'ERR_MODULE_NOT_FOUND':
      return `A part of the program is missing (${safeMessage(error.message)}): run npm run build.`
    default:
      return null
  }
}
