import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diffText } from './text-diff.ts'

const show = (before: string, after: string): string =>
  diffText(before, after)
    .map(({ kind, text }) => (kind === 'same' ? text : kind === 'del' ? `[-${text}-]` : `[+${text}+]`))
    .join('')

describe('the difference of two texts', () => {
  test('is told in words, what goes before what comes', () => {
    expect(show('less a fee of 5%.', 'less a fee of 10%.')).toBe('less a fee of [-5-][+10+]%.')
    expect(show('按政策第11版答复', '按政策第12版答复')).toBe('按政策第[-11-][+12+]版答复')
  })
  test('does not hold on to a lone character that two phrases happen to share', () => {
    expect(show('先退货再退款', '先换货后补款')).toBe('先[-退货再退-][+换货后补+]款')
  })
  test('takes a changed phrase as one', () => {
    expect(show('say that you are sorry now', 'say that we regret it now')).toBe(
      'say that [-you are sorry-][+we regret it+] now',
    )
  })
  test('of equal texts is nothing, and of empty ones no part at all', () => {
    expect(diffText('a b', 'a b')).toEqual([{ kind: 'same', text: 'a b' }])
    expect(diffText('', '')).toEqual([])
    expect(diffText('', 'new')).toEqual([{ kind: 'ins', text: 'new' }])
  })
  test('gives back both texts, whatever they are', () => {
    const words = fc
      .array(fc.constantFrom('退款', '货', '👩‍💻', ' ', 'refund', '，', 'a', 'b', '7'), { maxLength: 30 })
      .map((list) => list.join(''))
    fc.assert(
      fc.property(words, words, (before, after) => {
        const parts = diffText(before, after)
        expect(
          parts
            .filter((p) => p.kind !== 'ins')
            .map((p) => p.text)
            .join(''),
        ).toBe(before)
        expect(
          parts
            .filter((p) => p.kind !== 'del')
            .map((p) => p.text)
            .join(''),
        ).toBe(after)
      }),
    )
  })
})
