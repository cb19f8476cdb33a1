import { adminMessages } from '../../i18n/areas/admin.ts'
import { useLocale } from '../../i18n/messages.ts'

/** Words for what the trail records; a code that is new to this page is shown as it is. */
export function useAuditWords(): { action(code: string): string; subject(type: string): string } {
  const texts: Readonly<Record<string, string>> = adminMessages[useLocale()]
  const word = (key: string, code: string): string => (Object.hasOwn(texts, key) ? (texts[key] ?? code) : code)
  return {
    action: (code) => word(`audit.action.${code}`, code),
    subject: (type) => word(`audit.subject.${type}`, type),
  }
}
