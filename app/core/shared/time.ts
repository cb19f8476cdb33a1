/** Instants are milliseconds since the Unix epoch, UTC. The core never reads a clock: every instant is given. */
export type Instant = number
/** A length of time in milliseconds. */
export type DurationMs = number

export const SECOND_MS = 1000
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

export const earlier = (a: Instant, b: Instant): Instant => (a < b ? a : b)
export const later = (a: Instant, b: Instant): Instant => (a > b ? a : b)
