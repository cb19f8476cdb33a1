// One line of JSON an event. What a person wrote, is called or carries as a token never stands in it.
import pino, { type DestinationStream } from 'pino'
import type { Log } from '../services/deps.server.ts'
import type { LogLevel } from './config.server.ts'

const REDACTED = ['password', 'token', 'cookie', 'authorization', 'email', 'name', 'displayName', 'text', 'answer', 'reason', 'to', 'subject', 'sealedBody']

/**
 * An error's message made safe. Drivers and parsers quote what they were given (a query's parameters, the beginning of a
 * body), so quotations, addresses and anything as long as a token are cut out.
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
  return { error: error.name, code: typeof code === 'string' ? code : null, message: safeMessage(error.message), stack: framesOf(error), cause }
}

export function createLog({ level, destination }: { level: LogLevel; destination?: DestinationStream }): Log {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: REDACTED, censor: '…' },
    messageKey: 'event',
  }
  // Synchronous: the last lines before a crash are the ones that matter.
  const logger = destination ? pino(options, destination) : pino(options, pino.destination({ dest: 2, sync: true }))
  return {
    info: (event, fields = {}) => logger.info(fields, event),
    warn: (event, fields = {}) => logger.warn(fields, event),
    error: (event, error, fields = {}) => logger.error({ ...fields, ...describeError(error) }, event),
  }
}
