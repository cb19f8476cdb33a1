/** Items that count for nothing, with the controls of the real thing. What is written here never leaves the page. */
import { json, type LoaderFunctionArgs } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { useEffect, useState } from 'react'
import type { PolicyView } from '../../core/attempt/player-view.ts'
import type { CandidateItem } from '../../core/bank/candidate-item.ts'
import type { Response } from '../../core/bank/response.ts'
import { notFound, requireActor } from '../../http/visit.server.ts'
import { candidateMessages } from '../../i18n/areas/candidate.ts'
import { useMessages } from '../../i18n/messages.ts'
import { practicePage } from '../../services/candidate/practice.server.ts'
import { CandidateBar } from '../../ui/player/candidate-bar.tsx'
import { ItemView } from '../../ui/player/item-view.tsx'
import { PoliciesBeside } from '../../ui/player/policies.tsx'
import { titledBy } from '../../ui/titled.ts'

const KEPT = 'poise-practice'

export const meta = titledBy(candidateMessages)('practice.title')

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor, locale } = await requireActor(args, 'candidate')
  const page = await practicePage(deps, actor, locale)
  if (!page) throw notFound()
  return json(page)
}

export default function Practice() {
  const t = useMessages(candidateMessages)
  const { programmeTitle, items, policies } = useLoaderData<typeof loader>() as {
    programmeTitle: string
    items: CandidateItem[]
    policies: PolicyView[]
  }
  const [answers, setAnswers] = useState<Record<string, Response | null>>({})
  // As in the assessment a reload loses nothing; here the tab keeps it, and nobody else does.
  useEffect(() => {
    try {
      setAnswers(JSON.parse(sessionStorage.getItem(KEPT) ?? '{}') as Record<string, Response | null>)
    } catch {
      // What cannot be read is left behind.
    }
  }, [])
  const change = (itemId: string, response: Response | null): void => {
    const next = { ...answers, [itemId]: response }
    setAnswers(next)
    sessionStorage.setItem(KEPT, JSON.stringify(next))
  }
  return (
    <>
      <CandidateBar what={programmeTitle} />
      <main id="main" className="doc cand practice">
        <p className="cap">
          <Link to="/candidate">{t('overview.title')}</Link>
        </p>
        <h1 className="headline">{t('practice.title')}</h1>
        <p className="lede">{t('practice.body')}</p>
        {items.length === 0 ? <p className="lede">{t('practice.empty')}</p> : null}
        {items.map((item, index) => (
          <section className="sec" key={item.id}>
            <h2>{t('practice.item', { n: index + 1 })}</h2>
            <ItemView
              item={item}
              response={answers[item.id] ?? null}
              onChange={(response) => change(item.id, response)}
            />
            {item.policySearch || item.kind === 'written_reply' ? (
              <PoliciesBeside
                policies={
                  item.kind === 'written_reply' && item.policies.length > 0
                    ? policies.filter((policy) => item.policies.includes(policy.id))
                    : policies
                }
              />
            ) : null}
          </section>
        ))}
        <p className="actions">
          <Link className="btn touch pri" to="/candidate">
            {t('practice.done')}
          </Link>
        </p>
      </main>
    </>
  )
}
