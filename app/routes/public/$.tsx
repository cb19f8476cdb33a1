/**
 * Every address that nobody has. Without a route the root's loader would not run, and the page would not know its
 * reader's language.
 */
import { notFound } from '../../http/visit.server.ts'

const nothingHere = (): never => {
  throw notFound()
}
export const loader = nothingHere
export const action = nothingHere

export default function NoPage() {
  return null
}
