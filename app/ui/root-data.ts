import type { Role } from '../core/access/actor.ts'
import type { Preferences } from '../i18n/preferences.ts'

/** What the document knows of its reader, whatever the page (app/root.tsx). */
export type RootData = {
  preferences: Preferences
  demo: boolean
  roles: readonly Role[]
}
