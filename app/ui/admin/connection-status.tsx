/** What is known of a candidate's page. */
import { adminMessages } from '../../i18n/areas/admin.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { Status } from './parts.tsx'

export function ConnectionStatus({
  connection: { state, since },
}: {
  connection: { state: 'unseen' | 'connected' | 'lost'; since: string | null }
}) {
  const t = useMessages(adminMessages)
  const formats = useFormats()
  const at = since ? formats.time(since) : '–'
  if (state === 'connected') {
    return (
      <>
        <Status tone="ok">{t('live.connected')}</Status>
        <span className="cap block nowrap">{t('live.last_seen', { at })}</span>
      </>
    )
  }
  return state === 'unseen' ? (
    <Status tone="none">{t('live.unseen', { at })}</Status>
  ) : (
    <Status tone="off">{t('live.disconnected', { at })}</Status>
  )
}
