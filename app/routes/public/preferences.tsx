import { redirect, type ActionFunctionArgs } from '@remix-run/node'
import { z } from 'zod'
import { LocaleSchema } from '../../core/shared/locale.ts'
import { TEXT_SIZES, THEMES } from '../../i18n/preferences.ts'
import { writeCookie } from '../../http/cookies.server.ts'
import { parseForm } from '../../forms/form.ts'
import { visit } from '../../http/visit.server.ts'
import { safePath } from '../../http/safe-path.ts'

const PreferencesSchema = z.strictObject({
  back: z.string().optional(),
  lang: LocaleSchema.optional(),
  theme: z.enum(THEMES).optional(),
  size: z.enum(TEXT_SIZES).optional(),
  contrast: z.enum(['normal', 'high']).optional(),
  keys: z.enum(['on', 'off']).optional(),
})

const YEAR_SECONDS = 31_536_000

/** Sets language and reading aids by cookie and comes back. Anybody may; nothing about a person is stored. */
export async function action(args: ActionFunctionArgs) {
  const { deps } = visit(args)
  const submission = parseForm(await args.request.formData(), PreferencesSchema)
  const headers = new Headers()
  if (submission.status === 'rejected') return redirect('/')
  const { back, ...choices } = submission.data
  for (const [name, value] of Object.entries(choices)) {
    if (value) headers.append('Set-Cookie', writeCookie(deps.config, name, value, { maxAgeSeconds: YEAR_SECONDS, httpOnly: false }))
  }
  return redirect(safePath(back, '/'), { headers })
}

export const loader = () => redirect('/')
