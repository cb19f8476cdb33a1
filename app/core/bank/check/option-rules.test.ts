import { describe, expect, test } from 'vitest'
import { both, item, judgement, multipleChoice, singleChoice, trueFalse } from '#tests/fixtures/bank.ts'
import type { FindingCode, Remark } from '../finding.ts'
import type { Item } from '../schema.ts'
import { optionRemarks } from './option-rules.ts'
import { stemRemarks } from './stem-rules.ts'

const remarks = (it: Item): Remark[] => [...optionRemarks(it), ...stemRemarks(it)]
const found = (it: Item, code: FindingCode, language: 'zh-CN' | 'en'): boolean =>
  remarks(it).some((r) => r.code === code && r.path.endsWith(language))

type Case = [title: string, options: string[], key: number, bad: boolean]
type StemCase = [title: string, stem: string, bad: boolean]

function table(code: FindingCode, zh: Case[], en: Case[]) {
  describe(code, () => {
    test.each(zh)('zh-CN: %s', (_, options, key, bad) =>
      expect(found(singleChoice({ zh: options, key }), code, 'zh-CN')).toBe(bad),
    )
    test.each(en)('en: %s', (_, options, key, bad) =>
      expect(found(singleChoice({ en: options, key }), code, 'en')).toBe(bad),
    )
  })
}

test('a sound item has no remark', () => {
  expect(remarks(singleChoice())).toEqual([])
})

table(
  'item.key_length',
  [
    [
      'key twice as long',
      ['再发一遍说明', '请买家等一等', '核对扣款记录并在当天退回多收的一笔', '转给另一同事'],
      2,
      true,
    ],
    [
      'key half as long',
      ['把说明再发一遍并请买家照做', '请买家耐心等候系统自动处理', '核对并退款', '转给另一位同事去继续跟进'],
      2,
      true,
    ],
    ['about equal', ['再发一遍支付说明', '请买家等系统处理', '核对后退回多收款', '转给另一位同事办'], 2, false],
    [
      'a wrong option is the long one',
      ['再发一遍支付说明并请买家照着逐步操作', '请买家等系统', '核对后退款', '转给同事办'],
      2,
      false,
    ],
  ],
  [
    [
      'key twice as long',
      [
        'Send it again',
        'Ask them to wait',
        'Check the two charges and return the extra one the same day',
        'Pass it on',
      ],
      2,
      true,
    ],
    [
      'key half as long',
      [
        'Send the payment article to the buyer again',
        'Ask the buyer to wait until tomorrow morning',
        'Refund the charge',
        'Pass the case to a colleague of the next shift',
      ],
      2,
      true,
    ],
    [
      'about equal',
      ['Send the article again', 'Ask them to wait a day', 'Return the extra charge', 'Pass it to a colleague'],
      2,
      false,
    ],
    [
      'a wrong option is the long one',
      [
        'Send the payment article and ask the buyer to follow each step of it',
        'Ask them to wait a day',
        'Return the extra charge',
        'Pass it to a colleague',
      ],
      2,
      false,
    ],
  ],
)

table(
  'item.key_grammar',
  [
    ['only the key ends with a full stop', ['请买家等待', '转给同事', '核对扣款。', '重发说明'], 2, true],
    [
      'only the key has two sentences',
      ['请买家等待结果', '转给夜班的同事', '先致歉；再核对', '重发支付的说明'],
      2,
      true,
    ],
    ['all others open alike', ['请买家寄回水壶', '请买家等待结果', '核对裂纹的照片', '请买家联系厂家'], 2, true],
    ['same form throughout', ['等买家寄回水壶', '发送购买的链接', '核对裂纹的照片', '联系水壶的厂家'], 2, false],
    ['a wrong option is the odd one', ['请买家寄回水壶', '请买家等待结果', '请买家拍照说明', '联系厂家。'], 2, false],
  ],
  [
    [
      'only the key ends with a full stop',
      ['Ask them to wait', 'Pass it on', 'Check the charge.', 'Send it again'],
      2,
      true,
    ],
    ['only the key has a capital', ['ask them to wait', 'pass it on', 'Check the charge', 'send it again'], 2, true],
    ['only the key is a gerund', ['Wait a day', 'Pass it on', 'Checking both', 'Send it'], 2, true],
    [
      'all others open alike',
      ['Ask for a photo', 'Ask for the box', 'Refund the kettle', 'Ask for a receipt'],
      2,
      true,
    ],
    ['same form throughout', ['Ask for a photo', 'Send the article', 'Refund the kettle', 'Close the chat'], 2, false],
    [
      'articles open options by chance',
      ['The buyer pays', 'The seller pays', 'Nobody pays it', 'The courier pays'],
      2,
      false,
    ],
    [
      'only the key opens with an article',
      ['The buyer pays', 'Sellers share it', 'The market does', 'The courier pays'],
      1,
      false,
    ],
  ],
)

