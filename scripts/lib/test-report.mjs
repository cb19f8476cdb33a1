// What a run of vitest found, counted so that nothing passes by being absent, and what is told at the end of npm test.
import { readFileSync } from 'node:fs'

/**
 * Reads vitest's JSON report. What the report cannot count is counted here: a file that does not load, an error between
 * tests, no test at all, no report at all. A test that passed with an error in its record passed at its second try.
 *
 * @param {string} file
 * @param {number} code the exit code of vitest
 */
export function countTests(file, code) {
  const none = { passed: 0, failed: 1, skipped: [], again: [] }
  let report
  try {
    report = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return none
  }
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults)
  const named = (wanted) => tests.filter(wanted).map(({ fullName }) => fullName.trim())
  const passed = tests.filter(({ status }) => status === 'passed').length
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  ).length
  const failed = tests.filter(({ status }) => status === 'failed').length + unloaded
  return {
    passed,
    failed: failed === 0 && (code !== 0 || passed === 0) ? 1 : failed,
    skipped: named(({ status }) => status !== 'passed' && status !== 'failed'),
    again: named(({ status, failureMessages }) => status === 'passed' && failureMessages.length > 0),
  }
}

const MINUTE_MS = 60_000
const minutes = (ms) => (ms / MINUTE_MS).toFixed(1)

/**
 * The lines at the end of npm test.
 *
 * @param {ReadonlyArray<{ name: string, minutes: number, ms: number, passed?: number, failed?: number, skipped?: string[],
 *   again?: string[] }>} ran
 * @param {{ ms: number, minutes: number, timeCounts: boolean, nameSkipped: boolean }} whole `timeCounts`: a stage over its time is a
 *   failure. `nameSkipped`: nothing is left for another lane, so each test that did not run is named.
 */
export function summaryOf(ran, { ms, minutes: allowed, timeCounts, nameSkipped }) {
  const lines = ran.map(({ name, ms: own, passed, failed, skipped = [] }) => {
    const parts = [
      // What is not counted, as the installing, has only its time.
      ...(passed === undefined ? [] : [`${passed} passed`, `${failed} failed`]),
      ...(skipped.length > 0 ? [`${skipped.length} not run`] : []),
      `${Math.round(own / 1000)} s`,
    ]
    return `${name}: ${parts.join(', ')}`
  })
  const list = (title, names) => (names.length > 0 ? [title, ...names.map((name) => `  ${name}`)] : [])
  const all = (key) => ran.flatMap((stage) => (stage[key] ?? []).map((name) => `${stage.name}: ${name}`))
  const late = [...ran, { name: 'all stages', ms, minutes: allowed }].filter((one) => one.ms > one.minutes * MINUTE_MS)
  const again = all('again')
  if (nameSkipped) lines.push(...list('Not run on this machine:', all('skipped')))
  lines.push(...list(`Passed only at the second try: ${again.length}`, again))
  for (const one of late) lines.push(`over its time: ${one.name} ${minutes(one.ms)} of ${one.minutes} min`)
  const passed = ran.reduce((sum, one) => sum + (one.passed ?? 0), 0)
  const failed = ran.reduce((sum, one) => sum + (one.failed ?? 0), 0) + (timeCounts ? late.length : 0)
  return { lines: [...lines, '', `${minutes(ms)} min in all`, `${passed} passed, ${failed} failed`], failed }
}
