/** How long a candidate has, from when until when, and how often. */
import type { StagePage } from '../../../core/attempt/stage-view.ts'
import { candidateMessages } from '../../../i18n/areas/candidate.ts'
import { useFormats, useMessages } from '../../../i18n/messages.ts'
import { Told } from '../told.tsx'

export function Time({ page }: { page: StagePage }) {
  const t = useMessages(candidateMessages)
  const formats = useFormats()
  const { limitMs, closesAt } = page.stage
  const endless = page.wouldEndAt === null
  const zone = formats.zone(closesAt ?? page.opensAt)
  return (
    <section className="sec">
      <h2>{t('before.time')}</h2>
      <dl className="facts big">
        <dt>{t('before.time.limit')}</dt>
        <dd>
          <span className="b num">{limitMs === null ? t('before.time.no_limit') : formats.duration(limitMs)}</span>
          {page.wouldEndAt && page.ready === null ? (
            <span className="cap">
              {' '}
              {t('before.time.if_now')}{' '}
              <time>{t('before.time.ends', { time: formats.clock(page.wouldEndAt), zone })}</time>
            </span>
          ) : null}
        </dd>
        <dt>{t('before.time.window')}</dt>
        <dd>
          <span className="num">
            {closesAt === null
              ? t('before.time.window.from', { from: formats.dateTime(page.opensAt), zone })
              : t('before.time.window.value', {
                  from: formats.dateTime(page.opensAt),
                  until: formats.dateTime(closesAt),
                  zone,
                })}
          </span>
          <span className="cap line">
            {t(
              closesAt === null
                ? 'before.time.window.never'
                : page.windowGates === 'start'
                  ? 'before.time.window.start'
                  : 'before.time.window.end',
            )}
          </span>
        </dd>
        {page.breaksMs > 0 && !endless ? (
          <>
            <dt>{t('before.time.breaks')}</dt>
            <dd>
              <span className="num">{t('before.time.breaks.value', { time: formats.duration(page.breaksMs) })}</span>
              <span className="cap line">{t('before.time.breaks.how')}</span>
            </dd>
          </>
        ) : null}
        <dt>{t('before.time.attempts')}</dt>
        <dd>
          <span className="num">
            {t('before.time.attempts.value', { max: page.stage.maxAttempts, left: page.stage.attemptsLeft })}
          </span>
          {page.stage.maxAttempts > 1 && page.stage.cooldownDays > 0 ? (
            <span className="cap line">{t('before.time.cooldown', { days: page.stage.cooldownDays })}</span>
          ) : null}
        </dd>
      </dl>
      {page.shortenedByWindow && page.windowGates === 'end' ? (
        <Told tone="warn">{t('before.time.shortened')}</Told>
      ) : null}
      <p className="cap">
        {endless
          ? t('before.time.endless')
          : `${t(page.breaksMs > 0 ? 'before.time.no_pause_but_breaks' : 'before.time.no_pause')} ${t('before.time.allowance', { seconds: page.stage.latencyAllowanceSeconds })}`}
      </p>
    </section>
  )
}
