import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { countTests, summaryOf } from './test-report.mjs'

const folder = mkdtempSync(join(tmpdir(), 'poise-report-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const test = (fullName: string, status: string, failureMessages: string[] = []) => ({
  fullName,
  status,
  failureMessages,
})
function counted(files: Array<{ status?: string; tests: ReturnType<typeof test>[] }>, code = 0) {
  const file = join(folder, 'report.json')
  writeFileSync(
    file,
    JSON.stringify({
      testResults: files.map(({ status = 'passed', tests }) => ({ status, assertionResults: tests })),
    }),
  )
  return countTests(file, code)
}

describe('a report', () => {
  it('tells what passed, failed, did not run, and passed only at the second try', () => {
    expect(
      counted(
        [
          {
            status: 'failed',
            tests: [
              test('good', 'passed'),
              test('at last', 'passed', ['Error: not yet']),
              test('bad', 'failed', ['Error: no']),
              test('left out', 'skipped'),
            ],
          },
        ],
        1,
      ),
    ).toEqual({ passed: 2, failed: 1, skipped: ['left out'], again: ['at last'] })
  })

  it('counts a file that does not load', () => {
    expect(counted([{ status: 'failed', tests: [] }, { tests: [test('good', 'passed')] }], 1)).toMatchObject({
      passed: 1,
      failed: 1,
    })
  })

  it('counts an error between the tests, by the exit code', () => {
    expect(counted([{ tests: [test('good', 'passed')] }], 1)).toMatchObject({ passed: 1, failed: 1 })
  })

  it('fails where nothing ran: no test, only skipped ones, no report, half a report', () => {
    expect(counted([])).toMatchObject({ passed: 0, failed: 1 })
    expect(counted([{ tests: [test('left out', 'skipped')] }])).toMatchObject({ passed: 0, failed: 1 })
    expect(countTests(join(folder, 'none.json'), 0)).toMatchObject({ passed: 0, failed: 1 })
    const half = join(folder, 'half.json')
    writeFileSync(half, '{"testResults": [')
    expect(countTests(half, 0)).toMatchObject({ passed: 0, failed: 1 })
  })
})

describe('the summary', () => {
  const ran = [
    { name: 'install', minutes: 5, ms: 3_000 },
    { name: 'unit', minutes: 1, ms: 30_000, passed: 9, failed: 0 },
    { name: 'e2e', minutes: 8, ms: 552_000, passed: 5, failed: 1, skipped: ['other window'], again: ['at last'] },
  ]
  const whole = { ms: 600_000, minutes: 20, timeCounts: false, nameSkipped: false }

  it('names what was over its time and what passed at the second try, and ends with the sum', () => {
    expect(summaryOf(ran, whole)).toEqual({
      failed: 1,
      lines: [
        'install: 3 s',
        'unit: 9 passed, 0 failed, 30 s',
        'e2e: 5 passed, 1 failed, 1 not run, 552 s',
        'Passed only at the second try: 1',
        '  e2e: at last',
        'over its time: e2e 9.2 of 8 min',
        '',
        '10.0 min in all',
        '14 passed, 1 failed',
      ],
    })
  })

  it('counts each that was over its time as a failure where time counts, the whole among them', () => {
    const { lines, failed } = summaryOf(ran, { ...whole, ms: 1_260_000, timeCounts: true })
    expect(lines).toContain('over its time: all stages 21.0 of 20 min')
    expect([lines.at(-1), failed]).toEqual(['14 passed, 3 failed', 3])
  })

  it('names what did not run where no other lane will run it', () => {
    expect(summaryOf(ran, { ...whole, nameSkipped: true }).lines).toEqual(
      expect.arrayContaining(['Not run on this machine:', '  e2e: other window']),
    )
  })
})
