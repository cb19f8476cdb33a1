/**
 * Reads question-banks/ into a BankSet. Bad content is never thrown: every problem of every file comes back as a
 * finding.
 */
import { readdir, readFile } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { LineCounter, parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import { formatPath, type Finding, type SubjectType } from '../../core/bank/check.ts'
import { findingsOf, remark, type Remark } from '../../core/bank/finding.ts'
import {
  BankSchema,
  BlueprintSchema,
  CompetenciesSchema,
  ItemSchema,
  KitSchema,
  NoticeSchema,
  PolicySchema,
  ProgrammeSchema,
  RubricSchema,
  ScenarioSchema,
  SourceRegisterSchema,
} from '../../core/bank/schema.ts'
import type { BankSet, Loaded } from '../../core/bank/set.ts'
import type { Locale } from '../../core/shared/locale.ts'

// Content needs no aliases; a handful is allowed. Without a limit a few lines can unfold into gigabytes.
const MAX_ALIASES = 10
const MAX_BYTES = 400_000

type Writable = { -readonly [K in keyof BankSet]: BankSet[K][number][] }
type Place = {
  readonly list: keyof BankSet
  readonly type: SubjectType
  readonly schema: z.ZodType
  readonly bank: string
  readonly named: boolean
}

const FOLDERS: Record<string, Pick<Place, 'list' | 'type' | 'schema'>> = {
  items: { list: 'items', type: 'item', schema: ItemSchema },
  rubrics: { list: 'rubrics', type: 'rubric', schema: RubricSchema },
  policies: { list: 'policies', type: 'policy', schema: PolicySchema },
  scenarios: { list: 'scenarios', type: 'scenario', schema: ScenarioSchema },
  kits: { list: 'kits', type: 'kit', schema: KitSchema },
  blueprints: { list: 'blueprints', type: 'blueprint', schema: BlueprintSchema },
  programmes: { list: 'programmes', type: 'programme', schema: ProgrammeSchema },
  notices: { list: 'notices', type: 'notice', schema: NoticeSchema },
}

/** What the place of a file says about its content. */
function placeOf(parts: readonly string[]): Place | undefined {
  const [first, second, third] = parts
  if (first === undefined || second === undefined || parts.length > 3) return undefined
  if (first === 'sources')
    return third === undefined
      ? { list: 'registers', type: 'register', schema: SourceRegisterSchema, bank: 'sources', named: true }
      : undefined
  if (third === undefined) {
    if (first === 'shared')
      return second === 'competencies.yaml'
        ? { list: 'competencies', type: 'competencies', schema: CompetenciesSchema, bank: 'shared', named: false }
        : undefined
    return second === 'bank.yaml'
      ? { list: 'banks', type: 'bank', schema: BankSchema, bank: first, named: false }
      : undefined
  }
  const folder = Object.hasOwn(FOLDERS, second) ? FOLDERS[second] : undefined
  return folder && { ...folder, bank: first, named: true }
}

const IGNORED_FOLDERS = new Set(['schema', 'assets'])

async function yamlFiles(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && /\.ya?ml$/u.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !file.split(sep).some((part) => IGNORED_FOLDERS.has(part)))
    .sort()
}

/** Line of the nearest node that exists on the way to a path. */
function lineAt(doc: Document, counter: LineCounter, path: readonly PropertyKey[]): number {
  for (let n = path.length; n >= 0; n -= 1) {
    const node: unknown = n === 0 ? doc.contents : doc.getIn(path.slice(0, n), true)
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range))
      return counter.linePos(Number(node.range[0])).line
  }
  return 1
}

const LOCALIZED = { 'zh-CN': z.locales.zhCN().localeError, en: z.locales.en().localeError }

type Issue = z.core.$ZodIssue
/** A union that fails says little; what its closest branch says helps. */
const spread = (issue: Issue): Issue[] => {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue]
  const closest = [...issue.errors].sort((a, b) => a.length - b.length)[0] ?? []
  return closest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }))
}

type Parsed = { readonly value?: unknown; readonly remarks: readonly Remark[] }

