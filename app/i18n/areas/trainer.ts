import { enTrainer } from '../en/trainer.ts'
import { defineMessages, type Translate } from '../messages.ts'
import { zhTrainer } from '../zh-CN/trainer.ts'

export const trainerMessages = defineMessages({ 'zh-CN': zhTrainer, en: enTrainer })
export type TrainerText = Translate<keyof typeof zhTrainer>
