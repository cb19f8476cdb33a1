/** The closed lists that bank content refers to. */
import { z } from 'zod'

/**
 * The fourteen competencies of the framework, in its order. Names and definitions:
 * question-banks/shared/competencies.yaml.
 */
export const COMPETENCIES = [
  'opening_responsiveness',
  'identity_privacy',
  'listening_paraphrase',
  'probing_root_cause',
  'empathy',
  'deescalation_boundaries',
  'policy_knowledge',
  'system_operation',
  'solutions_options',
  'clarity',
  'closure_records',
  'prioritisation_concurrency',
  'customer_psychology',
  'teamwork_ownership',
] as const
export type Competency = (typeof COMPETENCIES)[number]
export const CompetencySchema = z.enum(COMPETENCIES)

export const ITEM_KINDS = [
  'single_choice',
  'multiple_choice',
  'true_false',
  'ordering',
  'matching',
  'cloze',
  'numeric',
  'short_text',
  'situational_judgement',
  'behavioural',
  'written_reply',
  'essay',
] as const
export type ItemKind = (typeof ITEM_KINDS)[number]
export const ItemKindSchema = z.enum(ITEM_KINDS)

/** Kinds that a person scores against a rubric; all others are scored at once by app/core/scoring. */
export const RATED_KINDS: readonly ItemKind[] = ['behavioural', 'written_reply', 'essay']
export const isRatedKind = (kind: ItemKind): boolean => RATED_KINDS.includes(kind)

export const CHANNELS = ['any', 'chat', 'mail', 'phone', 'callback', 'bot', 'app', 'video', 'internal'] as const
export type Channel = (typeof CHANNELS)[number]
export const ChannelSchema = z.enum(CHANNELS)

/** The five source documents. */
export const SOURCE_DOCUMENTS = [
  'amazon-interview',
  'amazon-seller-callback',
  'amazon-contact-channels',
  'tmall-certification',
  'service-standard',
] as const
export type SourceDocument = (typeof SOURCE_DOCUMENTS)[number]
export const SourceDocumentSchema = z.enum(SOURCE_DOCUMENTS)

/** Prefix of the statement ids of each source document (AI-01 …). */
export const STATEMENT_PREFIX: Record<SourceDocument, string> = {
  'amazon-interview': 'AI',
  'amazon-seller-callback': 'SC',
  'amazon-contact-channels': 'CC',
  'tmall-certification': 'TC',
  'service-standard': 'SS',
}

export const BANKS = [
  'service-hiring',
  'seller-support',
  'contact-channels',
  'five-certificates',
  'service-standard',
] as const
