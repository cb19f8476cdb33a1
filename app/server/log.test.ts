import { describe, expect, it } from 'vitest'
import { StoreError } from '../../db/store.server.ts'
import { createLog, createOutlet } from './log.server.ts'

function bench() {
  const lines: Array<Record<string, unknown>> = []
  let nowMs = 0
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) }
  return {
    lines,
    log: createLog({ level: 'info', destination, monotonicMs: () => nowMs }),
    pass: (ms: number) => void (nowMs += ms),
  }
}
const full = () =>
  new StoreError('db.commit_failed', 'Not committed', {
    cause: Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' }),
  })

describe('trouble of the store in the log', () => {
  it('has its code and its cause, and no stack', () => {
    const { lines, log } = bench()
    log.error('tick.failed', full(), { tick: 'sweep' })
    expect(lines).toEqual([
      expect.objectContaining({
        event: 'tick.failed',
        level: 'error',
        code: 'db.full',
        cause: 'Error: database or disk is full',
        stack: null,
        tick: 'sweep',
      }),
    ])
  })

  it('is said once a minute for each event and code, with the number of lines left out', () => {
    const { lines, log, pass } = bench()
    // 400 people who repeat a save every five seconds, for ten minutes.
    for (let second = 0; second < 600; second += 5, pass(5_000))
      for (let person = 0; person < 400; person += 1)
        log.warn('hot.unsaved', { code: 'db.full', path: '/api/attempts/save' })
    expect(lines.map(({ event, code, leftOut }) => ({ event, code, leftOut }))).toEqual(
      Array.from({ length: 10 }, (_, minute) => ({
        event: 'hot.unsaved',
        code: 'db.full',
        leftOut: minute === 0 ? 0 : 12 * 400 - 1,
      })),
    )
    log.warn('hot.unsaved', { code: 'db.busy' })
    log.error('jobs.loop', full())
    log.error('jobs.loop', full())
    expect(lines.slice(10)).toEqual([
      expect.objectContaining({ event: 'hot.unsaved', code: 'db.busy' }),
      expect.objectContaining({ event: 'jobs.loop', code: 'db.full' }),
    ])
  })

  it('leaves nothing out that is not trouble of the store', () => {
    const { lines, log } = bench()
    for (let i = 0; i < 3; i += 1) {
      log.error('request.failed', new TypeError('x is not a function'))
      log.error('store.fatal', Object.assign(new Error('malformed'), { code: 'SQLITE_CORRUPT' }))
      log.warn('sweep.refused', { code: 'attempt.closed' })
      log.info('server.started')
    }
    expect(lines).toHaveLength(12)
    expect(lines[0]?.['stack']).toMatch(/^at /)
  })
})

describe('a line that cannot be written', () => {
  /** A disk with room for so many bytes. */
  function disk(roomBytes: number, code = 'ENOSPC') {
    let written = ''
    const write = (bytes: Uint8Array): number => {
      if (roomBytes === 0) throw Object.assign(new Error('write'), { code })
      const taken = bytes.subarray(0, roomBytes)
      roomBytes -= taken.length
      written += Buffer.from(taken).toString()
      return taken.length
    }
    return {
      outlet: createOutlet(write),
      written: () => written,
      makeRoom: (bytes: number) => void (roomBytes = bytes),
    }
  }

  it.each(['ENOSPC', 'EDQUOT', 'EIO', 'EPIPE', 'EAGAIN'])('is dropped and breaks nothing: %s', (code) => {
    const { outlet, written, makeRoom } = disk(0, code)
    const log = createLog({ level: 'info', destination: outlet })
    log.info('one')
    log.warn('two')
    log.error('three', new Error('x'))
    expect(written()).toBe('')
    makeRoom(1_000)
    log.info('four')
    // Nothing of what was dropped comes after it.
    expect(JSON.parse(written())).toMatchObject({ event: 'four' })
  })

  it('and was cut off half way leaves the next one a line of its own', () => {
    const { outlet, written, makeRoom } = disk(10)
    outlet.write('first\n')
    outlet.write('second\n')
    outlet.write('third\n')
    makeRoom(100)
    outlet.write('fourth\n')
    outlet.write('fifth\n')
    expect(written()).toBe('first\nseco\nfourth\nfifth\n')
  })
})
