// What the first page of the player weighs: at most 130 kB of compressed JavaScript, and 60 kB for the page of an
// attempt with 32 items.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { playerTexts as english } from '#app/i18n/en/player.ts'
import { readBankFiles } from '#app/services/content/bank-files.server.ts'
import { blueprint, both, programme } from '#tests/fixtures/bank.ts'
import { actAs, goButton, playerReady, startStage } from '#tests/setup/browser-acts.ts'
import { closeBrowser, visitor, visitorsLeave } from '#tests/setup/browser.ts'
import { peopleMaker, publish, smallContent, type Candidate } from '#tests/setup/matrix-world.ts'
import { ROOT, startPoise, type Poise } from '#tests/setup/poise-server.ts'

const SCRIPT_LIMIT = 130_000
const PAGE_LIMIT = 60_000
let poise: Poise
let who: Candidate
let make: ReturnType<typeof peopleMaker>
beforeAll(async () => {
  poise = await startPoise({ mode: 'test' })
  const deps = await poise.deps()
  const { set } = await readBankFiles(join(ROOT, 'question-banks'))
  const plan = blueprint({
    id: 'big-plan',
    sections: [
      { id: 'all', title: both('全部', 'Everything'), count: 32, banks: set.banks.map(({ value }) => value.id) },
    ],
  })
  const [stage] = programme().stages
  await publish(deps, [
    ...smallContent(),
    { type: 'blueprint', bank: 'mx', body: plan },
    {
      type: 'programme',
      bank: 'mx',
      body: programme({
        id: 'big',
        stages: [{ ...stage!, assessment: { kind: 'test', blueprint: 'big-plan', timeLimitMinutes: 60 } }],
      }),
    },
  ])
  make = peopleMaker(deps)
  who = await make.start(await make.candidate('weigher', 'big'))
})
afterEach(({ task }) => visitorsLeave(task.result?.state === 'fail' ? task.name : undefined))
afterAll(async () => {
  await closeBrowser()
  await poise?.dispose()
})

test('the player’s first page loads at most 130 kB of compressed JavaScript', async () => {
  const one = await visitor(poise)
  await actAs(one, poise, who)
  const scripts = new Set<string>()
  one.page.on('response', (response) => {
    if (response.request().resourceType() === 'script' || /\.js$/.test(new URL(response.url()).pathname))
      scripts.add(new URL(response.url()).pathname)
  })
  await one.page.goto(`/candidate/attempt/${who.attemptId}`)
  await playerReady(one.page)
  // Preloaded modules count too, whether they have run or not.
  for (const href of await one.page
    .locator('link[rel=modulepreload]')
    .evaluateAll((all) => all.map((link) => new URL((link as HTMLLinkElement).href).pathname)))
    scripts.add(href)
  const weights = [...scripts]
    .map((path) => ({ path, bytes: gzipSync(readFileSync(join(ROOT, 'build/client', path))).length }))
    .sort((a, b) => b.bytes - a.bytes)
  const sum = weights.reduce((total, { bytes }) => total + bytes, 0)
  console.log(`The player's first page: ${sum} bytes of compressed JavaScript, ${SCRIPT_LIMIT - sum} spare`)
  expect(weights.length).toBeGreaterThan(3)
  expect(sum, weights.map(({ path, bytes }) => `${bytes} ${path}`).join('\n')).toBeLessThanOrEqual(SCRIPT_LIMIT)
})

test('the page of an attempt with 32 items weighs at most 60 kB compressed', async () => {
  const answer = await fetch(`${poise.url}/candidate/attempt/${who.attemptId}`, {
    headers: { cookie: `poise=${who.token}` },
  })
  expect(answer.status).toBe(200)
  const html = Buffer.from(await answer.arrayBuffer())
  expect(html.toString()).toContain('data-item')
  expect(gzipSync(html).length).toBeLessThanOrEqual(PAGE_LIMIT)
})

describe('a page in one language', () => {
  const textFiles = (page: Page): Set<string> => {
    const loaded = new Set<string>()
    page.on('response', (response) => {
      const [, file] = /\/(texts-[a-z-]+\.(?:en|zh-CN))-/.exec(response.url()) ?? []
      if (file) loaded.add(file)
    })
    return loaded
  }

  test.each([
    ['en', 'Submit'],
    ['zh-CN', '交卷'],
  ] as const)('loads the texts of that language only: %s', async (locale, words) => {
    const one = await visitor(poise, { locale })
    await actAs(one, poise, await make.candidate(`one-${locale}`, 'big'))
    const loaded = textFiles(one.page)
    await startStage(one.page, 'test')
    await playerReady(one.page)
    expect([...loaded].filter((file) => !file.endsWith(`.${locale}`))).toEqual([])
    expect([...loaded]).toEqual(expect.arrayContaining([`texts-common.${locale}`, `texts-player.${locale}`]))
    await goButton(one.page, 'review').click()
    await one.page.getByRole('button', { name: words }).first().waitFor()
  })

  test('speaks both where the form is in the other language, in words that the browser took over from the server', async () => {
    const one = await visitor(poise, { locale: 'zh-CN' })
    await actAs(one, poise, who)
    const loaded = textFiles(one.page)
    await one.page.goto(`/candidate/attempt/${who.attemptId}`)
    await playerReady(one.page)
    expect([...loaded].sort()).toEqual(
      ['common', 'player-errors', 'player'].flatMap((area) => [`texts-${area}.en`, `texts-${area}.zh-CN`]),
    )
    const asked = await one.page.locator('.item[lang=en] .ask').first().textContent()
    expect(Object.values(english)).toContain(asked)
  })
})
