/** The result, once a named person has released it: decision, profile, reasons, time ledger, and what can be asked. */
import { json, redirect, type ActionFunctionArgs, type LinksFunction, type LoaderFunctionArgs } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { z } from 'zod'
import { parseForm } from '../../forms/form.ts'
import { orThrow, rejected, requireActor } from '../../http/visit.server.ts'
import { candidateMessages } from '../../i18n/areas/candidate.ts'
import { requestAfterResult, resultPage } from '../../services/candidate/report.server.ts'
import { CandidateBar } from '../../ui/player/candidate-bar.tsx'
import { Failed } from '../../ui/player/told.tsx'
import { NotYet, ReportDocument } from '../../ui/report/report-document.tsx'
import styles from '../../ui/styles/report.css?url'
import { titledBy } from '../../ui/titled.ts'

export const links: LinksFunction = () => [{ rel: 'stylesheet', href: styles }]
export const meta = titledBy(candidateMessages)(
  'result.title',
  (view: { stageTitle?: string; report?: { stageTitle?: string } }) => view.report?.stageTitle ?? view.stageTitle,
)

const RequestSchema = z.strictObject({
  intent: z.enum(['reasons', 'review']),
  text: z.string({ error: 'review.text_missing' }).trim().min(1, 'review.text_missing').max(8000, 'form.too_long'),
})

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor, locale, receivedAt } = await requireActor(args, 'candidate')
  return json(orThrow(await resultPage(deps, actor, args.params.attemptId ?? '', locale, receivedAt)))
}

export async function action(args: ActionFunctionArgs) {
  const { deps, actor, locale, receivedAt } = await requireActor(args, 'candidate')
  const attemptId = args.params.attemptId ?? ''
  const submission = parseForm(await args.request.formData(), RequestSchema)
  if (submission.status === 'rejected') {
    const code = submission.fieldErrors.text?.[0]
    return rejected({ code: code ?? 'request.invalid' }, { field: code ? (submission.values['intent'] ?? null) : null })
  }
  const asked = await requestAfterResult(
    deps,
    actor,
    { attemptId, kind: submission.data.intent, text: submission.data.text },
    locale,
    receivedAt,
  )
  return asked.ok ? redirect(`/candidate/attempt/${encodeURIComponent(attemptId)}/result`) : rejected(asked.error)
}

export default function ResultRoute() {
  const view = useLoaderData<typeof loader>()
  const failed = useActionData<typeof action>()
  // What is wrong with the text stands beside it, the rest at the top.
  const at = failed && 'field' in failed ? String(failed.field) : null
  return (
    <>
      <CandidateBar what={view.released ? view.report.programmeTitle : view.programmeTitle} />
      <Failed error={failed && 'error' in failed && at === null ? failed.error : null} />
      {view.released ? (
        <ReportDocument
          report={view.report}
          refused={failed && 'error' in failed && at !== null ? { at, code: failed.error.code } : null}
        />
      ) : (
        <NotYet stageTitle={view.stageTitle} />
      )}
    </>
  )
}
