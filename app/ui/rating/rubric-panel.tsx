/**
 * The rating sheet: every criterion as a row, the current one open with all its anchors. Each act is a form of its own
 * that works without scripts; with them it goes through the queue of acts and shows at once.
 */
import { Form } from '@remix-run/react'
import { Check, CircleAlert, Keyboard, OctagonX, Shield, Trash2 } from 'lucide-react'
import { useEffect, useId, useRef, useState, type ReactNode } from 'react'
import { errorSentence } from '../../i18n/areas/errors.ts'
import { interviewerMessages } from '../../i18n/areas/interviewer.ts'
import { useFormats, useLocale, useMessages } from '../../i18n/messages.ts'
import { Field } from '../primitives/field.tsx'
import { FailureNote } from '../primitives/note.tsx'
import { KeysHelp } from './keys-help.tsx'
import { signOf } from './segments.ts'
import { selectedPlace, useSelectedPlace } from './selection.ts'
import { useRatingKeys } from './use-rating-keys.ts'
import { isNotNow, UNREACHED, useSheetActs, type SheetActs } from './use-sheet-acts.ts'
import type { CriterionView, MarkView, SheetView, Typed } from './view.ts'

type Failure = { code: string; params?: Readonly<Record<string, string | number>> }

export type RubricPanelProps = {
  sheet: SheetView
  /** Evidence is quoted from an answer or written down during a contact. */
  subject: 'answer' | 'contact'
  current: string
  onCurrent(criterionId: string): void
  shortcuts: boolean
  /** What a form without scripts, or the submit, was refused for. */
  failed: Failure | null
  typed: Typed | null
  /** A sheet can be handed in; a contact must have ended first. */
  maySubmit: boolean
  mayReturn: boolean
  /** Shown instead of the foot's buttons once the sheet is frozen. */
  after?: ReactNode
}

/** True once scripts run: until then the plain forms show. */
export function useScripted(): boolean {
  const [scripted, setScripted] = useState(false)
  useEffect(() => setScripted(true), [])
  return scripted
}

/** Marks as they will be once everything that waits is saved. */
function shownMarks(sheet: SheetView, acts: SheetActs): Map<string, MarkView> {
  const marks = new Map(sheet.marks.map((mark) => [mark.criterionId, mark]))
  for (const { fields } of acts.waiting) {
    if (fields.intent !== 'mark' || !fields.criterionId) continue
    marks.set(fields.criterionId, {
      criterionId: fields.criterionId,
      level: fields.level === 'na' ? null : Number(fields.level),
      notApplicable: fields.level === 'na',
    })
  }
  return marks
}

