// What a start says when it is refused, and that it has changed nothing.
import { randomBytes } from 'node:crypto'
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DATABASES, fixtureSql } from '#tests/setup/fixture-database.ts'
import { damage, livedInstallation, type LivedInstallation } from '#tests/setup/lived-installation.ts'
import { installation } from '#tests/setup/operator.ts'
import { smallDisk } from '#tests/setup/small-disk.ts'

let poise: LivedInstallation
let file: string
let key: string
beforeAll(async () => {
  poise = await livedInstallation()
  ;({ file, key } = poise)
})
beforeEach(() => poise.reset())
afterAll(() => poise.remove())

const disk = smallDisk(4)
afterAll(() => disk?.remove())

describe('a start', () => {
  const refusals: Array<[string, () => void | Promise<void>, RegExp]> = [
    ['a page damaged in the middle', () => damage(file), /is damaged.*npm run restore/],
    [
      'an empty file where a database was',
      () => truncateSync(file, 0),
      /is empty, though this installation has had one.*npm run restore/,
    ],
    [
      'no file where a database was',
      () => rmSync(file),
      /is missing, though this installation has had one.*npm run restore/,
    ],
    [
      'a log whose database is gone, without a key',
      async () => {
        await poise.crash()
        rmSync(file)
        rmSync(key)
      },
      /poise\.db is missing, and its log .*poise\.db-wal, which may hold what was saved last, is still there: .*npm run restore/,
    ],
    [
      'a folder in the place of the database',
      () => {
        rmSync(file)
        mkdirSync(file)
      },
      /poise\.db is no file/,
    ],
    [
      'a link to a disk that is not there',
      () => {
        rmSync(file)
        symlinkSync(join(poise.dataDir, 'not mounted', 'poise.db'), file)
      },
      /poise\.db is a link that leads nowhere/,
    ],
    [
      'a folder in the place of the key',
      () => {
        rmSync(key)
        mkdirSync(key)
        rmSync(file)
      },
      /secret\.key is no file/,
    ],
    [
      'a key on a disk that is not there',
      () => {
        rmSync(key)
        symlinkSync(join(poise.dataDir, 'not mounted', 'secret.key'), key)
      },
      /secret\.key is a link that leads nowhere/,
    ],
    [
      'a lock file that is none',
      () => writeFileSync(join(poise.dataDir, 'poise.lock'), '1234\n'),
      /poise\.lock is not the empty lock file/,
    ],
    [
      'an empty database beside the log of a crash',
      async () => {
        await poise.crash()
        truncateSync(file, 0)
      },
      /poise\.db is empty, and its log .*is still there/,
    ],
    ['a missing key', () => rmSync(key), /key of this database is missing/],
    [
      'the key of another installation',
      () => writeFileSync(key, `${randomBytes(32).toString('base64')}\n`),
      /does not belong to this database/,
    ],
    ['a key that is none', () => writeFileSync(key, 'x'), /key file .* is damaged/],
    [
      'a copy put over the database after a crash',
      async () => {
        await poise.crash()
        copyFileSync(poise.newestCopy(), file)
      },
      /another database, whose log .*poise\.db-wal is still there.*npm run restore/,
    ],
    [
      'a database damaged by a crash',
      async () => {
        await poise.crash()
        damage(file)
      },
      /is damaged/,
    ],
  ]
  it.each(refusals)('is refused in one sentence: %s', async (_what, spoil, sentence) => {
    await spoil()
    const keyText = (): string | null =>
      statSync(key, { throwIfNoEntry: false })?.isFile() ? readFileSync(key, 'utf8') : null
    const before = keyText()
    const server = await poise.serve()
    expect(server.url).toBeNull()
    expect(server.code).toBe(1)
    expect((server.stdout + server.stderr).trim().split('\n')).toHaveLength(1)
    expect(server.stderr).toMatch(sentence)
    // No new key either.
    expect(keyText()).toBe(before)
  })

  it('that is refused for its key has not touched the schema: the version of then can still start on it', async () => {
    const old = join(poise.dataDir, 'old')
    mkdirSync(old)
    const database = new Database(join(old, 'poise.db'))
    database.exec(fixtureSql('sqlite', 'before_1_pulses'))
    database.close()
    const before = readFileSync(join(old, 'poise.db'))
    const server = await poise.serve({ DATA_DIR: old })
    expect(server.stderr).toMatch(/key of this database is missing/)
    expect(readFileSync(join(old, 'poise.db')).equals(before)).toBe(true)
  })

  it('that is refused for its mode has not touched the schema either', async () => {
    const old = join(poise.dataDir, 'old')
    mkdirSync(old)
    copyFileSync(join(DATABASES, 'secret.key'), join(old, 'secret.key'))
    const database = new Database(join(old, 'poise.db'))
    database.exec(fixtureSql('sqlite', 'before_1_pulses'))
    database.exec(`INSERT INTO settings (key, value, updated_at) VALUES ('installation', '{"mode":"production"}', 0)`)
    database.close()
    const before = readFileSync(join(old, 'poise.db'))
    const server = await poise.serve({ DATA_DIR: old, POISE_MODE: 'demo' })
    expect(server).toMatchObject({
      url: null,
      code: 1,
      stderr: `The data folder ${old} holds an installation in production: set POISE_MODE=production, or DATA_DIR to another folder for a demo.\n`,
    })
    expect(readFileSync(join(old, 'poise.db')).equals(before)).toBe(true)
  })

  it.each([
    [
      'rows whose people another program removed',
      'PRAGMA foreign_keys = OFF; DELETE FROM people WHERE id IN (SELECT person_id FROM person_roles LIMIT 1)',
      /rows which another program has removed/,
    ],
    [
      'a table of somebody else under a name that is ours',
      'CREATE TABLE attempt_pulses (a)',
      /another program has changed its tables/,
    ],
  ])('cannot upgrade %s, says so in one sentence and leaves it as it was', async (_what, change, sentence) => {
    const old = join(poise.dataDir, 'old')
    mkdirSync(old)
    copyFileSync(join(DATABASES, 'secret.key'), join(old, 'secret.key'))
    const database = new Database(join(old, 'poise.db'))
    database.exec(fixtureSql('sqlite', 'before_1_pulses'))
    database.exec(change)
    const schema = (from: Database.Database): unknown =>
      from.prepare('SELECT name, sql FROM sqlite_master ORDER BY name').all()
    const before = schema(database)
    database.close()
    const server = await poise.serve({ DATA_DIR: old })
    expect(server).toMatchObject({ url: null, code: 1 })
    expect(server.stderr.trim().split('\n')).toHaveLength(1)
    expect(server.stderr).toMatch(sentence)
    const after = new Database(join(old, 'poise.db'))
    expect(schema(after)).toEqual(before)
    after.close()
  })

  it('is refused while another server uses the folder, whatever its port', async () => {
    const first = await poise.serve()
    const second = await poise.serve()
    expect(second).toMatchObject({ url: null, code: 1 })
    expect(second.stderr).toContain('is using the data folder')
    await first.stop('SIGKILL')
    const third = await poise.serve()
    expect(third.url).not.toBeNull()
    await third.stop()
  })

  it('is refused where a file is in the way of the data folder', async () => {
    const inTheWay = join(poise.dataDir, 'a file')
    writeFileSync(inTheWay, '')
    for (const dataDir of [inTheWay, join(inTheWay, 'below')]) {
      const server = await poise.serve({ DATA_DIR: dataDir })
      expect(server).toMatchObject({ url: null, code: 1 })
      expect(server.stderr).toBe(
        `${inTheWay} is no folder, so there can be no data folder ${dataDir}: set DATA_DIR to another one.\n`,
      )
    }
  })

  it('is refused as well where somebody has removed the lock of a running one', async () => {
    const first = await poise.serve()
    const lock = join(poise.dataDir, 'poise.lock')
    rmSync(lock)
    await expect.poll(() => existsSync(lock), { timeout: 30_000 }).toBe(true)
    expect((await poise.serve()).stderr).toContain('is using the data folder')
    await first.stop()
  })

  it.skipIf(disk === null)('leaves nothing behind on a disk that has no room for an installation', async () => {
    const folder = join(disk?.folder ?? '', 'fresh')
    const server = await poise.serve({ DATA_DIR: folder })
    expect(server).toMatchObject({
      url: null,
      code: 1,
      stderr: `There is no room on the disk for a database in ${folder}: a new one needs 8 MB.\n`,
    })
    expect(readdirSync(folder)).toEqual(['poise.lock'])
  })

  it.each(['question-banks', 'db/migrations/sqlite/0000_initial.sql'])(
    'is refused before a data folder is made where a part of the program is missing: %s',
    async (part) => {
      const fresh = join(poise.dataDir, 'fresh')
      const away = `${join(poise.root, part)} away`
      renameSync(join(poise.root, part), away)
      try {
        const server = await poise.serve({ DATA_DIR: fresh })
        expect(server).toMatchObject({
          url: null,
          code: 1,
          stderr: expect.stringMatching(
            /^A part of the program is missing \(.*\): put it back from the version that you installed\.\n$/,
          ),
        })
        expect(server.stderr).toContain(part)
        expect(existsSync(fresh)).toBe(false)
      } finally {
        renameSync(away, join(poise.root, part))
      }
    },
  )

  it('is a beginning where an empty file lies in a folder that never had a database', async () => {
    const fresh = join(poise.dataDir, 'fresh')
    mkdirSync(fresh)
    writeFileSync(join(fresh, 'poise.db'), '')
    const server = await poise.serve({ DATA_DIR: fresh })
    expect(server.url).not.toBeNull()
    await server.stop()
  })
})

describe('packages of another Node', () => {
  it('are called that where their binary cannot be loaded', async () => {
    const poise = await installation()
    try {
      const [packages, shared] = [join(poise.root, 'node_modules'), join(import.meta.dirname, '../../node_modules')]
      rmSync(packages)
      mkdirSync(packages)
      for (const name of readdirSync(shared))
        if (name !== 'better-sqlite3') symlinkSync(join(shared, name), join(packages, name))
      cpSync(join(shared, 'better-sqlite3'), join(packages, 'better-sqlite3'), { recursive: true })
      writeFileSync(join(packages, 'better-sqlite3/build/Release/better_sqlite3.node'), 'not for this machine')
      const server = await poise.serve()
      expect(server).toMatchObject({ url: null, code: 1 })
      expect(server.stderr.trim().split('\n')).toHaveLength(1)
      expect(server.stderr).toMatch(/installed for another version of Node\.js.*npm rebuild better-sqlite3/)
    } finally {
      await poise.remove()
    }
  })
})
