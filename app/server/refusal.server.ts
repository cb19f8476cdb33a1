// Answers that are given before Remix is asked. One sentence in the reader's language, and no markup of ours to break.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Locale } from '../core/shared/locale.ts'
import { readCookie } from '../http/cookies.server.ts'

const REFUSALS = {
  'request.cross_site': {
    status: 403,
    en: 'This request did not come from one of Poise’s own pages, so nothing was changed. Open the page again and repeat what you did. If it is refused again, tell an admin: the server’s log says why.',
    'zh-CN':
      '这个请求不是从 Poise 自己的页面发出的，因此没有做任何更改。请重新打开页面，再操作一次。如果还是被拒绝，请告诉管理员：原因写在服务器日志里。',
  },
  'request.bad_address': {
    status: 400,
    en: 'This address cannot be read. Check the link, or begin at the first page.',
    'zh-CN': '这个地址无法识别。请检查链接，或从首页进入。',
  },
  'request.address_too_long': {
    status: 414,
    en: 'This address is too long. Check the link, or begin at the first page.',
    'zh-CN': '这个地址太长。请检查链接，或从首页进入。',
  },
  'request.unknown_host': {
    status: 421,
    en: 'Poise does not answer under this name. Use the address that you were given.',
    'zh-CN': 'Poise 不在这个域名下提供服务。请使用收到的地址。',
  },
  'request.method': {
    status: 405,
    en: 'This kind of request is not supported.',
    'zh-CN': '不支持这种请求方式。',
  },
  'request.length_required': {
    status: 411,
    en: 'The request does not say how long it is, so it was not read.',
    'zh-CN': '请求没有注明长度，因此未被读取。',
  },
  'request.too_large': {
    status: 413,
    en: 'That is more than Poise accepts at once (1 MB). Shorten it and send it again; what you wrote is still in your browser.',
    'zh-CN': '内容超过一次可接收的上限（1 MB）。请缩短后重新提交；你写的内容还在浏览器里。',
  },
  'request.not_a_form': {
    status: 415,
    en: 'This request is not a form that Poise can read, so nothing was changed. Open the page again and repeat what you did.',
    'zh-CN': '这个请求不是 Poise 能读取的表单，因此没有做任何更改。请重新打开页面，再操作一次。',
  },
  'request.not_found': { status: 404, en: 'There is nothing at this address.', 'zh-CN': '这个地址没有内容。' },
  'server.failed': {
    status: 500,
    en: 'Something went wrong on our side. Nothing you saved is lost; try again in a moment.',
    'zh-CN': '我们这边出了问题。已保存的内容不会丢失，请稍后再试。',
  },
} as const satisfies Record<string, { status: number } & Record<Locale, string>>

export type RefusalCode = keyof typeof REFUSALS
export const REFUSAL_CODES = Object.keys(REFUSALS) as RefusalCode[]

/** The language that the reader chose here, else the browser's first. */
const localeOf = (req: IncomingMessage): Locale =>
  /^\s*zh\b/i.test(readCookie(req.headers.cookie ?? null, 'lang') ?? req.headers['accept-language'] ?? '')
    ? 'zh-CN'
    : 'en'

/** Ends the request with its sentence: a small page for a browser, JSON for a script. */
export function refuse(req: IncomingMessage, res: ServerResponse, code: RefusalCode): void {
  if (res.headersSent) {
    // Too late for a sentence: a broken answer must not look like a whole one.
    res.destroy()
    return
  }
  const locale = localeOf(req)
  const { status, [locale]: sentence } = REFUSALS[code]
  const accept = req.headers.accept ?? ''
  // Remix's own request for data: thrown in the browser, the sentence stands on the error page (app/ui/error-page.tsx).
  const forRemix = /[?&]_data=/.test(req.url ?? '')
  const [type, body] = forRemix
    ? ['application/json', JSON.stringify({ code, message: sentence })]
    : accept.includes('text/html')
      ? ['text/html', sentencePage(locale, sentence)]
      : accept.includes('application/json')
        ? ['application/json', JSON.stringify({ error: { code, message: sentence } })]
        : ['text/plain', `${sentence}\n`]
  // The rest of a refused body is not read, so the connection cannot be used again.
  const unread = req.method !== 'GET' && req.method !== 'HEAD' && !req.complete
  res.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    'referrer-policy': 'same-origin',
    ...(forRemix ? { 'x-remix-catch': 'yes' } : {}),
    ...(unread ? { connection: 'close' } : {}),
  })
  res.end(body)
}

/** The smallest page there is. The sentence is one of ours and holds no markup. */
export const sentencePage = (locale: Locale, sentence: string): string =>
  `<!doctype html><html lang="${locale}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Poise</title><main><p>${sentence}</p><p><a href="/">Poise</a></p></main></html>`
