import { enCharts } from '../en/charts.ts'
import { defineMessages } from '../messages.ts'
import { zhCharts } from '../zh-CN/charts.ts'

export const chartMessages = defineMessages({ 'zh-CN': zhCharts, en: enCharts })
