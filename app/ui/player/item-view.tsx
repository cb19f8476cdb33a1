/**
 * One item with its native controls. The same controls work in a plain form (names below) and, with scripts, report each change.
 * Field names are `<item id>/<field>` with the fields of core/bank/response-form.ts.
 */
import { useId, useState, type ReactNode } from 'react'
import type { CandidateItem, CandidateOption } from '../../core/bank/candidate-view.ts'
import type { Response, ResponseOf } from '../../core/bank/response.ts'
import { codePointLength } from '../../core/shared/text.ts'
import { playerMessages, type PlayerKey } from '../../i18n/areas/player.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { Icon } from './icons.tsx'
import { RichText } from './rich-text.tsx'

type ItemOfKind<K extends CandidateItem['kind']> = Extract<CandidateItem, { kind: K }>
type Props<K extends CandidateItem['kind']> = {
  item: ItemOfKind<K>
  response: ResponseOf<K> | null
  name(field: string): string
  onChange(response: Response | null): void
}

const LETTERS = 'ABCDEFGHIJ'
const letter = (index: number): string => LETTERS[index] ?? String(index + 1)

const PROMPT: Record<CandidateItem['kind'], PlayerKey | null> = {
  single_choice: 'kind.single_choice',
  multiple_choice: 'kind.multiple_choice',
  true_false: 'kind.true_false',
  ordering: 'kind.ordering',
  matching: 'kind.matching',
  cloze: 'kind.cloze',
  numeric: 'kind.numeric',
  short_text: 'kind.short_text',
  situational_judgement: null,
  behavioural: 'kind.behavioural',
  written_reply: null,
  essay: null,
}

export function ItemView({ item, response, onChange }: { item: CandidateItem; response: Response | null; onChange(response: Response | null): void }) {
  const t = useMessages(playerMessages)
  const name = (field: string): string => `${item.id}/${field}`
  const promptKey = item.kind === 'situational_judgement' ? (item.mode === 'rate' ? 'kind.sjt.rate' : 'kind.sjt.best_worst') : PROMPT[item.kind]
  // The item's own language; the interface around it may speak the other one.
  return (
    <div className="item" lang={item.locale}>
      <RichText text={item.stem} className="stem prose" />
      {item.prompt ? <p className="ask">{item.prompt}</p> : promptKey ? <p className={item.kind === 'behavioural' ? 'cap ask-quiet' : 'ask'}>{t(promptKey)}</p> : null}
      <Controls item={item} response={response?.kind === item.kind ? response : null} name={name} onChange={onChange} />
    </div>
  )
}

/** The kind of item and of answer are the same here: ItemView has seen to it. */
function Controls(props: { item: CandidateItem; response: Response | null; name(field: string): string; onChange(response: Response | null): void }) {
  const { item } = props
  const as = <K extends CandidateItem['kind']>() => props as unknown as Props<K>
  switch (item.kind) {
    case 'single_choice':
      return <Choice {...as<'single_choice'>()} />
    case 'multiple_choice':
      return <Choices {...as<'multiple_choice'>()} />
    case 'true_false':
      return <TrueFalse {...as<'true_false'>()} />
    case 'ordering':
      return <Ordering key={item.id} {...as<'ordering'>()} />
    case 'matching':
      return <Matching {...as<'matching'>()} />
    case 'cloze':
      return <Cloze {...as<'cloze'>()} />
    case 'numeric':
      return <ShortAnswer label="kind.numeric.label" unit={item.unit} numeric max={40} value={as<'numeric'>().response?.text ?? ''} name={props.name('text')} onText={(text) => props.onChange(text === '' ? null : { kind: 'numeric', text })} />
    case 'short_text':
      return <ShortAnswer label="kind.short_text.label" unit={null} max={item.maxCodePoints} value={as<'short_text'>().response?.text ?? ''} name={props.name('text')} onText={(text) => props.onChange(text === '' ? null : { kind: 'short_text', text })} />
    case 'situational_judgement':
      return item.mode === 'rate' ? <Ratings {...as<'situational_judgement'>()} /> : <BestWorst {...as<'situational_judgement'>()} />
    case 'behavioural':
      return <Behavioural {...as<'behavioural'>()} />
    case 'written_reply':
      return <WrittenReply {...as<'written_reply'>()} />
    case 'essay':
      return <LongText label="essay.label" max={item.limits.maxCodePoints} min={item.limits.minCodePoints} rows={14} value={as<'essay'>().response?.text ?? ''} name={props.name('text')} onText={(text) => props.onChange(text === '' ? null : { kind: 'essay', text })} />
  }
}

