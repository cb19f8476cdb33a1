import { describe, expect, it } from 'vitest'
import { StoreError } from '../../db/store.server.ts'
import { ConfigError } from './config.server.ts'
import { startFailure, stopReason } from './start-failure.server.ts'

const config = { port: 3000, host: '127.0.0.1', dataDir: '/srv/poise' }
const failed = (code: string, more: object = {}): Error =>
  Object.assign(new Error(`raw words about ${code}`), { code, ...more })

describe('a start that failed', () => {
  it.each([
    [
      'a taken port',
      failed('EADDRINUSE', { syscall: 'listen' }),
      'Port 3000 is in use: stop the other program, or set PORT to another number.',
    ],
    [
      'a port below 1024',
      failed('EACCES', { syscall: 'listen' }),
      'Port 3000 may not be used by this account: set PORT to a number above 1023.',
    ],
    [
      'an address of another machine',
      failed('EINVAL', { syscall: 'listen' }),
      'This machine cannot listen on 127.0.0.1: check HOST.',
    ],
    [
      'a name without end',
      failed('ENAMETOOLONG', { syscall: 'mkdir' }),
      'The name of the folder /srv/poise is too long for this system: set DATA_DIR to a shorter one.',
    ],
    [
      'a limit on open files',
      failed('EMFILE'),
      'The system lets this account open too few files: raise the limit (ulimit -n) to 1024 or more.',
    ],
    [
      'a folder of somebody else',
      failed('EACCES', { syscall: 'mkdir' }),
      'The folder /srv/poise cannot be written: check DATA_DIR and its owner.',
    ],
    [
      'a file of somebody else in it',
      failed('EACCES', { syscall: 'open', path: '/srv/poise/secret.key' }),
      '/srv/poise/secret.key cannot be read or written: check that it is there, and who owns it.',
    ],
    [
      'a package without one of its files',
      failed('MODULE_NOT_FOUND'),
      'A part of the program is missing (raw words about MODULE_NOT_FOUND): run npm ci && npm run build.',
    ],
    ['a full disk under a file', failed('ENOSPC'), 'There is no room on the disk for /srv/poise.'],
    [
      'a full disk under the database',
      failed('SQLITE_FULL'),
      'There is no room on the disk for the database: /srv/poise/poise.db.',
    ],
    [
      'a full disk under a commit',
      new StoreError('db.commit_failed', 'Not committed', { cause: failed('SQLITE_FULL') }),
      'There is no room on the disk for the database: /srv/poise/poise.db.',
    ],
    [
      'a damaged page',
      failed('SQLITE_CORRUPT'),
      'The database file is damaged or is not a database: /srv/poise/poise.db. Restore a backup: npm run restore -- FILE (docs/operations.md).',
    ],
    [
      'a damaged page below a query',
      new Error('Failed query', { cause: failed('SQLITE_CORRUPT_VTAB') }),
      'The database file is damaged or is not a database: /srv/poise/poise.db. Restore a backup: npm run restore -- FILE (docs/operations.md).',
    ],
    [
      'a lost database',
      new StoreError('db.lost', 'The file is missing'),
      'The file is missing. Restore a backup: npm run restore -- FILE (docs/operations.md).',
    ],
    [
      'a disk that fails',
      failed('SQLITE_IOERR_READ'),
      "The disk failed under the database file, so look at the disk and at the system's log first: /srv/poise/poise.db.",
    ],
    ['a newer database', new StoreError('db.newer', 'Start that version.'), 'Start that version.'],
    [
      'two mistakes',
      new ConfigError(['PORT must be a number.', 'HOST must be a name.']),
      'PORT must be a number.\nHOST must be a name.',
    ],
  ])('tells %s in one sentence', (_what, error, sentence) => {
    expect(startFailure(error, config)).toBe(sentence)
  })

  it('names packages of another Node, and packages without their compiled part', () => {
    expect(startFailure(failed('ERR_DLOPEN_FAILED'), config)).toMatch(
      /another version of Node\.js.*npm rebuild better-sqlite3/,
    )
    expect(startFailure(new Error('Could not locate the bindings file. Tried:\n → …'), config)).toMatch(
      /without its compiled part.*npm rebuild better-sqlite3/,
    )
  })

  it.each([
    [
      'a file that is gone',
      new StoreError('db.lost', 'The file is gone. Put it back.'),
      'The file is gone. Put it back.',
    ],
    [
      'a damaged page',
      failed('SQLITE_CORRUPT'),
      'The database file is damaged or is not a database: /srv/poise/poise.db. Restore a backup: npm run restore -- FILE (docs/operations.md).',
    ],
    [
      'a connection that cannot be brought to rest',
      new StoreError('db.broken', 'The write connection could not be rolled back', { cause: new Error('x') }),
      'The write connection could not be rolled back.',
    ],
    [
      'an error that nobody knows',
      new TypeError('x is not a function'),
      'The database /srv/poise/poise.db can no longer be used.',
    ],
  ])('tells why a running server stops: %s', (_what, error, sentence) => {
    expect(stopReason(error, config)).toBe(sentence)
  })

  it('leaves a fault of ours its stack', () => {
    expect(startFailure(new TypeError('x is not a function'), config)).toBeNull()
  })
})
