// What the types cannot see: both languages of a text take the same parameters, and every choice by number is whole.
import { describe, expect, test } from 'vitest'
import * as admin from './areas/admin.ts'
import * as candidate from './areas/candidate.ts'
import * as charts from './areas/charts.ts'
import * as common from './areas/common.ts'
import * as errors from './areas/errors.ts'
import * as interviewer from './areas/interviewer.ts'
import * as mail from './areas/mail.ts'
import * as player from './areas/player.ts'
import * as open from './areas/public.ts'
import * as staff from './areas/staff.ts'
import * as trainer from './areas/trainer.ts'
import * as vocabulary from './areas/vocabulary.ts'
import { fill, type Dictionary } from './messages.ts'

const AREAS = [admin, candidate, charts, common, errors, interviewer, mail, player, open, staff, trainer, vocabulary]
const isDictionary = (value: unknown): value is Dictionary =>
  typeof value === 'object' && value !== null && 'en' in value && 'zh-CN' in value
const DICTIONARIES = AREAS.flatMap((area) =>
  Object.entries(area).flatMap(([name, value]: [string, unknown]) =>
    isDictionary(value) ? [[name, value] as const] : [],
  ),
)

const parametersOf = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()

test('every area has a dictionary', () => {
  expect(DICTIONARIES.length).toBeGreaterThanOrEqual(AREAS.length)
})

describe.each(DICTIONARIES)('%s', (_, dictionary) => {
  test('takes the same parameters in both languages', () => {
    const differing = Object.keys(dictionary.en).filter(
      (key) => String(parametersOf(dictionary.en[key]!)) !== String(parametersOf(dictionary['zh-CN'][key]!)),
    )
    expect(differing).toEqual([])
  })

  test('leaves no bracket and no bar where it chooses by number', () => {
    const broken = (['en', 'zh-CN'] as const).flatMap((locale) =>
      Object.entries(dictionary[locale]).filter(
        ([key, text]) => key !== 'profile.head' && [1, 2].some((n) => /[[\]|]/.test(fill(text, { n }))),
      ),
    )
    expect(broken).toEqual([])
  })
})