export function RubricPanel(props: RubricPanelProps) {
  const { sheet, subject, current, onCurrent, shortcuts } = props
  const t = useMessages(interviewerMessages)
  const scripted = useScripted()
  const acts = useSheetActs(sheet)
  const frozen = sheet.status === 'submitted'
  const marks = shownMarks(sheet, acts)
  const { criteria, levels } = sheet.rubric
  const [selected, forget] = useSelectedPlace()
  const [help, setHelp] = useState(false)
  const [complaint, setComplaint] = useState(false)
  const [early, setEarly] = useState(false)
  const card = useRef<HTMLHeadingElement>(null)

  const mark = (criterionId: string, level: number | 'na') => {
    if (!frozen) acts.push(`mark:${criterionId}`, { intent: 'mark', criterionId, level: String(level) })
  }
  const quote = (criterionId: string, polarity: 'for' | 'against') => {
    const place = selectedPlace() ?? selected
    if (frozen || subject === 'contact' || !place) return
    acts.push(`evidence:${criterionId}:${place.field}:${place.start}:${place.end}`, {
      intent: 'evidence',
      criterionId,
      polarity,
      field: place.field,
      start: String(place.start),
      end: String(place.end),
    })
    document.getSelection()?.removeAllRanges()
    forget()
  }
  const open = (criterionId: string) => {
    onCurrent(criterionId)
    // After the card has been drawn, so that the next key and a screen reader are there.
    requestAnimationFrame(() => card.current?.focus())
  }
  const at = criteria.findIndex((criterion) => criterion.id === current)
  useRatingKeys(shortcuts && scripted && !frozen, {
    level: (level) => (level <= levels ? mark(current, level) : undefined),
    notApplicable: () => (criteria[at]?.notApplicable ? mark(current, 'na') : undefined),
    move: (step) => {
      const next = criteria[at + step]
      if (next) open(next.id)
    },
    evidence: (polarity) => quote(current, polarity),
    help: () => setHelp((shown) => !shown),
  })

  return (
    <section className="r-right" aria-label={t('sheet.right')}>
      <p className="r-caption cap">
        <span>{t('rubric.caption', { title: sheet.rubric.title, n: sheet.rubric.version })}</span>
        {scripted && !frozen ? (
          <button type="button" className="r-keys" aria-expanded={help} onClick={() => setHelp(!help)}>
            {shortcuts ? <KeyHints levels={levels} quotes={subject === 'answer'} /> : <span>{t('keys.are_off')}</span>}
            <Keyboard className="i s" aria-hidden="true" />
            <span className="vh">{t('keys.title')}</span>
          </button>
        ) : null}
      </p>
      {help ? <KeysHelp levels={levels} quotes={subject === 'answer'} shortcuts={shortcuts} /> : null}
      <FailureNote error={props.failed ?? (early && !props.maySubmit ? { code: 'contact.not_ended' } : null)} />
      {complaint || props.failed?.code === 'sheet.incomplete' ? (
        <Missing sheet={sheet} onOpen={open} focus={complaint} />
      ) : null}
      {criteria.map((criterion, index) =>
        criterion.id === current ? (
          <CriterionCard
            key={criterion.id}
            {...{ sheet, subject, criterion, acts, frozen, scripted, shortcuts, selected }}
            typed={props.typed?.criterionId === criterion.id ? props.typed : null}
            number={index + 1}
            mark={marks.get(criterion.id) ?? null}
            heading={card}
            onMark={(level) => mark(criterion.id, level)}
            onQuote={(polarity) => quote(criterion.id, polarity)}
          />
        ) : (
          <CriterionRow
            key={criterion.id}
            {...{ criterion, levels, subject }}
            number={index + 1}
            mark={marks.get(criterion.id) ?? null}
            quotes={sheet.evidence.filter((entry) => entry.criterionId === criterion.id).length}
            onOpen={() => open(criterion.id)}
          />
        ),
      )}
      <Foot
        {...props}
        acts={acts}
        scripted={scripted}
        onIncomplete={() => setComplaint(true)}
        onEarly={() => setEarly(true)}
        rated={marks.size}
      />
    </section>
  )
}

function KeyHints({ levels, quotes }: { levels: number; quotes: boolean }) {
  const t = useMessages(interviewerMessages)
  return (
    <>
      <kbd>1</kbd>–<kbd>{levels}</kbd> {t('keys.level')} <kbd>J</kbd> <kbd>K</kbd> {t('keys.move')}
      {quotes ? (
        <>
          {' '}
          <kbd>E</kbd> {t('keys.quote')}
        </>
      ) : null}
    </>
  )
}

function Scale({ level, levels }: { level: number | null; levels: number }) {
  return (
    <span className="r-scale" aria-hidden="true">
      {Array.from({ length: levels }, (_, index) => (
        <i key={index} className={level === index + 1 ? 'on' : undefined} />
      ))}
    </span>
  )
}