// ---- Choosing ----

function OptionList({ children }: { children: ReactNode }) {
  return <ul className="opts">{children}</ul>
}

function Choice({ item, response, name, onChange }: Props<'single_choice'>) {
  const t = useMessages(playerMessages)
  return (
    <fieldset className="group">
      <legend className="vh">{t('kind.single_choice')}</legend>
      <OptionList>
        {item.options.map((option, index) => (
          <Option key={option.id} type="radio" name={name('choice')} option={option} index={index} checked={response?.optionId === option.id} onPick={() => onChange({ kind: 'single_choice', optionId: option.id })} />
        ))}
      </OptionList>
      {response ? <ClearChoice itemId={item.id} onClear={() => onChange(null)} /> : null}
    </fieldset>
  )
}

function Choices({ item, response, name, onChange }: Props<'multiple_choice'>) {
  const t = useMessages(playerMessages)
  const chosen = response?.optionIds ?? []
  const toggle = (id: string): void => {
    const next = item.options.map((option) => option.id).filter((other) => (other === id ? !chosen.includes(id) : chosen.includes(other)))
    onChange(next.length === 0 ? null : { kind: 'multiple_choice', optionIds: next })
  }
  return (
    <fieldset className="group">
      <legend className="vh">{t('kind.multiple_choice')}</legend>
      <OptionList>
        {item.options.map((option, index) => (
          <Option key={option.id} type="checkbox" name={name('choices')} option={option} index={index} checked={chosen.includes(option.id)} onPick={() => toggle(option.id)} />
        ))}
      </OptionList>
    </fieldset>
  )
}

function Option(props: { type: 'radio' | 'checkbox'; name: string; option: CandidateOption; index: number; checked: boolean; onPick(): void }) {
  return (
    <li className={props.checked ? 'on' : ''}>
      <label>
        <input type={props.type} name={props.name} value={props.option.id} checked={props.checked} data-key={props.index + 1} onChange={props.onPick} />
        <span className="key" aria-hidden="true">
          {letter(props.index)}
        </span>
        <span className="txt">{props.option.text}</span>
      </label>
    </li>
  )
}

function TrueFalse({ item, response, name, onChange }: Props<'true_false'>) {
  const t = useMessages(playerMessages)
  return (
    <fieldset className="group">
      <legend className="vh">{t('kind.true_false')}</legend>
      <OptionList>
        {([true, false] as const).map((value, index) => (
          <li key={String(value)} className={response?.value === value ? 'on' : ''}>
            <label>
              <input type="radio" name={name('choice')} value={String(value)} checked={response?.value === value} data-key={index + 1} onChange={() => onChange({ kind: 'true_false', value })} />
              <span className="txt">{t(value ? 'kind.true' : 'kind.false')}</span>
            </label>
          </li>
        ))}
      </OptionList>
      {response ? <ClearChoice itemId={item.id} onClear={() => onChange(null)} /> : null}
    </fieldset>
  )
}

/** A radio button cannot be unticked; somebody who would rather leave it open can. */
function ClearChoice({ itemId, onClear }: { itemId: string; onClear(): void }) {
  const t = useMessages(playerMessages)
  return (
    <button
      className="btn bare dense clear"
      type="submit"
      name="go"
      value={`clear:${itemId}`}
      onClick={(event) => {
        event.preventDefault()
        onClear()
      }}
    >
      {t('item.clear')}
    </button>
  )
}

