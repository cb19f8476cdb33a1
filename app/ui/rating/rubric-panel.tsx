/**
 * The rating sheet: every criterion as a row, the current one open with all its anchors. Each act is a form of its own
 * that works without scripts; with them it goes through the queue of acts and shows at once.
 */
import { Keyboard } from 'lucide-react'
import { useRef, useState, type ReactNode } from 'react'
import { interviewerMessages } from '../../i18n/areas/interviewer.ts'
import { useMessages } from '../../i18n/messages.ts'
import { FailureNote } from '../primitives/note.tsx'
import { CriterionCard } from './criterion-card.tsx'
import { CriterionRow } from './criterion-row.tsx'
import { KeysHelp } from './keys-help.tsx'
import { Missing } from './missing.tsx'
import { selectedPlace, useSelectedPlace } from './selection.ts'
import { Foot } from './sheet-foot.tsx'
import { useRatingKeys } from './use-rating-keys.ts'
import { useScripted } from './use-scripted.ts'
import { useSheetActs, type SheetActs } from './use-sheet-acts.ts'
import type { MarkView, SheetView, Typed } from './view.ts'

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
