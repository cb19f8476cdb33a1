// Every error code that the program can answer with has a sentence in both languages. The codes are read from the
// sources, so a new one without a sentence fails here and not on somebody's screen.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { statusOf } from '#app/http/errors.ts'
import { errorMessages } from '#app/i18n/areas/errors.ts'
import { fill } from '#app/i18n/messages.ts'
import { ROOT } from '#tests/setup/poise-server.ts'

const CODE = /^[a-z][a-z_]*(\.[a-z][a-z_]*)+$/

/** Codes that never reach `errorSentence`: each speaks through a dictionary of its own, or to no person at all. */
const ELSEWHERE: Array<{ where: RegExp; codes: RegExp; because: string }> = [
  { where: /^app\/core\/bank\/check/, codes: /./, because: 'findings about content: app/i18n/bank-findings' },
  {
    where: /^app\/services\/(bank-files|bank-import|item-editor)/,
    codes: /^(file|item|bank|text|set|yaml|schema|rubric|policy|scenario|option|reference)\./,
    because: 'findings about content: app/i18n/bank-findings',
  },
  {
    where: /^app\/core\/blueprint\//,
    codes: /^blueprint\.|^draw\./,
    because: 'named to trainers and in tests; the candidate gets blueprint.infeasible',
  },
  {
    where: /^app\/core\/scoring\/outcome/,
    codes: /^outcome\./,
    because: 'reasons of a proposal: app/i18n/areas/admin',
  },
  {
    where: /^app\/core\/rubric\/sheet/,
    codes: /^sheet\.not_yours$/,
    because: 'the service turns it into sheet.not_found: what is not yours does not exist',
  },
  {
    where: /^app\/(server|jobs|live)\//,
    codes: /./,
    because: 'refusals before Remix (refusal.server.ts) and codes of jobs',
  },
]

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) yield* sources(path)
    else if (
      /\.tsx?$/.test(path) &&
      !/\.test\.tsx?$|\/fixture\.ts$|-fixture\.ts$/.test(path) &&
      !path.startsWith('app/i18n/')
    )
      yield path
  }
}

type Found = { code: string; file: string; line: number }

/** A type that lists codes: `Result<T, 'a.b'>`, or an alias whose name ends in Code. */
function listsCodes(node: ts.Node): boolean {
  for (let at: ts.Node | undefined = node; at; at = at.parent) {
    if (ts.isTypeAliasDeclaration(at)) return /(Code|Failure)$/.test(at.name.text)
    if (ts.isTypeReferenceNode(at))
      return (
        /^(Result|Failure)$/.test(at.typeName.getText()) &&
        at.typeArguments !== undefined &&
        at.typeArguments.some(
          (arg, index) => index === at.typeArguments!.length - 1 && arg.pos <= node.pos && node.end <= arg.end,
        )
      )
    if (ts.isStatement(at)) return false
  }
  return false
}

/** Methods of a Zod schema whose last argument is the message. */
const CHECKS = new Set([
  'min',
  'max',
  'length',
  'regex',
  'refine',
  'email',
  'url',
  'int',
  'positive',
  'nonnegative',
  'enum',
  'literal',
  'nonempty',
  'startsWith',
  'endsWith',
])

/**
 * What makes a string an error code: it is given to err(), stands as `code:`, as a message of a schema, or in a type
 * that lists codes.
 */