// ---- Judging ----

function BestWorst({ item, response, name, onChange }: Props<'situational_judgement'>) {
  const t = useMessages(playerMessages)
  const { best, worst } = response ?? {}
  const say = (next: { best?: string | undefined; worst?: string | undefined }): void =>
    onChange(next.best === undefined && next.worst === undefined ? null : { kind: 'situational_judgement', ...(next.best === undefined ? {} : { best: next.best }), ...(next.worst === undefined ? {} : { worst: next.worst }) })
  // One action cannot be both: the older choice gives way.
  const pickBest = (id: string): void => say({ best: id, worst: worst === id ? undefined : worst })
  const pickWorst = (id: string): void => say({ best: best === id ? undefined : best, worst: id })
  return (
    <fieldset className="group sj">
      <legend className="vh">{t('kind.sjt.best_worst')}</legend>
      <div className="sj-head" aria-hidden="true">
        <span>{t('kind.sjt.best')}</span>
        <span>{t('kind.sjt.worst')}</span>
      </div>
      <ul>
        {item.actions.map((action, index) => (
          <li key={action.id} className={best === action.id ? 'most' : worst === action.id ? 'least' : ''}>
            <label className="pick pm">
              <input type="radio" name={name('best')} value={action.id} checked={best === action.id} data-key={index + 1} aria-label={`${t('kind.sjt.best')} ${letter(index)}`} onChange={() => pickBest(action.id)} />
              <span>{t('kind.sjt.best')}</span>
            </label>
            <label className="pick pl">
              <input type="radio" name={name('worst')} value={action.id} checked={worst === action.id} data-worst={index + 1} aria-label={`${t('kind.sjt.worst')} ${letter(index)}`} onChange={() => pickWorst(action.id)} />
              <span>{t('kind.sjt.worst')}</span>
            </label>
            <span className="key">{letter(index)}</span>
            <span className="txt">{action.text}</span>
          </li>
        ))}
      </ul>
      {response ? <ClearChoice itemId={item.id} onClear={() => onChange(null)} /> : null}
    </fieldset>
  )
}

const SCALE = [1, 2, 3, 4, 5] as const

function Ratings({ item, response, name, onChange }: Props<'situational_judgement'>) {
  const t = useMessages(playerMessages)
  const ratings = response?.ratings ?? {}
  return (
    <div className="rate">
      <div className="rate-head" aria-hidden="true">
        <span>{t('kind.sjt.rate.1')}</span>
        <span>{t('kind.sjt.rate.5')}</span>
      </div>
      {item.actions.map((action, index) => (
        <fieldset key={action.id} className={`rate-row ${ratings[action.id] ? 'on' : ''}`}>
          <legend className="vh">
            {letter(index)}: {action.text}
          </legend>
          <p className="what" aria-hidden="true">
            <span className="key">{letter(index)}</span>
            <span className="txt">{action.text}</span>
          </p>
          <div className="scale">
            {SCALE.map((n) => (
              <label key={n} className="point">
                <input type="radio" name={name(`rate.${action.id}`)} value={n} checked={ratings[action.id] === n} aria-label={t('kind.sjt.rating', { key: letter(index), n })} onChange={() => onChange({ kind: 'situational_judgement', ratings: { ...ratings, [action.id]: n } })} />
                <span aria-hidden="true">{n}</span>
              </label>
            ))}
          </div>
        </fieldset>
      ))}
    </div>
  )
}

// ---- Arranging ----