test('item.key_grammar: the article of the stem fits the key only', () => {
  const stem = both('客服应当先发出一封怎样的信？', 'The agent should first send an')
  const bad = singleChoice({ stem, en: ['letter', 'form', 'apology', 'refund'], key: 2 })
  const good = singleChoice({ stem, en: ['answer', 'invoice', 'apology', 'update'], key: 2 })
  expect(found(bad, 'item.key_grammar', 'en')).toBe(true)
  expect(found(good, 'item.key_grammar', 'en')).toBe(false)
})

table(
  'item.absolute_word',
  [
    ['in wrong options only', ['一律拒绝退款', '绝不改动订单', '核对后再退款', '请买家再等等'], 2, true],
    ['in the key only', ['稍后再说', '请买家等', '所有订单都核对', '转给同事'], 2, true],
    ['in right and wrong alike', ['一律拒绝退款', '转给夜班同事', '任何退款先核对', '请买家再等等'], 2, false],
    ['ownership is no absolute word', ['说明所有权归买家', '转给夜班的同事', '核对后再退款', '请买家再等等'], 2, false],
    ['none', ['拒绝退款', '转给同事', '核对后退款', '请买家等'], 2, false],
  ],
  [
    ['in wrong options only', ['Never refund it', 'Always ask a lead', 'Check and refund', 'Let them wait'], 2, true],
    [
      'must immediately',
      ['You must immediately close it', 'Ask the lead on shift', 'Check and refund', 'Let them wait'],
      2,
      true,
    ],
    ['in the key only', ['Refund it', 'Ask a lead', 'Check every charge', 'Let them wait'], 2, true],
    ['in right and wrong alike', ['Never refund it', 'Ask a lead', 'Always check first', 'Let them wait'], 2, false],
    [
      '“the only order” and “at all” are no absolute words',
      ['Cancel the only order', 'Do nothing at all', 'Check and refund', 'Let them wait'],
      2,
      false,
    ],
  ],
)

table(
  'item.hedged_key',
  [
    ['only in the key', ['三天到账', '当天到账', '通常五天到账', '不会到账'], 2, true],
    ['in a wrong option too', ['一般三天到账', '当天到账', '通常五天到账', '不会到账'], 2, false],
    ['尽可能 is no hedge', ['三天内', '当天', '尽可能早地', '不再'], 2, false],
  ],
  [
    ['only in the key', ['In three days', 'The same day', 'Usually in five days', 'After a month'], 2, true],
    [
      'in a wrong option too',
      ['Often in three days', 'The same day', 'Usually in five days', 'After a month'],
      2,
      false,
    ],
    ['the month of May is no hedge', ['On 1 April', 'On 1 June', 'On 1 July', 'in may 2026'], 3, false],
  ],
)

