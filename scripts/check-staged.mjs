// The pre-commit hook: prettier and eslint on the files of the commit. Looks at the files as they lie in the folder.
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { stagedFiles } from './lib/changed-files.mjs'
import { packageProgram } from './lib/programs.mjs'

const root = resolve(import.meta.dirname, '..')
const CODE = /\.(m?js|tsx?)$/

function passes(name, args) {
  const [command, ...first] = packageProgram(root, name)
  return spawnSync(command, [...first, ...args], { cwd: root, stdio: 'inherit' }).status === 0
}

const staged = stagedFiles(root)
const code = staged.filter((file) => CODE.test(file))
const results = [
  staged.length === 0 || passes('prettier', ['--check', '--ignore-unknown', '--log-level', 'warn', '--', ...staged]),
  code.length === 0 || passes('eslint', ['--max-warnings', '0', '--no-warn-ignored', '--', ...code]),
]
if (results.includes(false)) {
  console.error('\nNot committed: npm run format mends the format; git commit --no-verify commits it as it is.')
  process.exit(1)
}
