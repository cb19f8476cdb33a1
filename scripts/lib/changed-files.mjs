// Which files somebody is working on, as git tells it: by names between NUL bytes, so that no name needs quoting.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

function git(root, ...args) {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' })
  return status === 0 ? stdout.split('\0').filter((name) => name !== '') : null
}

/** What is staged for the next commit and still there. */
export const stagedFiles = (root) => git(root, 'diff', '--cached', '--name-only', '--diff-filter=ACMR', '-z') ?? []

/** What is not committed yet: changed, staged or new. */
export function changedFiles(root) {
  const changed = git(root, 'diff', '--name-only', '--diff-filter=ACMR', '-z', 'HEAD') ?? []
  const fresh = git(root, 'ls-files', '--others', '--exclude-standard', '-z') ?? []
  return [...new Set([...changed, ...fresh])].filter((name) => existsSync(join(root, name)))
}