function codesOf(file: string): Found[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(ROOT, file), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
    file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  )
  const found: Found[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) && CODE.test(node.text) && isCode(node))
      found.push({ code: node.text, file, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1 })
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function isCode(node: ts.StringLiteralLike): boolean {
  let value: ts.Node = node
  // `cond ? 'a.b' : 'c.d'` and `x ?? 'a.b'` stand where they stand.
  while (
    ts.isConditionalExpression(value.parent) ||
    (ts.isBinaryExpression(value.parent) && value.parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) ||
    ts.isParenthesizedExpression(value.parent)
  )
    value = value.parent
  const { parent } = value
  if (ts.isCallExpression(parent)) {
    const callee = parent.expression
    const name = ts.isIdentifier(callee) ? callee.text : ts.isPropertyAccessExpression(callee) ? callee.name.text : ''
    const index = parent.arguments.indexOf(value as ts.Expression)
    if (name === 'err') return index === 0
    // The first argument of literal() is a value; everywhere else it is the message that stands last.
    return (
      ts.isPropertyAccessExpression(callee) &&
      CHECKS.has(name) &&
      index >= 0 &&
      index === parent.arguments.length - 1 &&
      (name !== 'literal' || index > 0)
    )
  }
  if (ts.isPropertyAssignment(parent)) {
    const name = parent.name.getText()
    if (name === 'code') return true
    if (name === 'error' || name === 'message') return withinCall(parent)
    return name === 'form' || isFieldErrors(parent)
  }
  if (ts.isArrayLiteralExpression(parent)) return ts.isPropertyAssignment(parent.parent) && isFieldErrors(parent.parent)
  if (ts.isLiteralTypeNode(parent)) return listsCodes(parent)
  return false
}
const withinCall = (node: ts.Node): boolean =>
  ts.isObjectLiteralExpression(node.parent) && ts.isCallExpression(node.parent.parent)
/** `rejectedForm(form, { form: ['a.b'], fields: { email: ['a.b'] } })`. */
function isFieldErrors(node: ts.Node): boolean {
  for (let at: ts.Node | undefined = node; at && !ts.isStatement(at); at = at.parent)
    if (ts.isCallExpression(at)) return at.expression.getText() === 'rejectedForm'
  return false
}

const elsewhere = ({ code, file }: Found): boolean =>
  ELSEWHERE.some(({ where, codes }) => where.test(file) && codes.test(code))
const all = [...sources('app')].flatMap(codesOf)
const used = new Map<string, Found>()
for (const found of all) if (!elsewhere(found) && !used.has(found.code)) used.set(found.code, found)

describe('error codes', () => {
  test('are found where they are used', () => {
    // If the reader of the sources went blind, everything below would pass.
    for (const code of [
      'attempt.not_found',
      'form.required',
      'auth.wrong',
      'invitation.expired',
      'request.invalid',
      'text.forbidden_character',
      'sheet.evidence_missing',
      'start.window_over',
    ])
      expect(used.has(code), code).toBe(true)
    expect(used.size).toBeGreaterThan(80)
  })

  test.each(['zh-CN', 'en'] as const)('have a sentence in %s', (locale) => {
    const sentences: Record<string, string> = errorMessages[locale]
    const missing = [...used.values()]
      .filter(({ code }) => !sentences[code])
      .map(({ code, file, line }) => `${code}  (${relative('.', file)}:${line})`)
    expect(missing).toEqual([])
  })

  test('take the same parameters in both languages', () => {
    const names = (text: string): string[] =>
      [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ''))].sort()
    for (const code of Object.keys(errorMessages.en) as Array<keyof typeof errorMessages.en>)
      expect(names(errorMessages.en[code]), code).toEqual(names(errorMessages['zh-CN'][code]))
  })

  test('have sentences, not words: each ends as a sentence does, and leaves nothing unfilled', () => {
    for (const locale of ['zh-CN', 'en'] as const)
      for (const [code, text] of Object.entries(errorMessages[locale])) {
        expect(fill(text, { n: 1 }), `${locale} ${code}`).not.toMatch(/[[\]|]/)
        expect(text, `${locale} ${code}`).toMatch(locale === 'en' ? /[.)?]$/ : /[。？）]$/)
      }
  })

  test('become statuses of failures', () => {
    for (const code of used.keys()) expect(statusOf(code), code).toBeGreaterThanOrEqual(400)
  })

  test('no sentence is left over from a code that nobody uses any more', () => {
    const text = [...sources('app')].map((file) => readFileSync(join(ROOT, file), 'utf8')).join('\n')
    const unused = Object.keys(errorMessages.en).filter(
      (code) => !used.has(code) && !text.includes(`'${code}'`) && !text.includes(`"${code}"`),
    )
    expect(unused).toEqual([])
  })
})
