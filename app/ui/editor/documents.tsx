/** Policies, rubrics, scenarios and interview kits, set to be read. */
import { Link } from '@remix-run/react'
import { ShieldAlert } from 'lucide-react'
import { useContext } from 'react'
import type { Kit, Policy, Rubric, Scenario } from '../../core/bank/schema.ts'
import { trainerMessages } from '../../i18n/areas/trainer.ts'
import { vocabularyMessages } from '../../i18n/areas/vocabulary.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { Note } from '../primitives/note.tsx'
import { Scroll } from '../primitives/scroll.tsx'
import { DocumentContext, Facts, Named, Part, Prose, Say, SayList } from './document.tsx'

type Source = { document: Policy['sources'][number]['document']; statements: readonly string[] }
export function SourceLine({ source }: { source: Source }) {
  const t = useMessages(trainerMessages)
  return (
    <>
      {t(`document.${source.document}`)} <span className="cap num">{source.statements.join(', ')}</span>
    </>
  )
}

export function PolicyDocument({ policy }: { policy: Policy }) {
  const t = useMessages(trainerMessages)
  const formats = useFormats()
  return (
    <>
      <p className="cap">
        {t('policy.revision', { n: policy.revision, date: formats.date(`${policy.effectiveFrom}T12:00:00Z`) })} ·{' '}
        {t(`policy.status.${policy.status}`)}
      </p>
      {policy.namesCompanies ? <Note>{t('policy.companies')}</Note> : null}
      <div className="lede">
        <Say text={policy.summary} />
      </div>
      <Part title={t('policy.clauses')}>
        <ol className="ed-clauses">
          {policy.clauses.map((clause) => (
            <li key={clause.id} id={`clause-${clause.id}`}>
              <span className="num">{clause.id}</span>
              <div>
                <h3>
                  <Say text={clause.title} />
                </h3>
                <Prose text={clause.text} />
              </div>
            </li>
          ))}
        </ol>
      </Part>
      {policy.background.length > 0 ? (
        <Part title={t('policy.background')} help={t('policy.background.help')}>
          {policy.background.map((entry, index) => (
            <div className="ed-background" key={index}>
              <p className="cap">{t('policy.as_of', { date: entry.asOf })}</p>
              <Prose text={entry.text} />
            </div>
          ))}
        </Part>
      ) : null}
      <Facts
        facts={[
          [
            t('doc.source'),
            policy.sources.length === 0 ? null : (
              <>
                {policy.sources.map((source) => (
                  <div key={source.document}>
                    <SourceLine source={source} />
                  </div>
                ))}
              </>
            ),
          ],
        ]}
      />
    </>
  )
}

