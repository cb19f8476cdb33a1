// How often one key may do a thing. In memory: the figures slow guessing down, and a restart that clears them does no
// harm.
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { Limiter, LimitName } from '../ground/deps.server.ts'

const LIMITS: Record<LimitName, { points: number; durationS: number }> = {
  login: { points: 10, durationS: 15 * 60 },
  invitation: { points: 30, durationS: 15 * 60 },
  search: { points: 120, durationS: 60 },
}

export function createLimiter(): Limiter {
  const limiter = (name: LimitName) =>
    new RateLimiterMemory({ keyPrefix: name, points: LIMITS[name].points, duration: LIMITS[name].durationS })
  const limiters: Record<LimitName, RateLimiterMemory> = {
    login: limiter('login'),
    invitation: limiter('invitation'),
    search: limiter('search'),
  }
  return {
    async take(name, key) {
      try {
        await limiters[name].consume(key)
        return true
      } catch (refused) {
        if (refused instanceof RateLimiterRes) return false
        throw refused
      }
    },
    async reset(name, key) {
      await limiters[name].delete(key)
    },
  }
}
