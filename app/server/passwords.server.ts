// Argon2id with the OWASP minimum. Hashing is the most expensive thing a stranger can ask for, so few run at once.
import { hash as argonHash, verify as argonVerify } from '@node-rs/argon2'
import type { Passwords } from '../ground/deps.server.ts'

const PARAMETERS = { algorithm: 2 /* Argon2id */, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const MAX_PASSWORD_BYTES = 4096
const CONCURRENCY = 4

/** Lets `limit` pieces of work run at once; the others wait in order. */
export function createSemaphore(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: Array<() => void> = []
  return async (work) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve))
    else running += 1
    try {
      return await work()
    } finally {
      // The place passes to the next one directly: nobody who comes later can take it.
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}

export class PasswordTooLong extends Error {
  override readonly name = 'PasswordTooLong'
}

export function createPasswords(): Passwords {
  const limited = createSemaphore(CONCURRENCY)
  const isTooLong = (password: string): boolean => Buffer.byteLength(password) > MAX_PASSWORD_BYTES
  let dummy: Promise<string> | undefined
  /** What an unknown account is compared with; no password matches it, because nobody knows the random text. */
  const dummyHash = (): Promise<string> => (dummy ??= argonHash(crypto.randomUUID(), PARAMETERS))
  return {
    async hash(password) {
      if (isTooLong(password)) throw new PasswordTooLong()
      return limited(() => argonHash(password, PARAMETERS))
    },
    verify(hash, password) {
      return limited(async () => {
        // The same work in every case, so that the time tells nothing.
        const given = isTooLong(password) ? '' : password
        const matches = await argonVerify(hash ?? (await dummyHash()), given)
        return matches && hash !== null && given === password
      })
    },
  }
}
