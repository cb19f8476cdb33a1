import type { staffTexts as chinese } from '../zh-CN/staff.ts'

export const staffTexts: Record<keyof typeof chinese, string> = {
  'nav.rating': 'Rating',
  'nav.mock': 'Mock scenarios',
  'nav.kits': 'Interview kits',
  'nav.banks': 'Banks',
  'nav.people': 'People',
  'nav.live': 'Live room',
  'nav.results': 'Results',
  'nav.outbox': 'Outbox',
  'nav.audit': 'Audit',
  'nav.accommodations': 'Accommodations',
  'nav.identity': 'Identity check',
}
