// The environment, parsed once. Everything else in the program sees only the typed result.
import { z } from 'zod'
import type { Config } from '../services/deps.server.ts'

/** What the composition root needs beyond what services may see. */
export type ServerConfig = Config & {
  logLevel: LogLevel
  /** Test mode only: what is added to the clock at the start. */
  clockOffsetMs: number
}

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '::1'] as const
export const isLoopbackHost = (host: string): boolean => (LOOPBACK_HOSTS as readonly string[]).includes(host)

/** A mistake in the configuration, told in one sentence to the person who starts the server. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** An empty variable counts as absent: that is what `NAME=` in a file means. */
const optional = <T extends z.ZodType>(schema: T) => z.preprocess((value) => (value === '' ? undefined : value), schema.optional())

const PORT = 'PORT must be a whole number from 0 to 65535.'
const EnvironmentSchema = z.object({
  POISE_MODE: optional(z.enum(['demo', 'production', 'test'], { error: 'POISE_MODE must be demo, production or test.' })),
  PORT: optional(
    z
      .string()
      .regex(/^\d{1,5}$/, { error: PORT })
      .transform(Number)
      .pipe(z.number().max(65535, { error: PORT })),
  ),
  HOST: optional(z.string().regex(/^[A-Za-z0-9.:-]+$/, { error: 'HOST must be a host name or an address.' })),
  DATA_DIR: optional(z.string()),
  PUBLIC_URL: optional(z.url({ protocol: /^https?$/, error: 'PUBLIC_URL must be an address such as https://poise.example.' })),
  DATABASE_URL: optional(z.string().regex(/^postgres(ql)?:\/\//, { error: 'DATABASE_URL must begin with postgres:// or be left out.' })),
  SMTP_URL: optional(z.string().regex(/^smtps?:\/\//, { error: 'SMTP_URL must begin with smtp:// or smtps://, or be left out.' })),
  MAIL_FROM: optional(z.string()),
  TRUST_PROXY: optional(z.enum(['0', '1', 'true', 'false'], { error: 'TRUST_PROXY must be 1 or 0.' })),
  LOG_LEVEL: optional(z.enum(LOG_LEVELS, { error: `LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}.` })),
  POISE_CLOCK_OFFSET_MS: optional(z.string().regex(/^-?\d{1,15}$/, { error: 'POISE_CLOCK_OFFSET_MS must be a whole number of milliseconds.' }).transform(Number)),
})

const DEFAULT_LOG_LEVEL: Record<Config['mode'], LogLevel> = { demo: 'warn', production: 'info', test: 'error' }

/** Reads the environment. Throws a ConfigError with the first mistake found. */
export function readConfig(environment: Record<string, string | undefined>, version: string): ServerConfig {
  const parsed = EnvironmentSchema.safeParse(environment)
  if (!parsed.success) throw new ConfigError(parsed.error.issues[0]?.message ?? 'The environment cannot be read.')
  const env = parsed.data
  const mode = env.POISE_MODE ?? 'demo'
  const host = env.HOST ?? '127.0.0.1'
  const port = env.PORT ?? 3000
  if (mode !== 'production' && !isLoopbackHost(host))
    throw new ConfigError(`In ${mode} mode Poise listens on this machine only: leave HOST out, or set POISE_MODE=production.`)
  if (env.POISE_CLOCK_OFFSET_MS !== undefined && mode !== 'test')
    throw new ConfigError('POISE_CLOCK_OFFSET_MS is accepted only with POISE_MODE=test.')
  return {
    mode,
    host,
    port,
    publicUrl: publicUrl(env.PUBLIC_URL, mode, host, port),
    dataDir: env.DATA_DIR ?? './data',
    databaseUrl: env.DATABASE_URL ?? null,
    smtpUrl: env.SMTP_URL ?? null,
    mailFrom: env.MAIL_FROM ?? 'Poise <poise@localhost>',
    trustProxy: env.TRUST_PROXY === '1' || env.TRUST_PROXY === 'true',
    version,
    logLevel: env.LOG_LEVEL ?? DEFAULT_LOG_LEVEL[mode],
    clockOffsetMs: env.POISE_CLOCK_OFFSET_MS ?? 0,
  }
}

/**
 * The origin at which people reach Poise, without a final slash. Production needs https: `__Host-` cookies vanish on
 * plain HTTP, and a session would travel in the clear.
 */
function publicUrl(given: string | undefined, mode: Config['mode'], host: string, port: number): string {
  if (given === undefined) {
    if (mode === 'production') throw new ConfigError('Production needs PUBLIC_URL, the https address at which people reach Poise.')
    return `http://${urlHost(host)}:${port}`
  }
  const url = new URL(given)
  if (mode === 'production' && url.protocol !== 'https:') throw new ConfigError('In production PUBLIC_URL must begin with https://.')
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '')
    throw new ConfigError('PUBLIC_URL must be an origin only, without path, query or password.')
  return url.origin
}

/**
 * The configuration once the port is known that PORT=0 asked for. Links in invitations are made from the public address, so
 * it must be right before anything is written.
 */
export function withPort(config: ServerConfig, port: number): ServerConfig {
  const own = `http://${urlHost(config.host)}:`
  const publicUrl = config.publicUrl === `${own}${config.port}` ? `${own}${port}` : config.publicUrl
  return { ...config, port, publicUrl }
}

/** A host as it stands in a URL: IPv6 addresses in brackets. */
export const urlHost = (host: string): string => (host.includes(':') ? `[${host}]` : host)
