import { RemixBrowser } from '@remix-run/react'
import { startTransition, StrictMode } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { isOutsideStaff, isStaffPath } from './areas/manifest.ts'

// A page outside the rooms of staff does not know them (entry.server.tsx), and Back may lead into one from a page that
// did.
if (isOutsideStaff(Object.keys(window.__remixManifest.routes)))
  window.addEventListener('popstate', (event) => {
    if (!isStaffPath(location.pathname)) return
    // The router would find nothing there.
    event.stopImmediatePropagation()
    location.reload()
  })

startTransition(() => {
  hydrateRoot(
    document,
    <StrictMode>
      <RemixBrowser />
    </StrictMode>,
  )
})
