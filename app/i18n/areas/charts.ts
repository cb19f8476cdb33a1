import { chartTexts as english } from '../en/charts.ts'
import { defineMessages } from '../messages.ts'
import { chartTexts as chinese } from '../zh-CN/charts.ts'

export const chartMessages = defineMessages({ 'zh-CN': chinese, en: english })
