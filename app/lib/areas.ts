// Which pages know of which: the pages of candidates and of everybody carry no list of the rooms of staff.

const OF_STAFF = /^\/(interviewer|trainer|admin)(\/|$)/
const ROUTE_OF_STAFF = /^(areas|routes)\/(interviewer|trainer|admin)\b/

/** Whether a path leads into a room of staff. URLs follow roles. */
export const isStaffPath = (path: string): boolean => OF_STAFF.test(path)

type Manifest = { readonly url: string; readonly routes: Readonly<Record<string, unknown>> }

const isStaffRoute = (id: string): boolean => ROUTE_OF_STAFF.test(id)

/**
 * The manifest of a page outside the rooms of staff: the same without their routes, at an address of its own. It is
 * written beside the whole one when the pages are built.
 */
export function withoutStaff<M extends Manifest>(manifest: M): M {
  return {
    ...manifest,
    url: manifest.url.replace(/manifest-(\w+\.js)$/, 'manifest-candidate-$1'),
    routes: Object.fromEntries(Object.entries(manifest.routes).filter(([id]) => !isStaffRoute(id))),
  }
}

/** Whether a page with these routes can do with that manifest. */
export const isOutsideStaff = (routeIds: readonly string[]): boolean => !routeIds.some(isStaffRoute)
