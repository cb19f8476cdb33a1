import { enInterviewer } from '../en/interviewer.ts'
import { defineMessages } from '../messages.ts'
import { zhInterviewer } from '../zh-CN/interviewer.ts'

export const interviewerMessages = defineMessages({ 'zh-CN': zhInterviewer, en: enInterviewer })
