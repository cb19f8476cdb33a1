// Whether the build is that of the present sources.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDERS = ['app', 'db', 'scripts', 'public']
const FILES = ['package.json', 'package-lock.json', 'remix.config.js', 'vite.config.ts', 'tsconfig.json']
/**
 * Without influence on the build: a changed test must not cost a build, and what a file manager or an editor leaves
 * (.DS_Store, a name with ~) must not keep the nightly backup away.
 */
const IGNORED = /\.test\.tsx?$|\.sql$|\.md$|^db\/migrations\/|(^|\/)\.[^/]+$|~$/

/**
 * What is built: the pages, and the server with the operator's commands. Each has its stamp, and folders in which every
 * file belongs to it.
 */
const PARTS = {
  pages: { stamp: 'build/.stamp', folders: ['build/server', 'build/client'] },
  http: { stamp: 'build/http/.stamp', folders: ['build/http'] },
}

function* filesIn(root, folder) {
  if (!existsSync(join(root, folder))) return
  const entries = readdirSync(join(root, folder), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) yield* filesIn(root, path)
    else if (entry.isFile() && !IGNORED.test(path)) yield path
  }
}

/**
 * SHA-256 over names and contents of everything that the build is made of. Neither Node nor the system is part of it:
 * what is built is JavaScript, made for the oldest Node that runs it.
 */
export function sourceHash(root) {
  const hash = createHash('sha256')
  const names = [
    ...FILES.filter((file) => existsSync(join(root, file))),
    ...FOLDERS.flatMap((folder) => [...filesIn(root, folder)]),
  ]
  for (const name of names) {
    const content = readFileSync(join(root, name))
    hash.update(`${name} ${content.length}\n`).update(content)
  }
  return hash.digest('hex')
}

/** Sizes tell a file that a power cut has cut short; what was built is not read at each start. */
function stampText(root, part, hash) {
  const built = createHash('sha256')
  for (const path of PARTS[part].folders.flatMap((folder) => [...filesIn(root, folder)]))
    built.update(`${path} ${statSync(join(root, path)).size}\n`)
  return `${hash}\n${built.digest('hex')}\n`
}

/** Before a part is built anew: a build that fails halfway is none. */
export const unstamp = (root, part) => rmSync(join(root, PARTS[part].stamp), { force: true })
export const stamp = (root, part, hash) => writeFileSync(join(root, PARTS[part].stamp), stampText(root, part, hash))

/** True when a part was once built to its end, from whatever sources. */
export const wasBuilt = (root, part) => existsSync(join(root, PARTS[part].stamp))

/** True when a part is whole and comes from these sources. */
export function isBuilt(root, part, hash = sourceHash(root)) {
  const file = join(root, PARTS[part].stamp)
  return existsSync(file) && readFileSync(file, 'utf8') === stampText(root, part, hash)
}
