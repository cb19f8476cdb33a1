import { enPlayer } from '../en/player.ts'
import { defineMessages, type Translate } from '../messages.ts'
import { zhPlayer } from '../zh-CN/player.ts'

export const playerMessages = defineMessages({ 'zh-CN': zhPlayer, en: enPlayer })
export type PlayerKey = keyof typeof zhPlayer
export type PlayerText = Translate<PlayerKey>
