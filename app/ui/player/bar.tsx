/** The bar of the player: what is being taken, whether it is saved, how long is left, and the reading aids. */
import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { PlayerPage } from '../../core/attempt/player-view.ts'
import { LOCALES } from '../../core/shared/locale-names.ts'
import { commonMessages } from '../../i18n/areas/common.ts'
import { playerSentence } from '../../i18n/areas/player-errors.ts'
import { playerMessages, type PlayerText } from '../../i18n/areas/player.ts'
import { useFormats, useLocale, useMessages } from '../../i18n/messages.ts'
import { TEXT_SIZES, THEMES } from '../../i18n/preferences.ts'
import type { QueueStatus } from '../../player/queue-types.ts'
import { Brand } from '../brand.tsx'
import { Icon } from './icons.tsx'
import type { Live } from './use-player.ts'

export function PlayerBar({
  page,
  live,
  keys,
  onKeys,
}: {
  page: PlayerPage
  live: Live
  keys: boolean
  onKeys(on: boolean): void
}) {
  return (
    <header className="bar player-bar">
      <Brand href="/candidate" />
      <p className="what">
        {page.programmeTitle} <span className="cap">/</span> {page.stageTitle}
      </p>
      <span className="grow" />
      <Saved
        status={live.queue?.status ?? { kind: 'saved', at: page.lastSavedAt ? Date.parse(page.lastSavedAt) : null }}
      />
      <Timer page={page} live={live} />
      <DisplayMenu page={page} live={live} keys={keys} onKeys={onKeys} />
    </header>
  )
}

function Saved({ status }: { status: QueueStatus }) {
  const t = useMessages(playerMessages)
  const formats = useFormats()
  const locale = useLocale()
  const told = savedText(
    status,
    t,
    (at) => formats.time(at),
    (code) => playerSentence(locale, code),
  )
  return (
    <p className={`st saved ${told.tone}`} role="status" title={told.full}>
      <Icon name={told.icon} />
      <span>
        {told.short}
        {told.time ? (
          <>
            {' '}
            <time>{told.time}</time>
          </>
        ) : null}
        {told.long ? <span className="long">{told.long}</span> : null}
      </span>
    </p>
  )
}

type Told = {
  tone: string
  icon: Parameters<typeof Icon>[0]['name']
  short: string
  long?: string
  time?: string
  full?: string
}
function savedText(
  status: QueueStatus,
  t: PlayerText,
  time: (at: number) => string,
  sentence: (code: string) => string,
): Told {
  switch (status.kind) {
    case 'saved':
      return status.at === null
        ? { tone: 'quiet', icon: 'disk', short: t('saved.none') }
        : { tone: '', icon: 'check', short: t('saved.saved'), time: time(status.at) }
    case 'saving':
      return { tone: '', icon: 'disk', short: t('saved.saving') }
    case 'on_device':
      return {
        tone: 'warn',
        icon: 'disk',
        short: t('saved.device'),
        ...(status.waiting > 0 ? { long: t('saved.device.waiting', { n: status.waiting }) } : {}),
      }
    case 'not_saved':
      return { tone: 'bad', icon: 'octagon', short: t('saved.not'), full: sentence(status.code) }
    case 'elsewhere':
      return { tone: 'warn', icon: 'devices', short: t('saved.elsewhere') }
  }
}

const FIVE_MINUTES = 300_000
const HIDDEN = 'poise-timer-hidden'