export function RubricDocument({ rubric }: { rubric: Rubric }) {
  const t = useMessages(trainerMessages)
  const words = useMessages(vocabularyMessages)
  const formats = useFormats()
  const { locale } = useContext(DocumentContext)
  return (
    <>
      <Facts
        facts={[
          [t('rubric.applies'), rubric.appliesTo.map((subject) => t(`rubric.applies.${subject}`)).join(' · ')],
          [t('doc.source'), rubric.source ? <SourceLine source={rubric.source} /> : null],
        ]}
      />
      <Scroll label={t('rubric.criteria')} className="ed-table">
        <table className="tbl ed-rubric" data-levels={rubric.levels}>
          <thead>
            <tr>
              <th scope="col">{t('rubric.criterion')}</th>
              {Array.from({ length: rubric.levels }, (_, level) => (
                <th scope="col" key={level}>
                  {t('rubric.level', { n: level + 1 })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rubric.criteria.map((criterion) => (
              <tr key={criterion.id}>
                <th scope="row">
                  <b lang={locale}>{criterion.title[locale]}</b>
                  <span className="cap">{words(`competency.${criterion.competency}`)}</span>
                  <span className="cap">
                    {t('rubric.weight')}{' '}
                    <span className="num">
                      {formats.number(criterion.weight, Number.isInteger(criterion.weight) ? 0 : 1)}
                    </span>
                  </span>
                  <span className="cap">{t(`rubric.evidence.${criterion.evidence}`)}</span>
                  {criterion.notApplicable ? <span className="cap">{t('rubric.na')}</span> : null}
                  {criterion.critical ? (
                    <span className="st warn ed-wrap">
                      <ShieldAlert className="i s" aria-hidden="true" />
                      <span>{t('rubric.critical', { n: criterion.critical.failBelow })}</span>
                    </span>
                  ) : null}
                </th>
                {criterion.anchors.map((anchor, level) => (
                  <td key={level} lang={locale} className="ed-read">
                    {anchor[locale]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  )
}

export function ScenarioDocument({ scenario }: { scenario: Scenario }) {
  const t = useMessages(trainerMessages)
  const words = useMessages(vocabularyMessages)
  const card = scenario.factCard
  return (
    <>
      <Facts
        facts={[
          [t('field.channel'), t(`channel.${scenario.channel}`)],
          [t('scenario.duration'), t('minutes', { n: scenario.durationMinutes })],
          [
            t('scenario.competencies'),
            scenario.competencies.map((competency) => words(`competency.${competency}`)).join(' · '),
          ],
          [t('field.rubric'), <Named key="rubric" shelf="rubrics" id={scenario.rubric} />],
          [
            t('scenario.policies'),
            scenario.policies.length === 0 ? null : (
              <NamedList key="policies" shelf="policies" ids={scenario.policies} />
            ),
          ],
          [t('doc.source'), <SourceLine key="source" source={scenario.source} />],
        ]}
      />
      <Part title={t('scenario.brief')}>
        <Prose text={scenario.brief} />
      </Part>
      <Part title={t('scenario.persona')}>
        <p className="b">
          <Say text={scenario.persona.name} />
        </p>
        <Prose text={scenario.persona.description} />
      </Part>
      <Part title={t('scenario.card')} help={t('scenario.card.help')}>
        <Facts
          facts={[
            [t('scenario.opening'), <Say key="o" text={card.opening} />],
            [t('scenario.wants'), <Say key="w" text={card.wants} />],
            [t('scenario.behaviour'), <Say key="b" text={card.behaviour} />],
            [t('scenario.gives_in'), <Say key="g" text={card.givesInWhen} />],
            [t('scenario.never'), card.neverAgreesTo ? <Say key="n" text={card.neverAgreesTo} /> : null],
            [t('scenario.unknown'), <SayList key="u" texts={card.doesNotKnow} />],
          ]}
        />
        <h3>{t('scenario.knows')}</h3>
        <Scroll label={t('scenario.knows')}>
          <table className="tbl">
            <thead>
              <tr>
                <th scope="col">{t('scenario.fact')}</th>
                <th scope="col">{t('scenario.when')}</th>
              </tr>
            </thead>
            <tbody>
              {card.knows.map((fact) => (
                <tr key={fact.id}>
                  <td className="ed-read">
                    <Say text={fact.fact} />
                  </td>
                  <td className="ed-read">
                    <Say text={fact.disclose} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </Part>
    </>
  )
}

export function NamedList({ shelf, ids }: { shelf: string; ids: readonly string[] }) {
  return (
    <ul className="ed-list">
      {ids.map((id) => (
        <li key={id}>
          <Named shelf={shelf} id={id} />
        </li>
      ))}
    </ul>
  )
}

export function KitDocument({ kit }: { kit: Kit }) {
  const t = useMessages(trainerMessages)
  const words = useMessages(vocabularyMessages)
  return (
    <>
      <Facts
        facts={[
          [t('kit.purpose'), t(`kit.purpose.${kit.purpose}`)],
          [t('scenario.duration'), t('minutes', { n: kit.totalMinutes })],
          [t('field.rubric'), <Named key="rubric" shelf="rubrics" id={kit.rubric} />],
          [t('doc.source'), <SourceLine key="source" source={kit.source} />],
        ]}
      />
      <Part title={t('kit.opening')}>
        <Prose text={kit.opening} />
      </Part>
      {kit.sections.map((section) => (
        <Part
          key={section.id}
          title={
            <>
              <Say text={section.title} /> <span className="cap num">{t('minutes', { n: section.minutes })}</span>
            </>
          }
        >
          {section.notes.length > 0 ? <SayList texts={section.notes} /> : null}
          <ol className="ed-questions">
            {section.questions.map((question) => (
              <li key={question.id}>
                <Prose text={question.text} />
                <p className="cap">
                  {question.competency ? words(`competency.${question.competency}`) : null}{' '}
                  {question.item ? (
                    <Link className="num" to={`/trainer/items/${question.item}`}>
                      {question.item}
                    </Link>
                  ) : null}
                </p>
                <Facts
                  facts={[
                    [t('kit.listen'), question.listenFor ? <Say key="l" text={question.listenFor} /> : null],
                    [t('kit.probes'), question.probes.length > 0 ? <SayList key="p" texts={question.probes} /> : null],
                  ]}
                />
              </li>
            ))}
          </ol>
        </Part>
      ))}
      <Part title={t('kit.closing')}>
        <Prose text={kit.closing} />
      </Part>
      <Part title={t('kit.do_not_ask')}>
        <ul className="ed-list">
          {kit.doNotAsk.map((entry, index) => (
            <li key={index}>
              <b>
                <Say text={entry.topic} />
              </b>
              {entry.instead ? (
                <>
                  {' '}
                  <span className="cap">{t('kit.instead')}</span> <Say text={entry.instead} />
                </>
              ) : null}
            </li>
          ))}
        </ul>
      </Part>
    </>
  )
}
