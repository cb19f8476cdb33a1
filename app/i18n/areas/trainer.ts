import { trainerTexts as english } from '../en/trainer.ts'
import { defineMessages, type Translate } from '../messages.ts'
import { trainerTexts as chinese } from '../zh-CN/trainer.ts'

export const trainerMessages = defineMessages({ 'zh-CN': chinese, en: english })
export type TrainerText = Translate<keyof typeof chinese>
