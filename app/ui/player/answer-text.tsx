/** An answer as text that can be read and copied: for a conflict, and for what could not be sent. */
import { useState } from 'react'
import type { CandidateItem } from '../../core/bank/candidate-item.ts'
import type { Response } from '../../core/bank/response.ts'
import { playerMessages, type PlayerText } from '../../i18n/areas/player.ts'
import { useMessages } from '../../i18n/messages.ts'

/** Words for option ids where the item is at hand. */
export function answerText(response: Response | null, item: CandidateItem | null, t: PlayerText): string {
  if (response === null) return t('conflict.empty')
  const say = (id: string | undefined, list: readonly { id: string; text: string }[] | undefined): string =>
    id === undefined ? '–' : (list?.find((entry) => entry.id === id)?.text ?? id)
  switch (response.kind) {
    case 'single_choice':
      return say(response.optionId, item?.kind === 'single_choice' ? item.options : undefined)
    case 'multiple_choice':
      return response.optionIds
        .map((id) => say(id, item?.kind === 'multiple_choice' ? item.options : undefined))
        .join('\n')
    case 'true_false':
      return t(response.value ? 'kind.true' : 'kind.false')
    case 'ordering':
      return response.order
        .map((id, index) => `${index + 1}. ${say(id, item?.kind === 'ordering' ? item.elements : undefined)}`)
        .join('\n')
    case 'matching':
      return Object.entries(response.pairs)
        .map(
          ([left, right]) =>
            `${say(left, item?.kind === 'matching' ? item.left : undefined)} → ${say(right, item?.kind === 'matching' ? item.right : undefined)}`,
        )
        .join('\n')
    case 'cloze':
      return Object.entries(response.gaps)
        .map(([id, value]) => {
          const gap = item?.kind === 'cloze' ? item.gaps.find((g) => g.id === id) : undefined
          return gap?.type === 'dropdown' ? say(value, gap.options) : value
        })
        .join('\n')
    case 'situational_judgement': {
      const actions = item?.kind === 'situational_judgement' ? item.actions : undefined
      if (response.ratings)
        return Object.entries(response.ratings)
          .map(([id, n]) => `${n}: ${say(id, actions)}`)
          .join('\n')
      return `${t('kind.sjt.best')}: ${say(response.best, actions)}\n${t('kind.sjt.worst')}: ${say(response.worst, actions)}`
    }
    case 'behavioural':
      return (['situation', 'task', 'action', 'result'] as const)
        .map((part) => `${t(`star.${part}`)}\n${response[part]}`)
        .join('\n\n')
    case 'written_reply':
      return response.subject ? `${response.subject}\n\n${response.text}` : response.text
    case 'numeric':
    case 'short_text':
    case 'essay':
      return response.text
  }
}

/** Read-only, selectable also without scripts. */
export function CopyText({ label, text }: { label: string; text: string }) {
  const t = useMessages(playerMessages)
  const [copied, setCopied] = useState(false)
  return (
    <div className="copy-text">
      <p className="row">
        <span className="b">{label}</span>
        <span className="grow" />
        <button
          type="button"
          className="btn dense js-only"
          onClick={() => {
            void navigator.clipboard.writeText(text).then(() => setCopied(true))
          }}
        >
          {t(copied ? 'copied' : 'copy')}
        </button>
      </p>
      <textarea
        className="in"
        readOnly
        rows={Math.min(10, Math.max(2, text.split('\n').length + 1))}
        value={text}
        aria-label={label}
      />
    </div>
  )
}