function CriterionRow({
  criterion,
  subject,
  number,
  mark,
  levels,
  quotes,
  onOpen,
}: {
  criterion: CriterionView
  subject: 'answer' | 'contact'
  number: number
  mark: MarkView | null
  levels: number
  quotes: number
  onOpen(): void
}) {
  const t = useMessages(interviewerMessages)
  const rated = mark !== null && (mark.level !== null || mark.notApplicable)
  const fails =
    mark?.level !== null &&
    mark?.level !== undefined &&
    criterion.failBelow !== null &&
    mark.level < criterion.failBelow
  return (
    <a
      className="r-row"
      href={`?c=${criterion.id}#current`}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return
        event.preventDefault()
        onOpen()
      }}
    >
      <span className="k">{number}</span>
      <span className="t">
        {criterion.title}
        {criterion.failBelow !== null ? (
          <span className={`st ${fails ? 'bad' : ''}`}>
            {fails ? <OctagonX className="i s" aria-hidden="true" /> : <Shield className="i s" aria-hidden="true" />}
            {t('criterion.critical.short')}
          </span>
        ) : null}
      </span>
      <span className="st">
        {!rated
          ? t('criterion.not_rated')
          : quotes > 0
            ? t(subject === 'contact' ? 'criterion.notes' : 'criterion.quotes', { n: quotes })
            : ''}
      </span>
      <Scale level={mark?.level ?? null} levels={levels} />
      {mark?.notApplicable ? (
        <span className="lv na">{t('criterion.na')}</span>
      ) : (
        <span className={`lv ${rated ? '' : 'no'}`}>
          {rated ? <span className="vh">{t('criterion.level', { n: mark.level ?? 0 })}</span> : null}
          <span aria-hidden="true">{mark?.level ?? '–'}</span>
        </span>
      )}
    </a>
  )
}

type CardProps = {
  sheet: SheetView
  subject: 'answer' | 'contact'
  criterion: CriterionView
  number: number
  mark: MarkView | null
  acts: SheetActs
  frozen: boolean
  scripted: boolean
  shortcuts: boolean
  selected: { quote: string } | null
  typed: Typed | null
  heading: React.RefObject<HTMLHeadingElement>
  onMark(level: number | 'na'): void
  onQuote(polarity: 'for' | 'against'): void
}

function CriterionCard(props: CardProps) {
  const { sheet, criterion, number, mark, frozen, scripted, heading, onMark } = props
  const t = useMessages(interviewerMessages)
  const headingId = useId()
  const chosen = mark?.notApplicable ? 'na' : (mark?.level ?? null)
  const fails = typeof chosen === 'number' && criterion.failBelow !== null && chosen < criterion.failBelow
  const choose = (value: number | 'na') =>
    scripted ? { checked: chosen === value, onChange: () => onMark(value) } : { defaultChecked: chosen === value }
  return (
    <div className="r-current" id="current">
      <header>
        <span className="k">{number}</span>
        <h2 id={headingId} ref={heading} tabIndex={-1}>
          {criterion.title}
        </h2>
        <span className="cap">
          {criterion.sameWeight ? t('criterion.weight.same') : t('criterion.weight', { n: criterion.weight })}
          {criterion.evidenceRequired ? ` · ${t('criterion.evidence_required')}` : ''}
        </span>
      </header>
      {criterion.failBelow !== null ? (
        <p className={`r-critical st ${fails ? 'bad' : ''}`}>
          {fails ? <OctagonX className="i s" aria-hidden="true" /> : <Shield className="i s" aria-hidden="true" />}
          {fails ? t('criterion.fails') : t('criterion.critical', { n: criterion.failBelow })}
        </p>
      ) : null}
      <ActForm sheet={sheet} criterionId={criterion.id} intent="mark" role="radiogroup" labelledBy={headingId}>
        {criterion.anchors
          .map((anchor, index) => ({ anchor, level: index + 1 }))
          .reverse()
          .map(({ anchor, level }) => (
            <label className="r-anchor" key={level}>
              <input type="radio" name="level" value={level} disabled={frozen} {...choose(level)} />
              <span className="d">{level}</span>
              <span>{anchor}</span>
            </label>
          ))}
        {criterion.notApplicable ? (
          <label className="r-anchor">
            <input type="radio" name="level" value="na" disabled={frozen} {...choose('na')} />
            <span className="d" aria-hidden="true">
              –
            </span>
            <span className="mid">
              {t('criterion.na')} <span className="cap">{t('criterion.na.help')}</span>
            </span>
          </label>
        ) : null}
        {scripted || frozen ? null : (
          <p className="r-plain">
            <button className="btn dense" type="submit">
              {t('criterion.save_level')}
            </button>
          </p>
        )}
      </ActForm>
      <EvidenceBox {...props} />
    </div>
  )
}

