import { vitePlugin as remix } from '@remix-run/dev'
import { defineConfig, type Plugin } from 'vite'
import remixConfig from './remix.config.js'

/** Single fetch is off, so nothing that a browser receives is a turbo-stream: its decoder (GHSA-rxv8-25v2-qmq8, no 2.x fix) stays at home. */
const noTurboStream: Plugin = {
  name: 'no-turbo-stream',
  enforce: 'pre',
  resolveId: (id, _importer, { ssr }) => (id === 'turbo-stream' && !ssr ? '\0no-turbo-stream' : null),
  load: (id) => (id === '\0no-turbo-stream' ? 'const off = () => { throw new Error("single fetch is off") }; export { off as decode, off as encode }' : null),
}

export default defineConfig({
  // Vitest reads this file too and must not start a Remix build.
  plugins: [noTurboStream, process.env.VITEST ? null : remix(remixConfig)],
  publicDir: 'app/ui/public',
  build: { target: 'es2022', assetsInlineLimit: 0 },
})
