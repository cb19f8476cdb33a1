/** Whether the draft is kept: one place, quiet words. */
import { Check, CloudOff, LoaderCircle, TriangleAlert } from 'lucide-react'
import { errorSentence } from '../../i18n/areas/errors.ts'
import { trainerMessages } from '../../i18n/areas/trainer.ts'
import { useFormats, useLocale, useMessages } from '../../i18n/messages.ts'
import type { SaveState } from './use-autosave.ts'

export function SavedState({ state }: { state: SaveState }) {
  const t = useMessages(trainerMessages)
  const locale = useLocale()
  const formats = useFormats()
  if (state.status === 'failed') {
    const { reason } = state
    return (
      <span className="st warn ed-failed" role="status">
        {reason === 'offline' ? (
          <CloudOff className="i s" aria-hidden="true" />
        ) : (
          <TriangleAlert className="i s" aria-hidden="true" />
        )}
        <span>
          {t('item.not_saved', {
            reason: typeof reason === 'string' ? t(`item.not_saved.${reason}`) : errorSentence(locale, reason.code),
          })}
        </span>
      </span>
    )
  }
  return (
    <span className="st" role="status">
      {state.status === 'saving' ? (
        <>
          <LoaderCircle className="i s" aria-hidden="true" />
          {t('item.saving')}
        </>
      ) : state.status === 'saved' ? (
        <>
          <Check className="i s" aria-hidden="true" />
          {state.draft ? (
            <time dateTime={state.at}>{t('item.saved', { time: formats.time(state.at) })}</time>
          ) : (
            t('item.saved.same')
          )}
        </>
      ) : null}
    </span>
  )
}