/** A plain form for one act; the reply without scripts is a redirect back to the open criterion. */
function ActForm({
  sheet,
  criterionId,
  intent,
  children,
  onSubmit,
  className,
  role,
  labelledBy,
}: {
  sheet: SheetView
  criterionId: string
  intent: string
  children: ReactNode
  onSubmit?: (event: React.FormEvent<HTMLFormElement>) => void
  className?: string
  role?: string
  labelledBy?: string
}) {
  return (
    <Form method="post" onSubmit={onSubmit} className={className} preventScrollReset>
      <input type="hidden" name="intent" value={intent} />
      <input type="hidden" name="criterionId" value={criterionId} />
      <input type="hidden" name="attemptId" value={sheet.attemptId} />
      <input type="hidden" name="subjectHash" value={sheet.subjectHash} />
      {role ? (
        <div role={role} aria-labelledby={labelledBy}>
          {children}
        </div>
      ) : (
        children
      )}
    </Form>
  )
}

function EvidenceBox({
  sheet,
  subject,
  criterion,
  acts,
  frozen,
  scripted,
  shortcuts,
  selected,
  typed,
  onQuote,
}: CardProps) {
  const t = useMessages(interviewerMessages)
  const formats = useFormats()
  const own = sheet.evidence.filter((entry) => entry.criterionId === criterion.id)
  const going = new Set(
    acts.waiting.filter((act) => act.fields.intent === 'drop_evidence').map((act) => act.fields.evidenceId),
  )
  const comment = sheet.comments.find((entry) => entry.criterionId === criterion.id)?.text ?? ''
  return (
    <div className="r-evidence">
      <h3 className="vh">{t('evidence.title')}</h3>
      {own.length > 0 ? (
        <ul>
          {own.map((entry, index) => (
            <li key={entry.id} className={going.has(entry.id) ? 'going' : undefined}>
              <span className={`sg ${entry.polarity === 'for' ? 'pos' : 'neg'}`}>
                <span aria-hidden="true">{signOf(entry, index + 1)}</span>
                <span className="vh">{t(`evidence.mark.${entry.polarity}`, { n: index + 1 })}</span>
              </span>
              <span className="cap num">
                {entry.playedMs !== undefined
                  ? formats.countdown(entry.playedMs)
                  : entry.field
                    ? t(`field.${entry.field}` as 'field.text')
                    : ''}
              </span>
              <q>{entry.quote}</q>
              {frozen ? null : (
                <ActForm
                  sheet={sheet}
                  criterionId={criterion.id}
                  intent="drop_evidence"
                  onSubmit={(event) => {
                    event.preventDefault()
                    acts.push(`drop:${entry.id}`, {
                      intent: 'drop_evidence',
                      criterionId: criterion.id,
                      evidenceId: entry.id,
                    })
                  }}
                >
                  <input type="hidden" name="evidenceId" value={entry.id} />
                  <button
                    className="r-drop"
                    type="submit"
                    aria-label={t('evidence.remove.of', { quote: entry.quote.slice(0, 40) })}
                    title={t('evidence.remove')}
                  >
                    <Trash2 className="i s" aria-hidden="true" />
                  </button>
                </ActForm>
              )}
            </li>
          ))}
        </ul>
      ) : null}
      {frozen ? null : subject === 'contact' ? (
        <TypedEvidence {...{ sheet, criterion, acts, scripted, typed }} note />
      ) : scripted ? (
        <>
          <SelectHint {...{ shortcuts, selected, onQuote }} />
          <details className="r-typed">
            <summary>{t('evidence.type_instead')}</summary>
            <TypedEvidence {...{ sheet, criterion, acts, scripted, typed }} />
          </details>
        </>
      ) : (
        <TypedEvidence {...{ sheet, criterion, acts, scripted, typed }} />
      )}
      {frozen ? (
        comment ? (
          <div className="r-comment">
            <p className="cap">{t('comment.label')}</p>
            <p>{comment}</p>
          </div>
        ) : null
      ) : (
        <Comment
          key={criterion.id}
          {...{ sheet, criterion, acts, scripted }}
          text={typed?.intent === 'comment' ? typed.text : comment}
        />
      )}
    </div>
  )
}

