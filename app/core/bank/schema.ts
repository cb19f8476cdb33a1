/**
 * Zod schemas of everything that lives under question-banks/. Zod is the source; question-banks/schema/*.json is
 * generated from it for editors. A file that parses is well-formed; whether it is good is the business of check.ts.
 */
import { z } from 'zod'
import { LocaleSchema, LocalizedTextSchema } from '../shared/locale.ts'
import { ChannelSchema, CompetencySchema, ItemKindSchema, SourceDocumentSchema } from './vocabulary.ts'

/** Ids are kebab-case, never reused, and say nothing about the key. */
export const IdSchema = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .max(80)
/** Option ids are short letters or words; they are stable and never say which one is right. */
export const OptionIdSchema = z
  .string()
  .regex(/^[a-z0-9]+(_[a-z0-9]+)*$/)
  .max(24)
const DateSchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
const StatementIdSchema = z.string().regex(/^(AI|SC|CC|TC|SS)-\d{2,3}$/)

/** Where a fact comes from: the document and the numbered statements of question-banks/sources/<document>.yaml. */
export const SourceSchema = z.strictObject({
  document: SourceDocumentSchema,
  statements: z.array(StatementIdSchema).default([]),
})

const LanguageRevisionSchema = z.strictObject({
  /** Raised whenever the text in this language changes. */
  revision: z.int().min(1).default(1),
  /** The revision of the other language that this text was last compared with. */
  checkedAgainst: z.int().min(1).default(1),
})
export const LanguagesSchema = z
  .strictObject({ 'zh-CN': LanguageRevisionSchema, en: LanguageRevisionSchema })
  .default({ 'zh-CN': { revision: 1, checkedAgainst: 1 }, en: { revision: 1, checkedAgainst: 1 } })

export const WaiverSchema = z.strictObject({
  /** Rule code of the item check, e.g. `item.negative_stem`. */
  rule: z.string().regex(/^[a-z_]+(\.[a-z_]+)+$/),
  reason: z.string().min(10),
})

const OptionSchema = z.strictObject({
  id: OptionIdSchema,
  text: LocalizedTextSchema,
  /** Why it is right or wrong. Staff only until feedback is released. */
  rationale: LocalizedTextSchema,
  /** A retired option stays so that old answers keep their meaning, but is no longer shown. */
  retired: z.boolean().default(false),
})

const LimitsSchema = z.strictObject({
  /** Code points, not bytes: a Chinese character and an emoji count one each. */
  minCodePoints: z.int().min(0).default(0),
  maxCodePoints: z.int().min(1).max(20_000),
})

const baseShape = {
  id: IdSchema,
  competency: CompetencySchema,
  /** Free words for search and coverage, e.g. `stress`, `rain-soaked-book`. */
  topics: z.array(IdSchema).default([]),
  channel: ChannelSchema,
  /**
   * Author's estimate of the share of prepared candidates who earn the credit, 0 to 1. Provisional until experts rate
   * it.
   */
  difficulty: z.number().min(0.05).max(0.98),
  source: SourceSchema,
  /** The policy revision (and clause) that the item tests. Required for policy_knowledge items scored by key. */
  policy: z.strictObject({ id: IdSchema, revision: z.int().min(1), clause: z.string().optional() }).optional(),
  /** Scene or question. Markdown subset: paragraphs, lists, bold. */
  stem: LocalizedTextSchema,
  /** The instruction line under the stem, where the kind's default wording does not fit. */
  prompt: LocalizedTextSchema.optional(),
  /** Whether the candidate may search the policy articles while answering. */
  policySearch: z.boolean().default(false),
  /** Whether the attempt's seed may shuffle the options. */
  shuffle: z.boolean().default(true),
  points: z.number().positive().default(1),
  expectedSeconds: z.int().min(10).max(3600).default(60),
  /** Items that give each other away; never drawn together. Symmetric: naming one side is enough. */
  enemies: z.array(IdSchema).default([]),
  /** Practice items count for nothing and are never drawn into a form. */
  practice: z.boolean().default(false),
  /** Named experts who rated key and difficulty; below five the key is `provisional (author)`. */
  experts: z.array(z.strictObject({ name: z.string(), ratedOn: DateSchema })).default([]),
  languages: LanguagesSchema,
  waivers: z.array(WaiverSchema).default([]),
}

