/** Accommodations, for the one role that sees the reasons. */
import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node'
import { Link, useActionData, useLoaderData } from '@remix-run/react'
import { parseForm, rejectedForm } from '../../forms/form.ts'
import { statusOf } from '../../http/errors.ts'
import { requireActor } from '../../http/visit.server.ts'
import { adminMessages } from '../../i18n/areas/admin.ts'
import { useFormats, useLocale, useMessages } from '../../i18n/messages.ts'
import { decide, listAccommodations } from '../../services/enrolment/accommodations.server.ts'
import { AccommodationForm, DecisionSchema } from '../../ui/admin/accommodation-form.tsx'
import { titled } from '../../ui/admin/meta.ts'
import { DoneNote, Empty, PageHead, Status, type Tone } from '../../ui/admin/parts.tsx'
import { FailureNote } from '../../ui/primitives/note.tsx'
import { Scroll } from '../../ui/primitives/scroll.tsx'

export const meta = titled('accommodations.title')

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor } = await requireActor(args, 'accommodation_officer')
  return json({
    rows: await listAccommodations(deps, actor),
    change: new URL(args.request.url).searchParams.get('change'),
  })
}

export async function action(args: ActionFunctionArgs) {
  const { deps, actor, receivedAt } = await requireActor(args, 'accommodation_officer')
  const form = await args.request.formData()
  const submission = parseForm(form, DecisionSchema)
  if (submission.status === 'rejected') return json(submission, { status: 422 })
  const { unlimited, ...input } = submission.data
  const decided = await decide(deps, actor, { ...input, unlimited: unlimited === 'yes' }, receivedAt)
  if (decided.ok) return json({ status: 'done' as const })
  const { code } = decided.error
  const field = code === 'accommodation.answer_needed' || code === 'accommodation.nothing_granted'
  return json(rejectedForm(form, field ? { fields: { answer: [code] } } : { form: [code] }), { status: statusOf(code) })
}

const TONES: Record<'requested' | 'granted' | 'declined' | 'withdrawn', Tone> = {
  requested: 'warn',
  granted: 'ok',
  declined: 'bad',
  withdrawn: 'none',
}

export default function Accommodations() {
  const t = useMessages(adminMessages)
  const formats = useFormats()
  const locale = useLocale()
  const { rows, change } = useLoaderData<typeof loader>()
  const reply = useActionData<typeof action>()
  const waiting = rows.filter((row) => row.status === 'requested')
  const decided = rows.filter((row) => row.status !== 'requested')
  const refused = reply && 'formErrors' in reply ? reply : null
  // Shown with a form: what waits, and the one that is to be changed.
  const formed = rows.filter(
    (row) =>
      row.status === 'requested' ||
      (row.status !== 'withdrawn' && row.id === (refused?.values['accommodationId'] ?? (reply ? null : change))),
  )
  const orphaned = refused && !formed.some((row) => row.id === refused.values['accommodationId'])
  const terms = (row: (typeof rows)[number]): string => {
    if (row.status !== 'granted') return '–'
    const parts = [
      row.unlimited ? t('accommodations.terms.unlimited') : '',
      row.factor !== 1 ? t('accommodations.terms.factor', { factor: row.factor }) : '',
      row.extraMinutes > 0 ? t('accommodations.terms.extra', { minutes: row.extraMinutes }) : '',
      row.breakMinutes > 0 ? t('accommodations.terms.breaks', { minutes: row.breakMinutes }) : '',
    ].filter(Boolean)
    return parts.length > 0 ? parts.join(t('word.separator')) : t('accommodations.terms.other')
  }
  return (
    <main id="main" className="room stack">
      <PageHead title={t('accommodations.title')} />
      <p className="cap measure">{t('accommodations.body')}</p>
      {reply?.status === 'done' ? <DoneNote>{t('accommodations.done')}</DoneNote> : null}
      {orphaned ? <FailureNote error={{ code: refused.formErrors[0] ?? 'request.invalid' }} /> : null}
      {waiting.length === 0 ? (
        <section className="panel">
          <Empty title={t('accommodations.empty.title')}>
            <p>{t('accommodations.empty.body')}</p>
          </Empty>
        </section>
      ) : null}
      {formed.map((row) => (
        <section className="panel stack" key={row.id} id={row.id}>
          <div>
            <h2 className="b">{row.name}</h2>
            <p className="cap">
              {row.programmeTitle[locale]} · {t('accommodations.asked', { at: formats.dateTime(row.requestedAt) })}
            </p>
          </div>
          <div>
            <p className="cap b">{t('accommodations.reason')}</p>
            <p className="written">{row.reason}</p>
          </div>
          {row.decidedAt && row.status !== 'requested' ? (
            <p className="cap measure">{t('accommodations.correct.body')}</p>
          ) : null}
          <AccommodationForm
            id={row.id}
            former={row.decidedAt && row.status !== 'requested' ? { ...row, decidedAt: row.decidedAt } : null}
            rejected={refused?.values['accommodationId'] === row.id ? refused : null}
          />
        </section>
      ))}
      {decided.length > 0 ? (
        <section className="panel stack">
          <h2 className="b">{t('accommodations.decided')}</h2>
          <Scroll label={t('accommodations.decided')}>
            <table className="tbl wide">
              <thead>
                <tr>
                  <th scope="col">{t('table.name')}</th>
                  <th scope="col">{t('table.programme')}</th>
                  <th scope="col">{t('accommodations.head.terms')}</th>
                  <th scope="col">{t('accommodations.answer')}</th>
                  <th scope="col" className="n">
                    {t('accommodations.head.decided')}
                  </th>
                  <th scope="col">{t('table.status')}</th>
                </tr>
              </thead>
              <tbody>
                {decided.map((row) => (
                  <tr key={row.id}>
                    <td>{row.name}</td>
                    <td>{row.programmeTitle[locale]}</td>
                    <td>{terms(row)}</td>
                    <td>{row.answer ?? '–'}</td>
                    <td className="n">
                      {row.decidedAt ? <time dateTime={row.decidedAt}>{formats.dateTime(row.decidedAt)}</time> : '–'}
                    </td>
                    <td>
                      <Status tone={TONES[row.status]}>{t(`accommodations.status.${row.status}`)}</Status>
                      {row.decidedAt && row.status !== 'withdrawn' ? (
                        <Link className="cap block" to={`?change=${encodeURIComponent(row.id)}#${row.id}`}>
                          {t('accommodations.change')}
                        </Link>
                      ) : null}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        </section>
      ) : null}
    </main>
  )
}
