/** A moment that is promised: the time of day, with the zone while the browser's own is not known. */
import { useFormats } from '../../i18n/messages.ts'

export function useMoment(): (at: string) => string {
  const formats = useFormats()
  return (at) => (formats.zone(at) === 'UTC' ? `${formats.clock(at)} UTC` : formats.clock(at))
}
