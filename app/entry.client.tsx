import { RemixBrowser } from '@remix-run/react'
import { startTransition, StrictMode } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { isOutsideStaff, isStaffPath } from './areas/manifest.ts'
import { openKinds } from './ui/kinds/registry.ts'

// A page outside the rooms of staff does not know them (entry.server.tsx), and Back may lead into one from a page that
// did.
if (isOutsideStaff(Object.keys(window.__remixManifest.routes)))
  window.addEventListener('popstate', (event) => {
    if (!isStaffPath(location.pathname)) return
    // The router would find nothing there.
    event.stopImmediatePropagation()
    location.reload()
  })

// The page works as a plain form until the controls on it can be taken over.
const kinds = [...document.querySelectorAll<HTMLElement>('[data-kind]')].map(({ dataset }) => dataset.kind ?? '')
void openKinds(kinds).then(() =>
  startTransition(() => {
    hydrateRoot(
      document,
      <StrictMode>
        <RemixBrowser />
      </StrictMode>,
    )
  }),
)
