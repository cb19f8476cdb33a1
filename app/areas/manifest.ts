// Which pages know which routes: the candidate's and the public pages carry no list of the staff's pages.
import type { Locale } from '../core/shared/locale-names.ts'
import { isOtherLanguage } from '../i18n/text-files.ts'

const OF_STAFF = /^\/(interviewer|trainer|admin)(\/|$)/
const ROUTE_OF_STAFF = /^(areas|routes)\/(interviewer|trainer|admin)\b/

/** Whether a path leads into a room of staff. URLs follow roles. */
export const isStaffPath = (path: string): boolean => OF_STAFF.test(path)

type Loaded = { readonly imports?: readonly string[] }
type Manifest = {
  readonly url: string
  readonly entry: Loaded
  readonly routes: Readonly<Record<string, Loaded>>
}

const isStaffRoute = (id: string): boolean => ROUTE_OF_STAFF.test(id)

/**
 * The manifest of a page outside the rooms of staff: the same without their routes, at an address of its own, and with
 * the texts of one language unless `only` is null. It is written beside the whole one when the pages are built.
 */
export function withoutStaff<M extends Manifest>(manifest: M, only: Locale | null): M {
  const { root } = manifest.routes
  // Every page loads these anyway; named once, they weigh nothing in the lists of the routes.
  const always = new Set([...(manifest.entry.imports ?? []), ...(root?.imports ?? [])])
  const spoken = <L extends Loaded>(loaded: L, known?: ReadonlySet<string>): L =>
    loaded.imports
      ? { ...loaded, imports: loaded.imports.filter((path) => !known?.has(path) && !isOtherLanguage(path, only)) }
      : loaded
  return {
    ...manifest,
    url: manifest.url.replace(/manifest-(\w+\.js)$/, `manifest-candidate${only === null ? '' : `-${only}`}-$1`),
    entry: spoken(manifest.entry),
    routes: Object.fromEntries(
      Object.entries(manifest.routes).flatMap(([id, route]) =>
        isStaffRoute(id) ? [] : [[id, spoken(route, route === root ? undefined : always)]],
      ),
    ),
  }
}

/** Whether that manifest is enough for a page with these routes. */
export const isOutsideStaff = (routeIds: readonly string[]): boolean => !routeIds.some(isStaffRoute)
