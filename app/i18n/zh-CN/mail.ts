export const mailTexts = {
  'invitation.subject': '{programme}：你的考核邀请',
  'invitation.text':
    '{name}，你好：\n\n请你参加“{programme}”。用下面的链接进入，不需要密码：\n\n{url}\n\n链接在{closes}以前有效。换一台设备也用这个链接。不要转发给别人：谁打开，谁就以你的名义作答。\n\n开始以前可以先看考核说明，也可以申请便利措施（例如延长时间）。',
} as const
