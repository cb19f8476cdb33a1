import { describe, expect, it } from 'vitest'
import { isSqliteFatal, StoreError, storeTrouble } from './errors.server.ts'

const driver = (code: string): Error => Object.assign(new Error('driver'), { code })

describe('storeTrouble', () => {
  // SQLite's result codes, errno, and SQLSTATE by the manual of PostgreSQL.
  const cases: Array<[string, string | null]> = [
    ['SQLITE_FULL', 'db.full'],
    ['SQLITE_IOERR_SHMSIZE', 'db.full'],
    ['ENOSPC', 'db.full'],
    ['EDQUOT', 'db.full'],
    ['EFBIG', 'db.full'],
    ['53100', 'db.full'],
    ['SQLITE_BUSY', 'db.busy'],
    ['SQLITE_BUSY_SNAPSHOT', 'db.busy'],
    ['SQLITE_LOCKED', 'db.busy'],
    ['53200', 'db.busy'],
    ['53300', 'db.busy'],
    ['40001', 'db.busy'],
    ['08006', 'db.unreachable'],
    ['57P01', 'db.unreachable'],
    ['57P03', 'db.unreachable'],
    ['25006', 'db.unreachable'],
    // Faults, ours or the device's: they pass by nobody's waiting.
    ['SQLITE_CORRUPT', null],
    ['SQLITE_IOERR_READ', null],
    ['SQLITE_IOERR_WRITE', null],
    ['SQLITE_CONSTRAINT_UNIQUE', null],
    ['23505', null],
    ['42P01', null],
    // Of the network, and not said by the store: a mail, a browser that went away.
    ['ECONNRESET', null],
  ]
  it.each(cases)('tells what %s means, however it is wrapped', (code, trouble) => {
    expect(storeTrouble(driver(code))).toBe(trouble)
    expect(storeTrouble(new StoreError('db.commit_failed', 'x', { cause: driver(code) }))).toBe(trouble)
    expect(storeTrouble(new Error('Failed query', { cause: driver(code) }))).toBe(trouble)
  })

  it('knows the store’s own words, also from the other copy of this module', () => {
    const copy = Object.assign(new Error('x'), { name: 'StoreError', code: 'db.body_timeout' })
    expect(storeTrouble(copy)).toBe('db.body_timeout')
    expect(storeTrouble(new StoreError('db.closed', 'x'))).toBe('db.closed')
    expect(storeTrouble(new StoreError('db.nested', 'x'))).toBeNull()
    expect(storeTrouble(new StoreError('db.corrupt', 'x'))).toBeNull()
    for (const other of [null, undefined, 'db.full', { code: 'SQLITE_FULL' }]) expect(storeTrouble(other)).toBeNull()
  })
})

describe('isSqliteFatal', () => {
  it('lets no full disk stop the server, under whichever name it comes', () => {
    expect(isSqliteFatal(driver('SQLITE_IOERR_WRITE'))).toBe(true)
    expect(isSqliteFatal(driver('SQLITE_CORRUPT'))).toBe(true)
    expect(isSqliteFatal(driver('SQLITE_IOERR_SHMSIZE'))).toBe(false)
    expect(isSqliteFatal(driver('SQLITE_FULL'))).toBe(false)
    expect(isSqliteFatal(new StoreError('db.full', 'x', { cause: driver('SQLITE_IOERR_WRITE') }))).toBe(false)
  })
})
