import { interviewerTexts as english } from '../en/interviewer.ts'
import { defineMessages } from '../messages.ts'
import { interviewerTexts as chinese } from '../zh-CN/interviewer.ts'

export const interviewerMessages = defineMessages({ 'zh-CN': chinese, en: english })
