// The operator's commands on an installation whose data folder is named in .env and nowhere else, and what a start says when it is refused.
import { copyFileSync, cpSync, existsSync, lstatSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { lockDataDir } from '#app/server/data-lock.server.ts'
import { contentFolder } from '#tests/fixtures/content-folder.ts'
import { makeMasterKey } from '#app/server/secrets.server.ts'
import { DATABASES, fixtureSql } from '#tests/setup/fixture-database.ts'
import { installation, type Installation } from '#tests/setup/operator.ts'
import { smallDisk } from '#tests/setup/small-disk.ts'

const PASSWORD = 'a harbour full of paper boats'
const create = (poise: Installation, email: string) => poise.poise(['admin:create', '--email', email, '--name', 'Ada Wong'], { input: `${PASSWORD}\n` })

function rows<T>(file: string, query: string): T[] {
  const database = new Database(file, { readonly: true })
  try {
    return database.prepare(query).all() as T[]
  } finally {
    database.close()
  }
}
const emailsIn = (file: string): string[] => rows<{ email: string }>(file, 'SELECT email FROM person_identities ORDER BY email').map(({ email }) => email)
const emails = (poise: Installation): string[] => emailsIn(join(poise.dataDir, 'poise.db'))

describe('with DATA_DIR in .env only', () => {
  let poise: Installation
  beforeAll(async () => {
    poise = await installation()
  })
  afterAll(() => poise.remove())

  /** Each command names that database before it acts, and makes no other. */
  const actedThere = ({ stderr }: { stderr: string }): void => {
    expect(stderr.split('\n')[0]).toBe(`Database: ${join(poise.dataDir, 'poise.db')}`)
    expect(existsSync(join(poise.root, 'data'))).toBe(false)
  }

  it('admin:create makes the account there', async () => {
    const made = await create(poise, 'ada@example.org')
    expect(made).toMatchObject({ code: 0, stdout: 'Ada Wong can sign in now, as admin.\n' })
    actedThere(made)
    expect(emails(poise)).toEqual(['ada@example.org'])
  })

  it('admin:password changes that account', async () => {
    const file = join(poise.dataDir, 'poise.db')
    const before = rows(file, 'SELECT * FROM credentials')
    const changed = await poise.poise(['admin:password', '--email', 'ada@example.org'], { input: 'another harbour, other boats\n' })
    expect(changed.code).toBe(0)
    actedThere(changed)
    expect(rows(file, 'SELECT * FROM credentials')).not.toEqual(before)
    expect((await poise.poise(['admin:password', '--email', 'nobody@example.org'], { input: `${PASSWORD}\n` })).stderr).toContain('Nobody has this e-mail address.')
  })

  it('bank:import imports there, from a folder as the operator sees it', async () => {
    const banks = contentFolder()
    try {
      const imported = await poise.poise(['bank:import', '--folder', './'], { cwd: banks.path })
      expect(imported.stderr + imported.stdout).toMatch(/[1-9]\d* created, 0 unchanged/)
      actedThere(imported)
      expect(rows(join(poise.dataDir, 'poise.db'), 'SELECT 1 FROM content_versions').length).toBeGreaterThan(0)
      expect((await poise.poise(['bank:import', '--folder', banks.path])).stdout).toMatch(/^0 created/)
    } finally {
      banks.remove()
    }
  })

  it('backup copies that database, and restore brings it back', async () => {
    const copied = await poise.poise(['backup'])
    expect(copied.code).toBe(0)
    actedThere(copied)
    expect(copied.stdout).toContain(`${poise.newestCopy()}: `)
    for (const file of [poise.newestCopy(), `${poise.newestCopy()}.sha256`]) expect(statSync(file).mode & 0o077).toBe(0)
    await create(poise, 'later@example.org')
    const restored = await poise.poise(['restore', poise.newestCopy()])
    expect(restored.stderr + restored.stdout).toContain('Restored')
    actedThere(restored)
    expect(emails(poise)).toEqual(['ada@example.org'])
  })

  it('a variable of the environment comes before .env', async () => {
    const elsewhere = join(poise.dataDir, 'elsewhere')
    const made = await poise.poise(['admin:create', '--email', 'eve@example.org', '--name', 'Eve'], { input: `${PASSWORD}\n`, env: { DATA_DIR: elsewhere } })
    expect(made.stderr).toContain(`Database: ${join(elsewhere, 'poise.db')}`)
    expect(emails(poise)).toEqual(['ada@example.org'])
  })

  it('a relative DATA_DIR means the folder of the program, from wherever the command is called', async () => {
    const made = await poise.poise(['backup'], { cwd: poise.dataDir, env: { DATA_DIR: './kept' } })
    expect(made.stderr).toContain(`Database: ${join(poise.root, 'kept/poise.db')}`)
    expect(made.code).toBe(1)
    expect(made.stderr).toContain(`There is no database in ${join(poise.root, 'kept')} yet.`)
  })

  it('mistakes of the configuration are told at once, and nothing is touched', async () => {
    const refused = await poise.poise(['backup'], { env: { POISE_MODE: 'production', PORT: '80a', LOG_LEVEL: 'loud' } })
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/PORT in the environment is "80a".*\nLOG_LEVEL in the environment is "loud".*\nProduction needs PUBLIC_URL/)
    expect(refused.stderr).not.toContain('Database:')
  })

  it('an unknown command, and one asked for wrongly, are answered with how to ask', async () => {
    expect(await poise.poise(['toString'])).toMatchObject({ code: 2, stderr: 'There is no command toString; npm run poise lists them.\n' })
    expect(await poise.poise(['backup', '--keep', '0'])).toMatchObject({ code: 2, stderr: expect.stringMatching(/^Usage: npm run poise -- backup \[--to folder\] \[--keep 14\]\n +--to .+\n +--keep .+\n$/) })
    expect((await poise.poise(['restore'])).code).toBe(2)
    expect((await poise.poise(['help'])).stdout).toContain('admin:password')
    expect(await poise.poise(['backup', '--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('--keep 14') })
  })
})

describe('an installation that has people, a copy and a log', () => {
  let poise: Installation
  let file: string
  let key: string
  beforeAll(async () => {
    poise = await installation()
    file = join(poise.dataDir, 'poise.db')
    key = join(poise.dataDir, 'secret.key')
    await create(poise, 'ada@example.org')
    await poise.poise(['backup'])
    poise.keep()
  })
  beforeEach(() => poise.reset())
  afterAll(() => poise.remove())

  const restoring = (...flags: string[]) => poise.poise(['restore', poise.newestCopy(), ...flags])
  /** A server that saves and is killed: its log stays. */
  async function crash(): Promise<void> {
    const server = await poise.serve()
    expect(server.url).not.toBeNull()
    await create(poise, 'after-the-copy@example.org')
    await server.stop('SIGKILL')
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(0)
  }

  describe('restore', () => {
    const asides = (): string[] => readdirSync(poise.dataDir).filter((name) => name.startsWith('before-restore-'))

    it('takes the log of a crash away with the old database, and keeps what stood in it', async () => {
      await crash()
      expect((await restoring()).code).toBe(0)
      expect(emails(poise)).toEqual(['ada@example.org'])
      const [aside, ...more] = asides()
      expect(more).toEqual([])
      // One file: a log that is copied apart from its database, or not at all, is lost.
      expect(readdirSync(join(poise.dataDir, aside ?? ''))).toEqual(['poise.db'])
      expect(emailsIn(join(poise.dataDir, aside ?? '', 'poise.db'))).toEqual(['ada@example.org', 'after-the-copy@example.org'])
      const server = await poise.serve()
      expect(server.url).not.toBeNull()
      await server.stop()
      expect(emails(poise)).toEqual(['ada@example.org'])
    })

    it('refuses while a server runs, and leaves everything as it is', async () => {
      const server = await poise.serve()
      await create(poise, 'during@example.org')
      const refused = await restoring()
      expect(refused.code).toBe(1)
      expect(refused.stderr).toContain('is using the data folder')
      await server.stop()
      expect(emails(poise)).toEqual(['ada@example.org', 'during@example.org'])
      expect(readdirSync(poise.dataDir).filter((name) => /restor/.test(name))).toEqual([])
    })

    it('notes the restore in the trail and ends the sessions of staff', async () => {
      await restoring()
      const [row] = rows<{ action: string; data: string }>(file, 'SELECT action, data FROM audit_events ORDER BY seq DESC LIMIT 1')
      const noted = readFileSync(`${poise.newestCopy()}.sha256`, 'utf8').split(' ')[0]
      expect(row?.action).toBe('installation.restored')
      expect(JSON.parse(row?.data ?? '{}')).toMatchObject({ copyHash: noted })
    })

    const refusals: Array<[string, () => void, string]> = [
      ['a copy that was changed', () => truncateSync(poise.newestCopy(), statSync(poise.newestCopy()).size - 4096), 'was changed or damaged'],
      ['a copy whose hash file holds none', () => writeFileSync(`${poise.newestCopy()}.sha256`, 'nothing here\n'), 'holds no SHA-256'],
      ['a copy without its hash', () => rmSync(`${poise.newestCopy()}.sha256`), 'is missing: put it there, or add --unverified'],
      ['a copy of another installation', () => writeFileSync(key, `${randomBytes(32).toString('base64')}\n`), 'does not belong to this copy'],
      ['an installation without its key', () => rmSync(key), 'put the key of this installation there first'],
    ]
    it.each(refusals)('refuses %s, and touches nothing', async (_what, spoil, sentence) => {
      spoil()
      const before = readFileSync(file)
      const refused = await restoring()
      expect(refused.code).toBe(1)
      expect(refused.stderr.trim().split('\n')).toHaveLength(2)
      expect(refused.stderr).toContain(sentence)
      expect(readFileSync(file).equals(before)).toBe(true)
    })

    it('reads the copy whole: a damaged one with a hash that fits is refused', async () => {
      const copy = poise.newestCopy()
      damage(copy)
      rmSync(`${copy}.sha256`)
      const refused = await restoring('--unverified')
      expect(refused.code).toBe(1)
      expect(refused.stderr).toContain('damaged')
      expect(emails(poise)).toEqual(['ada@example.org'])
    })

    it('takes a hash in capitals, as some tools write it, and leaves nothing beside the file that it reads', async () => {
      const copy = join(poise.dataDir, 'elsewhere', 'copy.db')
      mkdirSync(join(poise.dataDir, 'elsewhere'))
      // A file that keeps a log makes one for whoever opens it, which a disk that is read-only would refuse.
      copyFileSync(poise.newestCopy(), copy)
      const database = new Database(copy)
      database.pragma('journal_mode = WAL')
      database.close()
      writeFileSync(`${copy}.sha256`, `${createHash('sha256').update(readFileSync(copy)).digest('hex').toUpperCase()}  copy.db\r\n`)
      expect(await poise.poise(['restore', copy])).toMatchObject({ code: 0 })
      expect(readdirSync(join(poise.dataDir, 'elsewhere')).sort()).toEqual(['copy.db', 'copy.db.sha256'])
    })

    it('refuses while another program has the database open: what that one writes would be lost with the old file', async () => {
      const shell = new Database(file)
      try {
        shell.prepare('SELECT count(*) FROM people').get()
        const refused = await restoring()
        expect(refused.code).toBe(1)
        expect(refused.stderr).toContain(`Another program has ${file} open`)
        expect(asides()).toEqual([])
      } finally {
        shell.close()
      }
      expect((await restoring()).code).toBe(0)
    })

    it('keeps a damaged database and its log as they are, both in one folder', async () => {
      await crash()
      damage(file)
      const [before, log] = [readFileSync(file), readFileSync(`${file}-wal`)]
      expect((await restoring()).code).toBe(0)
      const [aside] = asides()
      expect(readFileSync(join(poise.dataDir, aside ?? '', 'poise.db')).equals(before)).toBe(true)
      expect(readFileSync(join(poise.dataDir, aside ?? '', 'poise.db-wal')).equals(log)).toBe(true)
      expect(emails(poise)).toEqual(['ada@example.org'])
    })

    it('that was interrupted between the two files is finished by the next, which names both folders', async () => {
      await crash()
      damage(file)
      // As it stands when the process is killed after the database has gone and before its log has.
      const interrupted = join(poise.dataDir, 'before-restore-20300102T030405Z-killed')
      mkdirSync(interrupted)
      for (const suffix of ['', '-wal']) copyFileSync(file + suffix, join(interrupted, `poise.db${suffix}`))
      rmSync(file)
      const restored = await restoring()
      expect(restored.code).toBe(0)
      expect(asides()).toHaveLength(2)
      for (const name of asides()) expect(restored.stdout).toContain(name)
      expect(emails(poise)).toEqual(['ada@example.org'])
    })

    it('follows a link: the database stays on the disk where it was put', async () => {
      const [disk, link] = [join(poise.dataDir, 'disk'), file]
      mkdirSync(disk)
      renameSync(file, join(disk, 'poise.db'))
      symlinkSync(join(disk, 'poise.db'), link)
      await create(poise, 'on-the-disk@example.org')
      expect((await restoring()).code).toBe(0)
      expect(lstatSync(link).isSymbolicLink()).toBe(true)
      expect(emailsIn(join(disk, 'poise.db'))).toEqual(['ada@example.org'])
      expect(readdirSync(disk).filter((name) => name.startsWith('before-restore-'))).toHaveLength(1)
    })

    it('refuses a database that was in use: counted with its log and copied without it, it would come back empty', async () => {
      await crash()
      for (const flags of [['--unverified'], ['--unverified', '--rehearse']]) {
        const used = join(poise.dataDir, 'used.db')
        for (const suffix of ['', '-wal']) copyFileSync(file + suffix, used + suffix)
        const refused = await poise.poise(['restore', used, ...flags])
        expect(refused.code).toBe(1)
        expect(refused.stderr).toContain('its log')
      }
      expect(emails(poise)).toEqual(['ada@example.org', 'after-the-copy@example.org'])
    })

    it('rehearses beside a running server and leaves nothing behind', async () => {
      const server = await poise.serve()
      const before = readdirSync(poise.dataDir).sort()
      const rehearsed = await restoring('--rehearse')
      expect(rehearsed.stderr + rehearsed.stdout).toContain('Rehearsed: a server started on the copy')
      expect(rehearsed.code).toBe(0)
      expect(readdirSync(poise.dataDir).sort()).toEqual(before)
      await server.stop()
    })

    it('refuses to take what it would replace, and touches neither', async () => {
      const left = `${file}.restoring`
      copyFileSync(poise.newestCopy(), left)
      for (const named of [left, file]) {
        const refused = await poise.poise(['restore', named, '--unverified'])
        expect(refused.code).toBe(1)
        expect(refused.stderr).toContain('name a copy that backup made')
      }
      expect([existsSync(left), existsSync(file)]).toEqual([true, true])
    })

    it('makes no folder where DATA_DIR is mistyped', async () => {
      const mistyped = join(poise.dataDir, 'mistyped')
      expect(await poise.poise(['restore', poise.newestCopy()], { env: { DATA_DIR: mistyped } })).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no secret.key') })
      expect(existsSync(mistyped)).toBe(false)
    })

    it('removes what a killed rehearsal left, with the key in it, and nothing that is in use or somebody else’s', async () => {
      const left = ['killed', 'at-work', 'somebody'].map((name) => join(poise.dataDir, `rehearsal-of-restore-${name}`))
      const [killed = '', atWork = '', somebody = ''] = left
      for (const folder of left) {
        mkdirSync(folder)
        copyFileSync(key, join(folder, 'secret.key'))
      }
      lockDataDir(killed, 'command').release()
      const lock = lockDataDir(atWork, 'command')
      try {
        expect((await restoring('--rehearse')).code).toBe(0)
      } finally {
        lock.release()
      }
      expect(left.filter((folder) => existsSync(folder))).toEqual([atWork, somebody])
    })

    it('a rehearsal proves what is in the copy, and makes no people of a demo there', async () => {
      const empty = join(poise.dataDir, 'empty')
      const server = await poise.serve({ DATA_DIR: empty })
      await server.stop()
      expect((await poise.poise(['backup'], { env: { DATA_DIR: empty } })).code).toBe(0)
      const [copy = ''] = readdirSync(join(empty, 'backups')).filter((name) => name.endsWith('.db'))
      const rehearsed = await poise.poise(['restore', join(empty, 'backups', copy), '--rehearse'], { env: { DATA_DIR: empty, POISE_MODE: 'demo' } })
      expect(rehearsed.stdout + rehearsed.stderr).toMatch(/Rehearsed: .* 0 people/)
    })
  })

  describe('backup', () => {
    const refusals: Array<[string, () => void | Promise<void>, string]> = [
      ['an empty file', () => truncateSync(file, 0), 'is empty, though this installation has had one'],
      ['a damaged database', () => damage(file), 'The database'],
      [
        'a file with the log of another database: SQLite would replay it into the copy',
        async () => {
          await crash()
          copyFileSync(poise.newestCopy(), file)
        },
        'another database, whose log',
      ],
      ['a database that is gone, and was there', () => rmSync(file), 'is missing, though this installation has had one'],
    ]
    it.each(refusals)('refuses %s, names that file, and leaves nothing behind', async (_what, spoil, sentence) => {
      await spoil()
      const list = (): string[] => [...readdirSync(poise.dataDir), ...readdirSync(join(poise.dataDir, 'backups'))].sort()
      const before = list()
      const refused = await poise.poise(['backup'])
      expect(refused.code).toBe(1)
      expect(refused.stderr.trim().split('\n')).toHaveLength(2)
      expect(refused.stderr).toContain(sentence)
      expect(refused.stderr).not.toContain('.part')
      expect(list()).toEqual(before)
    })
  })

  describe('backup', () => {
    const copies = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.db')).sort()

    it('keeps the copy that it made, also where a clock was ahead once, and takes away what a killed one left', async () => {
      const folder = join(poise.dataDir, 'copies')
      mkdirSync(folder)
      for (const name of ['poise-20990101T000001Z.db', 'poise-20990101T000002Z.db', 'poise-20200101T000000Z.db.999999999.part', 'holiday.part']) writeFileSync(join(folder, name), '')
      const copied = await poise.poise(['backup', '--to', folder, '--keep', '2'])
      expect(copied.code).toBe(0)
      const [made, ...others] = copies(folder)
      expect(copied.stdout).toContain(made)
      expect(others).toEqual(['poise-20990101T000002Z.db'])
      expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual(['holiday.part'])
    })

    it('three at once: each copy has its hash, and one that finds its name taken says so', async () => {
      const folder = join(poise.dataDir, 'copies')
      const ran = await Promise.all([1, 2, 3].map(() => poise.poise(['backup', '--to', folder])))
      for (const { code, stderr } of ran) expect(code === 0 || stderr.includes('Another backup has just made')).toBe(true)
      expect(ran.some(({ code }) => code === 0)).toBe(true)
      for (const name of copies(folder)) expect(readFileSync(join(folder, `${name}.sha256`), 'utf8')).toContain(createHash('sha256').update(readFileSync(join(folder, name))).digest('hex'))
    })

    it('says that the key is missing or another one while there is time to find it', async () => {
      rmSync(key)
      expect(await poise.poise(['backup', '--to', join(poise.dataDir, 'copies')])).toMatchObject({ code: 0, stderr: expect.stringContaining(`The key of this database, ${key}, is missing`) })
      writeFileSync(key, `${randomBytes(32).toString('base64')}\n`)
      expect((await poise.poise(['backup', '--to', join(poise.dataDir, 'others')])).stderr).toContain('does not belong to this database')
    })
  })

  describe('a disk that is too small', () => {
    const disk = smallDisk(1)
    afterAll(() => disk?.remove())

    it.skipIf(disk === null)('is named by backup and by restore, and nothing is changed', async () => {
      const folder = disk?.folder ?? ''
      disk?.fill(100_000)
      const copied = await poise.poise(['backup', '--to', join(folder, 'copies')])
      expect(copied).toMatchObject({ code: 1, stderr: `Database: ${file}\nThere is no room in ${join(folder, 'copies')} for the copy.\n` })
      expect(readdirSync(join(folder, 'copies'))).toEqual([])
      copyFileSync(key, join(folder, 'secret.key'))
      const restored = await poise.poise(['restore', poise.newestCopy()], { env: { DATA_DIR: folder } })
      expect(restored).toMatchObject({ code: 1, stderr: expect.stringContaining(`There is no room in ${folder} for the copy.`) })
      expect(readdirSync(folder).sort()).toEqual(['copies', 'filler', 'poise.lock', 'secret.key'])
    })

    it.skipIf(disk === null)('keeps no half of a key: it would keep every later start away', () => {
      const folder = join(disk?.folder ?? '', 'fresh')
      mkdirSync(folder)
      disk?.fill()
      expect(() => makeMasterKey(folder)).toThrow(/ENOSPC/)
      expect(readdirSync(folder)).toEqual([])
    })
  })

  describe('a command that writes', () => {
    const old = (): string => {
      const folder = join(poise.dataDir, 'old')
      mkdirSync(folder)
      copyFileSync(key, join(folder, 'secret.key'))
      const database = new Database(join(folder, 'poise.db'))
      database.exec(fixtureSql('sqlite', 'before_1_pulses'))
      database.exec("DELETE FROM settings WHERE key = 'secret_key'")
      database.close()
      return folder
    }
    const make = (folder: string, password: string) => poise.poise(['admin:create', '--email', 'new@example.org', '--name', 'New'], { input: `${password}\n`, env: { DATA_DIR: folder } })

    it('does not bring the database to its schema under a server that runs on the old one', async () => {
      const folder = old()
      const before = readFileSync(join(folder, 'poise.db'))
      const server = lockDataDir(folder, 'server')
      try {
        const refused = await make(folder, PASSWORD)
        expect(refused.code).toBe(1)
        expect(refused.stderr).toContain('its version of Poise is another')
        expect(readFileSync(join(folder, 'poise.db')).equals(before)).toBe(true)
      } finally {
        server.release()
      }
      expect((await make(folder, PASSWORD)).code).toBe(0)
    })

    it('is refused for its password before the database is touched', async () => {
      const folder = old()
      const before = readFileSync(join(folder, 'poise.db'))
      const refused = await make(folder, 'short')
      expect(refused.code).toBe(1)
      expect(refused.stderr).toContain('at least 15 characters')
      expect(readFileSync(join(folder, 'poise.db')).equals(before)).toBe(true)
    })

    it('may be the first on a fresh folder together with another one', async () => {
      const folder = join(poise.dataDir, 'fresh')
      const made = await Promise.all(['one', 'two'].map((name) => poise.poise(['admin:create', '--email', `${name}@example.org`, '--name', name], { input: `${PASSWORD}\n`, env: { DATA_DIR: folder } })))
      expect(made.map(({ stderr, code }) => [code, stderr.trim().split('\n').length])).toEqual([[0, 1], [0, 1]])
      expect(emailsIn(join(folder, 'poise.db'))).toEqual(['one@example.org', 'two@example.org'])
    })

    it('waits for no restore: it is refused, because what it wrote would be lost', async () => {
      const restore = lockDataDir(poise.dataDir, 'restore')
      try {
        expect(await create(poise, 'late@example.org')).toMatchObject({ code: 1, stderr: expect.stringContaining('A restore is using the data folder') })
      } finally {
        restore.release()
      }
      expect(emails(poise)).toEqual(['ada@example.org'])
    })
  })

  /** Overwrites pages in the middle of a file. */
  function damage(target: string): void {
    const pages = Math.floor(statSync(target).size / 4096)
    const handle = openSync(target, 'r+')
    for (const page of [0.3, 0.5, 0.7].map((share) => Math.floor(pages * share))) writeSync(handle, randomBytes(4096), 0, 4096, page * 4096)
  }

  describe('a start', () => {
    const refusals: Array<[string, () => void | Promise<void>, RegExp]> = [
      ['a page damaged in the middle', () => damage(file), /is damaged.*npm run restore/],
      ['an empty file where a database was', () => truncateSync(file, 0), /is empty, though this installation has had one.*npm run restore/],
      ['no file where a database was', () => rmSync(file), /is missing, though this installation has had one.*npm run restore/],
      [
        'a log whose database is gone, without a key',
        async () => {
          await crash()
          rmSync(file)
          rmSync(key)
        },
        /poise\.db-wal is there, and the database to which it belongs is missing.*npm run restore/,
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
      ['a lock file that is none', () => writeFileSync(join(poise.dataDir, 'poise.lock'), '1234\n'), /poise\.lock is not the empty lock file/],
      ['a missing key', () => rmSync(key), /key of this database is missing/],
      ['the key of another installation', () => writeFileSync(key, `${randomBytes(32).toString('base64')}\n`), /does not belong to this database/],
      ['a key that is none', () => writeFileSync(key, 'x'), /key file .* is damaged/],
      [
        'a copy put over the database after a crash',
        async () => {
          await crash()
          copyFileSync(poise.newestCopy(), file)
        },
        /another database, whose log .*poise\.db-wal is still there.*npm run restore/,
      ],
      [
        'a database damaged by a crash',
        async () => {
          await crash()
          damage(file)
        },
        /is damaged/,
      ],
    ]
    it.each(refusals)('is refused in one sentence: %s', async (_what, spoil, sentence) => {
      await spoil()
      const keyText = (): string | null => (statSync(key, { throwIfNoEntry: false })?.isFile() ? readFileSync(key, 'utf8') : null)
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

    it.each([
      ['rows whose people another program removed', "PRAGMA foreign_keys = OFF; DELETE FROM people WHERE id IN (SELECT person_id FROM person_roles LIMIT 1)", /rows which another program has removed/],
      ['a table of somebody else under a name that is ours', 'CREATE TABLE attempt_pulses (a)', /another program has changed its tables/],
    ])('cannot upgrade %s, says so in one sentence and leaves it as it was', async (_what, change, sentence) => {
      const old = join(poise.dataDir, 'old')
      mkdirSync(old)
      copyFileSync(join(DATABASES, 'secret.key'), join(old, 'secret.key'))
      const database = new Database(join(old, 'poise.db'))
      database.exec(fixtureSql('sqlite', 'before_1_pulses'))
      database.exec(change)
      const schema = (from: Database.Database): unknown => from.prepare('SELECT name, sql FROM sqlite_master ORDER BY name').all()
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
        expect(server.stderr).toBe(`${inTheWay} is no folder, so there can be no data folder ${dataDir}: set DATA_DIR to another one.\n`)
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

    it('is a beginning where an empty file lies in a folder that never had a database', async () => {
      const fresh = join(poise.dataDir, 'fresh')
      mkdirSync(fresh)
      writeFileSync(join(fresh, 'poise.db'), '')
      const server = await poise.serve({ DATA_DIR: fresh })
      expect(server.url).not.toBeNull()
      await server.stop()
    })
  })
})

describe('packages of another Node', () => {
  it('are called that where their binary cannot be loaded', async () => {
    const poise = await installation()
    try {
      const [packages, shared] = [join(poise.root, 'node_modules'), join(import.meta.dirname, '../../node_modules')]
      rmSync(packages)
      mkdirSync(packages)
      for (const name of readdirSync(shared)) if (name !== 'better-sqlite3') symlinkSync(join(shared, name), join(packages, name))
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
