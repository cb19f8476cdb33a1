/** Answers of the demo's finished attempt: believable, neither perfect nor poor, so that there is something to rate. */
import type { Response } from '../core/bank/response.ts'
import type { Item } from '../core/bank/schema.ts'
import { seededRandom } from '../core/shared/random.ts'

const STORY = {
  situation:
    '去年双十一后的第二周，我在一家家居店做在线客服。一位客户订的婴儿床护栏物流显示“已签收”，但她家里没人收到，两天前她已经问过一次，同事让她“再等等”。她开口就说要投诉。',
  task: '我要先让她知道这件事有人管到底，再查清包裹在哪里，并在当天给她一个能选择的办法。',
  action:
    '我先复述了她的情况：等了两天、问过一次、周末就要用，并为让她重复一遍致歉。然后查了运单和签收照片，发现放在了同名的另一栋楼的快递柜。我联系网点确认包裹还在，把取件码和柜子位置发给她，同时说明如果她不方便去取，我可以安排网点当晚送到门口，或者先补发一件。她选了当晚送达。我在工单里记下约定的时间，19:40回访确认她收到了。',
  result:
    '包裹当晚19:20送到，她在会话里改口说会继续在店里买。我把“同名小区”的情况写进了地址核对的提示里，组长后来把它加进了班前提醒。',
}

const REPLY =
  '您好，我是客服小周。看到您说的情况了：您等到现在还没有一个准信，换作是我也会着急，很抱歉让您来回问。\n\n我刚刚核对了这笔订单的记录，下面两种办法都可以马上做，您看哪种更合适：\n\n1. 重新发一件，今天18:00前出库，预计后天送到，不用您再付费；\n2. 全额退款，原路退回，一般1至3个工作日到账。\n\n您回复“1”或“2”，我就立刻处理，并在今天17:00前把单号或退款凭证发给您。在此期间由我一直跟进，不用再向别的同事重复说明。'

/**
 * An answer of a decent candidate. Objective items are answered from what a candidate could know at about two times in
 * three; the key is read here only because the demo has to look like somebody's work.
 */
export function demoAnswer(item: Item, seed: string): Response {
  const random = seededRandom(`${seed}|${item.id}`)
  const knows = random.next() < 0.72
  const pick = <T>(list: readonly T[]): T => list[random.below(list.length)] as T
  switch (item.kind) {
    case 'single_choice':
      return { kind: 'single_choice', optionId: knows ? item.key : pick(item.options).id }
    case 'multiple_choice':
      return {
        kind: 'multiple_choice',
        optionIds: knows
          ? item.keys
          : random
              .shuffle(item.options)
              .slice(0, item.keys.length)
              .map((o) => o.id),
      }
    case 'true_false':
      return { kind: 'true_false', value: knows ? item.key : !item.key }
    case 'ordering':
      return { kind: 'ordering', order: knows ? item.order : random.shuffle(item.order) }
    case 'matching':
      return {
        kind: 'matching',
        pairs: knows ? item.pairs : Object.fromEntries(item.left.map((entry) => [entry.id, pick(item.right).id])),
      }
    case 'cloze':
      return {
        kind: 'cloze',
        gaps: Object.fromEntries(
          item.gaps.map((gap) => [
            gap.id,
            gap.type === 'dropdown'
              ? knows
                ? gap.key
                : pick(gap.options).id
              : knows
                ? (gap.accepted['zh-CN'][0] ?? '')
                : '不确定',
          ]),
        ),
      }
    case 'numeric':
      return { kind: 'numeric', text: String(knows ? item.key : Math.round(item.key * 1.2)) }
    case 'short_text':
      return { kind: 'short_text', text: knows ? (item.accepted['zh-CN'][0] ?? '') : '不确定' }
    case 'situational_judgement': {
      if (item.mode === 'rate') {
        const ratings = Object.fromEntries(
          item.actions.map((a) => [
            a.id,
            Math.min(5, Math.max(1, Math.round(a.effectiveness + (random.next() - 0.5) * 2))),
          ]),
        )
        return { kind: 'situational_judgement', ratings }
      }
      const sorted = [...item.actions].sort((a, b) => b.effectiveness - a.effectiveness)
      const best = sorted[knows ? 0 : 1]
      const worst = sorted[sorted.length - 1]
      return {
        kind: 'situational_judgement',
        ...(best ? { best: best.id } : {}),
        ...(worst ? { worst: worst.id } : {}),
      }
    }
    case 'behavioural':
      return { kind: 'behavioural', ...STORY }
    case 'written_reply':
      return {
        kind: 'written_reply',
        ...(item.replyChannel === 'mail' ? { subject: '关于您的订单：两种处理办法，请您选一种' } : {}),
        text: REPLY,
      }
    case 'essay':
      return { kind: 'essay', text: `${STORY.situation}\n\n${STORY.action}\n\n${STORY.result}` }
  }
}
