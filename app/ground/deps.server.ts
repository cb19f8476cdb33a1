/**
 * What every service receives. Made once, in app/server; reaches Remix by its load context. No module holds a store.
 */
import type { Store } from '../../db/store.server.ts'
import type { Instant } from '../core/shared/time.ts'

export type Clock = {
  /** Wall-clock instant, guarded: after a step of the wall clock it goes on in monotonic time until staff confirm. */
  now(): Instant
  /** Milliseconds that never run backwards; only differences mean anything. */
  monotonicMs(): number
  /** Set while the wall clock has jumped and nobody has confirmed it yet: the sweep then closes nothing. */
  alarm(): { readonly raisedAt: Instant; readonly stepMs: number } | null
  /** Milliseconds by which the wall clock is ahead of `now` under an alarm: what confirming adds. Negative: behind. */
  aheadMs(): number
}

export type Ids = {
  /** 128 random bits, URL-safe, with a short readable prefix: `at_3n9…`. */
  id(prefix: string): string
  /** 256 random bits, URL-safe: invitation and session tokens. */
  token(): string
}

export type Secrets = {
  /** Hex SHA-256. */
  sha256(text: string): string
  /** AES-256-GCM with the installation's key; `context` binds the box to its place. */
  seal(plain: string, context: string): string
  open(sealed: string, context: string): string
  /** 256-bit key for one purpose and owner (HKDF), base64url. */
  deriveKey(purpose: string, owner: string): string
}

export type Passwords = {
  hash(password: string): Promise<string>
  /** `hash` null costs the same time as a wrong password: unknown accounts cannot be told from known ones. */
  verify(hash: string | null, password: string): Promise<boolean>
}

export type MailMessage = { to: string; subject: string; text: string }
export type Mailer = {
  /** False where no SMTP_URL is set: messages then wait in the outbox for an admin to copy the link. */
  readonly sends: boolean
  send(message: MailMessage): Promise<void>
}

export type LimitName = 'login' | 'invitation' | 'search'
export type Limiter = {
  /** Counts one use; false when the key has had enough for now. */
  take(name: LimitName, key: string): Promise<boolean>
  reset(name: LimitName, key: string): Promise<void>
}

/** In-process hint that a stream grew. The table is the truth; a lost hint only costs a second. */
export type Live = {
  hint(streamId: string): void
  /** Calls `wake` on each hint until the returned function is called. */
  subscribe(streamId: string, wake: () => void): () => void
}

export type Log = {
  info(event: string, fields?: Record<string, string | number | boolean | null>): void
  warn(event: string, fields?: Record<string, string | number | boolean | null>): void
  error(event: string, error: unknown, fields?: Record<string, string | number | boolean | null>): void
}

export type Config = {
  mode: 'demo' | 'production' | 'test'
  publicUrl: string
  port: number
  host: string
  dataDir: string
  databaseUrl: string | null
  smtpUrl: string | null
  mailFrom: string
  trustProxy: boolean
  version: string
}

export type Deps = {
  store: Store
  clock: Clock
  ids: Ids
  secrets: Secrets
  passwords: Passwords
  mail: Mailer
  limits: Limiter
  live: Live
  config: Config
  log: Log
}
