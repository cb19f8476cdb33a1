// A proxy under another address than the server's own, as with a wrong PUBLIC_URL: pages open, and no form is taken.
// The page says so.
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { closeBrowser, visitor, visitorsLeave } from '#tests/setup/browser.ts'
import { startPoise, type Poise } from '#tests/setup/poise-server.ts'

const SENTENCE = { en: /did not come from one of Poise’s own pages/, 'zh-CN': /不是从 Poise 自己的页面发出的/ } as const

let poise: Poise
let proxy: Server
let url: string
beforeAll(async () => {
  poise = await startPoise({ mode: 'test', env: { LOG_LEVEL: 'warn' } })
  proxy = createServer((req, res) => {
    const headers = { ...req.headers, host: new URL(poise.url).host }
    const passedOn = request(poise.url + (req.url ?? ''), { method: req.method ?? 'GET', headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(res)
    })
    passedOn.on('error', () => res.destroy())
    req.pipe(passedOn)
  })
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening))
  url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
})
afterEach(({ task }) => visitorsLeave(task.result?.state === 'fail' ? task.name : undefined))
afterAll(async () => {
  await closeBrowser()
  proxy?.closeAllConnections()
  await new Promise((closed) => proxy?.close(closed))
  await poise?.dispose()
})

test.each([
  ['en', true],
  ['zh-CN', true],
  ['en', false],
] as const)('signing in is refused with the reason, in %s, with scripts: %s', async (locale, js) => {
  const { page, expectErrors } = await visitor({ url }, { locale, js })
  // The smallest page, for a browser without scripts, names no icon.
  expectErrors(/403|favicon/)
  await page.goto('/login', { waitUntil: js ? 'networkidle' : 'load' })
  await page.locator('input[name=email]').fill('ada@example.org')
  await page.locator('input[name=password]').fill('a long enough phrase 7')
  await page.locator('input[name=password]').press('Enter')
  await page.getByText(SENTENCE[locale]).waitFor()
  if (js)
    expect(await page.locator('h1').textContent()).toBe(
      locale === 'en' ? 'This was not accepted' : '这次提交没有被接受',
    )
  expect(poise.output()).toContain(`"received":"${url}"`)
})
