// A copy of the project as a stranger gets it: the commit, and nothing that was installed or built.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync } from 'node:fs'
import { join, relative } from 'node:path'

const LEFT_OUT = new Set(['node_modules', 'build', 'data', '.cache', 'coverage', '.env'])

/**
 * Clones the commit of `root` into `target`, and gives a line that says which one. Without git, what is there was
 * delivered as it is.
 */
export function bareClone(root, target) {
  if (!existsSync(join(root, '.git'))) {
    cpSync(root, target, { recursive: true, filter: (from) => !LEFT_OUT.has(relative(root, from)) })
    return 'copied, because this is no git checkout'
  }
  const git = (...args) => {
    const { status, stdout, stderr } = spawnSync('git', args, { cwd: root, encoding: 'utf8' })
    if (status !== 0) throw new Error(`git ${args[0]} failed: ${stderr}`)
    return stdout.trim()
  }
  git('clone', '--quiet', '--no-local', '.', target)
  const changed = git('status', '--porcelain')
  return `commit ${git('rev-parse', '--short', 'HEAD')}${changed === '' ? '' : ', without what is not committed here'}`
}