function Timer({ page, live }: { page: PlayerPage; live: Live }) {
  const t = useMessages(playerMessages)
  const formats = useFormats()
  const [hidden, setHidden] = useState(false)
  useEffect(() => setHidden(sessionStorage.getItem(HIDDEN) === '1'), [])
  const { remainingMs, sectionRemainingMs } = live
  const within5 = (ms: number | null): boolean => ms !== null && ms <= FIVE_MINUTES
  const low = within5(remainingMs)
  // It comes back by itself when it matters.
  const matters = low || within5(sectionRemainingMs)
  const shown = !hidden || matters || live.paused
  const hide = (yes: boolean): void => {
    sessionStorage.setItem(HIDDEN, yes ? '1' : '0')
    setHidden(yes)
  }
  const { deadlineAt: deadline, sectionDeadlineAt } = live.queue?.clock ?? page.clock
  const whole = (): ReactNode => {
    if (remainingMs === null || deadline === null) return <span className="lab">{t('timer.none')}</span>
    return (
      <>
        {live.paused ? (
          <span className="lab">{t('timer.paused')}</span>
        ) : low ? (
          <span className="lab keep">{t('timer.under5')}</span>
        ) : (
          <span className="lab">{live.ready ? t('timer.left') : t('timer.ends')}</span>
        )}
        {!live.ready ? (
          <time dateTime={new Date(deadline).toISOString()}>{formats.clock(deadline)}</time>
        ) : shown ? (
          <time>{formats.countdown(remainingMs)}</time>
        ) : (
          <span className="lab keep">{t('timer.hidden')}</span>
        )}
      </>
    )
  }
  return (
    <>
      <div className={`timer ${low ? 'low' : ''}`} role="timer" aria-label={t('timer.label')}>
        {whole()}
        {sectionRemainingMs !== null && sectionDeadlineAt !== null && (shown || !live.ready) ? (
          <span className="sect">
            {t(live.ready ? 'timer.section' : 'timer.section.ends')}{' '}
            <time>{live.ready ? formats.countdown(sectionRemainingMs) : formats.clock(sectionDeadlineAt)}</time>
          </span>
        ) : null}
      </div>
      {live.ready && !matters && (remainingMs ?? sectionRemainingMs) !== null ? (
        <button
          type="button"
          className="btn bare dense"
          aria-label={t(hidden ? 'timer.show' : 'timer.hide')}
          onClick={() => hide(!hidden)}
        >
          <Icon name={hidden ? 'eye' : 'eyeOff'} />
        </button>
      ) : null}
      <Announcements live={live} deadline={deadline} />
    </>
  )
}

/** The least first: a clock that jumps over several is told the last. */
const THRESHOLDS = [
  [60_000, 'announce.1'],
  [300_000, 'announce.5'],
  [600_000, 'announce.10'],
] as const

/**
 * Polite words at 10, 5 and 1 minute, at a changed end, and when the clock runs again; the timer itself is no live
 * region.
 */
function Announcements({ live, deadline }: { live: Live; deadline: number | null }) {
  const t = useMessages(playerMessages)
  const formats = useFormats()
  const [text, setText] = useState('')
  const before = useRef<{
    remaining: number | null
    section: number | null
    deadline: number | null
    paused: boolean
  } | null>(null)
  useEffect(() => {
    if (!live.ready) return
    const last = before.current
    const { remainingMs: remaining, sectionRemainingMs: section, paused } = live
    before.current = { remaining, section, deadline, paused }
    if (!last) return
    const crossed = (mark: number, from: number | null, to: number | null): boolean =>
      from !== null && to !== null && from > mark && to <= mark
    for (const [mark, key] of THRESHOLDS) if (crossed(mark, last.remaining, remaining)) return setText(t(key))
    if (crossed(0, last.section, section)) return setText(t('section.over'))
    if (crossed(60_000, last.section, section)) return setText(t('announce.section.1'))
    if (crossed(300_000, last.section, section)) return setText(t('announce.section.5'))
    if (last.paused && !paused && remaining !== null)
      return setText(t('announce.resumed', { time: formats.countdown(remaining) }))
    if (
      !paused &&
      !last.paused &&
      last.deadline !== null &&
      deadline !== null &&
      Math.abs(deadline - last.deadline) > 1_000
    )
      setText(t('announce.granted', { time: formats.clock(deadline) }))
  })
  return (
    <p className="vh" role="log" aria-live="polite">
      {text}
    </p>
  )
}

const setCookie = (name: string, value: string): void => {
  document.cookie = `${name}=${value}; Path=/; SameSite=Lax; Max-Age=31536000${location.protocol === 'https:' ? '; Secure' : ''}`
}
const OF_HTML = { theme: 'theme', size: 'size', contrast: 'contrast' } as const
const DEFAULTS: Record<string, string> = { theme: 'system', size: 'normal', contrast: 'normal' }

