/**
 * Evidence is a place in an answer, counted in code points, and the words that stand there. The words are always taken
 * from the answer itself.
 */
import { err, ok, type Result } from '../../core/shared/result.ts'
import type { AnswerField, FieldId } from './view.server.ts'

export type Place = { field: FieldId; start: number; end: number }
export type Quotation = Place & { quote: string }

/** The words at a place; blanks at both ends do not belong to a quotation. */
export function quoteAt(fields: readonly AnswerField[], place: Place): Result<Quotation, 'evidence.not_in_answer'> {
  const points = [...(fields.find((field) => field.id === place.field)?.text ?? '')]
  let { start, end } = place
  if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end > points.length)
    return err('evidence.not_in_answer')
  while (start < end && /\s/u.test(points[start] ?? '')) start += 1
  while (end > start && /\s/u.test(points[end - 1] ?? '')) end -= 1
  return start < end
    ? ok({ field: place.field, start, end, quote: points.slice(start, end).join('') })
    : err('evidence.not_in_answer')
}

/**
 * Finds typed or pasted words in the answer, whatever the blanks and line ends between them. The first place counts.
 */
export function findQuote(fields: readonly AnswerField[], typed: string): Result<Quotation, 'evidence.not_in_answer'> {
  const words = typed.trim().split(/\s+/u).filter(Boolean)
  if (words.length === 0) return err('evidence.not_in_answer')
  const pattern = new RegExp(words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('\\s+'), 'u')
  for (const field of fields) {
    const found = pattern.exec(field.text)
    if (!found) continue
    const start = [...field.text.slice(0, found.index)].length
    return quoteAt(fields, { field: field.id, start, end: start + [...found[0]].length })
  }
  return err('evidence.not_in_answer')
}
