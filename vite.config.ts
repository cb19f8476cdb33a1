import { vitePlugin as remix } from '@remix-run/dev'
import { defineConfig } from 'vite'
import remixConfig from './remix.config.js'

export default defineConfig({
  // Vitest reads this file too and must not start a Remix build.
  plugins: [process.env.VITEST ? null : remix(remixConfig)],
  publicDir: 'app/ui/public',
  build: { target: 'es2022', assetsInlineLimit: 0 },
})
