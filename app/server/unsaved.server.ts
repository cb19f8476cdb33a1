// The one place where trouble of the store becomes the answer of a loader or an action (codes and statuses:
// app/http/errors.ts).
import { json, type ActionFunctionArgs, type LoaderFunctionArgs, type ServerBuild } from '@remix-run/node'
import { storeTrouble, type StoreTrouble } from '../../db/store.server.ts'
import { rejectedForm } from '../forms/form.ts'
import { fieldsToRepeat } from '../forms/unsaved.ts'
import { RETRY_AFTER_MS, statusOf } from '../http/errors.ts'
import { readPreferences } from '../http/preferences.server.ts'
import { errorSentence } from '../i18n/areas/errors.ts'
import { sentencePage } from './refusal.server.ts'

type Module = ServerBuild['routes'][string] extends infer R ? (R extends { module: infer M } ? M : never) : never

const reply = (code: StoreTrouble, body: object): Response =>
  json(body, { status: statusOf(code), headers: { 'retry-after': String(RETRY_AFTER_MS / 1000) } })

/**
 * The build with loaders and actions that answer the store's trouble. A fault of ours passes unchanged and stays a 500.
 */
export function answeringTrouble(build: ServerBuild): ServerBuild {
  const routes = Object.entries(build.routes).map(
    ([id, route]) => [id, route && { ...route, module: answering(route.module) }] as const,
  )
  return { ...build, routes: Object.fromEntries(routes) }
}

function answering(module: Module): Module {
  const { loader, action } = module
  return {
    ...module,
    ...(loader
      ? {
          loader: (args: LoaderFunctionArgs) =>
            orTrouble(
              async () => loader(args),
              (code) => {
                throw reply(code, { code })
              },
            ),
        }
      : {}),
    ...(action
      ? {
          action: (args: ActionFunctionArgs) => {
            const copy = args.request.clone()
            return orTrouble(
              async () => action(args),
              async (code) =>
                unsaved(code, args, await copy.formData().catch(() => new FormData()), 'default' in module),
            )
          },
        }
      : {}),
  }
}

async function orTrouble<T>(work: () => Promise<T>, answer: (code: StoreTrouble) => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const code = storeTrouble(error)
    if (!code) throw error
    return answer(code)
  }
}

/**
 * A script keeps its page, so it gets a reply that every form knows how to show: a failure with its code, in both
 * shapes that our actions use. A browser that asked for a page gets one with everything that it sent
 * (app/ui/unsaved-page.tsx).
 */
function unsaved(
  code: StoreTrouble,
  { request, context }: ActionFunctionArgs,
  form: FormData,
  hasPage: boolean,
): Response {
  context.deps.log.warn('request.unsaved', { code })
  if (!context.wantsPage)
    return reply(code, { ...rejectedForm(form, { form: [code] }), status: 'failed', error: { code }, n: form.get('n') })
  if (!hasPage) {
    const { locale } = readPreferences(request.headers)
    const { status, headers } = reply(code, {})
    headers.set('content-type', 'text/html; charset=utf-8')
    return new Response(sentencePage(locale, errorSentence(locale, code)), { status, headers })
  }
  context.unsaved = { code, fields: fieldsToRepeat(form) }
  throw reply(code, { code })
}
