/** The foot of the rating sheet: whether everything is saved, what is missing, returning and submitting. */
import { Form } from '@remix-run/react'
import { Check, OctagonX } from 'lucide-react'
import { useId, useRef, type ReactNode } from 'react'
import { errorSentence } from '../../i18n/areas/errors.ts'
import { interviewerMessages } from '../../i18n/areas/interviewer.ts'
import { useFormats, useLocale, useMessages } from '../../i18n/messages.ts'
import { isNotNow, UNREACHED, type SheetActs } from './use-sheet-acts.ts'
import type { SheetView } from './view.ts'

function SavedState({ sheet, acts }: { sheet: SheetView; acts: SheetActs }) {
  const t = useMessages(interviewerMessages)
  const formats = useFormats()
  const locale = useLocale()
  const { failure, waiting } = acts
  return (
    <span className="r-saved">
      <span className={`st ${failure ? 'bad' : ''}`} role="status">
        {failure ? (
          <>
            <OctagonX className="i s" aria-hidden="true" />
            {failure.code === UNREACHED
              ? t('save.unreached')
              : t('save.failed', { reason: errorSentence(locale, failure.code, failure.params) })}
          </>
        ) : waiting.length > 0 ? (
          t('save.saving')
        ) : (
          <>
            <Check className="i s" aria-hidden="true" />
            <time dateTime={sheet.savedAt}>{t('save.saved', { time: formats.time(sheet.savedAt) })}</time>
          </>
        )}
      </span>
      {isNotNow(failure?.code) ? (
        <button className="btn dense" type="button" onClick={acts.retry}>
          {t('save.retry')}
        </button>
      ) : null}
    </span>
  )
}

export function Foot({
  sheet,
  acts,
  scripted,
  maySubmit,
  mayReturn,
  after,
  onIncomplete,
  onEarly,
  rated,
}: {
  sheet: SheetView
  acts: SheetActs
  scripted: boolean
  maySubmit: boolean
  mayReturn: boolean
  after?: ReactNode
  onIncomplete(): void
  onEarly(): void
  rated: number
}) {
  const t = useMessages(interviewerMessages)
  const formats = useFormats()
  const dialog = useRef<HTMLDialogElement>(null)
  const formId = useId()
  const titleId = useId()
  if (sheet.status === 'submitted') {
    return (
      <div className="r-foot">
        <span className="st ok" role="status">
          <Check className="i s" aria-hidden="true" />
          {t('sheet.frozen', { time: formats.dateTime(sheet.submittedAt ?? sheet.savedAt) })}
        </span>
        <span className="grow" />
        {after}
      </div>
    )
  }
  const busy = acts.waiting.length > 0
  const incomplete = sheet.problems.length > 0 || !maySubmit
  return (
    <div className="r-foot">
      <SavedState sheet={sheet} acts={acts} />
      <span className="grow" />
      <span className="cap">
        {sheet.problems.length > 0 ? t('missing.n', { n: sheet.problems.length }) : t('missing.none')}
      </span>
      {mayReturn ? (
        <Form method="post">
          <input type="hidden" name="intent" value="return" />
          <input type="hidden" name="attemptId" value={sheet.attemptId} />
          <input type="hidden" name="subjectHash" value={sheet.subjectHash} />
          <button className="btn" type="submit">
            {t('sheet.return')}
          </button>
        </Form>
      ) : null}
      <Form method="post" id={formId}>
        <input type="hidden" name="intent" value="submit" />
        <input type="hidden" name="attemptId" value={sheet.attemptId} />
        <input type="hidden" name="subjectHash" value={sheet.subjectHash} />
        <input type="hidden" name="seq" value={sheet.seq} />
        {/* Never disabled: pressed too early it says what is missing. */}
        <button
          className={scripted && incomplete ? 'btn' : 'btn pri'}
          type="submit"
          onClick={(event) => {
            event.preventDefault()
            if (sheet.problems.length > 0) onIncomplete()
            else if (maySubmit) dialog.current?.showModal()
            else onEarly()
          }}
        >
          {t('sheet.submit')}
        </button>
      </Form>
      <dialog className="dlg" ref={dialog} aria-labelledby={titleId}>
        <h2 id={titleId}>{t('dialog.title')}</h2>
        <p>{t('dialog.body', { n: rated, quotes: sheet.evidence.length })}</p>
        <div className="go">
          <button className="btn" type="button" autoFocus onClick={() => dialog.current?.close()}>
            {t('dialog.cancel')}
          </button>
          <button
            className="btn pri"
            type="submit"
            form={formId}
            disabled={busy}
            onClick={() => dialog.current?.close()}
          >
            {t('sheet.submit')}
          </button>
        </div>
      </dialog>
    </div>
  )
}
