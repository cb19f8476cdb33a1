/** What an item's editor has around it: head and buttons, notes, and the candidate's view with the check beside it. */
import { Form, useNavigation } from '@remix-run/react'
import type { ReactNode } from 'react'
import type { CheckReply, EditorView } from '../../core/bank/editing/view.ts'
import type { Item } from '../../core/bank/schema.ts'
import { isCurrentIn } from '../../core/bank/set.ts'
import { LOCALES } from '../../core/shared/locale.ts'
import { trainerMessages } from '../../i18n/areas/trainer.ts'
import { useMessages } from '../../i18n/messages.ts'
import { FailureNote, Note } from '../primitives/note.tsx'
import { CandidatePane } from './candidate-pane.tsx'
import { CheckPanel, type Reasons } from './check-panel.tsx'
import { FORM_ID, type Done, type EditorReply } from './item-form.ts'
import { ItemHead } from './item-head.tsx'
import { NewerPanel } from './newer-panel.tsx'
import { SavedState } from './save-state.tsx'
import type { SaveState } from './use-autosave.ts'

export function Frame(props: {
  view: EditorView
  reply: EditorReply
  done: Done
  saved: SaveState
  drafted: boolean
  mine: Item | null
  children: ReactNode
}) {
  const { view, reply, done } = props
  const t = useMessages(trainerMessages)
  const navigation = useNavigation()
  const busy = navigation.state !== 'idle'
  return (
    <>
      <ItemHead header={view.header} draftFrom={props.drafted ? view.base.number : null}>
        <SavedState state={props.saved} />
        {/* Save comes first: it is what Enter does in a field. */}
        <button className="btn" type="submit" form={FORM_ID} name="intent" value="save" formNoValidate>
          {t('item.save')}
        </button>
        {props.drafted ? (
          <button className="btn" type="submit" form={FORM_ID} name="intent" value="discard" formNoValidate>
            {t('item.discard')}
          </button>
        ) : null}
        <button className="btn pri" type="submit" form={FORM_ID} name="intent" value="publish" disabled={busy}>
          {t('item.publish')}
        </button>
      </ItemHead>
      <div className="ed-notes">
        {reply?.status === 'failed' ? <FailureNote key={reply.error.code} error={reply.error} /> : null}
        {reply?.status === 'confirm_discard' ? <ConfirmDiscard view={view} /> : null}
        {reply === undefined && done.published !== null ? (
          <Published
            n={done.published}
            waits={LOCALES.some((locale) => !isCurrentIn(view.base.item.languages, locale))}
          />
        ) : null}
        {reply === undefined && done.discarded ? <Note>{t('item.discarded', { n: view.base.number })}</Note> : null}
        {view.newer ? <NewerPanel newer={view.newer} base={view.base} mine={props.mine} formId={FORM_ID} /> : null}
      </div>
      <div className="ed-desk">{props.children}</div>
    </>
  )
}

/** Published is not drawn: forms in both languages wait until these have been compared. */
function Published({ n, waits }: { n: number; waits: boolean }) {
  const t = useMessages(trainerMessages)
  return <Note tone={waits ? 'warn' : 'ok'}>{t(waits ? 'item.published.waits' : 'item.published', { n })}</Note>
}

function ConfirmDiscard({ view }: { view: EditorView }) {
  const t = useMessages(trainerMessages)
  return (
    <Note tone="warn" focus>
      <h2 className="b">{t('item.discard.title')}</h2>
      <p>{t('item.discard.body', { n: view.base.number })}</p>
      <Form method="post" className="row">
        <input type="hidden" name="base" value={view.base.versionId} />
        <a className="btn" href={`/trainer/items/${view.header.itemId}`}>
          {t('item.discard.keep')}
        </a>
        <button className="btn" type="submit" name="intent" value="discard-confirmed">
          {t('item.discard.confirm')}
        </button>
      </Form>
    </Note>
  )
}

export function Aside(props: {
  item: Item | null
  view: EditorView
  check: CheckReply
  saved: SaveState
  reasons: Reasons
  inForm: boolean
  onReason(rule: string, reason: string): void
}) {
  return (
    <aside className="ed-aside">
      <CandidatePane item={props.item} policies={props.view.policies} />
      <CheckPanel
        check={props.check}
        pending={props.saved.status === 'saving'}
        formId={FORM_ID}
        inForm={props.inForm}
        reasons={props.reasons}
        onReason={props.onReason}
      />
    </aside>
  )
}
