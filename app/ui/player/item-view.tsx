/**
 * One item with its native controls. The same controls work in a plain form and, with scripts, report each change.
 */
import type { CandidateItem } from '../../core/bank/candidate-item.ts'
import type { Response } from '../../core/bank/response.ts'
import { playerMessages } from '../../i18n/areas/player.ts'
import { useMessages } from '../../i18n/messages.ts'
import type { ControlProps, Kind, KindName } from '../kinds/kind.ts'
import { useKind } from '../kinds/registry.ts'
import { RichText } from './rich-text.tsx'

/** `locked`: to be read only. What is written stays selectable; what is chosen is switched off. */
export function ItemView<K extends KindName>({
  item,
  response,
  locked = false,
  onChange,
}: {
  item: Extract<CandidateItem, { kind: K }>
  response: Response | null
  locked?: boolean
  onChange(response: Response | null): void
}) {
  const t = useMessages(playerMessages)
  const kind: Kind<K> | null = useKind<K>(item.kind)
  const ask = kind?.ask(item) ?? null
  // The item's own language; the interface around it may speak the other one.
  return (
    <div className="item" lang={item.locale} data-kind={item.kind}>
      <RichText text={item.stem} className="stem prose" />
      {item.prompt ? (
        <p className="ask">{item.prompt}</p>
      ) : ask ? (
        <p className={kind?.quiet ? 'cap ask-quiet' : 'ask'}>{t(ask)}</p>
      ) : null}
      {kind ? (
        <fieldset disabled={locked && !kind.written}>
          <kind.Controls
            key={item.id}
            item={item}
            response={response?.kind === item.kind ? (response as ControlProps<K>['response']) : null}
            locked={locked}
            name={(field) => `${item.id}/${field}`}
            onChange={onChange}
          />
        </fieldset>
      ) : (
        <p role="status">{t('item.loading')}</p>
      )}
    </div>
  )
}
