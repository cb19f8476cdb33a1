/** The reasons of a proposal in words. */
import type { OutcomeReason } from '../../core/scoring/outcome.ts'
import { adminMessages } from '../../i18n/areas/admin.ts'
import { vocabularyMessages } from '../../i18n/areas/vocabulary.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { Status, type Tone } from './parts.tsx'

export type ReasonView = OutcomeReason & { criterion?: string }

export function Reasons({ reasons }: { reasons: readonly ReasonView[] }) {
  const t = useMessages(adminMessages)
  const words = useMessages(vocabularyMessages)
  const formats = useFormats()
  // One decimal, so that 59.6 does not read as 60 beside a cut score of 60.
  const figure = (value: number) => formats.number(value, Math.abs(value - Math.round(value)) < 0.05 ? 0 : 1)
  const say = (reason: ReasonView): [Tone, string] => {
    switch (reason.code) {
      case 'outcome.awaiting_rating':
        return ['late', t('reason.awaiting_rating', { items: reason.items })]
      case 'outcome.nothing_scored':
        return ['warn', t('reason.nothing_scored')]
      case 'outcome.cut_score':
        return [
          reason.met ? 'ok' : 'bad',
          t(reason.met ? 'reason.cut_score.met' : 'reason.cut_score.missed', {
            percent: figure(reason.percent),
            cut: figure(reason.cut),
          }),
        ]
      case 'outcome.near_cut':
        return [
          'warn',
          t('reason.near_cut', { cut: figure(reason.cut), low: figure(reason.low), high: figure(reason.high) }),
        ]
      case 'outcome.competency_cut':
        return [
          reason.met ? 'ok' : 'bad',
          t(reason.met ? 'reason.competency_cut.met' : 'reason.competency_cut.missed', {
            competency: words(`competency.${reason.competency}`),
            percent: figure(reason.percent),
            cut: figure(reason.cut),
            n: reason.n,
          }),
        ]
      case 'outcome.competency_too_few':
        return [
          'warn',
          t('reason.competency_too_few', { competency: words(`competency.${reason.competency}`), n: reason.n }),
        ]
      case 'outcome.critical_failure':
        return ['bad', t('reason.critical_failure', { criterion: reason.criterion ?? reason.criterionId })]
      case 'outcome.provisional':
        return ['warn', t('reason.provisional', { experts: reason.experts, needed: reason.needed })]
    }
  }
  return (
    <ul className="reasons">
      {reasons.map((reason, index) => {
        const [tone, text] = say(reason)
        return (
          <li key={index}>
            <Status tone={tone}>{text}</Status>
          </li>
        )
      })}
    </ul>
  )
}
