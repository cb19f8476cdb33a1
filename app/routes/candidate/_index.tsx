/** The programme: its stages as a calm list, each with its state and the next step. */
import { json, type LoaderFunctionArgs } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { requireActor } from '../../http/visit.server.ts'
import { candidateMessages, type CandidateKey, type CandidateText } from '../../i18n/areas/candidate.ts'
import { errorSentence } from '../../i18n/areas/errors.ts'
import type { Formats } from '../../i18n/format.ts'
import { useFormats, useLocale, useMessages } from '../../i18n/messages.ts'
import { candidateOverview } from '../../services/candidate/overview.server.ts'
import { CandidateBar } from '../../ui/player/candidate-bar.tsx'
import { Icon, type IconName } from '../../ui/player/icons.tsx'
import { Told } from '../../ui/player/told.tsx'
import { titledBy } from '../../ui/titled.ts'

export const meta = titledBy(candidateMessages)('overview.title')

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor, locale, receivedAt } = await requireActor(args, 'candidate')
  return json({ overview: await candidateOverview(deps, actor, locale, receivedAt) })
}

type Stage = NonNullable<Awaited<ReturnType<typeof candidateOverview>>>['stages'][number]

const ICON: Record<Stage['state'], IconName> = {
  locked: 'lock',
  waiting: 'clock',
  open: 'right',
  running: 'clock',
  handed_in: 'check',
  released: 'circleCheck',
  over: 'lock',
}

export default function Overview() {
  const t = useMessages(candidateMessages)
  const formats = useFormats()
  const { overview } = useLoaderData<typeof loader>()
  if (!overview) {
    return (
      <>
        <CandidateBar />
        <main id="main" className="doc narrow">
          <div className="empty">
            <h1 className="title">{t('overview.none.title')}</h1>
            <p>{t('overview.none.body')}</p>
          </div>
        </main>
      </>
    )
  }
  const primary =
    overview.stages.find((stage) => stage.state === 'running') ??
    overview.stages.find((stage) => stage.state === 'open')
  return (
    <>
      <CandidateBar />
      <main id="main" className="doc cand">
        <p className="cap">{t('overview.title')}</p>
        <h1 className="headline">{overview.displayTitle}</h1>
        <p className="lede">{overview.summary}</p>
        <p className="lede">{windowSentence(overview, t, formats)}</p>
        {overview.provisional ? <Told tone="warn">{t(`overview.provisional.${overview.outcome}`)}</Told> : null}
        <h2 className="vh">{t('overview.stages')}</h2>
        <ol className="stages">
          {overview.stages.map((stage) => (
            <StageRow
              key={stage.id}
              stage={stage}
              primary={stage === primary}
              ownEnd={overview.endsByStage && stage.closesAt !== null}
            />
          ))}
        </ol>
        <div className="asides">
          {overview.hasPractice ? (
            <p>
              <Link to="/candidate/practice">{t('overview.practice')}</Link>{' '}
              <span className="cap">{t('overview.practice.help')}</span>
            </p>
          ) : null}
          {overview.languageRequirement ? (
            <p>
              <span className="b">{t('overview.language')}</span>{' '}
              <span className="cap">{overview.languageRequirement}</span>
            </p>
          ) : null}
        </div>
      </main>
    </>
  )
}

function windowSentence(
  {
    closesAt,
    endsByStage,
    windowGates,
    limitless,
  }: { closesAt: string | null; endsByStage: boolean; windowGates: 'start' | 'end'; limitless: boolean },
  t: CandidateText,
  formats: Formats,
): string {
  if (endsByStage) return t('overview.window.by_stage')
  if (closesAt === null) return t('overview.window.never')
  return t(
    windowGates === 'end'
      ? 'overview.window.end'
      : limitless
        ? 'overview.window.start_limitless'
        : 'overview.window.start',
    { closes: formats.dateTime(closesAt), zone: formats.zone(closesAt) },
  )
}

