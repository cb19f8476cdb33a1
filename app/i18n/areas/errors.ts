import type { Locale } from '../../core/shared/locale.ts'
import { errorTexts as english } from '../en/errors.ts'
import { defineMessages, fill, type Params } from '../messages.ts'
import { errorTexts as chinese } from '../zh-CN/errors.ts'
import { playerSentence } from './player-errors.ts'

export const errorMessages = defineMessages({ 'zh-CN': chinese, en: english })
export type ErrorCode = keyof typeof chinese

/** The sentence of an error code; `tests/integration/error-sentences.test.ts` proves that every code in use has one. */
export function errorSentence(locale: Locale, code: string, params?: Params): string {
  const sentences: Record<string, string> = errorMessages[locale]
  const sentence = sentences[code]
  return sentence === undefined ? playerSentence(locale, code, params) : fill(sentence, params)
}
