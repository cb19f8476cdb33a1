import { expect, test } from 'vitest'
import { candidateItem } from '../bank/candidate-view.ts'
import { itemOf } from '../bank/item-fixture.ts'
import type { Response } from '../bank/response.ts'
import type { ItemKind } from '../bank/vocabulary.ts'
import { progressOf, tallyOf } from './item-state.ts'

const BEST_WORST = { mode: 'best_worst' }

test.each([
  ['single_choice', null, 'open'],
  ['single_choice', { kind: 'single_choice', optionId: 'a' }, 'answered'],
  ['multiple_choice', { kind: 'multiple_choice', optionIds: [] }, 'open'],
  ['multiple_choice', { kind: 'multiple_choice', optionIds: ['a'] }, 'answered'],
  ['true_false', { kind: 'true_false', value: false }, 'answered'],
  ['ordering', { kind: 'ordering', order: ['a', 'b', 'c'] }, 'part'],
  ['ordering', { kind: 'ordering', order: ['a', 'b', 'c', 'd'] }, 'answered'],
  ['matching', { kind: 'matching', pairs: { l1: 'r1' } }, 'part'],
  ['matching', { kind: 'matching', pairs: { l1: 'r1', l2: 'r1', l3: 'r1', l4: 'r1' } }, 'answered'],
  ['cloze', { kind: 'cloze', gaps: { days: ' ' } }, 'open'],
  ['cloze', { kind: 'cloze', gaps: { days: '7', card: '' } }, 'part'],
  ['cloze', { kind: 'cloze', gaps: { days: '7', card: 'card_a' } }, 'answered'],
  ['numeric', { kind: 'numeric', text: ' ' }, 'open'],
  ['numeric', { kind: 'numeric', text: '0' }, 'answered'],
  ['short_text', { kind: 'short_text', text: 'x' }, 'answered'],
  ['situational_judgement', { kind: 'situational_judgement', ratings: { act1: 1, act2: 5, act3: 3 } }, 'part'],
  [
    'situational_judgement',
    { kind: 'situational_judgement', ratings: { act1: 1, act2: 5, act3: 3, act4: 2 } },
    'answered',
  ],
  // Half a choice between best and worst is half an answer.
  ['situational_judgement', { kind: 'situational_judgement', best: 'act1' }, 'part', BEST_WORST],
  ['situational_judgement', { kind: 'situational_judgement', worst: 'act4' }, 'part', BEST_WORST],
  ['situational_judgement', { kind: 'situational_judgement', best: 'act1', worst: 'act4' }, 'answered', BEST_WORST],
  // All four parts count, however long the others are.
  ['behavioural', { kind: 'behavioural', situation: 'long', task: 'enough', action: 'x', result: '\u3000' }, 'part'],
  ['behavioural', { kind: 'behavioural', situation: 'a', task: 'b', action: 'c', result: 'd' }, 'answered'],
  // Shorter than the least that the item asks for.
  ['written_reply', { kind: 'written_reply', text: 'a' }, 'part'],
  ['written_reply', { kind: 'written_reply', text: 'ab' }, 'answered'],
  ['essay', { kind: 'essay', text: '\n ' }, 'open'],
  ['essay', { kind: 'essay', text: 'x' }, 'answered'],
] as Array<[ItemKind, Response | null, string, object?]>)('%s %j: %s', (kind, response, expected, over = {}) => {
  const item = itemOf(kind, over as Record<string, unknown>)
  expect(progressOf(item, response)).toBe(expected)
  // The browser has the candidate's view of the item only, and says the same.
  expect(progressOf(candidateItem(item, 'en'), response)).toBe(expected)
})

test('a tally counts each item once, and flags beside that', () => {
  expect(
    tallyOf([
      { progress: 'answered', flagged: true },
      { progress: 'part', flagged: false },
      { progress: 'part', flagged: true },
      { progress: 'open', flagged: true },
    ]),
  ).toEqual({ answered: 1, part: 2, open: 1, flagged: 3 })
  expect(tallyOf([])).toEqual({ answered: 0, part: 0, open: 0, flagged: 0 })
})
