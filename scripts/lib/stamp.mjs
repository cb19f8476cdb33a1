// Whether the build is that of the present sources.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const FOLDERS = ['app', 'db', 'scripts', 'public']
const FILES = ['package.json', 'package-lock.json', 'remix.config.js', 'vite.config.ts', 'tsconfig.json']
/** Without influence on the build: a changed test must not cost a build. */
const IGNORED = /\.test\.tsx?$|\.sql$|\.md$|^db\/migrations\//

function* filesIn(root, folder) {
  if (!existsSync(join(root, folder))) return
  const entries = readdirSync(join(root, folder), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) yield* filesIn(root, path)
    else if (entry.isFile() && !IGNORED.test(path)) yield path
  }
}

/** SHA-256 over names and contents of everything that the build is made of. */
export function sourceHash(root) {
  const hash = createHash('sha256')
  hash.update(`node ${process.versions.node.split('.')[0]} ${process.platform} ${process.arch}\n`)
  const names = [...FILES.filter((file) => existsSync(join(root, file))), ...FOLDERS.flatMap((folder) => [...filesIn(root, folder)])]
  for (const name of names) {
    const content = readFileSync(join(root, name))
    hash.update(`${relative(root, join(root, name))} ${content.length}\n`).update(content)
  }
  return hash.digest('hex')
}

export const stampFile = (root) => join(root, 'build/.stamp')

/** True when all that was built comes from these sources. */
export function isBuilt(root, hash = sourceHash(root)) {
  const made = ['build/.stamp', 'build/server/index.js', 'build/http/main.js', 'build/client'].every((path) => existsSync(join(root, path)))
  return made && readFileSync(stampFile(root), 'utf8').trim() === hash
}
