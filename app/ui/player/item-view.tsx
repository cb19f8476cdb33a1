/**
 * One item with its native controls. The same controls work in a plain form (names below) and, with scripts, report
 * each change. Field names are `<item id>/<field>` with the fields of core/bank/response-form.ts.
 */
import type { CandidateItem } from '../../core/bank/candidate-item.ts'
import type { Response } from '../../core/bank/response.ts'
import { playerMessages, type PlayerKey } from '../../i18n/areas/player.ts'
import { useMessages } from '../../i18n/messages.ts'
import { Cloze, Matching, Ordering } from './item-arranging.tsx'
import { BestWorst, Choice, Choices, Ratings, TrueFalse } from './item-choices.tsx'
import type { Props } from './item-props.ts'
import { Behavioural, LongText, ShortAnswer, WrittenReply } from './item-writing.tsx'
import { RichText } from './rich-text.tsx'

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

const WRITTEN: readonly string[] = ['numeric', 'short_text', 'behavioural', 'written_reply', 'essay']

/** `locked`: to be read only. What is written stays selectable; what is chosen is switched off. */
export function ItemView({
  item,
  response,
  locked = false,
  onChange,
}: {
  item: CandidateItem
  response: Response | null
  locked?: boolean
  onChange(response: Response | null): void
}) {
  const t = useMessages(playerMessages)
  const name = (field: string): string => `${item.id}/${field}`
  const promptKey =
    item.kind === 'situational_judgement'
      ? item.mode === 'rate'
        ? 'kind.sjt.rate'
        : 'kind.sjt.best_worst'
      : PROMPT[item.kind]
  // The item's own language; the interface around it may speak the other one.
  return (
    <div className="item" lang={item.locale}>
      <RichText text={item.stem} className="stem prose" />
      {item.prompt ? (
        <p className="ask">{item.prompt}</p>
      ) : promptKey ? (
        <p className={item.kind === 'behavioural' ? 'cap ask-quiet' : 'ask'}>{t(promptKey)}</p>
      ) : null}
      <fieldset disabled={locked && !WRITTEN.includes(item.kind)}>
        <Controls
          item={item}
          response={response?.kind === item.kind ? response : null}
          locked={locked}
          name={name}
          onChange={onChange}
        />
      </fieldset>
    </div>
  )
}

/** The kind of item and of answer are the same here: ItemView has seen to it. */
function Controls(props: {
  item: CandidateItem
  response: Response | null
  locked: boolean
  name(field: string): string
  onChange(response: Response | null): void
}) {
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
      return (
        <ShortAnswer
          locked={props.locked}
          label="kind.numeric.label"
          unit={item.unit}
          numeric
          max={40}
          value={as<'numeric'>().response?.text ?? ''}
          name={props.name('text')}
          onText={(text) => props.onChange(text === '' ? null : { kind: 'numeric', text })}
        />
      )
    case 'short_text':
      return (
        <ShortAnswer
          locked={props.locked}
          label="kind.short_text.label"
          unit={null}
          max={item.maxCodePoints}
          value={as<'short_text'>().response?.text ?? ''}
          name={props.name('text')}
          onText={(text) => props.onChange(text === '' ? null : { kind: 'short_text', text })}
        />
      )
    case 'situational_judgement':
      return item.mode === 'rate' ? (
        <Ratings {...as<'situational_judgement'>()} />
      ) : (
        <BestWorst {...as<'situational_judgement'>()} />
      )
    case 'behavioural':
      return <Behavioural {...as<'behavioural'>()} />
    case 'written_reply':
      return <WrittenReply {...as<'written_reply'>()} />
    case 'essay':
      return (
        <LongText
          locked={props.locked}
          label="essay.label"
          max={item.limits.maxCodePoints}
          min={item.limits.minCodePoints}
          rows={14}
          value={as<'essay'>().response?.text ?? ''}
          name={props.name('text')}
          onText={(text) => props.onChange(text === '' ? null : { kind: 'essay', text })}
        />
      )
  }
}
