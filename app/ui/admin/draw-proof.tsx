/** Why each item stands in a form: seed, blueprint, the bounds that it met, and how often it was seen lately. */
import type { Competency, ItemKind } from '../../core/bank/vocabulary.ts'
import { adminMessages } from '../../i18n/areas/admin.ts'
import { vocabularyMessages } from '../../i18n/areas/vocabulary.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { Scroll } from '../primitives/scroll.tsx'

const DIFFICULTIES = ['easy', 'medium', 'hard'] as const
type Bound = {
  by: 'count' | 'competency' | 'kind' | 'difficulty' | 'channel' | 'source' | 'bank' | 'topic'
  value: string
}
export type ProofView = {
  seed: string
  blueprint: { title: string; number: number } | null
  drawnAt: string
  sections: Array<{
    id: string
    title: string
    slots: Array<{
      itemId: string
      position: number
      version: number | null
      kind: ItemKind | null
      competency: Competency | null
      reason: { type: 'free' } | { type: 'bounds'; bounds: ReadonlyArray<{ by: string; value: string }> }
      exposure: number
    }>
  }>
}

export function DrawProof({ proof }: { proof: ProofView }) {
  const t = useMessages(adminMessages)
  const words = useMessages(vocabularyMessages)
  const formats = useFormats()
  const boundText = ({ by, value }: Bound): string => {
    if (by === 'count') return t('bound.count')
    const difficulty = DIFFICULTIES.find((known) => known === value)
    const shown =
      by === 'competency'
        ? words(`competency.${value as Competency}`)
        : by === 'kind'
          ? words(`kind.${value as ItemKind}`)
          : by === 'difficulty' && difficulty
            ? t(`difficulty.${difficulty}`)
            : value
    return t(`bound.${by}`, { value: shown })
  }
  return (
    <>
      <p className="cap">{t('attempt.proof.body')}</p>
      <dl className="facts">
        <dt>{t('attempt.proof.blueprint')}</dt>
        <dd>
          {proof.blueprint
            ? t('attempt.proof.blueprint_version', { title: proof.blueprint.title, n: proof.blueprint.number })
            : '–'}
        </dd>
        <dt>{t('attempt.proof.drawn')}</dt>
        <dd>
          <time dateTime={proof.drawnAt}>{`${formats.dateTime(proof.drawnAt)} ${formats.zone(proof.drawnAt)}`}</time>
        </dd>
        <dt>{t('attempt.proof.seed')}</dt>
        <dd className="num seed">{proof.seed}</dd>
      </dl>
      {proof.sections.map((section) => (
        <div key={section.id} className="stack tight">
          <h3 className="b">{section.title}</h3>
          <Scroll label={section.title}>
            <table className="tbl">
              <thead>
                <tr>
                  <th scope="col" className="n">
                    #
                  </th>
                  <th scope="col">{t('attempt.proof.item')}</th>
                  <th scope="col">{t('attempt.proof.why')}</th>
                  <th scope="col" className="n">
                    {t('attempt.proof.exposure')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {section.slots.map((slot) => (
                  <tr key={slot.itemId}>
                    <td className="n">{slot.position}</td>
                    <td>
                      <span className="num">
                        {t('evidence.item.version', { id: slot.itemId, version: slot.version ?? '–' })}
                      </span>
                      {slot.kind && slot.competency ? (
                        <span className="cap block">
                          {words(`kind.${slot.kind}`)} · {words(`competency.${slot.competency}`)}
                        </span>
                      ) : null}
                    </td>
                    <td>
                      {slot.reason.type === 'free'
                        ? t('attempt.proof.free')
                        : t('attempt.proof.bounds', {
                            bounds: slot.reason.bounds.map((bound) => boundText(bound as Bound)).join(t('word.and')),
                          })}
                    </td>
                    <td className="n">{slot.exposure}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        </div>
      ))}
    </>
  )
}