table(
  'item.all_of_the_above',
  [
    ['以上都是', ['先道歉', '核对订单', '问清原因', '以上都是'], 3, true],
    ['以上各项均可', ['先道歉', '核对订单', '问清原因', '以上各项均可'], 0, true],
    ['记录以上内容 is an action', ['先道歉', '核对订单', '问清原因', '记录以上内容'], 0, false],
  ],
  [
    ['all of the above', ['Say sorry', 'Check it', 'Ask why', 'All of the above'], 3, true],
    ['all of these', ['Say sorry', 'Check it', 'Ask why', 'All of these'], 0, true],
    ['all of the goods', ['Say sorry', 'Check it', 'Ask why', 'Return all of the goods'], 0, false],
  ],
)
table(
  'item.none_of_the_above',
  [
    ['以上都不是', ['先道歉', '核对订单', '问清原因', '以上都不是'], 3, true],
    ['都不对', ['先道歉', '核对订单', '问清原因', '都不对'], 0, true],
    ['an ordinary refusal', ['先道歉', '核对订单', '问清原因', '都不退款'], 0, false],
  ],
  [
    ['none of the above', ['Say sorry', 'Check it', 'Ask why', 'None of the above'], 3, true],
    ['none of the shoes fit', ['Say sorry', 'Check it', 'Ask why', 'Say none of the shoes fit'], 0, false],
  ],
)
table(
  'item.type_k',
  [
    ['A和B', ['先道歉', '核对订单', '问清原因', 'A和B'], 3, true],
    ['a plan called A', ['先道歉', '核对订单', '问清原因', '采用A方案'], 3, false],
  ],
  [
    ['A and C', ['Say sorry', 'Check it', 'Ask why', 'A and C'], 3, true],
    ['both A and B', ['Say sorry', 'Check it', 'Ask why', 'Both A and B are right'], 3, true],
    ['a shelf called A', ['Say sorry', 'Check it', 'Ask why', 'Look on shelf A and count'], 3, false],
  ],
)

table(
  'item.option_overlap',
  [
    ['ranges that overlap', ['1至3天', '3至5天', '7至9天', '10至12天'], 0, true],
    ['ranges side by side', ['1至3天', '4至6天', '7至9天', '10至12天'], 0, false],
    ['one contains the other', ['联系买家核对地址', '联系买家核对地址并更新工单', '重发包裹', '直接退款'], 0, true],
    ['the same but for a number', ['24小时内回复买家', '48小时内回复买家', '转给同事', '直接退款'], 0, false],
    ['the opposite', ['可以退款给买家', '不可以退款给买家', '转给同事', '先问主管'], 0, false],
    ['another order of steps', ['先道歉再核对订单', '先核对订单再道歉', '转给同事', '直接退款'], 0, false],
  ],
  [
    ['ranges that overlap', ['1 to 3 days', '2–5 days', '7 to 9 days', '10 to 12 days'], 0, true],
    ['ranges side by side', ['1 to 3 days', '4 to 6 days', '7 to 9 days', '10 to 12 days'], 0, false],
    [
      'one contains the other',
      ['Call the buyer back', 'Call the buyer back and update the case', 'Send it again', 'Refund'],
      0,
      true,
    ],
    ['the same but for a number', ['Reply within 24 hours', 'Reply within 48 hours', 'Pass it on', 'Refund'], 0, false],
    ['the opposite', ['Refund the buyer now', 'Do not refund the buyer now', 'Pass it on', 'Ask a lead'], 0, false],
  ],
)

table(
  'item.repeated_words',
  [
    [
      'every option opens alike',
      ['请买家提供订单的编号', '请买家提供订单的照片', '请买家提供订单的截图', '请买家提供订单的金额'],
      0,
      true,
    ],
    [
      'every option ends alike',
      ['三天之内退回原账户', '五天之内退回原账户', '当天之内退回原账户', '七天之内退回原账户'],
      0,
      true,
    ],
    ['a shared word is not enough', ['请买家拍照', '请同事帮忙', '请主管决定', '请系统重试'], 0, false],
  ],
  [
    [
      'every option opens alike',
      [
        'Ask the buyer for a photo',
        'Ask the buyer for the box',
        'Ask the buyer for the code',
        'Ask the buyer for a bill',
      ],
      0,
      true,
    ],
    [
      'every option ends alike',
      [
        'Refund to the same account',
        'Credit to the same account',
        'Return to the same account',
        'Move to the same account',
      ],
      0,
      true,
    ],
    ['a shared word is not enough', ['Ask for a photo', 'Ask the lead', 'Ask again', 'Ask nothing'], 0, false],
  ],
)

