/**
 * URLs follow roles: one folder and one layout per role. A layout is not the security gate; every loader checks its
 * actor.
 */
import { flatRoutes } from '@remix-run/fs-routes'
import { layout, prefix, type RouteConfig } from '@remix-run/route-config'

const ignoredRouteFiles = ['**/*.test.{ts,tsx}', '**/*.server.{ts,tsx}', '**/*.css']
const area = (name: string) => flatRoutes({ rootDirectory: `routes/${name}`, ignoredRouteFiles })

export default [
  ...(await area('public')),
  ...prefix('resources', await area('resources')),
  ...prefix('candidate', [layout('areas/candidate.tsx', await area('candidate'))]),
  ...prefix('interviewer', [layout('areas/interviewer.tsx', await area('interviewer'))]),
  ...prefix('trainer', [layout('areas/trainer.tsx', await area('trainer'))]),
  ...prefix('admin', [layout('areas/admin.tsx', await area('admin'))]),
] satisfies RouteConfig
