/**
 * A structured-interview kit to read from or to print: the same questions, in order, with time, probes, and what not to
 * ask.
 */
import { json, type LoaderFunctionArgs } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { Printer } from 'lucide-react'
import { requireActor } from '../../http/visit.server.ts'
import { commonMessages } from '../../i18n/areas/common.ts'
import { interviewerMessages } from '../../i18n/areas/interviewer.ts'
import { useMessages } from '../../i18n/messages.ts'
import { readKit } from '../../services/rating/kits.server.ts'
import { titled } from '../../ui/rating/title.ts'
import { useScripted } from '../../ui/rating/use-scripted.ts'

export const meta = titled('kits.title')

export async function loader(args: LoaderFunctionArgs) {
  const { deps, locale } = await requireActor(args, 'interviewer')
  const kit = await readKit(deps, args.params.kitId ?? '', locale)
  if (!kit) throw json({ code: 'kit.not_found' }, { status: 404 })
  return json(kit)
}

export default function KitPage() {
  const t = useMessages(interviewerMessages)
  const common = useMessages(commonMessages)
  const scripted = useScripted()
  const kit = useLoaderData<typeof loader>()
  // Numbered through, whatever the section: interviewers speak of question 7.
  const numbers = new Map(
    kit.sections
      .flatMap((section) => section.questions.map((question) => `${section.id}:${question.id}`))
      .map((key, index) => [key, index + 1]),
  )
  return (
    <main id="main" className="doc r-kit">
      <p className="row noprint">
        <a href="/interviewer/kits">{t('kit.back')}</a>
        <span className="grow" />
        {scripted ? (
          <button className="btn dense" type="button" onClick={() => window.print()}>
            <Printer className="i s" aria-hidden="true" />
            {common('action.print')}
          </button>
        ) : null}
      </p>
      <h1 className="title">{kit.title}</h1>
      <p className="cap">
        {t(`kits.purpose.${kit.purpose}`)} · {t('kit.total', { n: kit.minutes })} ·{' '}
        {t('kit.version', { n: kit.version })}
      </p>
      <section className="keep r-say">
        <h2>{t('kit.opening')}</h2>
        <p>{kit.opening}</p>
      </section>
      {kit.sections.map((section) => (
        <section key={section.id}>
          <h2>
            {section.title} <span className="cap num">{t('kit.minutes', { n: section.minutes })}</span>
          </h2>
          {section.notes.map((note, index) => (
            <p className="cap" key={index}>
              {note}
            </p>
          ))}
          <ol className="r-questions">
            {section.questions.map((question) => (
              <li key={question.id} className="keep">
                <span className="k">{numbers.get(`${section.id}:${question.id}`)}</span>
                <div>
                  <p className="b">{question.text}</p>
                  {question.probes.length > 0 ? (
                    <>
                      <h3>{t('kit.probes')}</h3>
                      <ul>
                        {question.probes.map((probe, index) => (
                          <li key={index}>{probe}</li>
                        ))}
                      </ul>
                    </>
                  ) : null}
                  {question.listenFor ? (
                    <>
                      <h3>{t('kit.listen_for')}</h3>
                      <p>{question.listenFor}</p>
                    </>
                  ) : null}
                  <div className="r-blank" aria-hidden="true">
                    <span>{t('kit.level')}</span>
                    <span>{t('kit.evidence')}</span>
                  </div>
                </div>
              </li>
            ))}
          </ol>
        </section>
      ))}
      <section className="keep r-say">
        <h2>{t('kit.closing')}</h2>
        <p>{kit.closing}</p>
      </section>
      <section className="keep">
        <h2>{t('kit.do_not_ask')}</h2>
        <p className="cap">{t('kit.do_not_ask.lede')}</p>
        <table className="tbl">
          <thead>
            <tr>
              <th scope="col">{t('kit.topic')}</th>
              <th scope="col">{t('kit.instead')}</th>
            </tr>
          </thead>
          <tbody>
            {kit.doNotAsk.map((entry) => (
              <tr key={entry.topic}>
                <td>{entry.topic}</td>
                <td>{entry.instead ?? <span className="cap">{t('kit.no_instead')}</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {kit.rubric ? (
        <section className="keep">
          <h2>{t('kit.rubric', { title: kit.rubric.title, levels: kit.rubric.levels })}</h2>
          <ol className="r-criteria">
            {kit.rubric.criteria.map((criterion) => (
              <li key={criterion}>{criterion}</li>
            ))}
          </ol>
        </section>
      ) : null}
    </main>
  )
}
