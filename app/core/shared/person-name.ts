/** What a person may be called: any script, but nothing that makes a name read as another. */
import { z } from 'zod'

/**
 * Controls, line separators, and the marks that turn the direction of writing: `Ada\u202Eeniv` would show letters that
 * are not there.
 */
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u

export const PersonNameSchema = z
  .string()
  .trim()
  .min(1, 'form.required')
  .max(200, 'form.too_long')
  .refine((name) => !INVISIBLE.test(name), 'form.invisible_character')
