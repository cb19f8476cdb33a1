import { describe, expect, test } from 'vitest'
import { both, item, singleChoice, trueFalse } from '#tests/fixtures/bank.ts'
import type { Item } from '../schema.ts'
import { pairRemarks } from './pair-rules.ts'
import { profileOf } from './profile.ts'

const pairs = (a: Item, b: Item): string[] => pairRemarks(profileOf(a), profileOf(b)).map((r) => `${r.code} ${r.path}`)
const kettle = (id: string, zh: string, en: string, extra = {}): Item =>
  singleChoice({ stem: both(zh, en) }, { id, ...extra })

const A_ZH = '买家说收到的水壶有裂纹，先怎样回应？'
const A_EN = 'A buyer writes that the kettle arrived cracked. What do you reply first?'

describe('item.near_duplicate', () => {
  test('the same in Chinese only', () => {
    const other = singleChoice(
      {
        stem: both(
          '买家说收到的茶壶有裂纹，先怎样回应？',
          'The lamp in a parcel is the wrong colour. How do you begin?',
        ),
        en: ['Suggest a voucher', 'Look up the model ordered', 'Mention the colour chart', 'Invite a new purchase'],
      },
      { id: 'st-other' },
    )
    expect(pairs(kettle('st-a', A_ZH, A_EN), other)).toEqual(['item.near_duplicate stem.zh-CN'])
  })
  test('the same in English only', () => {
    const other = singleChoice(
      {
        stem: both(
          '包裹里的台灯颜色不对，怎样开口？',
          'A buyer writes that the teapot arrived cracked. What do you reply first?',
        ),
        zh: ['送一张优惠券', '查下单的型号', '提起色卡误差', '邀请再买一盏'],
      },
      { id: 'st-other' },
    )
    expect(pairs(kettle('st-a', A_ZH, A_EN), other)).toEqual(['item.near_duplicate stem.en'])
  })
  test('declared enemies are parallel on purpose', () => {
    expect(pairs(kettle('st-a', A_ZH, A_EN, { enemies: ['st-b'] }), kettle('st-b', A_ZH, A_EN))).toEqual([])
    expect(pairs(kettle('st-a', A_ZH, A_EN), kettle('st-b', A_ZH, A_EN, { enemies: ['st-a'] }))).toEqual([])
  })
  test('another matter in the same words of course is no duplicate', () => {
    const other = singleChoice(
      {
        stem: both(
          '买家问发票抬头能不能改，先怎样回应？',
          'A buyer asks to change the name on an invoice. What do you reply first?',
        ),
        zh: ['查开票的日期', '引导到订单页', '请财务来处理', '说明系统限制'],
        en: ['Look up the date', 'Point to the order page', 'Bring in accounting', 'Explain the system'],
      },
      { id: 'st-other' },
    )
    expect(pairs(kettle('st-a', A_ZH, A_EN), other)).toEqual([])
  })
})

describe('item.gives_away', () => {
  const ask = singleChoice(
    {
      stem: both('会员费什么条件下可以全额退回？', 'When is a membership fee returned in full?'),
      zh: ['续费后九十天内提出的', '扣款七天内且没有用过任何权益', '当年消费不足五百元的', '账户注销之前申请的'],
      en: [
        'When asked within ninety days of renewal',
        'Within seven days of the charge and with no benefit used',
        'When the year’s purchases stay small',
        'When the account is about to close',
      ],
      key: 1,
    },
    { id: 'st-fee' },
  )
  const tells = (zh: string, en: string): Item =>
    singleChoice(
      {
        stem: both(zh, en),
        zh: ['马上办理退费', '查权益的记录', '劝她继续使用', '请她发来邮件'],
        en: ['Start the return', 'Read the log', 'Talk her round', 'Have her write in'],
      },
      { id: 'st-tells' },
    )
  test('the key of one stands in the stem of the other (both languages)', () => {
    const other = tells(
      '规定是扣款七天内且没有用过任何权益才全额退。林女士已用过一次免运费，怎么办？',
      'The fee is returned within seven days of the charge and with no benefit used. Ms Lin had one free delivery. What now?',
    )
    expect(pairs(ask, other)).toEqual(['item.gives_away stem.zh-CN', 'item.gives_away stem.en'])
    expect(pairs(other, ask)).toEqual(['item.gives_away stem.zh-CN', 'item.gives_away stem.en'])
  })
  test('another stem on the same matter tells nothing', () => {
    expect(
      pairs(
        ask,
        tells(
          '林女士想退会员费，已用过一次免运费，怎么办？',
          'Ms Lin wants her membership fee back after one free delivery. What now?',
        ),
      ),
    ).toEqual([])
  })
  test('a true statement can be told by another stem', () => {
    const truth = trueFalse(
      both(
        '签收后三十天内都可以申请无理由退货。',
        'Goods may be returned for any reason within thirty days of delivery.',
      ),
      true,
    )
    const other = singleChoice(
      {
        stem: both(
          '签收后三十天内都可以申请无理由退货。买家第十天来问，怎样答复？',
          'Goods may be returned for any reason within thirty days of delivery. On day ten a buyer asks. What do you reply?',
        ),
      },
      { id: 'st-x' },
    )
    expect(pairs(truth, other)).toEqual(['item.gives_away stem.zh-CN', 'item.gives_away stem.en'])
  })
  test('a number gives away only an item on the same clause', () => {
    const clause = { policy: { id: 'returns', revision: 2, clause: '1.1' } }
    const number = item('numeric', {
      stem: both('退货期限是多少天？', 'How many days may goods be returned?'),
      key: 30,
      rationale: both('条款。', 'The clause.'),
      ...clause,
    } as never)
    const zh = '买家签收已30天，还想退货，怎么答？'
    const en = 'A buyer asks for a return after 30 days. What is the answer?'
    expect(pairs(number, kettle('st-b', zh, en, clause))).toEqual([
      'item.gives_away stem.zh-CN',
      'item.gives_away stem.en',
    ])
    expect(pairs(number, kettle('st-b', zh, en))).toEqual([])
  })
})
