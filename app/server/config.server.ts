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

/** Mistakes in the configuration, each told in one sentence, a line each, to the person who starts the server. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  constructor(readonly mistakes: readonly string[]) {
    super(mistakes.join('\n'))
  }
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
  DATABASE_URL: optional(
    z
      .string()
      .regex(/^postgres(ql)?:\/\//, { error: 'DATABASE_URL must begin with postgres:// or be left out.', abort: true })
      .refine((url) => URL.canParse(url), { error: 'DATABASE_URL cannot be read as an address: write special characters of the password as %XX.' }),
  ),
  SMTP_URL: optional(z.string().regex(/^smtps?:\/\//, { error: 'SMTP_URL must begin with smtp:// or smtps://, or be left out.' })),
  MAIL_FROM: optional(z.string()),
  TRUST_PROXY: optional(z.enum(['0', '1', 'true', 'false'], { error: 'TRUST_PROXY must be 1 or 0.' })),
  LOG_LEVEL: optional(z.enum(LOG_LEVELS, { error: `LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}.` })),
  POISE_CLOCK_OFFSET_MS: optional(z.string().regex(/^-?\d{1,15}$/, { error: 'POISE_CLOCK_OFFSET_MS must be a whole number of milliseconds.' }).transform(Number)),
})

const DEFAULT_LOG_LEVEL: Record<Config['mode'], LogLevel> = { demo: 'warn', production: 'info', test: 'error' }

/** Reads the environment. Throws a ConfigError with every mistake found: whoever sets up a server should not meet them one at a time. */
export function readConfig(environment: Record<string, string | undefined>, version: string): ServerConfig {
  const { env, mistakes } = parseEnvironment(environment)
  const mode = env.POISE_MODE ?? 'demo'
  const host = env.HOST ?? '127.0.0.1'
  const port = env.PORT ?? 3000
  // What follows from the mode is a mistake only where the mode is known.
  if (!mistakes.has('POISE_MODE')) {
    if (mode !== 'production' && !isLoopbackHost(host)) mistakes.set('HOST', `In ${mode} mode Poise listens on this machine only: leave HOST out, or set POISE_MODE=production.`)
    if (env.POISE_CLOCK_OFFSET_MS !== undefined && mode !== 'test') mistakes.set('POISE_CLOCK_OFFSET_MS', 'POISE_CLOCK_OFFSET_MS is accepted only with POISE_MODE=test.')
    const wrong = mistakes.has('PUBLIC_URL') ? null : publicUrlMistake(env.PUBLIC_URL, mode)
    if (wrong !== null) mistakes.set('PUBLIC_URL', wrong)
  }
  if (mistakes.size > 0) throw new ConfigError([...mistakes.values()])
  return {
    mode,
    host,
    port,
    publicUrl: env.PUBLIC_URL === undefined ? `http://${urlHost(host)}:${port}` : new URL(env.PUBLIC_URL).origin,
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

/** What can be read, and a sentence by name for each variable that cannot. */
function parseEnvironment(environment: Record<string, string | undefined>): { env: z.infer<typeof EnvironmentSchema>; mistakes: Map<string, string> } {
  const mistakes = new Map<string, string>()
  const parsed = EnvironmentSchema.safeParse(environment)
  for (const { path, message } of parsed.error?.issues ?? []) mistakes.set(String(path[0]), message)
  // Every variable may be absent, so the rest can be read by itself.
  const rest = Object.fromEntries(Object.entries(environment).filter(([name]) => !mistakes.has(name)))
  return { env: parsed.success ? parsed.data : EnvironmentSchema.parse(rest), mistakes }
}

/**
 * What is wrong with the address at which people reach Poise, or null. Production needs https: `__Host-` cookies vanish on
 * plain HTTP, and a session would travel in the clear.
 */
function publicUrlMistake(given: string | undefined, mode: Config['mode']): string | null {
  if (given === undefined) return mode === 'production' ? 'Production needs PUBLIC_URL, the https address at which people reach Poise.' : null
  const url = new URL(given)
  if (mode === 'production' && url.protocol !== 'https:') return 'In production PUBLIC_URL must begin with https://.'
  return url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' ? null : 'PUBLIC_URL must be an origin only, without path, query or password.'
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