function Ordering({ item, response, name, onChange }: Props<'ordering'>) {
  const t = useMessages(playerMessages)
  // A half-made order has holes that the answer itself does not keep.
  const [places, setPlaces] = useState<string[]>(() => item.elements.map((_, index) => response?.order[index] ?? ''))
  const order = places.filter((id) => id !== '')
  const given = response?.order ?? []
  // Another hand changed the answer (a restored draft, a choice between two texts): show that.
  const shown = order.length === given.length && order.every((id, i) => id === given[i]) ? places : item.elements.map((_, index) => given[index] ?? '')
  const put = (next: string[]): void => {
    setPlaces(next)
    const filled = next.filter((id) => id !== '')
    onChange(filled.length === 0 ? null : { kind: 'ordering', order: filled })
  }
  const choose = (at: number, id: string): void => {
    const next = [...shown]
    const before = id === '' ? -1 : next.indexOf(id)
    // What stood here moves to where the chosen one came from, so no element stands twice.
    if (before >= 0) next[before] = next[at] ?? ''
    next[at] = id
    put(next)
  }
  const swap = (a: number, b: number): void => {
    const next = [...shown]
    const held = next[a] ?? ''
    next[a] = next[b] ?? ''
    next[b] = held
    put(next)
  }
  return (
    <ol className="order">
      {shown.map((value, index) => (
        <li key={index} className={value === '' ? '' : 'on'}>
          <span className="num key" aria-hidden="true">
            {index + 1}
          </span>
          <select className="in" name={name(`position.${index + 1}`)} value={value} aria-label={t('kind.ordering.position', { n: index + 1 })} onChange={(event) => choose(index, event.target.value)}>
            <option value="">{t('kind.ordering.choose')}</option>
            {item.elements.map((element) => (
              <option key={element.id} value={element.id}>
                {element.text}
              </option>
            ))}
          </select>
          <span className="moves js-only">
            <button type="button" className="btn bare" disabled={index === 0} aria-label={t('kind.ordering.up', { n: index + 1 })} onClick={() => swap(index, index - 1)}>
              <Icon name="up" />
            </button>
            <button type="button" className="btn bare" disabled={index === shown.length - 1} aria-label={t('kind.ordering.down', { n: index + 1 })} onClick={() => swap(index, index + 1)}>
              <Icon name="down" />
            </button>
          </span>
          {value === '' ? null : <span className="full">{item.elements.find((element) => element.id === value)?.text}</span>}
        </li>
      ))}
    </ol>
  )
}

function Matching({ item, response, name, onChange }: Props<'matching'>) {
  const t = useMessages(playerMessages)
  const id = useId()
  const pairs = response?.pairs ?? {}
  const choose = (left: string, right: string): void => {
    const { [left]: _, ...rest } = pairs
    const next = right === '' ? rest : { ...rest, [left]: right }
    onChange(Object.keys(next).length === 0 ? null : { kind: 'matching', pairs: next })
  }
  return (
    <ul className="match">
      {item.left.map((entry) => (
        <li key={entry.id} className={pairs[entry.id] ? 'on' : ''}>
          <label htmlFor={`${id}-${entry.id}`}>{entry.text}</label>
          <select className="in" id={`${id}-${entry.id}`} name={name(`match.${entry.id}`)} value={pairs[entry.id] ?? ''} onChange={(event) => choose(entry.id, event.target.value)}>
            <option value="">{t('kind.matching.choose')}</option>
            {item.right.map((right) => (
              <option key={right.id} value={right.id}>
                {right.text}
              </option>
            ))}
          </select>
          {pairs[entry.id] ? <span className="full">{item.right.find((right) => right.id === pairs[entry.id])?.text}</span> : null}
        </li>
      ))}
    </ul>
  )
}

