/** Names of the rooms, for the bar of the staff. The player's page does not load them. */
export const staffTexts = {
  'nav.rating': '评分',
  'nav.mock': '模拟场景',
  'nav.kits': '面试提纲',
  'nav.banks': '题库',
  'nav.people': '人员',
  'nav.live': '考场',
  'nav.results': '结果',
  'nav.outbox': '发件箱',
  'nav.audit': '审计',
  'nav.accommodations': '便利措施',
  'nav.identity': '身份核验',
} as const
