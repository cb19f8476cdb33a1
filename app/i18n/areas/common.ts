import { enCommon } from '../en/common.ts'
import { defineMessages } from '../messages.ts'
import { zhCommon } from '../zh-CN/common.ts'

export const commonMessages = defineMessages({ 'zh-CN': zhCommon, en: enCommon })
