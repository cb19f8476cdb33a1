/** What the rating pages show. The services build these objects field by field; here is only their shape. */
export type CriterionView = {
  id: string
  title: string
  weight: number
  sameWeight: boolean
  failBelow: number | null
  notApplicable: boolean
  evidenceRequired: boolean
  /** Anchor of level 1 first. */
  anchors: string[]
}
export type MarkView = { criterionId: string; level: number | null; notApplicable: boolean }
export type EvidenceView = {
  id: string
  criterionId: string
  polarity: 'for' | 'against'
  field: string | null
  start: number | null
  end: number | null
  quote: string
  /** Moment of the talk, for a note on a contact. */
  playedMs?: number
}
export type SheetView = {
  sheetId: string
  status: 'claimed' | 'submitted' | 'returned'
  seq: number
  attemptId: string
  subjectHash: string
  savedAt: string
  submittedAt: string | null
  rubric: { title: string; version: number; levels: number; criteria: CriterionView[] }
  marks: MarkView[]
  evidence: EvidenceView[]
  comments: Array<{ criterionId: string; text: string }>
  problems: Array<{ code: string; criterionId: string }>
}
export type FieldView = {
  id: 'situation' | 'task' | 'action' | 'result' | 'subject' | 'text'
  text: string
  lang: 'zh-CN' | 'en'
}
export type ItemView = {
  id: string
  kind: 'behavioural' | 'written_reply' | 'essay'
  lang: 'zh-CN' | 'en'
  stem: string
  prompt: string | null
  thread: Array<{ from: 'customer' | 'agent' | 'system' | 'colleague'; name: string | null; text: string }>
  replyChannel: 'mail' | 'chat' | null
  expected: string[]
  probes: string[]
}
export type PolicyView = {
  id: string
  title: string
  revision: number
  clauses: Array<{ id: string; title: string; text: string }>
}
export type CardView = {
  title: string
  channel: 'phone' | 'chat' | 'mail'
  brief: string
  persona: { name: string; description: string }
  opening: string
  knows: Array<{ id: string; fact: string; disclose: string; disclosedMs: number | null }>
  doesNotKnow: string[]
  wants: string
  behaviour: string
  givesInWhen: string
  neverAgreesTo: string | null
}
export type Place = { field: string; start: number; end: number }

/** Reply to one saved act. `n` repeats the number that the page gave the act. */
export type ActReply =
  | { status: 'saved'; n: string | null; savedAt: string }
  | {
      status: 'failed'
      n: string | null
      error: { code: string; params?: Readonly<Record<string, string | number>> }
      typed?: Typed
    }

/** What a refused form held, so that nobody writes it twice. */
export type Typed = { criterionId: string; intent: 'evidence' | 'comment'; text: string }