const GapSchema = z.discriminatedUnion('type', [
  z.strictObject({
    id: OptionIdSchema,
    type: z.literal('dropdown'),
    options: z.array(OptionSchema).min(2).max(8),
    key: OptionIdSchema,
  }),
  z.strictObject({
    id: OptionIdSchema,
    type: z.literal('typed'),
    /** Accepted forms, compared after folding (NFKC, case, width). A form of either language is accepted. */
    accepted: z.strictObject({ 'zh-CN': z.array(z.string().min(1)).min(1), en: z.array(z.string().min(1)).min(1) }),
    maxCodePoints: z.int().min(1).max(200).default(40),
    rationale: LocalizedTextSchema,
  }),
])

export const ItemSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...baseShape,
    kind: z.literal('single_choice'),
    options: z.array(OptionSchema).min(3).max(6),
    key: OptionIdSchema,
  }),
  z.strictObject({
    ...baseShape,
    kind: z.literal('multiple_choice'),
    options: z.array(OptionSchema).min(4).max(8),
    keys: z.array(OptionIdSchema).min(1),
    /** right_minus_wrong: (keys ticked − others ticked) ÷ keys, not below 0. all_or_nothing: the exact set. */
    credit: z.enum(['right_minus_wrong', 'all_or_nothing']).default('right_minus_wrong'),
  }),
  z.strictObject({
    ...baseShape,
    kind: z.literal('true_false'),
    key: z.boolean(),
    rationale: z.strictObject({ true: LocalizedTextSchema, false: LocalizedTextSchema }),
  }),
  z.strictObject({
    ...baseShape,
    kind: z.literal('ordering'),
    elements: z
      .array(z.strictObject({ id: OptionIdSchema, text: LocalizedTextSchema }))
      .min(3)
      .max(8),
    /** Element ids in the right order. Credit: Kendall's tau, not below 0. */
    order: z.array(OptionIdSchema).min(3),
    rationale: LocalizedTextSchema,
  }),
  z.strictObject({
    ...baseShape,
    kind: z.literal('matching'),
    left: z
      .array(z.strictObject({ id: OptionIdSchema, text: LocalizedTextSchema }))
      .min(2)
      .max(8),
    right: z
      .array(z.strictObject({ id: OptionIdSchema, text: LocalizedTextSchema }))
      .min(2)
      .max(10),
    /** left id → right id. Credit: share of left entries matched rightly. */
    pairs: z.record(OptionIdSchema, OptionIdSchema),
    /** One per left entry, by its id. */
    rationales: z.record(OptionIdSchema, LocalizedTextSchema),
  }),
  z.strictObject({
    ...baseShape,
    kind: z.literal('cloze'),
    /** Text with gaps written {{gap_id}}; each gap once in each language. */
    text: LocalizedTextSchema,
    gaps: z.array(GapSchema).min(1).max(8),
  }),
  z.strictObject({
    ...baseShape,
    kind: z.literal('numeric'),
    unit: LocalizedTextSchema.optional(),
    key: z.number(),
    /** Largest absolute difference that still earns the credit. */
    tolerance: z.number().min(0).default(0),
    rationale: LocalizedTextSchema,
  }),
  z.strictObject({
    ...baseShape,
    kind: z.literal('short_text'),
    accepted: z.strictObject({ 'zh-CN': z.array(z.string().min(1)).min(1), en: z.array(z.string().min(1)).min(1) }),
    maxCodePoints: z.int().min(1).max(200).default(60),
    rationale: LocalizedTextSchema,
  }),
  z.strictObject({
    ...baseShape,
    kind: z.literal('situational_judgement'),
    /** rate: rate each action 1 to 5. best_worst: choose the most and the least effective action. */
    mode: z.enum(['rate', 'best_worst']),
    actions: z
      .array(
        z.strictObject({
          id: OptionIdSchema,
          text: LocalizedTextSchema,
          /** Expert key: effectiveness 1 (harmful) to 5 (best). Staff only. */
          effectiveness: z.number().min(1).max(5),
          rationale: LocalizedTextSchema,
        }),
      )
      .min(4)
      .max(7),
  }),
  z.strictObject({
    ...baseShape,
    kind: z.literal('behavioural'),
    rubric: IdSchema,
    /** Follow-up questions for an interviewer; never shown to the candidate. */
    probes: z.array(LocalizedTextSchema).min(3),
    limits: LimitsSchema.default({ minCodePoints: 0, maxCodePoints: 1500 }),
  }),
  z.strictObject({
    ...baseShape,
    kind: z.literal('written_reply'),
    rubric: IdSchema,
    replyChannel: z.enum(['mail', 'chat']),
    /** The conversation so far, oldest first. */
    thread: z
      .array(
        z.strictObject({
          from: z.enum(['customer', 'agent', 'system', 'colleague']),
          name: LocalizedTextSchema.optional(),
          text: LocalizedTextSchema,
        }),
      )
      .min(1),
    /** Policy articles shown beside the task. */
    policies: z.array(IdSchema).default([]),
    /** What a complete reply covers; for raters only. */
    expected: z.array(LocalizedTextSchema).min(2),
    limits: LimitsSchema.default({ minCodePoints: 0, maxCodePoints: 3000 }),
  }),
  z.strictObject({
    ...baseShape,
    kind: z.literal('essay'),
    rubric: IdSchema,
    expected: z.array(LocalizedTextSchema).min(2),
    limits: LimitsSchema.default({ minCodePoints: 0, maxCodePoints: 4000 }),
  }),
])
export type Item = z.output<typeof ItemSchema>
export type ItemOf<K extends Item['kind']> = Extract<Item, { kind: K }>

