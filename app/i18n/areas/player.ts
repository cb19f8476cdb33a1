import { playerTexts as english } from '../en/player.ts'
import { defineMessages, type Translate } from '../messages.ts'
import { playerTexts as chinese } from '../zh-CN/player.ts'

export const playerMessages = defineMessages({ 'zh-CN': chinese, en: english })
export type PlayerKey = keyof typeof chinese
export type PlayerText = Translate<PlayerKey>