function SelectHint({ shortcuts, selected, onQuote }: Pick<CardProps, 'shortcuts' | 'selected' | 'onQuote'>) {
  const t = useMessages(interviewerMessages)
  return (
    <div className="r-add">
      <p>
        {selected ? (
          <>
            <span className="cap">{t('evidence.selected')}</span> <q>{selected.quote}</q>
          </>
        ) : (
          <span className="cap">
            {t('evidence.select_then')} <kbd>E</kbd> {t('evidence.for')}
            {t('evidence.press')} <kbd>Shift</kbd> <kbd>E</kbd> {t('evidence.against')}
          </span>
        )}
      </p>
      {selected ? (
        <p className="row">
          {(['for', 'against'] as const).map((polarity) => (
            // Pressing must not take the selection away before it is read.
            <button
              key={polarity}
              className="btn dense"
              type="button"
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onQuote(polarity)}
            >
              <span className={polarity === 'for' ? 'pos' : 'neg'} aria-hidden="true">
                {polarity === 'for' ? '+' : '−'}
              </span>
              {t(`evidence.add_${polarity}`)}
              {shortcuts ? <kbd aria-hidden="true">{polarity === 'for' ? 'E' : '⇧E'}</kbd> : null}
            </button>
          ))}
        </p>
      ) : null}
    </div>
  )
}

/** Words typed by hand: a quotation that is looked up in the answer, or a note on what was said. */
function TypedEvidence({
  sheet,
  criterion,
  acts,
  scripted,
  typed,
  note = false,
}: Pick<CardProps, 'sheet' | 'criterion' | 'acts' | 'scripted' | 'typed'> & { note?: boolean }) {
  const t = useMessages(interviewerMessages)
  const box = useRef<HTMLTextAreaElement>(null)
  const sent = useRef<string | null>(null)
  const { failure } = acts
  useEffect(() => {
    // Refused: the words come back into the box, unless something new stands there.
    if (failure && !isNotNow(failure.code) && sent.current !== null && box.current?.value === '')
      box.current.value = sent.current
    if (failure) sent.current = null
  }, [failure])
  const onSubmit = (event: React.FormEvent<HTMLFormElement>) => {
    if (!scripted) return
    event.preventDefault()
    const button = (event.nativeEvent as SubmitEvent).submitter as HTMLButtonElement | null
    const quote = box.current?.value.trim() ?? ''
    if (quote === '' || !box.current) return box.current?.focus()
    acts.push(`typed:${criterion.id}:${quote}`, {
      intent: 'evidence',
      criterionId: criterion.id,
      polarity: button?.value === 'against' ? 'against' : 'for',
      quote,
    })
    sent.current = quote
    box.current.value = ''
    box.current.focus()
  }
  return (
    <ActForm sheet={sheet} criterionId={criterion.id} intent="evidence" onSubmit={onSubmit} className="r-type">
      <Field
        label={note ? t('note.label') : t('evidence.quote')}
        help={note ? t('note.help') : t('evidence.quote.help')}
      >
        {(control) => (
          <textarea
            className="in"
            name="quote"
            rows={2}
            maxLength={4000}
            ref={box}
            defaultValue={typed?.intent === 'evidence' ? typed.text : ''}
            {...control}
          />
        )}
      </Field>
      <p className="row">
        <button className="btn dense" type="submit" name="polarity" value="for">
          <span className="pos" aria-hidden="true">
            +
          </span>
          {t('evidence.add_for')}
        </button>
        <button className="btn dense" type="submit" name="polarity" value="against">
          <span className="neg" aria-hidden="true">
            −
          </span>
          {t('evidence.add_against')}
        </button>
      </p>
    </ActForm>
  )
}

