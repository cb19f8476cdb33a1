/** Reading and writing the few cookies that Poise sets. */
import type { Config } from '../ground/deps.server.ts'

export function readCookie(header: string | null | undefined, name: string): string | null {
  if (!header) return null
  for (const part of header.split(';')) {
    const eq = part.indexOf('=')
    if (eq > 0 && part.slice(0, eq).trim() === name) {
      const value = part.slice(eq + 1).trim()
      return /^[\w.~-]{1,200}$/.test(value) ? value : null
    }
  }
  return null
}

const isSecure = (config: Pick<Config, 'publicUrl'>) => config.publicUrl.startsWith('https:')

/** `__Host-` cookies vanish on plain http hosts, so the loopback demo uses the bare name. */
export const sessionCookieName = (config: Pick<Config, 'publicUrl'>) => (isSecure(config) ? '__Host-poise' : 'poise')

type CookieOptions = { maxAgeSeconds?: number; httpOnly?: boolean }

export function writeCookie(
  config: Pick<Config, 'publicUrl'>,
  name: string,
  value: string,
  options: CookieOptions = {},
): string {
  const parts = [`${name}=${value}`, 'Path=/', 'SameSite=Lax']
  if (options.httpOnly !== false) parts.push('HttpOnly')
  if (isSecure(config)) parts.push('Secure')
  if (options.maxAgeSeconds !== undefined) parts.push(`Max-Age=${options.maxAgeSeconds}`)
  return parts.join('; ')
}
