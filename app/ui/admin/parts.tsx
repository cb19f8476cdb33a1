/** Small parts that every page of the admin's room is made of. */
import { Form, Link } from '@remix-run/react'
import { AlertOctagon, CheckCircle2, Circle, Clock, CloudOff, Info, TriangleAlert, type LucideIcon } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { adminMessages } from '../../i18n/areas/admin.ts'
import { commonMessages } from '../../i18n/areas/common.ts'
import { useMessages } from '../../i18n/messages.ts'
import { Note } from '../primitives/note.tsx'

const ICONS = {
  ok: CheckCircle2,
  warn: TriangleAlert,
  bad: AlertOctagon,
  acc: Info,
  late: Clock,
  off: CloudOff,
  none: Circle,
} satisfies Record<string, LucideIcon>
const COLOURS = { ok: 'ok', warn: 'warn', bad: 'bad', acc: 'acc', late: 'warn', off: 'warn', none: '' } as const
export type Tone = keyof typeof ICONS

/** Status: shape, word and colour, always the three together. */
export function Status({ tone, children }: { tone: Tone; children: ReactNode }) {
  const Icon = ICONS[tone]
  return (
    <span className={`st ${COLOURS[tone]}`}>
      <Icon className="i s" aria-hidden="true" />
      {children}
    </span>
  )
}

export function PageHead({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="row page-head">
      <h1 className="title grow">{title}</h1>
      {children}
    </div>
  )
}

export function Empty({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children}
    </div>
  )
}

/** Filters in the URL: a plain GET form, and a way to drop them. */
export function Filters({ children, active, clear }: { children: ReactNode; active: boolean; clear: string }) {
  const t = useMessages(adminMessages)
  return (
    <Form method="get" className="filters noprint" role="search">
      {children}
      <button className="btn" type="submit">
        {t('filter.apply')}
      </button>
      {active ? (
        <Link className="btn bare" to={clear}>
          {t('filter.clear')}
        </Link>
      ) : null}
    </Form>
  )
}

/** A link that is shown once. The button appears where copying works; the text can be selected in any case. */
export function CopyLink({ name, url }: { name: string; url: string }) {
  const t = useMessages(adminMessages)
  const common = useMessages(commonMessages)
  const [canCopy, setCanCopy] = useState(false)
  const [copied, setCopied] = useState(false)
  useEffect(() => setCanCopy(typeof navigator.clipboard?.writeText === 'function'), [])
  useEffect(() => setCopied(false), [url])
  return (
    <Note tone="ok" focus>
      <p className="b">{t('link.title', { name })}</p>
      <p>{t('link.body', { name })}</p>
      <div className="row copy-link">
        <input
          className="in num"
          readOnly
          value={url}
          aria-label={t('link.label')}
          onFocus={(event) => event.currentTarget.select()}
        />
        {canCopy ? (
          <button
            className="btn"
            type="button"
            onClick={() => void navigator.clipboard.writeText(url).then(() => setCopied(true))}
          >
            {copied ? common('action.copied') : common('action.copy')}
          </button>
        ) : null}
        <span className="vh" role="status">
          {copied ? common('action.copied') : ''}
        </span>
      </div>
    </Note>
  )
}

/** What an action has done, said once at the top of the page. */
export function DoneNote({ children }: { children: ReactNode }) {
  return (
    <Note tone="ok" focus>
      {children}
    </Note>
  )
}
