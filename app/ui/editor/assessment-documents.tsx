/** Blueprints and programmes, set to be read. */
import { useContext } from 'react'
import { EXPERTS_WANTED } from '../../core/bank/editing/finish.ts'
import type { Blueprint, BlueprintSection, Programme, Stage } from '../../core/bank/schema.ts'
import { ChannelSchema, CompetencySchema, ItemKindSchema, SourceDocumentSchema } from '../../core/bank/vocabulary.ts'
import { trainerMessages } from '../../i18n/areas/trainer.ts'
import { vocabularyMessages } from '../../i18n/areas/vocabulary.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { Note } from '../primitives/note.tsx'
import { DocumentContext, Facts, Named, Part, Prose, Say } from './document.tsx'
import { NamedList } from './documents.tsx'

type Bound = BlueprintSection['bounds'][number]

function useBoundText(): (bound: Bound) => string {
  const t = useMessages(trainerMessages)
  const words = useMessages(vocabularyMessages)
  const { locale, names } = useContext(DocumentContext)
  const valueOf = ({ by, value }: Bound): string => {
    if (by === 'competency')
      return CompetencySchema.safeParse(value).success ? words(`competency.${CompetencySchema.parse(value)}`) : value
    if (by === 'kind')
      return ItemKindSchema.safeParse(value).success ? words(`kind.${ItemKindSchema.parse(value)}`) : value
    if (by === 'channel')
      return ChannelSchema.safeParse(value).success ? t(`channel.${ChannelSchema.parse(value)}`) : value
    if (by === 'source')
      return SourceDocumentSchema.safeParse(value).success ? t(`document.${SourceDocumentSchema.parse(value)}`) : value
    if (by === 'difficulty')
      return value === 'easy' || value === 'medium' || value === 'hard' ? t(`blueprint.difficulty.${value}`) : value
    return by === 'bank' ? (names[value]?.[locale] ?? value) : value
  }
  const rangeOf = ({ min, max }: Bound): string => {
    if (max === undefined) return t('blueprint.range.min', { min })
    if (min === max) return t('blueprint.range.exact', { min })
    return min === 0 ? t('blueprint.range.max', { max }) : t('blueprint.range.both', { min, max })
  }
  return (bound) =>
    t('blueprint.bound', { by: t(`blueprint.by.${bound.by}`), value: valueOf(bound), range: rangeOf(bound) })
}

export function BlueprintDocument({ blueprint }: { blueprint: Blueprint }) {
  const t = useMessages(trainerMessages)
  const words = useMessages(vocabularyMessages)
  const formats = useFormats()
  const boundText = useBoundText()
  const { locale, names } = useContext(DocumentContext)
  return (
    <>
      {blueprint.exposureCap < 1 ? (
        <p className="cap">
          {t('blueprint.exposure', {
            percent: formats.percent(blueprint.exposureCap * 100),
            window: blueprint.exposureWindow,
          })}
        </p>
      ) : null}
      {blueprint.sections.map((section) => (
        <Part key={section.id} title={<Say text={section.title} />}>
          {section.instructions ? <Prose text={section.instructions} /> : null}
          <Facts
            facts={[
              [
                t('blueprint.count'),
                <span key="n" className="num">
                  {section.count}
                </span>,
              ],
              [t('blueprint.banks'), section.banks.map((id) => names[id]?.[locale] ?? id).join(' · ')],
              [
                t('blueprint.kinds'),
                section.kinds ? section.kinds.map((kind) => words(`kind.${kind}`)).join(' · ') : t('items.any'),
              ],
              [
                t('blueprint.rules'),
                [
                  t(`blueprint.navigation.${section.navigation}`),
                  ...(section.timeLimitMinutes ? [t('blueprint.time', { n: section.timeLimitMinutes })] : []),
                ].join(' · '),
              ],
              [
                t('blueprint.bounds'),
                section.bounds.length === 0 ? null : (
                  <ul key="b" className="ed-list">
                    {section.bounds.map((bound, index) => (
                      <li key={index}>{boundText(bound)}</li>
                    ))}
                  </ul>
                ),
              ],
            ]}
          />
        </Part>
      ))}
    </>
  )
}

export function ProgrammeDocument({ programme }: { programme: Programme }) {
  const t = useMessages(trainerMessages)
  return (
    <>
      <div className="lede">
        <Say text={programme.summary} />
      </div>
      <Facts
        facts={[
          [t('programme.outcome'), t(`programme.outcome.${programme.outcome}`)],
          [
            t('programme.language'),
            programme.languageRequirement ? <Say key="l" text={programme.languageRequirement} /> : null,
          ],
          [
            t('blueprint.rules'),
            [
              t('programme.window', { n: programme.windowDays }),
              ...(programme.identityCheck ? [t('programme.identity')] : []),
              t('programme.retention', { n: programme.retentionDays }),
            ].join(' · '),
          ],
          [
            t('programme.practice'),
            programme.practiceItems.length === 0 ? null : (
              <NamedList key="p" shelf="items" ids={programme.practiceItems} />
            ),
          ],
        ]}
      />
      {programme.stages.map((stage, index) => (
        <StagePart key={stage.id} stage={stage} number={index + 1} />
      ))}
    </>
  )
}

function StagePart({ stage, number }: { stage: Stage; number: number }) {
  const t = useMessages(trainerMessages)
  const words = useMessages(vocabularyMessages)
  const formats = useFormats()
  const { assessment, cutScore, attempts } = stage
  return (
    <Part
      title={
        <>
          <span className="cap">{t('programme.stage', { n: number })}</span> <Say text={stage.title} />
        </>
      }
    >
      <Prose text={stage.whatToExpect} />
      <Facts
        facts={[
          [
            t('uses.type'),
            `${t(`programme.kind.${assessment.kind}`)} · ${t('programme.limit', { n: assessment.timeLimitMinutes })}`,
          ],
          [
            t('programme.uses'),
            assessment.kind === 'test' ? (
              <Named key="u" shelf="blueprints" id={assessment.blueprint} />
            ) : assessment.kind === 'mock_scenario' ? (
              <NamedList key="u" shelf="scenarios" ids={assessment.scenarios} />
            ) : (
              <Named key="u" shelf="kits" id={assessment.kit} />
            ),
          ],
          [
            t('blueprint.rules'),
            attempts.max === 1
              ? t('programme.attempts.once')
              : t('programme.attempts', { max: attempts.max, days: attempts.cooldownDays }),
          ],
          [
            t('programme.cut'),
            <span key="c" className="num">
              {formats.percent(cutScore.percent)}
            </span>,
          ],
          [t('programme.cut.reason'), <Say key="r" text={cutScore.reason} />],
          [
            t('programme.cuts'),
            stage.competencyCuts.length === 0 ? null : (
              <ul key="cuts" className="ed-list">
                {stage.competencyCuts.map(({ competency, percent }) => (
                  <li key={competency}>
                    {words(`competency.${competency}`)} <span className="num">{formats.percent(percent)}</span>
                  </li>
                ))}
              </ul>
            ),
          ],
        ]}
      />
      {cutScore.experts.length < EXPERTS_WANTED ? <Note>{t('programme.provisional')}</Note> : null}
    </Part>
  )
}
