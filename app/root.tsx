/** The document: language, theme, reading aids, and the error page of last resort. */
import { json, type LinksFunction, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node'
import {
  isRouteErrorResponse,
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useLoaderData,
  useRouteError,
  useRouteLoaderData,
  type ShouldRevalidateFunction,
} from '@remix-run/react'
import { useContext, useEffect, useState, type ReactNode } from 'react'
import { optionalActor, visit } from './http/visit.server.ts'
import { commonMessages } from './i18n/areas/common.ts'
import { LanguageContext } from './i18n/messages.ts'
import { boundaryOf, ErrorPage } from './ui/error-page.tsx'
import type { RootData } from './ui/root-data.ts'
import { ServerPageContext } from './ui/server-page.ts'
import base from './ui/styles/base.css?url'
import tokens from './ui/styles/tokens.css?url'

export const links: LinksFunction = () => [
  { rel: 'stylesheet', href: tokens },
  { rel: 'stylesheet', href: base },
  { rel: 'icon', href: '/mark.svg', type: 'image/svg+xml' },
]

/** Pages have titles of their own; this one is for what failed. */
export const meta: MetaFunction<typeof loader> = ({ data, error }) => [
  {
    title: error
      ? `${commonMessages[data?.preferences.locale ?? 'en'][`boundary.${boundaryOf(statusOf(error))}.title`]} · Poise`
      : 'Poise',
  },
]

export async function loader(args: LoaderFunctionArgs) {
  const { preferences, deps } = visit(args)
  const actor = await optionalActor(args)
  return json({ preferences, demo: deps.config.mode === 'demo', roles: actor?.roles ?? [] } satisfies RootData)
}

/** Language and theme change by full reload; the roles change when somebody signs in or out, which is a form. */
export const shouldRevalidate: ShouldRevalidateFunction = ({ formAction }) =>
  formAction === '/login' || formAction === '/logout' || formAction === '/account'

/**
 * The server learns the zone by a cookie, one whole page too late for somebody who has just come: the browser knows it
 * at once.
 */
function useTimeZone(told: string): string {
  const [zone, setZone] = useState(told)
  useEffect(() => setZone(Intl.DateTimeFormat().resolvedOptions().timeZone || told), [told])
  return zone
}

export function Layout({ children }: { children: ReactNode }) {
  const data = useRouteLoaderData<typeof loader>('root')
  const preferences = data?.preferences
  const locale = preferences?.locale ?? 'en'
  const { nonce: given, importMap } = useContext(ServerPageContext)
  const nonce = given || undefined
  const timeZone = useTimeZone(preferences?.timeZone ?? 'UTC')
  return (
    <html
      lang={locale}
      data-theme={preferences && preferences.theme !== 'system' ? preferences.theme : undefined}
      data-size={preferences && preferences.textSize !== 'normal' ? preferences.textSize : undefined}
      data-contrast={preferences?.contrast === 'high' ? 'high' : undefined}
    >
      <head>
        <meta charSet="utf-8" />
        {/* Before the first module: a browser takes no map after it. */}
        <script
          type="importmap"
          nonce={nonce}
          suppressHydrationWarning
          dangerouslySetInnerHTML={{ __html: importMap }}
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <Meta />
        <Links />
      </head>
      <body>
        <LanguageContext.Provider value={{ locale, timeZone }}>
          <a className="skip" href="#main">
            {commonMessages[locale]['app.skip']}
          </a>
          {data?.demo ? (
            <aside className="demo-strip noprint" aria-label={commonMessages[locale]['app.demo_label']}>
              {commonMessages[locale]['app.demo']}
            </aside>
          ) : null}
          {children}
        </LanguageContext.Provider>
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
        <script src="/zone.js" defer nonce={nonce} suppressHydrationWarning />
      </body>
    </html>
  )
}

export default function App() {
  useLoaderData<typeof loader>()
  return <Outlet />
}

const statusOf = (error: unknown): number => (isRouteErrorResponse(error) ? error.status : 500)

export function ErrorBoundary() {
  const error = useRouteError()
  const data = isRouteErrorResponse(error) ? (Object(error.data) as Record<string, unknown>) : {}
  const text = (of: unknown): string | null => (typeof of === 'string' ? of : null)
  return <ErrorPage status={statusOf(error)} code={text(data['code'])} message={text(data['message'])} />
}
