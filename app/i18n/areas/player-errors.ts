import type { Locale } from '../../core/shared/locale-names.ts'
import { playerErrorTexts as english } from '../en/player-errors.ts'
import { defineMessages, fill, type Params } from '../messages.ts'
import { playerErrorTexts as chinese } from '../zh-CN/player-errors.ts'

const playerErrors = defineMessages({ 'zh-CN': chinese, en: english })

/**
 * The sentence of a code that the player's page can meet; null for others, which errors.ts knows. What the store says
 * of itself (`db.…`) passes.
 */
export function knownSentence(locale: Locale, code: string, params?: Params): string | null {
  const sentences: Readonly<Record<string, string>> = playerErrors[locale]
  const sentence = Object.hasOwn(sentences, code)
    ? sentences[code]
    : code.startsWith('db.')
      ? sentences['request.unavailable']
      : undefined
  return sentence === undefined ? null : fill(sentence, params)
}

export const playerSentence = (locale: Locale, code: string, params?: Params): string =>
  knownSentence(locale, code, params) ?? playerErrors[locale]['request.invalid']
