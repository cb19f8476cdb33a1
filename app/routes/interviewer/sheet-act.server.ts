/** The forms of a rating sheet, as both rooms that hold one receive them. */
import { json, redirect } from '@remix-run/node'
import { z } from 'zod'
import type { Result } from '../../core/shared/result.ts'
import { hasForbiddenCharacter } from '../../core/shared/text.ts'
import { parseForm } from '../../forms/form.ts'
import { statusOf } from '../../http/errors.ts'
import type { SheetAct } from '../../services/rating/sheet-acts.server.ts'
import type { SubjectToken } from '../../services/rating/sheet-change.server.ts'
import type { ActReply, Typed } from '../../ui/rating/view.ts'

const id = z.string().min(1).max(200)
const text = (max: number) =>
  z
    .string()
    .max(max, 'form.too_long')
    .refine((value) => !hasForbiddenCharacter(value), 'text.forbidden_character')
/** `n` numbers an act that a script sends and waits for; a plain form has none. */
const subject = { attemptId: id, subjectHash: z.string().max(200), n: z.string().max(12).optional() }
const FIELDS = ['situation', 'task', 'action', 'result', 'subject', 'text'] as const

const SheetFormSchema = z.discriminatedUnion('intent', [
  z.strictObject({
    ...subject,
    intent: z.literal('mark'),
    criterionId: id,
    level: z.enum(['1', '2', '3', '4', '5', 'na'], 'form.choose'),
  }),
  z.strictObject({
    ...subject,
    intent: z.literal('evidence'),
    criterionId: id,
    polarity: z.enum(['for', 'against']),
    quote: text(8000).optional(),
    field: z.enum(FIELDS).optional(),
    start: z.coerce.number().int().optional(),
    end: z.coerce.number().int().optional(),
  }),
  z.strictObject({ ...subject, intent: z.literal('drop_evidence'), criterionId: id, evidenceId: id }),
  z.strictObject({ ...subject, intent: z.literal('comment'), criterionId: id, text: text(8000) }),
  z.strictObject({ ...subject, intent: z.literal('return') }),
  z.strictObject({ ...subject, intent: z.literal('submit'), seq: z.coerce.number().int() }),
])
type SheetForm = z.output<typeof SheetFormSchema>

export type ParsedAct = { subject: SubjectToken; act: SheetAct; n: string | null; criterionId: string | null }

/** Null where the form is not one of a sheet's. */
export function readSheetAct(form: FormData): { parsed: ParsedAct } | { failed: { code: string; n: string | null } } {
  const submission = parseForm(form, SheetFormSchema)
  const sent = form.get('n')
  if (submission.status === 'rejected') {
    const code = submission.formErrors[0] ?? Object.values(submission.fieldErrors).flat()[0] ?? 'request.invalid'
    return {
      failed: {
        code: /^[a-z_]+\.[a-z_]+$/.test(code) ? code : 'request.invalid',
        n: typeof sent === 'string' ? sent : null,
      },
    }
  }
  const { data } = submission
  return {
    parsed: {
      subject: { attemptId: data.attemptId, subjectHash: data.subjectHash },
      act: actOf(data),
      n: data.n ?? null,
      criterionId: 'criterionId' in data ? data.criterionId : null,
    },
  }
}

function actOf(data: SheetForm): SheetAct {
  switch (data.intent) {
    case 'mark':
      return {
        type: 'mark',
        criterionId: data.criterionId,
        level: data.level === 'na' ? null : Number(data.level),
        notApplicable: data.level === 'na',
      }
    case 'evidence': {
      const { field, start, end } = data
      return {
        type: 'evidence',
        criterionId: data.criterionId,
        polarity: data.polarity,
        quote: data.quote,
        place: field && start !== undefined && end !== undefined ? { field, start, end } : undefined,
      }
    }
    case 'drop_evidence':
      return { type: 'drop_evidence', evidenceId: data.evidenceId }
    case 'comment':
      return { type: 'comment', criterionId: data.criterionId, text: data.text }
    case 'return':
      return { type: 'return' }
    case 'submit':
      return { type: 'submit', seq: data.seq }
  }
}

export const failedReply = (error: Extract<ActReply, { status: 'failed' }>['error'], n: string | null, typed?: Typed) =>
  json<ActReply>({ status: 'failed', n, error, ...(typed ? { typed } : {}) }, { status: statusOf(error.code) })

const typedOf = (act: SheetAct): Typed | undefined => {
  if (act.type === 'comment') return { criterionId: act.criterionId, intent: 'comment', text: act.text }
  return act.type === 'evidence' && act.quote
    ? { criterionId: act.criterionId, intent: 'evidence', text: act.quote }
    : undefined
}

/** A script gets a short answer; a plain form goes back to its page, with the criterion open that it was about. */
export function replyToAct(done: Result<{ savedAt: number }>, { n, criterionId, act }: ParsedAct, page: string) {
  if (!done.ok) {
    // The second click of a double submit: the sheet is submitted, and its page says so.
    if (done.error.code === 'sheet.already_submitted' && act.type === 'submit') return redirect(page)
    return failedReply(done.error, n, typedOf(act))
  }
  if (act.type === 'return') return redirect('/interviewer/queue')
  if (n !== null) return json<ActReply>({ status: 'saved', n, savedAt: new Date(done.value.savedAt).toISOString() })
  return redirect(criterionId === null ? page : `${page}?c=${encodeURIComponent(criterionId)}#current`)
}