describe('item.negative_stem', () => {
  const zh: StemCase[] = [
    ['不正确的是', '关于退货期限，下列说法不正确的是：', true],
    ['哪一项不应', '接待情绪激动的买家时，哪一项做法不应出现？', true],
    ['不合适的做法', '以下不合适的做法是哪一项？', true],
    ['in bold', '关于退货期限，下列说法**不**正确的是：', false],
    ['the negation describes the buyer', '怎样回复一位没有收到包裹的买家？', false],
    ['the negation stands in the story', '买家说包裹一直没有到，也不想再等。接下来怎样处理？', false],
    ['inside quoted speech', '买家问：“为什么不能退？”先怎样回应？', false],
    ['能不能 asks both ways', '买家问能不能改地址，怎样答复？', false],
  ]
  const en: StemCase[] = [
    ['which is not', 'Which of these is not a reason to refund?', true],
    ['except', 'Which step comes before the call, except one?', true],
    ['should not', 'What should an agent not promise in a chat?', true],
    ['in bold', 'Which of these is **not** a reason to refund?', false],
    ['the negation describes the buyer', 'What do you say to a buyer who has not had the parcel?', false],
    [
      'the negation stands in the story',
      'The parcel did not come and the buyer will not wait. What is the next step?',
      false,
    ],
    ['asking what is wrong', 'A lead lends you a phone for the check. What is wrong with that?', false],
    ['inside quoted speech', 'The buyer asks “Why can’t I return it?” What do you reply?', false],
  ]
  test.each(zh)('zh-CN: %s', (_, text, bad) =>
    expect(found(singleChoice({ stem: both(text, 'What next?') }), 'item.negative_stem', 'zh-CN')).toBe(bad),
  )
  test.each(en)('en: %s', (_, text, bad) =>
    expect(found(singleChoice({ stem: both('接下来怎样处理？', text) }), 'item.negative_stem', 'en')).toBe(bad),
  )
})

describe('absolute words of statements', () => {
  test.each([
    ['a false statement with one', both('客服绝不可以道歉。', 'An agent never says sorry.'), false, true],
    [
      'a true statement with one',
      both('客服任何时候都不索要密码。', 'An agent never asks for a password.'),
      true,
      false,
    ],
    ['a false statement without', both('道歉等于承认责任。', 'Saying sorry admits liability.'), false, false],
  ])('%s', (_, stem, key, bad) => {
    const it = trueFalse(stem, key)
    expect(found(it, 'item.absolute_word', 'zh-CN')).toBe(bad)
    expect(found(it, 'item.absolute_word', 'en')).toBe(bad)
  })
})

test('clues are looked for in multiple choice and in gaps as well', () => {
  const several = multipleChoice({ en: ['Always refund', 'Never refund', 'Check it', 'Wait a day'], keys: ['c', 'd'] })
  expect(found(several, 'item.absolute_word', 'en')).toBe(true)
  const gap = item('cloze', {
    stem: both('补全回复。', 'Complete the reply.'),
    text: both('我们{{g}}', 'We {{g}}'),
    gaps: [
      {
        id: 'g',
        type: 'dropdown',
        key: 'a',
        options: ['通常会先核对', '立刻退款', '结束对话'].map((zh, i) => ({
          id: 'abc'.charAt(i),
          text: both(zh, ['usually check', 'refund now', 'end it'][i] ?? ''),
          rationale: both('理由。', 'Why.'),
        })),
      },
    ],
  } as never)
  expect(found(gap, 'item.hedged_key', 'zh-CN')).toBe(true)
  expect(found(gap, 'item.hedged_key', 'en')).toBe(true)
})

test('the best action of a judgement item must not stand out by length', () => {
  const long = [
    both(
      '听完后核对记录，再私下问他依据并约定由谁向群里说明',
      'Hear him out, check the record, ask him in private and agree who tells the group',
    ),
    both('当场反驳', 'Argue'),
    both('不理会', 'Ignore it'),
    both('退群', 'Leave'),
  ]
  expect(found(judgement([5, 2, 3, 1], long), 'item.key_length', 'en')).toBe(true)
  expect(found(judgement([5, 2, 3, 1]), 'item.key_length', 'en')).toBe(false)
})