/** A rubric: criteria with weights, each level with an anchor that an observer could see or read. */
export const RubricSchema = z
  .strictObject({
    id: IdSchema,
    title: LocalizedTextSchema,
    /** What the rubric judges. */
    appliesTo: z.array(z.enum(['answer', 'contact', 'interview'])).min(1),
    /** Levels run from 1 to this number. */
    levels: z.int().min(3).max(5),
    criteria: z
      .array(
        z.strictObject({
          id: OptionIdSchema,
          title: LocalizedTextSchema,
          competency: CompetencySchema,
          weight: z.number().positive().default(1),
          /** A level below `failBelow` fails the whole, whatever the rest earned. */
          critical: z.strictObject({ failBelow: z.int().min(2).max(5) }).optional(),
          notApplicable: z.boolean().default(false),
          evidence: z.enum(['required', 'optional']).default('required'),
          /** Anchor of level 1 first. */
          anchors: z.array(LocalizedTextSchema).min(3).max(5),
        }),
      )
      .min(1)
      .max(10),
    source: SourceSchema.optional(),
    languages: LanguagesSchema,
    waivers: z.array(WaiverSchema).default([]),
  })
  .refine((r) => r.criteria.every((c) => c.anchors.length === r.levels), {
    message: 'every criterion needs one anchor for each level',
  })
export type Rubric = z.output<typeof RubricSchema>

/** A knowledge-base article. A change of substance is a new revision; items that test the old one turn stale. */
export const PolicySchema = z.strictObject({
  id: IdSchema,
  title: LocalizedTextSchema,
  revision: z.int().min(1),
  effectiveFrom: DateSchema,
  status: z.enum(['current', 'dated', 'withdrawn']),
  summary: LocalizedTextSchema,
  clauses: z
    .array(
      z.strictObject({ id: z.string().regex(/^\d+(\.\d+)?$/), title: LocalizedTextSchema, text: LocalizedTextSchema }),
    )
    .min(1),
  /** Dated figures and claims, shown apart and marked as background; never the basis of a key. */
  background: z
    .array(z.strictObject({ text: LocalizedTextSchema, asOf: z.string().regex(/^\d{4}(-\d{2})?(-\d{2})?$/) }))
    .default([]),
  /** Set where the article names a real company: Poise has no tie to it. */
  namesCompanies: z.boolean().default(false),
  sources: z.array(SourceSchema).default([]),
  languages: LanguagesSchema,
  waivers: z.array(WaiverSchema).default([]),
})
export type Policy = z.output<typeof PolicySchema>