/** Saved when the box is left, or by its button without scripts. */
function Comment({
  sheet,
  criterion,
  acts,
  scripted,
  text,
}: Pick<CardProps, 'sheet' | 'criterion' | 'acts' | 'scripted'> & { text: string }) {
  const t = useMessages(interviewerMessages)
  const saved = useRef(text)
  const box = useRef<HTMLTextAreaElement>(null)
  const { push } = acts
  const save = () => {
    const value = box.current?.value.trim() ?? ''
    if (value === saved.current) return
    saved.current = value
    push(`comment:${criterion.id}`, { intent: 'comment', criterionId: criterion.id, text: value })
  }
  const latest = useRef(save)
  latest.current = save
  // The card closes when another criterion is opened by key; what stands in the box goes along.
  useEffect(() => {
    const kept = box.current
    return () => {
      const value = kept?.value.trim() ?? ''
      if (kept && value !== saved.current)
        push(`comment:${criterion.id}`, { intent: 'comment', criterionId: criterion.id, text: value })
    }
  }, [criterion.id, push])
  return (
    <ActForm
      sheet={sheet}
      criterionId={criterion.id}
      intent="comment"
      className="r-comment"
      onSubmit={(event) => {
        if (!scripted) return
        event.preventDefault()
        save()
      }}
    >
      <Field label={t('comment.label')} help={t('comment.help')} optional>
        {(control) => (
          <textarea
            className="in"
            name="text"
            rows={2}
            maxLength={4000}
            defaultValue={text}
            ref={box}
            onBlur={() => latest.current()}
            {...control}
          />
        )}
      </Field>
      {scripted ? null : (
        <button className="btn dense" type="submit">
          {t('comment.save')}
        </button>
      )}
    </ActForm>
  )
}

/** What keeps the sheet from being submitted, by name. */
function Missing({ sheet, onOpen, focus }: { sheet: SheetView; onOpen(criterionId: string): void; focus: boolean }) {
  const t = useMessages(interviewerMessages)
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (focus) ref.current?.focus()
  }, [focus])
  if (sheet.problems.length === 0) return null
  const titleOf = (id: string): string => sheet.rubric.criteria.find((criterion) => criterion.id === id)?.title ?? id
  return (
    <div className="note warn r-missing" ref={ref} tabIndex={-1}>
      <CircleAlert className="i" aria-hidden="true" />
      <div>
        <p className="b">{t('missing.title')}</p>
        <ul>
          {sheet.problems.map((problem) => (
            <li key={`${problem.code}:${problem.criterionId}`}>
              <a
                href={`?c=${problem.criterionId}#current`}
                onClick={(event) => {
                  event.preventDefault()
                  onOpen(problem.criterionId)
                }}
              >
                {t(
                  problem.code === 'sheet.criterion_missing' || problem.code === 'sheet.evidence_missing'
                    ? `missing.${problem.code}`
                    : 'missing.other',
                  { title: titleOf(problem.criterionId) },
                )}
              </a>
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}

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

function Foot({
  sheet,
  acts,
  scripted,
  maySubmit,
  mayReturn,
  after,
  onIncomplete,
  onEarly,
  rated,
}: RubricPanelProps & { acts: SheetActs; scripted: boolean; onIncomplete(): void; onEarly(): void; rated: number }) {
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