/** A `details`: it opens without scripts, and its buttons save before they act. */
function DisplayMenu({
  page,
  live,
  keys,
  onKeys,
}: {
  page: PlayerPage
  live: Live
  keys: boolean
  onKeys(on: boolean): void
}) {
  const t = useMessages(playerMessages)
  const common = useMessages(commonMessages)
  const formats = useFormats()
  const locale = useLocale()
  const menu = useRef<HTMLDetailsElement>(null)
  const [chosen, setChosen] = useState<Record<string, string>>({})
  useEffect(() => {
    const data = document.documentElement.dataset
    setChosen({ theme: data.theme ?? 'system', size: data.size ?? 'normal', contrast: data.contrast ?? 'normal' })
    const close = (event: Event): void => {
      if (menu.current?.open && event.target instanceof Node && !menu.current.contains(event.target))
        menu.current.open = false
    }
    const onEscape = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || !menu.current?.open) return
      menu.current.open = false
      menu.current.querySelector('summary')?.focus()
    }
    document.addEventListener('pointerdown', close)
    document.addEventListener('keydown', onEscape)
    return () => {
      document.removeEventListener('pointerdown', close)
      document.removeEventListener('keydown', onEscape)
    }
  }, [])
  const set = (name: keyof typeof OF_HTML, value: string) => (event: React.MouseEvent) => {
    event.preventDefault()
    setCookie(name, value)
    if (value === DEFAULTS[name]) delete document.documentElement.dataset[OF_HTML[name]]
    else document.documentElement.dataset[OF_HTML[name]] = value
    setChosen((all) => ({ ...all, [name]: value }))
  }
  const option = (name: keyof typeof OF_HTML, value: string, label: string): ReactNode => (
    <button
      key={value}
      className="btn dense"
      type="submit"
      name="go"
      value={`set:${name}:${value}`}
      aria-pressed={chosen[name] === value}
      onClick={set(name, value)}
    >
      {label}
    </button>
  )
  return (
    <details className="menu aa" ref={menu}>
      <summary className="btn bare dense" aria-label={t('display.button')}>
        <Icon name="letters" />
      </summary>
      <div className="menu-in">
        <h2 className="b">{t('display.title')}</h2>
        <div className="set" role="group" aria-label={t('display.language')}>
          <p className="cap">{t('display.language')}</p>
          {page.switchLanguage ? (
            <p className="row">
              {LOCALES.map((other) => (
                <button
                  key={other}
                  className="btn dense"
                  type="submit"
                  name="go"
                  value={`lang:${other}`}
                  lang={other}
                  aria-pressed={other === page.contentLocale && other === locale}
                >
                  {common(`locale.${other}`)}
                </button>
              ))}
            </p>
          ) : (
            <p>{t('display.language.fixed', { language: common(`locale.${page.contentLocale}`) })}</p>
          )}
        </div>
        <div className="set" role="group" aria-label={common('prefs.size')}>
          <p className="cap">{common('prefs.size')}</p>
          <p className="row">{TEXT_SIZES.map((size) => option('size', size, common(`size.${size}`)))}</p>
        </div>
        <div className="set" role="group" aria-label={common('label.theme')}>
          <p className="cap">{common('label.theme')}</p>
          <p className="row">{THEMES.map((theme) => option('theme', theme, common(`theme.${theme}`)))}</p>
        </div>
        <div className="set" role="group" aria-label={common('prefs.contrast')}>
          <p className="cap">{common('prefs.contrast')}</p>
          <p className="row">
            {(['normal', 'high'] as const).map((contrast) =>
              option('contrast', contrast, common(`contrast.${contrast}`)),
            )}
          </p>
        </div>
        {live.ready ? (
          <div className="set" role="group" aria-label={t('display.keys')}>
            <p className="cap">{t('display.keys')}</p>
            <p className="row">
              {([true, false] as const).map((on) => (
                <button
                  key={String(on)}
                  className="btn dense"
                  type="button"
                  aria-pressed={keys === on}
                  onClick={() => {
                    setCookie('keys', on ? 'on' : 'off')
                    onKeys(on)
                  }}
                >
                  {t(on ? 'display.keys.on' : 'display.keys.off')}
                </button>
              ))}
            </p>
          </div>
        ) : null}
        {page.breakLeftMs > 0 && !live.paused ? (
          <div className="set">
            <p className="cap">{t('display.break.left', { time: formats.duration(page.breakLeftMs) })}</p>
            <button className="btn dense" type="submit" name="go" value="break">
              {t('display.break.take')}
            </button>
          </div>
        ) : null}
        <div className="set">
          <p className="cap">{t('display.leave.help')}</p>
          <button className="btn dense" type="submit" name="go" value="overview">
            {t('display.leave')}
          </button>
        </div>
      </div>
    </details>
  )
}
