// npm run poise -- <command>: whatever an operator does to an installation. Builds first where nothing is built yet.
import { nodeProblem } from './lib/node-version.mjs'

const problem = nodeProblem()
if (problem) {
  console.error(problem)
  process.exit(1)
}
import('./lib/run-built.mjs').then(({ runBuilt }) => runBuilt({ entry: 'poise' }))