/** A mock scenario that an interviewer plays. The fact card is staff only. */
export const ScenarioSchema = z.strictObject({
  id: IdSchema,
  title: LocalizedTextSchema,
  channel: z.enum(['chat', 'mail', 'phone']),
  durationMinutes: z.int().min(3).max(60),
  competencies: z.array(CompetencySchema).min(1),
  /** What the candidate is told before it begins. */
  brief: LocalizedTextSchema,
  persona: z.strictObject({ name: LocalizedTextSchema, description: LocalizedTextSchema }),
  factCard: z.strictObject({
    opening: LocalizedTextSchema,
    knows: z
      .array(
        z.strictObject({
          id: OptionIdSchema,
          fact: LocalizedTextSchema,
          /** When the customer says it. */
          disclose: LocalizedTextSchema,
        }),
      )
      .min(2),
    doesNotKnow: z.array(LocalizedTextSchema).min(1),
    wants: LocalizedTextSchema,
    behaviour: LocalizedTextSchema,
    givesInWhen: LocalizedTextSchema,
    neverAgreesTo: LocalizedTextSchema.optional(),
  }),
  policies: z.array(IdSchema).default([]),
  rubric: IdSchema,
  source: SourceSchema,
  languages: LanguagesSchema,
  waivers: z.array(WaiverSchema).default([]),
})
export type Scenario = z.output<typeof ScenarioSchema>

/** A structured-interview kit: the same questions in the same order for every candidate. */
export const KitSchema = z.strictObject({
  id: IdSchema,
  title: LocalizedTextSchema,
  purpose: z.enum(['phone_screen', 'behavioural', 'simulation_debrief']),
  totalMinutes: z.int().min(5).max(120),
  opening: LocalizedTextSchema,
  sections: z
    .array(
      z.strictObject({
        id: OptionIdSchema,
        title: LocalizedTextSchema,
        minutes: z.int().min(1).max(60),
        questions: z
          .array(
            z.strictObject({
              id: OptionIdSchema,
              competency: CompetencySchema.optional(),
              /** Either an item of a bank or a question of its own. */
              item: IdSchema.optional(),
              text: LocalizedTextSchema,
              probes: z.array(LocalizedTextSchema).default([]),
              listenFor: LocalizedTextSchema.optional(),
            }),
          )
          .min(1),
        notes: z.array(LocalizedTextSchema).default([]),
      }),
    )
    .min(1),
  closing: LocalizedTextSchema,
  /** Topics that must not be asked, with the lawful question to ask instead where there is one. */
  doNotAsk: z.array(z.strictObject({ topic: LocalizedTextSchema, instead: LocalizedTextSchema.optional() })).min(7),
  rubric: IdSchema,
  source: SourceSchema,
  languages: LanguagesSchema,
  waivers: z.array(WaiverSchema).default([]),
})
export type Kit = z.output<typeof KitSchema>

const BoundSchema = z.strictObject({
  by: z.enum(['competency', 'kind', 'difficulty', 'channel', 'source', 'bank', 'topic']),
  /** For difficulty: `easy` (at least .75), `medium` (.5 to .75), `hard` (below .5). */
  value: z.string(),
  min: z.int().min(0).default(0),
  max: z.int().min(0).optional(),
})
export const BlueprintSchema = z.strictObject({
  id: IdSchema,
  title: LocalizedTextSchema,
  sections: z
    .array(
      z.strictObject({
        id: OptionIdSchema,
        title: LocalizedTextSchema,
        instructions: LocalizedTextSchema.optional(),
        count: z.int().min(1).max(60),
        /** Banks whose items may be drawn. */
        banks: z.array(IdSchema).min(1),
        kinds: z.array(ItemKindSchema).optional(),
        bounds: z.array(BoundSchema).default([]),
        itemsPerPage: z.int().min(1).max(10).default(1),
        /** forward_only: an item that was left cannot be changed; enforced on every write. */
        navigation: z.enum(['free', 'forward_only']).default('free'),
        timeLimitMinutes: z.number().positive().optional(),
        /** The section cannot be left earlier than this. */
        minimumSeconds: z.int().min(0).default(0),
      }),
    )
    .min(1),
  /**
   * Largest share of recent forms in which one item may appear (0 to 1); counted over the last `exposureWindow` forms.
   */
  exposureCap: z.number().min(0.05).max(1).default(1),
  exposureWindow: z.int().min(1).default(50),
  /** Languages in which every drawn item must have a current text. */
  languages: z.array(LocaleSchema).default(['zh-CN', 'en']),
})
export type Blueprint = z.output<typeof BlueprintSchema>
export type BlueprintSection = Blueprint['sections'][number]

const CutScoreSchema = z.strictObject({
  /** Percent of the points, 0 to 100. */
  percent: z.number().min(0).max(100),
  reason: LocalizedTextSchema,
  experts: z.array(z.strictObject({ name: z.string(), ratedOn: DateSchema })).default([]),
})

const AssessmentSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('test'),
    blueprint: IdSchema,
    timeLimitMinutes: z.number().positive(),
    /** Saves received this long after the deadline are accepted and marked; later ones go to quarantine. */
    latencyAllowanceSeconds: z.int().min(0).max(60).default(10),
    /** Whether the language may be switched during the attempt. */
    switchLanguage: z.boolean().default(true),
  }),
  z.strictObject({
    kind: z.literal('mock_scenario'),
    /** One is drawn for each candidate. */
    scenarios: z.array(IdSchema).min(1),
    timeLimitMinutes: z.number().positive(),
  }),
  z.strictObject({ kind: z.literal('interview'), kit: IdSchema, timeLimitMinutes: z.number().positive() }),
])

export const ProgrammeSchema = z.strictObject({
  id: IdSchema,
  title: LocalizedTextSchema,
  summary: LocalizedTextSchema,
  outcome: z.enum(['hiring_decision', 'credential']),
  /** Why the role needs the language, where one is required. */
  languageRequirement: LocalizedTextSchema.optional(),
  stages: z
    .array(
      z.strictObject({
        id: OptionIdSchema,
        title: LocalizedTextSchema,
        whatToExpect: LocalizedTextSchema,
        assessment: AssessmentSchema,
        attempts: z.strictObject({ max: z.int().min(1), cooldownDays: z.number().min(0) }),
        cutScore: CutScoreSchema,
        /** Lowest percent per competency that the profile must reach. */
        competencyCuts: z
          .array(z.strictObject({ competency: CompetencySchema, percent: z.number().min(0).max(100) }))
          .default([]),
      }),
    )
    .min(1),
  /** start: only the start must fall into the window. end: the window's end also closes running attempts. */
  window: z.enum(['start', 'end']).default('start'),
  windowDays: z.int().min(1).max(365).default(30),
  identityCheck: z.boolean().default(false),
  /** Items shown on the practice page. */
  practiceItems: z.array(IdSchema).default([]),
  notice: IdSchema,
  retentionDays: z.int().min(30),
  languages: LanguagesSchema,
})
export type Programme = z.output<typeof ProgrammeSchema>
export type Stage = Programme['stages'][number]

/** What a candidate is told about their data and rights before the start; kept by hash with the attempt. */
export const NoticeSchema = z.strictObject({
  id: IdSchema,
  revision: z.int().min(1),
  effectiveFrom: DateSchema,
  title: LocalizedTextSchema,
  paragraphs: z.array(LocalizedTextSchema).min(3),
  /** Consents asked apart from the notice, each optional with an equal way without it. */
  consents: z
    .array(
      z.strictObject({
        id: OptionIdSchema,
        text: LocalizedTextSchema,
        without: LocalizedTextSchema,
        retentionDays: z.int().min(0),
      }),
    )
    .default([]),
})
export type Notice = z.output<typeof NoticeSchema>

export const BankSchema = z.strictObject({
  id: IdSchema,
  title: LocalizedTextSchema,
  description: LocalizedTextSchema,
  sources: z.array(SourceDocumentSchema).min(1),
  /** The fictional shop or marketplace that the bank's stems are set in. */
  setting: LocalizedTextSchema,
})
export type Bank = z.output<typeof BankSchema>

export const CompetenciesSchema = z.strictObject({
  competencies: z.array(
    z.strictObject({
      id: CompetencySchema,
      name: LocalizedTextSchema,
      definition: LocalizedTextSchema,
      positive: LocalizedTextSchema,
      negative: LocalizedTextSchema,
    }),
  ),
})

/** question-banks/sources/<document>.yaml: every statement of a source, judged. SOURCES.md is generated from these. */
export const SourceRegisterSchema = z.strictObject({
  document: SourceDocumentSchema,
  title: LocalizedTextSchema,
  /** Date that the document bears, as far as it does. */
  dated: z.string(),
  statements: z.array(
    z.strictObject({
      id: StatementIdSchema,
      /** The statement in our own words, one fact each. */
      says: LocalizedTextSchema,
      status: z.enum(['current', 'dated', 'unverified', 'unsafe']),
      /** What Poise does with it and why. */
      decision: LocalizedTextSchema,
      /**
       * carried: an item, policy, rubric or scenario must name it. left_out: deliberately not carried, the decision
       * says why.
       */
      use: z.enum(['carried', 'left_out']),
    }),
  ),
})
export type SourceRegister = z.output<typeof SourceRegisterSchema>
