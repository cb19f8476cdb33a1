/**
 * Rendering to one string instead of a stream: measured 520–550 pages a second against 200 for a 32-item page, and our pages
 * wait for nothing slow.
 */
import type { ActionFunctionArgs, AppLoadContext, EntryContext, LoaderFunctionArgs } from '@remix-run/node'
import { isRouteErrorResponse, RemixServer } from '@remix-run/react'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { renderToString } from 'react-dom/server'
import { NonceContext } from './ui/nonce.ts'

export default function handleRequest(request: Request, status: number, headers: Headers, remixContext: EntryContext, loadContext: AppLoadContext) {
  const html = renderToString(
    <NonceContext.Provider value={loadContext.nonce}>
      <RemixServer context={remixContext} url={request.url} nonce={loadContext.nonce} />
    </NonceContext.Provider>,
  )
  headers.set('Content-Type', 'text/html; charset=utf-8')
  headers.set('Cache-Control', 'no-store')
  headers.append('Vary', 'Accept-Encoding')
  if (request.method === 'HEAD') return new Response(null, { status, headers })
  const { encoding } = loadContext
  if (encoding !== null) headers.set('Content-Encoding', encoding)
  return new Response(compress(`<!doctype html>${html}`, encoding), { status, headers })
}

/**
 * At once, at a low level: measured on a page of 45 kB, 0.15 ms for 13.8 kB. A stream of the compression middleware takes 0.5 ms for
 * the same, and 2 ms for 12.4 kB at its own level.
 */
function compress(html: string, encoding: AppLoadContext['encoding']): BodyInit {
  if (encoding === 'br') return asBody(brotliCompressSync(html, { params: { [constants.BROTLI_PARAM_QUALITY]: 1, [constants.BROTLI_PARAM_LGWIN]: 17 } }))
  return encoding === 'gzip' ? asBody(gzipSync(html, { level: 1 })) : html
}

// The types of a Buffer allow for shared memory, which zlib never returns and a body may not be.
const asBody = (compressed: Buffer): BodyInit => compressed as Uint8Array<ArrayBuffer>

export function handleDataRequest(response: Response) {
  response.headers.set('Cache-Control', 'no-store')
  return response
}

export function handleError(error: unknown, { request, context }: LoaderFunctionArgs | ActionFunctionArgs) {
  // A page that does not exist is an answer, not a fault.
  if (request.signal.aborted || (isRouteErrorResponse(error) && error.status < 500)) return
  context.deps.log.error('request.failed', error, { method: request.method, path: new URL(request.url).pathname })
}