/** One YAML text parsed by its schema: the value, or the problems by line. */
export function parseContentText(text: string, schema: z.ZodType, locale: Locale): Parsed {
  const counter = new LineCounter()
  // The core schema of YAML 1.2 knows no dates: 2026-01-12 stays the text that the schema expects.
  const doc = parseDocument(text, { lineCounter: counter, schema: 'core', prettyErrors: false })
  // Only the first: most later ones follow from it.
  const broken = [...doc.errors, ...doc.warnings].sort((a, b) => a.pos[0] - b.pos[0])[0]
  if (broken) {
    const { line, col: column } = counter.linePos(broken.pos[0])
    return { remarks: [remark('file.yaml', '', { line, column, problem: broken.message })] }
  }
  let value: unknown
  try {
    value = doc.toJS({ maxAliasCount: MAX_ALIASES })
  } catch (error) {
    // The library reports too many or unknown aliases only by throwing.
    return {
      remarks: [
        remark('file.yaml', '', {
          line: 1,
          column: 1,
          problem: error instanceof Error ? error.message : String(error),
        }),
      ],
    }
  }
  const parsed = schema.safeParse(value, { error: LOCALIZED[locale] })
  if (parsed.success) return { value: parsed.data, remarks: [] }
  return {
    remarks: parsed.error.issues.flatMap(spread).map((issue) =>
      remark('file.schema', formatPath(issue.path), {
        line: lineAt(doc, counter, issue.path),
        problem: issue.message,
      }),
    ),
  }
}

const idOf = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return ''
  if ('id' in value && typeof value.id === 'string') return value.id
  return 'document' in value && typeof value.document === 'string' ? value.document : ''
}

export type BankFiles = { readonly set: BankSet; readonly findings: readonly Finding[]; readonly fileCount: number }

/** Reads every YAML file below `root`. The set holds what could be read; `findings` says what could not, and why. */
export async function readBankFiles(root: string, options: { locale?: Locale } = {}): Promise<BankFiles> {
  const set: Writable = {
    banks: [],
    items: [],
    rubrics: [],
    policies: [],
    scenarios: [],
    kits: [],
    blueprints: [],
    programmes: [],
    notices: [],
    registers: [],
    competencies: [],
  }
  const findings: Finding[] = []
  const folders = new Set<string>()
  const files = await yamlFiles(root)
  for (const file of files) {
    const shown = file.split(sep).join('/')
    const parts = shown.split('/')
    const report = (type: SubjectType, id: string, remarks: readonly Remark[]): void => {
      findings.push(...findingsOf({ type, id, file: shown }, remarks))
    }
    const place = placeOf(parts)
    if (!place) {
      report('file', shown, [remark('file.place', '')])
      continue
    }
    if (place.bank !== 'shared' && place.bank !== 'sources') folders.add(place.bank)
    const text = await readFile(join(root, file), 'utf8')
    const name = basename(file).replace(/\.ya?ml$/u, '')
    if (Buffer.byteLength(text) > MAX_BYTES) {
      report('file', shown, [remark('file.yaml', '', { line: 1, column: 1, problem: `more than ${MAX_BYTES} bytes` })])
      continue
    }
    const { value, remarks } = parseContentText(text, place.schema, options.locale ?? 'en')
    report(place.type, name, remarks)
    if (value === undefined) continue
    const expected = place.list === 'banks' ? place.bank : name
    if (place.list !== 'competencies' && idOf(value) !== expected)
      report(place.type, idOf(value), [
        remark('file.name', place.named ? '' : 'id', {
          file: place.named ? basename(file) : place.bank,
          id: idOf(value),
        }),
      ])
    // The schema of the place has parsed the value, so it has the type of the list.
    ;(set[place.list] as Loaded<unknown>[]).push({ value, bank: place.bank, file: shown })
  }
  for (const bank of folders) {
    if (!set.banks.some((b) => b.bank === bank))
      findings.push(
        ...findingsOf({ type: 'bank', id: bank, file: `${bank}/bank.yaml` }, [
          remark('file.bank_missing', '', { bank }),
        ]),
      )
  }
  return { set: set, findings, fileCount: files.length }
}
