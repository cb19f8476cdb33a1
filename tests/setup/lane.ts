// What is left out of the lane of each commit. `npm test` runs the lane `commit`, `npm run test:full` the lane `full`;
// vitest called by hand leaves nothing out.
//
// The rule: the commit lane shows each behaviour once in each language, and each theme and each width of window at
// least once. Only a further combination of them, or a further run of the same property, may wait for the lane `full`.
// A test that names a defect of its own never does.
import { describe } from 'vitest'

/** A combination of language, theme and window of which the commit lane has every part elsewhere. */
export const describeInFull = describe.skipIf(process.env['POISE_LANE'] === 'commit')