function Cloze({ item, response, name, onChange }: Props<'cloze'>) {
  const t = useMessages(playerMessages)
  const gaps = response?.gaps ?? {}
  const fill = (id: string, text: string): void => {
    const { [id]: _, ...rest } = gaps
    const next = text === '' ? rest : { ...rest, [id]: text }
    onChange(Object.keys(next).length === 0 ? null : { kind: 'cloze', gaps: next })
  }
  let seen = 0
  const control = (id: string): ReactNode => {
    const gap = item.gaps.find((g) => g.id === id)
    if (!gap) return null
    seen += 1
    const label = t('kind.cloze.gap', { n: seen })
    const value = gaps[id] ?? ''
    return gap.type === 'dropdown' ? (
      <select className="in gap" name={name(`gap.${id}`)} value={value} aria-label={label} onChange={(event) => fill(id, event.target.value)}>
        <option value="">{t('kind.cloze.choose')}</option>
        {gap.options.map((option) => (
          <option key={option.id} value={option.id}>
            {option.text}
          </option>
        ))}
      </select>
    ) : (
      <input className="in gap" type="text" name={name(`gap.${id}`)} value={value} aria-label={label} autoComplete="off" onChange={(event) => fill(id, event.target.value)} />
    )
  }
  return (
    <div className="cloze">
      {item.text.split(/\n\s*\n/).map((paragraph, p) => (
        <p key={p}>
          {paragraph.split(/(\{\{[a-z0-9_]+\}\})/).map((part, index) => {
            const gap = /^\{\{([a-z0-9_]+)\}\}$/.exec(part)
            return <span key={index}>{gap?.[1] ? control(gap[1]) : part}</span>
          })}
        </p>
      ))}
    </div>
  )
}

// ---- Writing ----

/** Characters as people count them; over the limit it says by how much. */
function Count({ id, length, max, min = 0, sum = false }: { id?: string; length: number; max: number | null; min?: number; sum?: boolean }) {
  const t = useMessages(playerMessages)
  const formats = useFormats()
  const n = formats.number(length)
  if (max !== null && length > max) {
    return (
      <span className="cap num over" id={id}>
        <Icon name="octagon" small /> {t('count.over', { n: formats.number(length - max) })}
      </span>
    )
  }
  return (
    <span className="cap num" id={id}>
      {max === null ? (length > 0 ? t('count.one', { n }) : '') : t(sum ? 'count.sum' : 'count.of', { n, max: formats.number(max) })}
      {min > length ? `, ${t('count.min', { min: formats.number(min) })}` : ''}
    </span>
  )
}

function ShortAnswer(props: { label: PlayerKey; unit: string | null; max: number; numeric?: boolean; value: string; name: string; onText(text: string): void }) {
  const t = useMessages(playerMessages)
  const id = useId()
  const length = codePointLength(props.value)
  return (
    <div className="field short">
      <span className="lab">
        <label htmlFor={id}>{t(props.label)}</label>
        {props.numeric ? null : <Count id={`${id}-count`} length={length} max={props.max} />}
      </span>
      <span className="with-unit">
        <input
          className="in num"
          id={id}
          type="text"
          inputMode={props.numeric ? 'decimal' : undefined}
          autoComplete="off"
          name={props.name}
          value={props.value}
          aria-describedby={props.numeric ? undefined : `${id}-count`}
          aria-invalid={length > props.max || undefined}
          onChange={(event) => props.onText(event.target.value)}
        />
        {props.unit ? <span className="unit">{props.unit}</span> : null}
      </span>
    </div>
  )
}

function LongText(props: { label: PlayerKey; help?: PlayerKey; max: number; min: number; rows: number; value: string; name: string; onText(text: string): void }) {
  const t = useMessages(playerMessages)
  const id = useId()
  const length = codePointLength(props.value)
  return (
    <div className="field long">
      <span className="lab">
        <label htmlFor={id}>{t(props.label)}</label>
        <Count id={`${id}-count`} length={length} max={props.max} min={props.min} />
      </span>
      {props.help ? (
        <span className="help" id={`${id}-help`}>
          {t(props.help)}
        </span>
      ) : null}
      <textarea
        className="in"
        id={id}
        rows={props.rows}
        name={props.name}
        value={props.value}
        aria-describedby={`${props.help ? `${id}-help ` : ''}${id}-count`}
        aria-invalid={length > props.max || undefined}
        onChange={(event) => props.onText(event.target.value)}
      />
    </div>
  )
}

