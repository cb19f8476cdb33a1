/** What would be done in a situation: the best and the worst action, or each judged. */
import { playerMessages } from '../../i18n/areas/player.ts'
import { useMessages } from '../../i18n/messages.ts'
import type { ControlProps, Kind } from './kind.ts'
import { ClearChoice, letter } from './parts/options.tsx'

export const kind: Kind<'situational_judgement'> = {
  ask: (item) => (item.mode === 'rate' ? 'kind.sjt.rate' : 'kind.sjt.best_worst'),
  digits: (item) => (item.mode === 'best_worst' ? item.actions.length : 0),
  worst: true,
  Controls,
}

function Controls(props: ControlProps<'situational_judgement'>) {
  return props.item.mode === 'rate' ? <Ratings {...props} /> : <BestWorst {...props} />
}

function BestWorst({ item, response, name, onChange }: ControlProps<'situational_judgement'>) {
  const t = useMessages(playerMessages)
  const { best, worst } = response ?? {}
  const say = (next: { best?: string | undefined; worst?: string | undefined }): void =>
    onChange(
      next.best === undefined && next.worst === undefined
        ? null
        : {
            kind: 'situational_judgement',
            ...(next.best === undefined ? {} : { best: next.best }),
            ...(next.worst === undefined ? {} : { worst: next.worst }),
          },
    )
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
              <input
                type="radio"
                name={name('best')}
                value={action.id}
                checked={best === action.id}
                data-key={index + 1}
                aria-label={`${t('kind.sjt.best')} ${letter(index)}`}
                onChange={() => pickBest(action.id)}
              />
              <span>{t('kind.sjt.best')}</span>
            </label>
            <label className="pick pl">
              <input
                type="radio"
                name={name('worst')}
                value={action.id}
                checked={worst === action.id}
                data-worst={index + 1}
                aria-label={`${t('kind.sjt.worst')} ${letter(index)}`}
                onChange={() => pickWorst(action.id)}
              />
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

function Ratings({ item, response, name, onChange }: ControlProps<'situational_judgement'>) {
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
                <input
                  type="radio"
                  name={name(`rate.${action.id}`)}
                  value={n}
                  checked={ratings[action.id] === n}
                  aria-label={t('kind.sjt.rating', { key: letter(index), n })}
                  onChange={() => onChange({ kind: 'situational_judgement', ratings: { ...ratings, [action.id]: n } })}
                />
                <span aria-hidden="true">{n}</span>
              </label>
            ))}
          </div>
        </fieldset>
      ))}
    </div>
  )
}
