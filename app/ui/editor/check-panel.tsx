/**
 * What the item check says, worst first. Warnings may be left to stand with a reason, which travels with the item's
 * form.
 */
import { AlertOctagon, CheckCircle2, CircleDot, TriangleAlert } from 'lucide-react'
import type { CheckReply } from '../../core/bank/editing/view.ts'
import type { Finding } from '../../core/bank/finding.ts'
import { errorSentence } from '../../i18n/areas/errors.ts'
import { trainerMessages } from '../../i18n/areas/trainer.ts'
import { findingText } from '../../i18n/bank-findings.ts'
import { useLocale, useMessages } from '../../i18n/messages.ts'
import { fieldId, fieldName, placeName } from './paths.ts'

/** Rule → reason, as typed. */
export type Reasons = Readonly<Record<string, string>>

const rank = (finding: Finding): number => (finding.severity === 'error' ? 0 : finding.waived === undefined ? 1 : 2)

export function CheckPanel(props: {
  check: CheckReply
  pending: boolean
  formId: string
  inForm: boolean
  reasons: Reasons
  onReason(rule: string, reason: string): void
}) {
  const { check, pending, reasons } = props
  const t = useMessages(trainerMessages)
  const findings = [...check.findings].sort((a, b) => rank(a) - rank(b))
  const errors = findings.filter((f) => rank(f) === 0).length + check.problems.length
  const warnings = findings.filter((f) => rank(f) === 1).length
  const rules = [
    ...new Set([...findings.filter((f) => f.severity === 'warning').map((f) => f.code), ...Object.keys(reasons)]),
  ]
  const first = new Map(findings.map((finding, index) => [finding.code, index] as const).reverse())
  return (
    <section aria-labelledby="check-title" className="ed-check">
      <div className="ed-h">
        <h2 id="check-title">{t('check.title')}</h2>
        <span className="cap" role="status">
          {errors + warnings === 0 ? t('check.count.none') : t('check.count', { errors, warnings })}
          {pending ? ` · ${t('check.pending')}` : ''}
        </span>
      </div>
      {check.problems.length > 0 ? <Incomplete problems={check.problems} linked={props.inForm} /> : null}
      {findings.map((finding, index) => (
        <OneFinding key={`${finding.code} ${finding.path} ${index}`} finding={finding} linked={props.inForm}>
          {props.inForm && finding.severity === 'warning' && first.get(finding.code) === index ? (
            <Waiver
              formId={props.formId}
              rule={finding.code}
              at={rules.indexOf(finding.code)}
              reason={reasons[finding.code] ?? ''}
              onReason={props.onReason}
            />
          ) : null}
        </OneFinding>
      ))}
      {props.inForm
        ? rules.map((rule, at) =>
            findings.some((f) => f.code === rule) ? null : (
              <span key={rule} hidden>
                <input type="hidden" form={props.formId} name={`waivers.${at}.rule`} value={rule} />
                <input type="hidden" form={props.formId} name={`waivers.${at}.reason`} value={reasons[rule] ?? ''} />
              </span>
            ),
          )
        : null}
      {errors + findings.length === 0 ? (
        <div className="ed-fd">
          <CheckCircle2 className="i ok" aria-hidden="true" />
          <b>{t('check.clean')}</b>
          <p>{t('check.clean.body')}</p>
        </div>
      ) : null}
    </section>
  )
}

function Incomplete({ problems, linked }: { problems: CheckReply['problems']; linked: boolean }) {
  const t = useMessages(trainerMessages)
  const locale = useLocale()
  return (
    <div className="ed-fd">
      <AlertOctagon className="i bad" aria-hidden="true" />
      <b>{t(linked ? 'check.incomplete' : 'check.in_the_way', { n: problems.length })}</b>
      <ul>
        {problems.map(({ path, code }) => (
          <li key={`${path} ${code}`}>
            {linked ? (
              <a href={`#${fieldId(fieldName(path))}`}>{placeName(t, path)}</a>
            ) : (
              <span>{placeName(t, path)}</span>
            )}{' '}
            {errorSentence(locale, code)}
          </li>
        ))}
      </ul>
    </div>
  )
}