const STAR = ['situation', 'task', 'action', 'result'] as const
const STAR_ROWS = { situation: 3, task: 2, action: 6, result: 3 } as const

function Behavioural({ item, response, name, onChange }: Props<'behavioural'>) {
  const t = useMessages(playerMessages)
  const id = useId()
  const parts = { situation: response?.situation ?? '', task: response?.task ?? '', action: response?.action ?? '', result: response?.result ?? '' }
  const total = STAR.reduce((sum, part) => sum + codePointLength(parts[part]), 0)
  const write = (part: (typeof STAR)[number], text: string): void => {
    const next = { ...parts, [part]: text }
    onChange(STAR.every((p) => next[p] === '') ? null : { kind: 'behavioural', ...next })
  }
  return (
    <div className="star">
      {STAR.map((part) => (
        <div className="field" key={part}>
          <span className="big" aria-hidden="true">
            {part[0]?.toUpperCase()}
          </span>
          <span className="lab">
            <label htmlFor={`${id}-${part}`}>{t(`star.${part}`)}</label>
            <Count length={codePointLength(parts[part])} max={null} />
          </span>
          <span className="help" id={`${id}-${part}-help`}>
            {t(`star.${part}.help`)}
          </span>
          <textarea className="in" id={`${id}-${part}`} rows={STAR_ROWS[part]} name={name(part)} value={parts[part]} aria-describedby={`${id}-${part}-help ${id}-sum`} aria-invalid={total > item.limits.maxCodePoints || undefined} onChange={(event) => write(part, event.target.value)} />
        </div>
      ))}
      <p className="sum">
        <span>{t('star.sum')}</span>
        <Count id={`${id}-sum`} length={total} max={item.limits.maxCodePoints} min={item.limits.minCodePoints} sum />
      </p>
    </div>
  )
}

function WrittenReply({ item, response, name, onChange }: Props<'written_reply'>) {
  const t = useMessages(playerMessages)
  const id = useId()
  const text = response?.text ?? ''
  const subject = response?.subject ?? ''
  const say = (next: { subject: string; text: string }): void =>
    onChange(next.subject === '' && next.text === '' ? null : { kind: 'written_reply', ...(next.subject === '' ? {} : { subject: next.subject }), text: next.text })
  return (
    <div className="reply">
      <section className={`thread ${item.replyChannel}`} aria-labelledby={`${id}-thread`}>
        <h2 className="cap" id={`${id}-thread`}>
          {t('reply.thread')}
        </h2>
        <ol>
          {item.thread.map((turn, index) => (
            <li key={index} className={turn.from}>
              <p className="who">
                <span className="b">{turn.name ?? t(`reply.from.${turn.from}`)}</span>
                {turn.name ? <span className="cap"> {t(`reply.from.${turn.from}`)}</span> : null}
              </p>
              <RichText text={turn.text} className="said" />
            </li>
          ))}
        </ol>
      </section>
      {item.replyChannel === 'mail' ? (
        <div className="field">
          <span className="lab">
            <label htmlFor={`${id}-subject`}>{t('reply.subject')}</label>
          </span>
          <input className="in" id={`${id}-subject`} type="text" autoComplete="off" name={name('subject')} value={subject} onChange={(event) => say({ subject: event.target.value, text })} />
        </div>
      ) : null}
      <LongText label={item.replyChannel === 'mail' ? 'reply.mail' : 'reply.chat'} {...(item.replyChannel === 'chat' ? { help: 'reply.chat.help' as const } : {})} max={item.limits.maxCodePoints} min={item.limits.minCodePoints} rows={item.replyChannel === 'mail' ? 12 : 6} value={text} name={name('text')} onText={(next) => say({ subject, text: next })} />
    </div>
  )
}
