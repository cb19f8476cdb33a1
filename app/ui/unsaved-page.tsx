/**
 * The answer to a form that the server could not save just now, for a browser that sent it as a page. Everything that
 * was sent stands in a form again: nothing is lost, and one press sends it once more. Made on the server only, so it
 * costs the other pages no byte.
 */
import type { Unsaved } from '../forms/unsaved.ts'
import { errorSentence } from '../i18n/areas/errors.ts'
import { publicMessages } from '../i18n/areas/public.ts'
import { LanguageContext, translator } from '../i18n/messages.ts'
import type { Preferences } from '../i18n/preferences.ts'
import { Brand } from './brand.tsx'
import base from './styles/base.css?url'
import tokens from './styles/tokens.css?url'

/** What somebody has written, and not a number, a name or a key of the form. */
const isText = (value: string): boolean => value.length > 80 || /\s/.test(value)

export function UnsavedPage({ unsaved, url, preferences }: { unsaved: Unsaved; url: URL; preferences: Preferences }) {
  const { locale, timeZone, theme, textSize, contrast } = preferences
  const t = translator(publicMessages, locale)
  const address = url.pathname + url.search
  return (
    <html
      lang={locale}
      data-theme={theme === 'system' ? undefined : theme}
      data-size={textSize === 'normal' ? undefined : textSize}
      data-contrast={contrast === 'high' ? 'high' : undefined}
    >
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${t('unsaved.title')} · Poise`}</title>
        <link rel="stylesheet" href={tokens} />
        <link rel="stylesheet" href={base} />
      </head>
      <body>
        <LanguageContext.Provider value={{ locale, timeZone }}>
          <header className="bar">
            <Brand />
          </header>
          <main id="main" className="doc stack">
            <h1 className="title">{t('unsaved.title')}</h1>
            <p role="alert">{errorSentence(locale, unsaved.code)}</p>
            {unsaved.fields ? (
              <form method="post" action={address} className="stack">
                {unsaved.fields.map(([name, value], index) =>
                  isText(value) ? (
                    <textarea
                      key={index}
                      className="in"
                      name={name}
                      aria-label={t('unsaved.text')}
                      rows={8}
                      defaultValue={value}
                    />
                  ) : (
                    <input key={index} type="hidden" name={name} value={value} />
                  ),
                )}
                <button className="btn pri touch" type="submit">
                  {t('unsaved.again')}
                </button>
              </form>
            ) : (
              <>
                <p>{t('unsaved.secret')}</p>
                <a className="btn" href={address}>
                  {t('unsaved.back')}
                </a>
              </>
            )}
          </main>
        </LanguageContext.Provider>
      </body>
    </html>
  )
}
