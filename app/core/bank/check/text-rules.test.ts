import { describe, expect, test } from 'vitest'
import { both } from '#tests/fixtures/bank.ts'
import type { FindingCode } from '../finding.ts'
import { staleRemarks, textRemarks } from './text-rules.ts'

const GOOD = both('请买家核对订单。', 'Ask the buyer to check the order.')
const found = (locale: 'zh-CN' | 'en', text: string, code: FindingCode, mayNameCompanies = false): boolean =>
  textRemarks({ t: { ...GOOD, [locale]: text } }, { mayNameCompanies }).some(
    (r) => r.code === code && r.path === `t.${locale}`,
  )

type Case = [locale: 'zh-CN' | 'en', text: string, bad: boolean]
const table = (code: FindingCode, cases: Case[]) =>
  describe(code, () =>
    test.each(cases)('%s: %s → %s', (locale, text, bad) => expect(found(locale, text, code)).toBe(bad)),
  )

test('a sound text has no remark', () => {
  expect(textRemarks({ t: GOOD }, { mayNameCompanies: false })).toEqual([])
})

table('translation.untranslated', [
  ['zh-CN', 'Ask the buyer to check', true],
  ['zh-CN', '¥2,399.00', false],
  ['zh-CN', '22:00', false],
  ['zh-CN', 'CRM', false],
  ['zh-CN', 'TW-1042', false],
  ['zh-CN', '在CRM里核对', false],
  ['en', '请买家核对订单', true],
  ['en', 'Tell the buyer 稍等', true],
  ['en', 'Tell the buyer to wait', false],
])

table('text.phone_number', [
  ['zh-CN', '请拨打400-000-0000。', true],
  ['zh-CN', '手机13800000000已登记。', true],
  ['zh-CN', '固话是0755-80000000。', true],
  ['zh-CN', '请致电95000咨询。', true],
  ['zh-CN', '登记号码是138****0000。', false],
  ['zh-CN', '订单号2026011200451234567已发货。', false],
  ['zh-CN', '2026-01-12至2026-02-12有效。', false],
  ['zh-CN', '金额¥2,399.00，48小时内到账。', false],
  ['en', 'Call 1-888-000-0000 now.', true],
  ['en', 'Ring 0800 000 0000.', true],
  ['en', 'Dial +44 20 0000 0000.', true],
  ['en', 'Write 212-000-5000 on the slip.', true],
  ['en', 'Call 212-555-0142, which is nobody’s.', false],
  ['en', 'Order TW-2026-0112-0045 has shipped.', false],
  ['en', 'From 2026-01-12 to 2026-02-12.', false],
  ['en', 'The code is six digits, such as 481 920.', false],
])

table('text.link', [
  ['zh-CN', '请打开https://example.org/help。', true],
  ['zh-CN', '见www.tidewell.example', true],
  ['zh-CN', '见官方网站的帮助页。', false],
  ['en', 'See help.tidewell.com for more.', true],
  ['en', 'See the help page on the official site.', false],
  ['en', 'It ended.Next one came', false],
])

table('text.company_name', [
  ['zh-CN', '亚马逊的客服这样处理。', true],
  ['zh-CN', '在天猫开店。', true],
  ['zh-CN', '用千牛接待。', true],
  ['zh-CN', '申请Prime会员退款。', true],
  ['zh-CN', '生意兴旺旺季将至。', false],
  ['zh-CN', '在汐岸商城开店。', false],
  ['en', 'An Amazon agent does this.', true],
  ['en', 'She sells on eBay.', true],
  ['en', 'He has a Prime membership.', true],
  ['en', 'Open Seller Central first.', true],
  ['en', 'A prime reason to write back.', false],
  ['en', 'It follows up and backs ups.', false],
  ['en', 'She sells at Tidewell Market.', false],
])

test('a text about that very fact may name the company', () => {
  expect(found('en', 'An Amazon page said so in 2024.', 'text.company_name', true)).toBe(false)
  expect(found('zh-CN', '亚马逊页面2024年这样写。', 'text.company_name', true)).toBe(false)
})

table('text.typography', [
  ['zh-CN', '你好,请稍等。', true],
  ['zh-CN', '他说"好的"。', true],
  ['zh-CN', '等待 48 小时。', true],
  ['zh-CN', '你好，请稍等48小时：“好的”。', false],
  ['zh-CN', '时间是22:00。', false],
  ['en', 'She said "yes".', true],
  ['en', "It's late.", true],
  ['en', 'Wait， please.', true],
  ['en', 'It’s late, “yes”, at 22:00.', false],
])

describe('translation.stale', () => {
  const languages = (zh: [number, number], en: [number, number]) => ({
    'zh-CN': { revision: zh[0], checkedAgainst: zh[1] },
    en: { revision: en[0], checkedAgainst: en[1] },
  })
  test('Chinese was changed and English not compared', () => {
    expect(staleRemarks(languages([2, 1], [1, 1])).map((r) => r.path)).toEqual(['languages.en.checkedAgainst'])
  })
  test('English was changed and Chinese not compared', () => {
    expect(staleRemarks(languages([1, 1], [3, 1])).map((r) => r.path)).toEqual(['languages.zh-CN.checkedAgainst'])
  })
  test('both compared', () => expect(staleRemarks(languages([2, 3], [3, 2]))).toEqual([]))
})
