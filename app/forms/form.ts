/** The one form bridge. The wire format is always native FormData, with or without JavaScript. */
import type { z } from 'zod'
import { hasForbiddenCharacter } from '../core/shared/text.ts'

export type FieldErrors = Record<string, string[] | undefined>
/** Messages are keys of the dictionaries, never sentences. `values` repeats what was typed, but never a secret. */
export type Rejected = {
  status: 'rejected'
  formErrors: string[]
  fieldErrors: FieldErrors
  values: Record<string, string | string[]>
}
export type Submission<T> = { status: 'accepted'; data: T } | Rejected

const UNSAFE = new Set(['__proto__', 'prototype', 'constructor'])
const SECRET = /password|token|secret/i
/** A field whose content is never written into a page. */
export const isSecretField = (name: string): boolean => SECRET.test(name)

/** Thrown internally when `a=1&a.b=2` asks for a value to be text and a group at once. */
class ShapeConflict extends Error {}

/** `a=1&a=2` → ['1','2']; `answers.q1=x` → { answers: { q1: 'x' } }. Values stay strings; files are ignored. */
export function formDataToObject(formData: FormData | URLSearchParams): Record<string, unknown> {
  const root: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  for (const key of new Set(formData.keys())) {
    const all = formData.getAll(key).filter((value): value is string => typeof value === 'string')
    const path = key.replace(/\[\]$/, '').split('.')
    const last = path.at(-1)
    if (!last || path.some((part) => UNSAFE.has(part)) || path.length > 6) continue
    let node = root
    for (const part of path.slice(0, -1)) {
      const next: unknown = (node[part] ??= Object.create(null) as Record<string, unknown>)
      if (typeof next !== 'object' || next === null || Array.isArray(next)) throw new ShapeConflict()
      node = next as Record<string, unknown>
    }
    if (typeof node[last] === 'object' && node[last] !== null && !Array.isArray(node[last])) throw new ShapeConflict()
    node[last] = all.length > 1 || key.endsWith('[]') ? all : all[0]
  }
  return root
}

function echo(formData: FormData): Rejected['values'] {
  const values: Rejected['values'] = {}
  for (const key of new Set(formData.keys())) {
    if (isSecretField(key) || key.split('.').some((part) => UNSAFE.has(part))) continue
    const all = formData.getAll(key).filter((value): value is string => typeof value === 'string')
    const first = all[0]
    if (first !== undefined) values[key] = all.length > 1 ? all : first
  }
  return values
}

/** Parses a submitted form with the schema that the browser used as well. Never throws for what a person typed. */
export function parseForm<S extends z.ZodType>(formData: FormData, schema: S): Submission<z.output<S>> {
  let raw: Record<string, unknown>
  try {
    raw = formDataToObject(formData)
  } catch (error) {
    if (!(error instanceof ShapeConflict)) throw error
    return { status: 'rejected', formErrors: ['form.malformed'], fieldErrors: {}, values: echo(formData) }
  }
  for (const [key, value] of formData.entries()) {
    if (typeof value === 'string' && hasForbiddenCharacter(value))
      return {
        status: 'rejected',
        formErrors: ['form.forbidden_character'],
        fieldErrors: { [key]: ['form.forbidden_character'] },
        values: echo(formData),
      }
  }
  const parsed = schema.safeParse(raw)
  if (parsed.success) return { status: 'accepted', data: parsed.data }
  const fieldErrors: FieldErrors = {}
  const formErrors: string[] = []
  for (const issue of parsed.error.issues) {
    const path = issue.path.join('.')
    if (path === '' || issue.code === 'unrecognized_keys')
      formErrors.push(issue.code === 'unrecognized_keys' ? 'form.unknown_field' : issue.message)
    else (fieldErrors[path] ??= []).push(issue.message)
  }
  return { status: 'rejected', formErrors, fieldErrors, values: echo(formData) }
}

/** A rejection that comes from a rule rather than from the shape of the form. */
export function rejectedForm(formData: FormData, errors: { form?: string[]; fields?: FieldErrors }): Rejected {
  return { status: 'rejected', formErrors: errors.form ?? [], fieldErrors: errors.fields ?? {}, values: echo(formData) }
}
