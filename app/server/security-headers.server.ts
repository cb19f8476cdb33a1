// The headers of every page, in one table that can be read at a glance.
import { randomBytes } from 'node:crypto'
import type { Config } from '../ground/deps.server.ts'

export const newNonce = (): string => randomBytes(16).toString('base64')

/** Development needs inline styles and a socket for reloading; nothing else may have them. */
export function contentSecurityPolicy(nonce: string, { dev = false }: { dev?: boolean } = {}): string {
  const styles = dev ? "'unsafe-inline'" : `'nonce-${nonce}'`
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' ${styles}`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${dev ? ' ws:' : ''}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-src 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

const YEAR_S = 31_536_000

export function securityHeaders(
  mode: Config['mode'],
  nonce: string,
  options: { dev?: boolean } = {},
): Record<string, string> {
  return {
    'content-security-policy': contentSecurityPolicy(nonce, options),
    // Only where the address is https for certain: on loopback it would break every other program on that name.
    ...(mode === 'production' ? { 'strict-transport-security': `max-age=${YEAR_S}; includeSubDomains` } : {}),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    // Not no-referrer: with it our own forms would carry `Origin: null`.
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy':
      'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()',
  }
}
