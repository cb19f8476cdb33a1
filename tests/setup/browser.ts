// A real browser for the end-to-end tests. What a page complains about on its console fails the test that visited it.
import { existsSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import type { Locale } from '#app/core/shared/locale.ts'
import { keepForLater, type Poise } from './poise-server.ts'

const NO_BROWSER =
  'No browser was found for the end-to-end tests: set CHROMIUM_PATH to a Chromium or Chrome, install one (Debian: apt-get install chromium fonts-noto-cjk), or run npm install again so that @sparticuz/chromium is there.'

type Found = { executablePath: string; args: string[] }

async function findBrowser(): Promise<Found> {
  // A test's browser visits nothing but the server beside it; as root Chromium does not start with its sandbox.
  const plain = ['--no-sandbox', '--disable-dev-shm-usage']
  const wanted = process.env['CHROMIUM_PATH']
  if (wanted) {
    if (existsSync(wanted)) return { executablePath: wanted, args: plain }
    throw new Error(`There is no browser at CHROMIUM_PATH (${wanted}). ${NO_BROWSER}`)
  }
  if (existsSync('/usr/bin/chromium')) return { executablePath: '/usr/bin/chromium', args: plain }
  try {
    // Read when the package first unpacks itself: then it brings the libraries that a bare machine lacks.
    process.env['AWS_LAMBDA_JS_RUNTIME'] ??= 'nodejs22.x'
    const { default: packed } = await import('@sparticuz/chromium')
    return { executablePath: await packed.executablePath(), args: packed.args }
  } catch (error) {
    throw new Error(`${NO_BROWSER} (${error instanceof Error ? error.message : String(error)})`, { cause: error })
  }
}

let browser: Promise<Browser> | null = null
/** One browser a test file. */
export async function theBrowser(): Promise<Browser> {
  browser ??= findBrowser().then(({ executablePath, args }) =>
    chromium.launch({ executablePath, args, headless: true }),
  )
  return browser
}

export async function closeBrowser(): Promise<void> {
  const open = browser
  browser = null
  await (await open)?.close()
}

export type VisitorOptions = {
  locale?: Locale
  theme?: 'light' | 'dark'
  viewport?: { width: number; height: number }
  js?: boolean
}

/** One browser of one person. */
export type Visitor = {
  context: BrowserContext
  page: Page
  locale: Locale
  theme: 'light' | 'dark'
  /** Further complaints that this test provokes on purpose, e.g. by taking the network away. */
  expectErrors(pattern: RegExp): void
  /** What nobody expected. */
  errors: string[]
  newPage(): Promise<Page>
}

const visitors = new Set<Visitor>()

const CONTEXT_PATIENCE_MS = 20_000

export async function visitor(
  poise: Pick<Poise, 'url'>,
  { locale = 'en', theme = 'light', viewport = { width: 1280, height: 900 }, js = true }: VisitorOptions = {},
): Promise<Visitor> {
  const context = await (
    await theBrowser()
  ).newContext({
    baseURL: poise.url,
    locale: locale === 'en' ? 'en-GB' : 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    colorScheme: theme,
    viewport,
    javaScriptEnabled: js,
    // Movement would only make the tests slower and axe's colours uncertain.
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(CONTEXT_PATIENCE_MS)
  const expected: RegExp[] = []
  const errors: string[] = []
  const complain = (text: string): void => {
    if (!expected.some((pattern) => pattern.test(text))) errors.push(text)
  }
  const watch = (page: Page): void => {
    page.on('console', (message) => {
      if (message.type() === 'error') complain(`${message.text()} (${message.location().url})`)
    })
    page.on('pageerror', (error) => complain(String(error)))
  }
  context.on('page', watch)
  const page = await context.newPage()
  const made: Visitor = {
    context,
    page,
    locale,
    theme,
    errors,
    expectErrors: (pattern) => void expected.push(pattern),
    newPage: () => context.newPage(),
  }
  visitors.add(made)
  return made
}

/**
 * After each test: every visitor leaves, and what their consoles said is told. On a failure the last page is kept as a
 * picture.
 */
export async function visitorsLeave(failed?: string): Promise<void> {
  const complaints: string[] = []
  for (const one of visitors) {
    if (failed) {
      for (const [index, page] of one.context.pages().entries()) {
        const name = `${failed}-${index + 1}`.replace(/[^\p{L}\p{N}-]+/gu, '-').slice(0, 100)
        await page.screenshot({ timeout: 5_000 }).then(
          (picture) => keepForLater(`${name}.png`, picture),
          () => {},
        )
        await page.content().then(
          (html) => keepForLater(`${name}.html`, `<!-- ${page.url()} -->\n${html}`),
          () => {},
        )
      }
    }
    complaints.push(...one.errors)
    await one.context.close()
  }
  visitors.clear()
  if (complaints.length > 0)
    throw new Error(`The console of a page complained:\n${[...new Set(complaints)].join('\n')}`)
}

// ---- axe ----

const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const looked = new Set<string>()

/** A page as the set of pages it stands for: ids in its address do not make it another one. */
const patternOf = (url: string): string => new URL(url).pathname.replace(/\/(?:[a-z]{2}_)?[\w-]{16,}(?=\/|$)/g, '/:id')

/** Fails on what axe finds against WCAG 2.2 AA. */
export async function axe(page: Page, what = new URL(page.url()).pathname): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .options({
      rules: { 'label-content-name-mismatch': { enabled: true }, 'heading-order': { enabled: true } },
      resultTypes: ['violations'],
    })
    .withTags(WCAG_22_AA)
    // In the page itself: no page of Poise has a frame, and the other way opens a page more for each look.
    .setLegacyMode()
    .analyze()
  const told = violations.map(
    (found) =>
      `${found.id}: ${found.help}\n${found.nodes
        .slice(0, 4)
        .map(
          (node) =>
            `    ${node.target.join(' ')}\n      ${node.html.slice(0, 160)}\n      ${node.failureSummary?.replaceAll('\n', ' ') ?? ''}`,
        )
        .join('\n')}`,
  )
  if (told.length > 0) throw new Error(`axe on ${what}:\n${told.join('\n')}`)
}

/** The same, once for each page (and state, where `state` names one), language and theme of a test file. */
export async function axeOnce(
  { page, locale, theme }: Pick<Visitor, 'page' | 'locale' | 'theme'>,
  state = '',
): Promise<void> {
  const key = [locale, theme, patternOf(page.url()), state].join(' ')
  if (looked.has(key)) return
  looked.add(key)
  await axe(page, key)
}
export const pagesLookedAt = (): string[] => [...looked].sort()
