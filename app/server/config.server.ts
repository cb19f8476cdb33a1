// The environment, parsed once. Everything else in the program sees only the typed result.
import { z } from 'zod'
import type { Config } from '../ground/deps.server.ts'
import { gatherSettings, nearest, type SettingsFile, type Written } from './settings.server.ts'

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
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional())

const MODES = ['demo', 'production', 'test'] as const
const PORT = 'it must be a whole number from 0 to 65535.'
/** The rules end a sentence that begins with the name, where it was found, and its value. */
const EnvironmentSchema = z.object({
  POISE_MODE: optional(z.enum(MODES, { error: 'it must be demo, production or test.' })),
  PORT: optional(
    z
      .string()
      .regex(/^\d{1,5}$/, { error: PORT })
      .transform(Number)
      .pipe(z.number().max(65535, { error: PORT })),
  ),
  HOST: optional(z.string().regex(/^[A-Za-z0-9.:-]+$/, { error: 'it must be a host name or an address.' })),
  // A shell expands these; a settings file is read by none, and a folder of that very name would be made.
  DATA_DIR: optional(
    z
      .string()
      .regex(/\S/, { error: 'it must name a folder.' })
      .regex(/^[^~$]/, { error: 'neither ~ nor $NAME is expanded here, so write the whole path.' }),
  ),
  PUBLIC_URL: optional(z.url({ protocol: /^https?$/, error: 'it must be an address such as https://poise.example.' })),
  DATABASE_URL: optional(
    z
      .string()
      .regex(/^postgres(ql)?:\/\//, { error: 'it must begin with postgres:// or be left out.', abort: true })
      .refine((url) => URL.canParse(url), {
        error: 'it cannot be read as an address: write special characters of the password as %XX.',
      }),
  ),
  SMTP_URL: optional(
    z.string().regex(/^smtps?:\/\//, { error: 'it must begin with smtp:// or smtps://, or be left out.' }),
  ),
  MAIL_FROM: optional(z.string()),
  TRUST_PROXY: optional(z.enum(['0', '1', 'true', 'false'], { error: 'it must be 1 or 0.' })),
  LOG_LEVEL: optional(z.enum(LOG_LEVELS, { error: `it must be one of ${LOG_LEVELS.join(', ')}.` })),
  POISE_CLOCK_OFFSET_MS: optional(
    z
      .string()
      .regex(/^-?\d{1,15}$/, { error: 'it must be a whole number of milliseconds.' })
      .transform(Number),
  ),
})
const NAMES = Object.keys(EnvironmentSchema.shape)

const DEFAULT_LOG_LEVEL: Record<Config['mode'], LogLevel> = { demo: 'warn', production: 'info', test: 'error' }

/**
 * Reads the environment, and below it the settings file. Throws a ConfigError with every mistake found: whoever sets up
 * a server should not meet them one at a time. `note` is told what is worth knowing and no mistake.
 */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  version: string,
  { file = null, note = () => {} }: { file?: SettingsFile | null; note?: (sentence: string) => void } = {},
): ServerConfig {
  const { written, mistakes: misnamed, notes } = gatherSettings(NAMES, environment, file)
  const { env, mistakes } = parseEnvironment(Object.fromEntries([...written].map(([name, { value }]) => [name, value])))
  const mode =
    env.POISE_MODE ?? (mistakes.has('POISE_MODE') ? modeMeant(written.get('POISE_MODE')?.value ?? '') : 'demo')
  const host = env.HOST ?? '127.0.0.1'
  const port = env.PORT ?? 3000
  if (mode !== 'production' && !isLoopbackHost(host))
    mistakes.set(
      'HOST',
      `in ${mode} mode Poise listens on this machine only: leave HOST out, or set POISE_MODE=production.`,
    )
  if (env.POISE_CLOCK_OFFSET_MS !== undefined && mode !== 'test')
    mistakes.set('POISE_CLOCK_OFFSET_MS', 'it is accepted only with POISE_MODE=test.')
  const wrong = env.PUBLIC_URL === undefined ? null : publicUrlMistake(env.PUBLIC_URL, mode)
  if (wrong !== null) mistakes.set('PUBLIC_URL', wrong)
  const told = [...misnamed, ...[...mistakes].map(([name, rule]) => mistakeIn(name, rule, written.get(name)))]
  if (mode === 'production' && env.PUBLIC_URL === undefined && !mistakes.has('PUBLIC_URL'))
    told.push(
      `Production needs PUBLIC_URL, the https address at which people reach Poise: ${file === null ? 'the environment does not set it' : `neither the environment nor ${file.path} sets it`}.`,
    )
  if (told.length > 0) throw new ConfigError(told)
  notes.forEach(note)
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

/** What can be read, and by name the rule that is broken by what cannot. */
function parseEnvironment(environment: Record<string, string>): {
  env: z.infer<typeof EnvironmentSchema>
  mistakes: Map<string, string>
} {
  const mistakes = new Map<string, string>()
  const parsed = EnvironmentSchema.safeParse(environment)
  for (const { path, message } of parsed.error?.issues ?? []) mistakes.set(String(path[0]), message)
  // Every variable may be absent, so the rest can be read by itself.
  const rest = Object.fromEntries(Object.entries(environment).filter(([name]) => !mistakes.has(name)))
  return { env: parsed.success ? parsed.data : EnvironmentSchema.parse(rest), mistakes }
}

/**
 * A mode that cannot be read decides what else is a mistake. Whoever does not mean to try something out means
 * production.
 */
const modeMeant = (given: string): Config['mode'] => nearest(given, ['demo', 'test'] as const) ?? 'production'

/** Addresses of the database and of the mail server hold passwords; any other address may by mistake. */
const isSecret = (name: string, value: string): boolean =>
  name === 'DATABASE_URL' || name === 'SMTP_URL' || value.includes('@')
const SHOWN_CHARACTERS = 100

/** One sentence: the name, where it was found, what was found there, and the rule that this breaks. */
function mistakeIn(name: string, rule: string, found: Written | undefined): string {
  if (found === undefined || isSecret(name, found.value))
    return `${found?.name ?? name} in ${found?.where ?? 'the environment'} is not right: ${rule}`
  const shown = found.value.length > SHOWN_CHARACTERS ? `${found.value.slice(0, SHOWN_CHARACTERS)}…` : found.value
  return `${found.name} in ${found.where} is ${JSON.stringify(shown)}: ${rule}`
}

/**
 * What is wrong with the address at which people reach Poise, or null. Production needs https: `__Host-` cookies vanish
 * on plain HTTP, and a session would travel in the clear.
 */
function publicUrlMistake(given: string, mode: Config['mode']): string | null {
  const url = new URL(given)
  if (mode === 'production' && url.protocol !== 'https:') return 'in production it must begin with https://.'
  return url.pathname === '/' && url.search === '' && url.hash === '' && url.username === ''
    ? null
    : 'it must be an origin only, without path, query or password.'
}

/**
 * The configuration once the port is known that PORT=0 asked for. Links in invitations are made from the public
 * address, so it must be right before anything is written.
 */
export function withPort(config: ServerConfig, port: number): ServerConfig {
  const own = `http://${urlHost(config.host)}:`
  const publicUrl = config.publicUrl === `${own}${config.port}` ? `${own}${port}` : config.publicUrl
  return { ...config, port, publicUrl }
}

/** A host as it stands in a URL: IPv6 addresses in brackets. */
export const urlHost = (host: string): string => (host.includes(':') ? `[${host}]` : host)
