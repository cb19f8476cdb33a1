import { describe, expect, test } from 'vitest'
import { sharedRuns, stretches } from './shared-runs.ts'

const SOURCE = '先倾听,再共情。最后依照规定为客户解决问题，并做好记录。'
const shared = (text: string): string[] => sharedRuns(text, stretches([SOURCE], 13), 13)

describe('runs shared with a source', () => {
  test('thirteen characters are found, twelve are not', () => {
    expect(shared('他说：最后依照规定为客户解决问！')).toEqual([])
    expect(shared('他说：最后依照规定为客户解决问题！')).toEqual(['最后依照规定为客户解决问题'])
  })
  test('punctuation and space do not hide them', () => {
    expect(shared('先倾听 再共情\n最后，依照规定为客户')).toEqual(['先倾听再共情最后依照规定为客户'])
  })
  test('a long run is told once', () => {
    expect(shared('共情最后依照规定为客户解决问题并做好记录')).toEqual(['共情最后依照规定为客户解决问题并做好记录'])
  })
  test('digits and Latin letters end a run', () => {
    expect(shared('最后依照规定为2客户解决问题并做好')).toEqual([])
  })
})
