// What the first page of the player weighs: at most 130 kB of compressed JavaScript, and 60 kB for the page of an
// attempt with 32 items.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ITEM_KINDS } from '#app/core/bank/vocabulary.ts'
import { playerTexts as english } from '#app/i18n/en/player.ts'
import { playerTexts as chinese } from '#app/i18n/zh-CN/player.ts'
import { readBankFiles } from '#app/services/content/bank-files.server.ts'
import { blueprint, both, programme } from '#tests/fixtures/bank.ts'
import { actAs, goButton, next, playerReady, startStage } from '#tests/setup/browser-acts.ts'
import { closeBrowser, visitor, visitorsLeave } from '#tests/setup/browser.ts'
import { peopleMaker, publish, smallContent, type Candidate } from '#tests/setup/matrix-world.ts'
import { ROOT, startPoise, type Poise } from '#tests/setup/poise-server.ts'

const SCRIPT_LIMIT = 130_000
const PAGE_LIMIT = 60_000
/** A kind of item has a file of its own, named after it. */
const KIND_FILE = new RegExp(`/(${ITEM_KINDS.join('|').replaceAll('_', '-')})-[\\w-]+\\.js$`)
let poise: Poise
let who: Candidate
let make: ReturnType<typeof peopleMaker>
beforeAll(async () => {
  poise = await startPoise({ mode: 'test', banks: 'shipped' })
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

/** A built file and all that it imports statically. */
function withImports(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found
  found.add(name)
  const code = readFileSync(join(ROOT, 'build/client/assets', name), 'utf8')
  for (const [, next] of code.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) withImports(next!, found)
  return found
}

/** The paths of all scripts that a page asks for. */
function scriptsOf(page: Page): Set<string> {
  const asked = new Set<string>()
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (request.resourceType() === 'script' || pathname.endsWith('.js')) asked.add(pathname)
  })
  return asked
}

const weight = (path: string): number => gzipSync(readFileSync(join(ROOT, 'build/client', path))).length

test('the player’s first page loads at most 130 kB of compressed JavaScript', async () => {
  const one = await visitor(poise)
  await actAs(one, poise, who)
  // The page waits for the kind of the item on it before its scripts take over, and fetches the others afterwards. So
  // nothing is asked for but what every page needs, as long as no kind comes; which is drawn, so the heaviest counts.
  const held = new Promise<void>(() => {})
  await one.page.route(KIND_FILE, () => held)
  const base = scriptsOf(one.page)
  await one.page.goto(`/candidate/attempt/${who.attemptId}`, { waitUntil: 'load' })
  await expect.poll(() => [...base].filter((path) => KIND_FILE.test(path)).length).toBe(1)
  for (const path of base) if (KIND_FILE.test(path)) base.delete(path)
  const assets = readdirSync(join(ROOT, 'build/client/assets'))
  const kinds = assets.filter((name) => KIND_FILE.test(`/${name}`))
  expect(kinds).toHaveLength(ITEM_KINDS.length)
  const closures = kinds.map((name) => [...withImports(name)].map((each) => `/assets/${each}`))
  // Its texts in the other language are never loaded (below).
  const added = closures.map((paths) => paths.filter((path) => !base.has(path) && !/texts-.*\.zh-CN-/.test(path)))
  const sumOf = (paths: Iterable<string>): number => [...paths].reduce((sum, path) => sum + weight(path), 0)
  const heaviest = added.reduce((most, paths) => (sumOf(paths) > sumOf(most) ? paths : most))
  const sum = sumOf(base) + sumOf(heaviest)
  console.log(`The player's first page: ${sum} bytes of compressed JavaScript, ${SCRIPT_LIMIT - sum} spare`)
  const list = [...base, ...heaviest].map((path) => `${weight(path)} ${path}`).join('\n')
  expect(base.size).toBeGreaterThan(8)
  expect(sum, list).toBeLessThanOrEqual(SCRIPT_LIMIT)

  // And a page that nobody holds up asks for nothing else.
  const two = await visitor(poise)
  await actAs(two, poise, who)
  const asked = scriptsOf(two.page)
  await two.page.goto(`/candidate/attempt/${who.attemptId}`)
  await playerReady(two.page)
  await expect.poll(() => kinds.filter((name) => !asked.has(`/assets/${name}`))).toEqual([])
  const known = new Set([...base, ...closures.flat()])
  expect([...asked].filter((path) => !known.has(path))).toEqual([])
})

test('an item of a kind that is not here yet is told, and comes when its file does', async () => {
  const one = await visitor(poise)
  // What the tab is told about files that it does not get.
  one.expectErrors(/net::ERR_FAILED/)
  const fresh = await make.start(await make.candidate('late-kind', 'big'))
  await actAs(one, poise, fresh)
  const first = KIND_FILE.source
  await one.page.goto(`/candidate/attempt/${fresh.attemptId}`)
  await playerReady(one.page)
  const onPage = await one.page.locator('.item').first().getAttribute('data-kind')
  let away = true
  await one.context.route(new RegExp(first), (route) =>
    away &&
    !route
      .request()
      .url()
      .includes(`/${onPage!.replaceAll('_', '-')}-`)
      ? route.abort()
      : route.continue(),
  )
  await one.page.reload()
  await playerReady(one.page)
  // Forward, to the first item of another kind.
  const words = one.page.getByText(english['item.loading'])
  for (let i = 0; i < 31 && (await words.count()) === 0; i += 1) await next(one.page)
  await words.waitFor()
  away = false
  await words.waitFor({ state: 'detached' })
  await one.page.locator('.item fieldset').first().waitFor()
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
    const item = (await one.page.locator('.item[lang=en]').first().textContent()) ?? ''
    const says = (texts: Record<string, string>): string[] => Object.values(texts).filter((text) => item.includes(text))
    expect(says(english)).not.toEqual([])
    expect(says(chinese)).toEqual([])
  })
})
