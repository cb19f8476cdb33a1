import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { REFUSAL_CODES, refuse, type RefusalCode } from './refusal.server.ts'

function answer(code: RefusalCode, headers: Record<string, string>): { status: number; type: string; body: string } {
  const req = Object.assign(new IncomingMessage(new Socket()), { method: 'GET', headers })
  let body = ''
  const res = new ServerResponse(req)
  res.end = ((text: string) => {
    body = text
    return res
  }) as typeof res.end
  const written: Record<string, unknown> = {}
  res.writeHead = ((status: number, given: Record<string, unknown>) => {
    Object.assign(written, given, { status })
    return res
  }) as typeof res.writeHead
  refuse(req, res, code)
  return { status: Number(written['status']), type: String(written['content-type']), body }
}

describe('refusals', () => {
  it.each(REFUSAL_CODES)('%s has a sentence in both languages and a status of its own kind', (code) => {
    const english = answer(code, { 'accept-language': 'en-GB' })
    const chinese = answer(code, { 'accept-language': 'zh-TW,zh;q=0.9' })
    expect(english.status).toBeGreaterThanOrEqual(400)
    expect(english.body).toMatch(/^[A-Z][^\p{Script=Han}]+\.\n$/u)
    expect(chinese.body).toMatch(/\p{Script=Han}.*。\n$/u)
  })

  it('answers a browser with a page and a script with JSON', () => {
    expect(answer('request.too_large', { accept: 'text/html,*/*', 'accept-language': 'zh' }).body).toContain(
      '<html lang="zh-CN">',
    )
    expect(JSON.parse(answer('request.too_large', { accept: 'application/json' }).body)).toMatchObject({
      error: { code: 'request.too_large' },
    })
    expect(answer('request.too_large', {}).type).toContain('text/plain')
  })
})
