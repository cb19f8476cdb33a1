import { expect, test } from 'vitest'
import { PersonNameSchema } from './person-name.ts'

test.each(['林晓雯 Lin Xiaowen', 'Zoë O’Brien-Łuczak', 'محمد علي', 'नन्दिनी', '  Ada Wong  '])(
  'a name of any script stands: %s',
  (name) => expect(PersonNameSchema.parse(name)).toBe(name.trim()),
)

// U+202A to U+202E and U+2066 to U+2069 turn the direction of writing; the rest breaks a line or a record of the audit.
test.each([
  '202A',
  '202B',
  '202C',
  '202D',
  '202E',
  '2066',
  '2067',
  '2068',
  '2069',
  '200F',
  '061C',
  '0007',
  '000A',
  '0085',
  '2028',
])('a name with U+%s is refused', (hex) => {
  const refused = PersonNameSchema.safeParse(`Ada${String.fromCodePoint(Number.parseInt(hex, 16))}Wong`)
  expect(refused.error?.issues.map(({ message }) => message)).toEqual(['form.invisible_character'])
})
