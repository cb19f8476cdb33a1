/**
 * Preparing a mock scenario: fact card and rubric, before anything is recorded. Starting the clock is the first act.
 */
import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node'
import { Form, useActionData, useLoaderData } from '@remix-run/react'
import { z } from 'zod'
import { parseForm } from '../../forms/form.ts'
import { notFound, rejected, requireActor } from '../../http/visit.server.ts'
import { interviewerMessages } from '../../i18n/areas/interviewer.ts'
import { useMessages } from '../../i18n/messages.ts'
import { prepareScenario, startScenario } from '../../services/rating/mock-scenario-start.server.ts'
import { FailureNote } from '../../ui/primitives/note.tsx'
import { Policies } from '../../ui/rating/answer-pane.tsx'
import { FactCard } from '../../ui/rating/fact-card.tsx'
import { titled } from '../../ui/rating/title.ts'

export const meta = titled('prepare.title')

const StartSchema = z.strictObject({ versionId: z.string().min(1).max(200) })

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor, locale, receivedAt } = await requireActor(args, 'interviewer')
  const { enrolmentId = '', stageId = '' } = args.params
  const prepared = await prepareScenario(deps, actor, { enrolmentId, stageId }, locale, receivedAt)
  if (!prepared) throw notFound()
  return json(prepared)
}

export async function action(args: ActionFunctionArgs) {
  const { deps, actor, locale, receivedAt } = await requireActor(args, 'interviewer')
  const { enrolmentId = '', stageId = '' } = args.params
  const submission = parseForm(await args.request.formData(), StartSchema)
  if (submission.status === 'rejected') return rejected({ code: 'request.invalid' })
  const started = await startScenario(
    deps,
    actor,
    { enrolmentId, stageId, versionId: submission.data.versionId },
    locale,
    receivedAt,
  )
  if (started.ok) return redirect(`/interviewer/contacts/${started.value.contactId}`)
  // Nobody waits here any more, so there is no page to show the sentence on.
  if (started.error.code !== 'scenario.stale')
    throw json({ code: started.error.code }, { status: started.error.code === 'scenario.taken' ? 409 : 404 })
  return rejected(started.error)
}

export default function PreparePage() {
  const t = useMessages(interviewerMessages)
  const prepared = useLoaderData<typeof loader>()
  const failed = useActionData<typeof action>()
  return (
    <main id="main">
      <div className="r-sub">
        <h1>{t('prepare.title', { reference: prepared.reference })}</h1>
        <span className="cap">{prepared.stage}</span>
        <span className="grow" />
        <a href="/interviewer/scenarios">{t('scenarios.title')}</a>
      </div>
      <div className="r-room">
        <section className="r-left" aria-label={t('card.title')} tabIndex={0}>
          <FactCard card={prepared.card} disclosable={false} />
          <Policies policies={prepared.policies} />
        </section>
        <section className="r-right" aria-label={t('prepare.rubric', { title: prepared.rubric.title })}>
          <FailureNote error={failed?.error} />
          <p className="r-lede">{t('prepare.lede')}</p>
          <h2 className="r-h">{t('prepare.rubric', { title: prepared.rubric.title })}</h2>
          {prepared.rubric.criteria.map((criterion, index) => (
            <details className="r-preview" key={criterion.id} open={index === 0}>
              <summary>
                <span className="k">{index + 1}</span> {criterion.title}
                {criterion.failBelow !== null ? (
                  <span className="cap"> {t('criterion.critical', { n: criterion.failBelow })}</span>
                ) : null}
              </summary>
              <ol>
                {[...criterion.anchors].reverse().map((anchor, position) => (
                  <li key={position}>
                    <span className="d">{criterion.anchors.length - position}</span>
                    {anchor}
                  </li>
                ))}
              </ol>
            </details>
          ))}
          <div className="r-foot">
            <span className="cap">{t('prepare.start.help')}</span>
            <span className="grow" />
            <Form method="post">
              <button className="btn pri" type="submit" name="versionId" value={prepared.versionId}>
                {t('prepare.start')}
              </button>
            </Form>
          </div>
        </section>
      </div>
    </main>
  )
}
