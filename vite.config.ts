import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { vitePlugin as remix } from '@remix-run/dev'
import { defineConfig, type Plugin } from 'vite'
import { withoutStaff } from './app/areas/manifest.ts'
import { LOCALES } from './app/core/shared/locale-names.ts'
import { textFileOf } from './app/i18n/text-files.ts'
import remixConfig from './remix.config.js'

/**
 * Single fetch and lazy route discovery are off (remix.config.js), but Remix loads the code of both, and every reader
 * of the player would wait for it. The browser gets these few lines in its place. Nothing that a browser receives is a
 * turbo-stream, so its decoder (GHSA-rxv8-25v2-qmq8, no 2.x fix) stays at home as well.
 */
const OFF: Record<string, string> = {
  './single-fetch.js':
    'export { off as decodeViaTurboStream, off as getSingleFetchDataStrategy, off as singleFetchUrl, off as StreamTransfer }',
  './fog-of-war.js':
    'const no = () => false; const nothing = () => {}; export { no as isFogOfWarEnabled, off as getPartialManifest, nothing as getPatchRoutesOnNavigationFunction, nothing as useFogOFWarDiscovery }',
}
const featuresOff: Plugin = {
  name: 'remix-features-off',
  enforce: 'pre',
  configResolved() {
    const { v3_singleFetch, v3_lazyRouteDiscovery } = remixConfig.future ?? {}
    if (v3_singleFetch || v3_lazyRouteDiscovery)
      throw new Error('vite.config.ts leaves out the code of a Remix feature that remix.config.js has switched on')
  },
  resolveId: (id, importer, { ssr }) =>
    !ssr && Object.hasOwn(OFF, id) && importer?.includes('/@remix-run/react/') ? `\0off:${id}` : null,
  load: (id) =>
    id.startsWith('\0off:')
      ? `const off = () => { throw new Error("this feature is off") }; ${OFF[id.slice(5)] ?? ''}`
      : null,
}

/**
 * What Vite puts around each `import()`, to fetch the style sheets and parts that come with it. The kinds of items have
 * none of their own.
 */
const plainImports: Plugin = {
  name: 'poise-plain-imports',
  enforce: 'pre',
  apply: 'build',
  load: (id) => (id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load()' : null),
}

/**
 * Writes the manifests of the pages outside the rooms of staff. Remix writes the whole one while it builds the server.
 */
const candidateManifests: Plugin = {
  name: 'poise-candidate-manifests',
  apply: (_config, { command, isSsrBuild }) => command === 'build' && isSsrBuild === true,
  writeBundle() {
    const folder = join(import.meta.dirname, 'build/client/assets')
    const whole = readdirSync(folder).filter((name) => /^manifest-\w+\.js$/.test(name))
    if (whole.length !== 1) throw new Error(`There are ${whole.length} manifests in ${folder}`)
    const [, before = '', text = '', after = ''] =
      /^(window\.__remixManifest=)(.*)(;)$/s.exec(readFileSync(join(folder, whole[0] ?? ''), 'utf8')) ?? []
    for (const only of [null, ...LOCALES]) {
      const manifest = withoutStaff(JSON.parse(text) as Parameters<typeof withoutStaff>[0], only)
      writeFileSync(join(folder, manifest.url.split('/').at(-1) ?? ''), before + JSON.stringify(manifest) + after)
    }
  },
}

/** One file of texts may stand in the place of another: each exports one thing, all under the same name. */
const textFiles: Plugin = {
  name: 'poise-text-files',
  apply: (_config, { command, isSsrBuild }) => command === 'build' && isSsrBuild !== true,
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      const names = new Map<string, string>()
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk' || !chunk.name.startsWith('texts-')) continue
        const area = chunk.name.replace(/\..*$/, '')
        const name = /export\s*\{\s*\w+ as (\w+)\s*\};?\s*$/.exec(chunk.code)?.[1]
        if (name === undefined) throw new Error(`${chunk.name} must export one thing`)
        if ((names.get(area) ?? name) !== name) throw new Error(`${area} is exported under two names`)
        names.set(area, name)
      }
    },
  },
}

export default defineConfig(({ isSsrBuild }) => ({
  // Vitest reads this file too and must not start a Remix build.
  plugins: [featuresOff, plainImports, candidateManifests, textFiles, process.env.VITEST ? null : remix(remixConfig)],
  publicDir: 'app/ui/public',
  // Terser takes 3 % more off than esbuild, of bytes that every candidate waits for.
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    // Lists, in every reader's way, what each import() brings along.
    modulePreload: false,
    minify: 'terser',
    terserOptions: { ecma: 2020, module: true, compress: { passes: 3 } },
    rollupOptions: isSsrBuild ? {} : { output: { manualChunks: (id) => textFileOf(id) } },
  },
}))
