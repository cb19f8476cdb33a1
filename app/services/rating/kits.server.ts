/** Structured-interview kits as an interviewer reads and prints them. */
import type { Locale } from '../../core/shared/locale.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { allCurrent, currentContent } from '../content/versions.server.ts'

export async function listKits(deps: Pick<Deps, 'store'>, locale: Locale) {
  const kits = await allCurrent(deps.store.read, 'kit')
  return kits.map(({ body }) => ({
    id: body.id,
    title: body.title[locale],
    purpose: body.purpose,
    minutes: body.totalMinutes,
    questions: body.sections.reduce((sum, section) => sum + section.questions.length, 0),
  }))
}

export async function readKit(deps: Pick<Deps, 'store'>, kitId: string, locale: Locale) {
  const kit = await currentContent(deps.store.read, 'kit', kitId)
  if (!kit) return null
  const { body } = kit
  const rubric = await currentContent(deps.store.read, 'rubric', body.rubric)
  return {
    id: body.id,
    version: kit.number,
    title: body.title[locale],
    purpose: body.purpose,
    minutes: body.totalMinutes,
    opening: body.opening[locale],
    closing: body.closing[locale],
    sections: body.sections.map((section) => ({
      id: section.id,
      title: section.title[locale],
      minutes: section.minutes,
      notes: section.notes.map((note) => note[locale]),
      questions: section.questions.map((question) => ({
        id: question.id,
        text: question.text[locale],
        probes: question.probes.map((probe) => probe[locale]),
        listenFor: question.listenFor?.[locale] ?? null,
      })),
    })),
    doNotAsk: body.doNotAsk.map((entry) => ({ topic: entry.topic[locale], instead: entry.instead?.[locale] ?? null })),
    rubric: rubric
      ? {
          title: rubric.body.title[locale],
          levels: rubric.body.levels,
          criteria: rubric.body.criteria.map((criterion) => criterion.title[locale]),
        }
      : null,
  }
}
