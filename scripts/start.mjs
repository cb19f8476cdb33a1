// npm start: from a fresh clone to a running server. Plain Node, because it runs before anything is installed; and kept to what old
// versions of Node understand, so that they can say that they are too old.
//   node scripts/start.mjs          the built server (a demo, unless the environment says otherwise)
//   node scripts/start.mjs --dev    the same server, with the pages served from their sources
import { nodeProblem } from './lib/node-version.mjs'

const problem = nodeProblem()
if (problem) {
  console.error(problem)
  process.exit(1)
}
import('./lib/run-built.mjs').then(({ runBuilt }) => runBuilt({ entry: 'main', dev: process.argv.includes('--dev') }))
