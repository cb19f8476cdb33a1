// npm run setup: makes a clone ready to work in: installs the packages, and the hook that looks at each commit.
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { ensureInstalled } from './lib/install.mjs'

const root = resolve(import.meta.dirname, '..')
if (!(await ensureInstalled(root))) process.exit(1)
const { status } = spawnSync('git', ['config', 'core.hooksPath', '.githooks'], { cwd: root, stdio: 'inherit' })
if (status === 0) console.log('Each commit is now checked by .githooks/pre-commit: prettier and eslint on its files.')
else console.log('This is no git checkout, so no hook was installed.')