const STALE = /^languages\.(zh-CN|en)\.checkedAgainst$/
/**
 * The field of a finding: where no language is named, the Chinese one; for a stale translation, the tick that ends it.
 */
function targetOf(path: string): string {
  const stale = STALE.exec(path)
  if (stale) return `compared.${stale[1]}`
  return /\.(zh-CN|en)$/.test(path) || !/(^|\.)(stem|text|prompt|rationale)$/.test(path) ? path : `${path}.zh-CN`
}

function OneFinding({ finding, linked, children }: { finding: Finding; linked: boolean; children: React.ReactNode }) {
  const t = useMessages(trainerMessages)
  const locale = useLocale()
  const { message, hint, guideline } = findingText(locale, finding)
  const stale = STALE.exec(finding.path)?.[1] as 'zh-CN' | 'en' | undefined
  const line = finding.params.line
  return (
    <div className="ed-fd">
      {finding.severity === 'error' ? (
        <AlertOctagon className="i bad" aria-hidden="true" />
      ) : finding.waived === undefined ? (
        <TriangleAlert className="i warn" aria-hidden="true" />
      ) : (
        <CircleDot className="i acc" aria-hidden="true" />
      )}
      <b>{stale ? t(`check.stale.${stale}`) : message}</b>
      <p>
        {stale ? (
          t('check.stale.hint')
        ) : (
          <Hint text={hint} foreign={finding.code === 'file.yaml' ? String(finding.params.problem) : ''} />
        )}
      </p>
      {guideline ? (
        <p className="cap">
          {t('check.guideline', { name: guideline })} <span className="num">{finding.guideline}</span>
        </p>
      ) : null}
      {finding.path === '' ? null : linked ? (
        <a href={`#${fieldId(fieldName(targetOf(finding.path)))}`}>
          {t('check.goto', { where: stale ? t(`lang.compare.${stale}`) : placeName(t, finding.path) })}
        </a>
      ) : (
        <p className="cap num">
          {typeof line === 'number'
            ? t('check.at_line', { line, path: finding.path })
            : t('check.at', { path: finding.path })}
        </p>
      )}
      {finding.waived === undefined ? null : (
        <p className="cap">
          {t('check.waived')}: {finding.waived}
        </p>
      )}
      {children}
    </div>
  )
}

/** The parser speaks English to everybody; a screen reader is told so. */
function Hint({ text, foreign }: { text: string; foreign: string }) {
  const at = foreign === '' ? -1 : text.indexOf(foreign)
  if (at < 0) return text
  return (
    <>
      {text.slice(0, at)}
      <span lang="en">{foreign}</span>
      {text.slice(at + foreign.length)}
    </>
  )
}

function Waiver(props: {
  formId: string
  rule: string
  at: number
  reason: string
  onReason(rule: string, reason: string): void
}) {
  const t = useMessages(trainerMessages)
  const id = `waiver-${props.rule.replaceAll('.', '-')}`
  return (
    <details className="ed-waiver" open={props.reason !== '' || undefined}>
      <summary>{t('check.let')}</summary>
      <input type="hidden" form={props.formId} name={`waivers.${props.at}.rule`} value={props.rule} />
      <label htmlFor={id}>{t('check.reason')}</label>
      <textarea
        id={id}
        className="in"
        rows={2}
        form={props.formId}
        name={`waivers.${props.at}.reason`}
        aria-describedby={`${id}-help`}
        defaultValue={props.reason}
        onChange={(event) => props.onReason(props.rule, event.target.value)}
      />
      <span className="cap" id={`${id}-help`}>
        {t('check.reason.help')}
      </span>
    </details>
  )
}
