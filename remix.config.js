/**
 * Options of the Remix Vite plugin; vite.config.ts passes them on, so this file is true. Single fetch and lazy route
 * discovery stay off: without them no turbo-stream is on the wire and /__manifest does not exist
 * (docs/decisions/0001-remix-v2.md).
 *
 * @type {import('@remix-run/dev').VitePluginConfig}
 */
export default {
  appDirectory: 'app',
  buildDirectory: 'build',
  ssr: true,
  future: {
    v3_fetcherPersist: true,
    v3_relativeSplatPath: true,
    v3_throwAbortReason: true,
    v3_routeConfig: true,
    v3_singleFetch: false,
    v3_lazyRouteDiscovery: false,
  },
}
