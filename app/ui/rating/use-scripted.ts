/** Whether scripts run on the page that is shown. */
import { useEffect, useState } from 'react'

/** True once scripts run: until then the plain forms show. */
export function useScripted(): boolean {
  const [scripted, setScripted] = useState(false)
  useEffect(() => setScripted(true), [])
  return scripted
}
