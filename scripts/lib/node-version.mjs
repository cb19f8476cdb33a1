// Which versions of Node run Poise. Kept to what old versions understand: it is they that are told.

/** The server itself: `crypto.hash` came with 20.12 and 21.7. */
const RUNS_ON = [
  [20, 12],
  [21, 7],
]
/** The development packages, which build and test it. 21 and 23 had no long support, and not all packages know them. */
const BUILDS_ON = [
  [20, 19],
  [22, 13],
  [24, 0],
]

const inWords = (list) => list.map(([major, minor]) => (minor === 0 ? String(major) : major + '.' + minor)).join(', ')

/**
 * One sentence when this Node is too old, else null.
 *
 * @param {{ version?: string, build?: boolean }} [about] `build`: packages have to be installed or the program built,
 * not only started.
 */
export function nodeProblem(about = {}) {
  const { version = process.versions.node, build = false } = about
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const floors = build ? BUILDS_ON : RUNS_ON
  const newest = floors[floors.length - 1]
  const own = floors.find(([wanted]) => wanted === major)
  if (own ? minor >= own[1] : major > newest[0]) return null
  return build
    ? 'Building Poise needs Node.js ' +
        inWords(BUILDS_ON) +
        ' or later of these versions; this is ' +
        version +
        '. Install Node.js 22, then try again.'
    : 'Poise needs Node.js ' +
        RUNS_ON[0].join('.') +
        ' or later; this is ' +
        version +
        '. Install Node.js 22, then try again.'
}
