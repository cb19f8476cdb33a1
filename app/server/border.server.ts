// The border: what is decided about a request before anything of ours reads it.
import type { IncomingMessage } from 'node:http'
import type { Config, Log } from '../ground/deps.server.ts'
import { urlHost } from './config.server.ts'
import type { RefusalCode } from './refusal.server.ts'

export const MAX_URL_LENGTH = 2_048
export const MAX_SEGMENTS = 24
/** Forms; the hot path has smaller limits of its own. */
export const MAX_BODY_BYTES = 1_048_576

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])
// No OPTIONS: nobody else's page is meant to call us, so no preflight gets an answer.
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])

export type Border = {
  /**
   * Origin of Poise as this request's browser must see it, by the Host that the request names; null for a foreign Host.
   */
  originFor(host: string | undefined): string | null
  /** Null for a request that may pass. */
  guardOrigin(req: IncomingMessage): RefusalCode | null
  /** Under which people reach us. */
  expected: { host: string; origin: string }
}

/**
 * Which names we answer under: the public one, and in demo and test the loopback names with the port that we really
 * listen on. Remix would believe any Host and any X-Forwarded-Host.
 */
export function createBorder(config: Pick<Config, 'mode' | 'publicUrl'>, port: () => number): Border {
  const publicUrl = new URL(config.publicUrl)
  const loopback = config.mode !== 'production'
  const originFor = (host: string | undefined): string | null => {
    if (host === undefined) return null
    const name = host.toLowerCase()
    if (name === publicUrl.host || name === `${publicUrl.hostname}:${defaultPort(publicUrl)}`) return publicUrl.origin
    if (loopback && LOOPBACK_NAMES.some((loopbackName) => name === `${loopbackName}:${port()}`)) return `http://${name}`
    return null
  }
  return {
    originFor,
    expected: { host: publicUrl.host, origin: publicUrl.origin },
    /**
     * Remix's own check does not cover resource routes or `?_data` posts, and it trusts forwarded headers. So: an
     * unsafe method must be same-origin by Sec-Fetch-Site, which no page can forge; an old browser that does not send
     * it must name our Origin. Where both are sent, both must hold. Everything else is refused, also `null` and what
     * cannot be read.
     */
    guardOrigin(req) {
      if (SAFE_METHODS.has(req.method ?? '')) return null
      const site = req.headers['sec-fetch-site']
      const { origin } = req.headers
      if (site === undefined && origin === undefined) return 'request.cross_site'
      if (site !== undefined && site !== 'same-origin') return 'request.cross_site'
      if (origin === undefined || origin === publicUrl.origin) return null
      // On loopback the page's own name counts, not any loopback name: localhost is another site than 127.0.0.1.
      const own = loopback ? originFor(req.headers.host) : null
      return own !== null && origin === own ? null : 'request.cross_site'
    },
  }
}

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '::1'].map(urlHost)
const defaultPort = (url: URL): string => url.port || (url.protocol === 'https:' ? '443' : '80')

/** Method, length, shape. Deep or endless addresses are what route matching is slow with. */
export function checkAddress(req: IncomingMessage): RefusalCode | null {
  const url = req.url ?? ''
  if (!METHODS.has(req.method ?? '')) return 'request.method'
  if (url.length > MAX_URL_LENGTH) return 'request.address_too_long'
  // `//host` is another server to a browser that is redirected there; an absolute address is for proxies.
  if (url[0] !== '/' || url[1] === '/' || url.includes('\\')) return 'request.bad_address'
  const path = pathOf(url)
  if (countSlashes(path) > MAX_SEGMENTS) return 'request.bad_address'
  if (path.includes('%') && !isDecodable(path)) return 'request.bad_address'
  return null
}

/** The address without its query. */
export function pathOf(url: string): string {
  const end = url.search(/[?#]/)
  return end < 0 ? url : url.slice(0, end)
}

function countSlashes(path: string): number {
  let count = 0
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) count += 1
  return count
}

function isDecodable(path: string): boolean {
  try {
    return !decodeURIComponent(path).includes('\u0000')
  } catch {
    return false
  }
}

/** A body says its length before it is read, so that too much is refused before it arrives. */
export function checkBody(req: IncomingMessage, limit = MAX_BODY_BYTES): RefusalCode | null {
  if (req.headers['transfer-encoding'] !== undefined) return 'request.length_required'
  const length = req.headers['content-length']
  if (length === undefined) return null
  return Number(length) <= limit ? null : 'request.too_large'
}

const FORM = /^(application\/x-www-form-urlencoded|multipart\/form-data\s*;\s*boundary=)/i

/** Every action reads a form. Anything else would end in the framework's own words, as an error of ours. */
export const isForm = (req: IncomingMessage): boolean =>
  SAFE_METHODS.has(req.method ?? '') || FORM.test(req.headers['content-type'] ?? '')

const FORWARDED = /^(x-forwarded-|forwarded$|x-real-ip$)/

/**
 * Takes the forwarded headers off the request, so that nothing behind believes them by itself, and gives what may be
 * believed: nothing, or with a trusted proxy the entry that this proxy added, which is the last one.
 */
export function takeForwarded(
  req: IncomingMessage,
  trustProxy: boolean,
): { host: string | undefined; address: string | undefined } {
  const { headers } = req
  let host: string | undefined
  let address: string | undefined
  for (const name of Object.keys(headers)) {
    if (!FORWARDED.test(name)) continue
    if (trustProxy && name === 'x-forwarded-host') host = lastEntry(headers[name])
    if (trustProxy && name === 'x-forwarded-for') address = lastEntry(headers[name])
    delete headers[name]
  }
  return { host, address }
}

const lastEntry = (value: string | string[] | undefined): string | undefined =>
  (Array.isArray(value) ? value.join(',') : value)?.split(',').at(-1)?.trim() || undefined

const TOLD_AGAIN_AFTER_MS = 3_600_000
const TOLD_AT_MOST = 20
const TOLD_LENGTH = 100

type Told = { header: 'host' | 'x-forwarded-host' | 'origin'; received: string | undefined; expected: string }

/**
 * Tells the log which name was refused and which one would have passed: otherwise nobody sees why a wrong PUBLIC_URL,
 * or a proxy that does not hand on the Host, keeps everybody out. Whoever knocks chooses these values, so within an
 * hour each is told once, and of each event 20 at most.
 */
export function createRefusalNotes(
  log: Pick<Log, 'warn'>,
  monotonicMs: () => number = () => performance.now(),
): (event: 'host' | 'origin', told: Told) => void {
  const toldAtMs = { host: new Map<string, number>(), origin: new Map<string, number>() }
  return (event, { header, received, expected }) => {
    const value = received === undefined ? '(none)' : received.slice(0, TOLD_LENGTH).replace(/[^\x20-\x7e]/g, '?')
    const [known, nowMs] = [toldAtMs[event], monotonicMs()]
    for (const [earlier, atMs] of known) if (nowMs - atMs >= TOLD_AGAIN_AFTER_MS) known.delete(earlier)
    if (known.has(value) || known.size >= TOLD_AT_MOST) return
    known.set(value, nowMs)
    log.warn(`request.${event}_refused`, { header, received: value, expected })
  }
}
