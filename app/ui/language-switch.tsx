/** A plain form: it works before hydration and without JavaScript, and comes back to the same page. */
import { useLocation } from '@remix-run/react'
import { otherLocale } from '../core/shared/locale-names.ts'
import { useLocale } from '../i18n/messages.ts'

const NAMES = { 'zh-CN': '中文', en: 'English' } as const

export function LanguageSwitch() {
  const location = useLocation()
  const other = otherLocale(useLocale())
  return (
    <form method="post" action="/preferences">
      <input type="hidden" name="back" value={location.pathname + location.search} />
      <button className="btn bare dense" type="submit" name="lang" value={other} lang={other}>
        {NAMES[other]}
      </button>
    </form>
  )
}
