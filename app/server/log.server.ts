// One line of JSON an event. What a person wrote, is called or carries as a token never stands in it.
import { writeSync } from 'node:fs'
import pino, { type DestinationStream } from 'pino'
import { STORE_TROUBLES, storeTrouble } from '../../db/store.server.ts'
import type { Log } from '../ground/deps.server.ts'
import type { LogLevel } from './config.server.ts'

const REDACTED = [
  'password',
  'token',
  'cookie',
  'authorization',
  'email',
  'name',
  'displayName',
  'text',
  'answer',
  'reason',
  'to',
  'subject',
  'sealedBody',
]

/**
 * An error's message made safe. Drivers and parsers quote what they were given (a query's parameters, the beginning of
 * a body), so quotations, addresses and anything as long as a token are cut out.
 */
export function safeMessage(message: string): string {
  return message
    .replace(/\bparams:[\s\S]*$/u, 'params: …')
    .replace(/"[^"]*"|“[^”]*”|`[^`]*`/gu, '"…"')
    .replace(/[^\s@]+@[^\s@]+/gu, '…@…')
    .replace(/[A-Za-z0-9_+/=-]{24,}/gu, '…')
    .slice(0, 300)
}

/** The frames of a stack without its first lines, which repeat the message. */
const framesOf = (error: Error): string =>
  (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /u.test(line))
    .slice(0, 12)
    .map((line) => line.trim())
    .join(' | ')

type ErrorFields = { error: string; code: string | null; message: string; stack: string | null; cause: string | null }

/** What the log keeps of an error. */
export function describeError(error: unknown): ErrorFields {
  if (!(error instanceof Error)) return { error: typeof error, code: null, message: '', stack: null, cause: null }
  const code: unknown = 'code' in error ? error.code : null
  const cause = error.cause instanceof Error ? `${error.cause.name}: ${safeMessage(error.cause.message)}` : null
  return {
    error: error.name,
    code: typeof code === 'string' ? code : null,
    message: safeMessage(error.message),
    stack: framesOf(error),
    cause,
  }
}

/**
 * How often the log says one thing about trouble of the store. With it a few hundred people would fill a full disk with
 * lines about itself.
 */
const TROUBLE_EVERY_MS = 60_000

/**
 * Answers with the number of lines left out since the last one with this key, or null where this one is to be left out
 * as well.
 */
function createSieve(monotonicMs: () => number): (key: string) => number | null {
  const kept = new Map<string, { atMs: number; leftOut: number }>()
  return (key) => {
    const before = kept.get(key)
    if (before && monotonicMs() - before.atMs < TROUBLE_EVERY_MS) {
      before.leftOut += 1
      return null
    }
    kept.set(key, { atMs: monotonicMs(), leftOut: 0 })
    return before?.leftOut ?? 0
  }
}

/**
 * Where whole lines go. What cannot be written is dropped: the disk of the log is full or broken, or its reader has
 * gone or does not keep up. None of that is an error of the program. `write` gives the number of bytes it took, and
 * throws where it takes none.
 */
export function createOutlet(write: (bytes: Uint8Array) => number): { write(lines: string): void } {
  let isCut = false
  return {
    write(lines) {
      const bytes = Buffer.from(isCut ? `\n${lines}` : lines)
      let done = 0
      try {
        while (done < bytes.length) done += write(bytes.subarray(done))
        isCut = false
      } catch {
        // The next line must not go on where this one was cut off.
        isCut ||= done > 0
      }
    },
  }
}

/** Synchronous: the last lines before an end are the ones that matter. */
export const standardOutput = createOutlet((bytes) => writeSync(1, bytes))
export const standardError = createOutlet((bytes) => writeSync(2, bytes))

const TROUBLES: ReadonlySet<unknown> = new Set(STORE_TROUBLES)

type LogOptions = { level: LogLevel; destination?: DestinationStream; monotonicMs?: () => number }

/**
 * Trouble of the store (`storeTrouble`: a full disk, a lock, a database that does not answer) is no fault of a line of
 * ours: it is written with its code and without a stack, and each event says it once a minute, with `leftOut` for what
 * came between.
 */
export function createLog({
  level,
  destination = standardError,
  monotonicMs = () => performance.now(),
}: LogOptions): Log {
  const sieve = createSieve(monotonicMs)
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: REDACTED, censor: '…' },
    messageKey: 'event',
  }
  const logger = pino(options, destination)
  return {
    info: (event, fields = {}) => logger.info(fields, event),
    warn(event, fields = {}) {
      if (!TROUBLES.has(fields['code'])) return logger.warn(fields, event)
      const leftOut = sieve(`${event} ${String(fields['code'])}`)
      if (leftOut !== null) logger.warn({ ...fields, leftOut }, event)
    },
    error(event, error, fields = {}) {
      const described = describeError(error)
      const code = storeTrouble(error)
      if (!code) return logger.error({ ...fields, ...described }, event)
      const leftOut = sieve(`${event} ${code}`)
      if (leftOut !== null) logger.error({ ...fields, ...described, code, stack: null, leftOut }, event)
    },
  }
}
