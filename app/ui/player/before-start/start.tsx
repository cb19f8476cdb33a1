/** The button that starts or continues an attempt, with the language to choose, or why it cannot be started. */
import { Form } from '@remix-run/react'
import type { StagePage } from '../../../core/attempt/stage-view.ts'
import { candidateMessages } from '../../../i18n/areas/candidate.ts'
import { commonMessages } from '../../../i18n/areas/common.ts'
import { errorSentence } from '../../../i18n/areas/errors.ts'
import { useFormats, useLocale, useMessages } from '../../../i18n/messages.ts'
import { Told } from '../told.tsx'

export function Start({ page }: { page: StagePage }) {
  const t = useMessages(candidateMessages)
  const common = useMessages(commonMessages)
  const formats = useFormats()
  const locale = useLocale()
  const { stage, ready } = page
  if (stage.state === 'running' && stage.attempt) {
    return (
      <p className="actions">
        <a className="btn touch pri" href={`/candidate/attempt/${stage.attempt.id}`}>
          {t('before.continue')}
        </a>
      </p>
    )
  }
  if (ready) {
    const params = Object.fromEntries(
      Object.entries(ready.params ?? {}).map(([name, value]) => [
        name,
        name.endsWith('At') && typeof value === 'number' ? formats.dateTime(value) : value,
      ]),
    )
    return (
      <Told tone="note">
        <p className="b">{t('before.blocked')}</p>
        <p>{errorSentence(locale, ready.code, params)}</p>
      </Told>
    )
  }
  const endless = page.wouldEndAt === null
  const used = stage.maxAttempts - stage.attemptsLeft
  return (
    <Form method="post" className="start">
      <fieldset className="group">
        <legend className="b">{t('before.language')}</legend>
        <p className="cap">{t(stage.switchLanguage ? 'before.language.switch' : 'before.language.fixed')}</p>
        <div className="row langs">
          {(['zh-CN', 'en'] as const).map((lang) => (
            <label key={lang} className="check" lang={lang}>
              <input type="radio" name="lang" value={lang} defaultChecked={lang === locale} />
              <span>{common(`locale.${lang}`)}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <p className="actions">
        <button className="btn touch pri" name="intent" value="start">
          {used > 0 ? t('before.start.again', { n: used + 1 }) : t(endless ? 'before.start.endless' : 'before.start')}
        </button>
        <span className="cap">{t(endless ? 'before.start.body.endless' : 'before.start.body')}</span>
      </p>
    </Form>
  )
}
