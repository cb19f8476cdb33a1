import { useEffect, useState } from 'react'

/** Appears where printing can be started from the page; the browser's own menu prints the same. */
export function PrintButton({ label }: { label: string }) {
  const [ready, setReady] = useState(false)
  useEffect(() => setReady(true), [])
  return ready ? (
    <button className="btn dense noprint" type="button" onClick={() => window.print()}>
      {label}
    </button>
  ) : null
}
