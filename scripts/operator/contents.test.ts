import { describe, expect, it } from 'vitest'
import { contentsInWords } from './copy.ts'

describe('the contents of a copy', () => {
  it('says one person and two people, one answer and no answers', () => {
    const contents = { auditRows: 9, keyFingerprint: null, mode: null }
    expect(contentsInWords({ ...contents, people: 1, attempts: 1, answers: 1 })).toBe('1 person, 1 attempt, 1 answer')
    expect(contentsInWords({ ...contents, people: 2, attempts: 0, answers: 101 })).toBe(
      '2 people, 0 attempts, 101 answers',
    )
  })
})