function StageRow({ stage, primary, ownEnd }: { stage: Stage; primary: boolean; ownEnd: boolean }) {
  const t = useMessages(candidateMessages)
  const formats = useFormats()
  const locale = useLocale()
  const interviewed = stage.kind !== 'test'
  const stateKey: CandidateKey =
    stage.state === 'waiting' && interviewed ? 'stage.state.waiting_mock' : `stage.state.${stage.state}`
  const next = nextStep(stage)
  const again =
    stage.attemptsLeft > 0 && (stage.state === 'released' || stage.state === 'handed_in') && stage.maxAttempts > 1
  return (
    <li className={`stage ${stage.state}`}>
      <span className="n num" aria-hidden="true">
        {stage.number}
      </span>
      <div className="body">
        <h3>
          <span className="vh">{t('stage.number', { n: stage.number })}: </span>
          {stage.title}
        </h3>
        <p className="cap">
          {stage.limitMs === null
            ? t(`stage.kind.${stage.kind}.limitless`)
            : t(`stage.kind.${stage.kind}`, { time: formats.duration(stage.limitMs) })}
          {ownEnd && stage.closesAt
            ? ` · ${t('stage.closes', { closes: formats.dateTime(stage.closesAt), zone: formats.zone(stage.closesAt) })}`
            : null}
        </p>
        <p
          className={`st ${stage.state === 'released' ? 'ok' : stage.state === 'running' ? 'warn' : stage.state === 'open' ? 'acc' : ''}`}
        >
          <Icon name={ICON[stage.state]} small />
          {t(stateKey)}
          {stage.attempt?.finishedAt && stage.state !== 'running' ? (
            <time className="cap">{formats.dateTime(stage.attempt.finishedAt)}</time>
          ) : null}
        </p>
        {stage.blocked &&
        (!interviewed || stage.blocked.code === 'start.identity_first') &&
        ['waiting', 'over'].includes(stage.state) ? (
          <p className="cap">
            {errorSentence(locale, stage.blocked.code, sentenceParams(stage.blocked.params, formats.dateTime))}
          </p>
        ) : null}
        {again ? (
          <p className="cap">
            <Link to={`/candidate/stage/${stage.id}`}>{t('stage.again', { n: stage.attemptsLeft })}</Link>
          </p>
        ) : null}
      </div>
      {next ? (
        <Link className={`btn touch ${primary ? 'pri' : ''}`} to={next.to} reloadDocument={next.reload}>
          {t(next.label)}
        </Link>
      ) : null}
    </li>
  )
}

/** Instants in a failure's parameters are milliseconds; people read dates. */
function sentenceParams(
  params: Readonly<Record<string, string | number>> | undefined,
  dateTime: (at: number) => string,
): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(params ?? {}).map(([name, value]) => [
      name,
      name.endsWith('At') && typeof value === 'number' ? dateTime(value) : value,
    ]),
  )
}

function nextStep(stage: Stage): { to: string; label: CandidateKey; reload?: boolean } | null {
  const page = `/candidate/stage/${stage.id}`
  switch (stage.state) {
    case 'running':
      return stage.kind === 'test' && stage.attempt
        ? { to: `/candidate/attempt/${stage.attempt.id}`, label: 'stage.next.continue', reload: true }
        : { to: page, label: 'stage.next.read' }
    case 'released':
      return stage.attempt ? { to: `/candidate/attempt/${stage.attempt.id}/result`, label: 'stage.next.result' } : null
    case 'handed_in':
      return stage.attempt && stage.kind === 'test'
        ? { to: `/candidate/attempt/${stage.attempt.id}/receipt`, label: 'stage.next.receipt' }
        : { to: page, label: 'stage.next.read' }
    case 'open':
      return { to: page, label: 'stage.next.start' }
    case 'waiting':
      return { to: page, label: 'stage.next.read' }
    case 'locked':
    case 'over':
      return null
  }
}
