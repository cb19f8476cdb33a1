import fc from 'fast-check'
import { expect, test } from 'vitest'
import { segments, trimmed, type Mark } from './segments.ts'

const mark = (start: number, end: number, label: string, polarity: Mark['polarity'] = 'for'): Mark => ({
  start,
  end,
  label,
  polarity,
})

test('an emoji and a rare character count once each, so the words after them are marked', () => {
  expect(segments('😀𠮷好的', [mark(2, 4, '+1')])).toEqual([
    { text: '😀𠮷', polarity: null, labels: [] },
    { text: '好的', polarity: 'for', labels: ['+1'] },
  ])
})
test('overlapping evidence: each keeps its own end, the later one shows', () => {
  expect(segments('abcdef', [mark(0, 4, '+1'), mark(2, 6, '−2', 'against')])).toEqual([
    { text: 'ab', polarity: 'for', labels: [] },
    { text: 'cd', polarity: 'against', labels: ['+1'] },
    { text: 'ef', polarity: 'against', labels: ['−2'] },
  ])
})
test('nothing is lost or doubled, whatever the places', () => {
  const place = fc.integer({ min: -3, max: 40 })
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.array(fc.tuple(place, place), { maxLength: 5 }),
      (text, places) => {
        const parts = segments(
          text,
          places.map(([a, b], i) => mark(a, b, String(i))),
        )
        expect(parts.map((part) => part.text).join('')).toBe(text)
      },
    ),
  )
})
test('blanks at the ends do not belong to a quotation', () => {
  expect(trimmed(' 好 的\n', 0, 5)).toEqual({ start: 1, end: 4 })
  expect(trimmed('   ', 0, 3)).toBeNull()
})
