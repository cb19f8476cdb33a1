// Copies of an installation and their way back.
import { createHash, randomBytes } from 'node:crypto'
import {
  chownSync,
  copyFileSync,
  existsSync,
  lstatSync,
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
import { lockDataDir } from '#app/server/data-lock.server.ts'
import { makeMasterKey } from '#app/server/secrets.server.ts'
import {
  createAdmin,
  damage,
  emails,
  emailsIn,
  livedInstallation,
  PASSWORD,
  rows,
  type LivedInstallation,
} from '#tests/setup/lived-installation.ts'
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

const restoring = (...flags: string[]) => poise.poise(['restore', poise.newestCopy(), ...flags])

describe('restore', () => {
  const asides = (): string[] => readdirSync(poise.dataDir).filter((name) => name.startsWith('before-restore-'))

  it('takes the log of a crash away with the old database, and keeps what stood in it', async () => {
    await poise.crash()
    expect((await restoring()).code).toBe(0)
    expect(emails(poise)).toEqual(['ada@example.org'])
    const [aside, ...more] = asides()
    expect(more).toEqual([])
    // One file: a log that is copied apart from its database, or not at all, is lost.
    expect(readdirSync(join(poise.dataDir, aside ?? ''))).toEqual(['poise.db'])
    expect(emailsIn(join(poise.dataDir, aside ?? '', 'poise.db'))).toEqual([
      'ada@example.org',
      'after-the-copy@example.org',
    ])
    const server = await poise.serve()
    expect(server.url).not.toBeNull()
    await server.stop()
    expect(emails(poise)).toEqual(['ada@example.org'])
  })

  it('refuses while a server runs, and leaves everything as it is', async () => {
    const server = await poise.serve()
    await createAdmin(poise, 'during@example.org')
    const refused = await restoring()
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('is using the data folder')
    await server.stop()
    expect(emails(poise)).toEqual(['ada@example.org', 'during@example.org'])
    expect(readdirSync(poise.dataDir).filter((name) => /restor/.test(name))).toEqual([])
  })

  it('says in which mode alone a copy of the other mode will start', async () => {
    const copy = poise.newestCopy()
    const database = new Database(copy)
    database
      .prepare(
        `INSERT INTO settings (key, value, updated_at) VALUES ('installation', '{"mode":"demo","made":true}', 0)`,
      )
      .run()
    database.close()
    rmSync(`${copy}.sha256`)
    expect((await restoring('--unverified')).stdout).toContain(
      'The copy is of an installation in demo mode, and starts with POISE_MODE=demo only.',
    )
  })

  it('notes the restore in the trail and ends the sessions of staff', async () => {
    await restoring()
    const [row] = rows<{ action: string; data: string }>(
      file,
      'SELECT action, data FROM audit_events ORDER BY seq DESC LIMIT 1',
    )
    const noted = readFileSync(`${poise.newestCopy()}.sha256`, 'utf8').split(' ')[0]
    expect(row?.action).toBe('installation.restored')
    expect(JSON.parse(row?.data ?? '{}')).toMatchObject({ copyHash: noted })
  })

  const refusals: Array<[string, () => void, string]> = [
    [
      'a copy that was changed',
      () => truncateSync(poise.newestCopy(), statSync(poise.newestCopy()).size - 4096),
      'was changed or damaged',
    ],
    [
      'a copy whose hash file holds none',
      () => writeFileSync(`${poise.newestCopy()}.sha256`, 'nothing here\n'),
      'holds no SHA-256',
    ],
    [
      'a copy without its hash',
      () => rmSync(`${poise.newestCopy()}.sha256`),
      'is missing: put it there, or add --unverified',
    ],
    [
      'a copy of another installation',
      () => writeFileSync(key, `${randomBytes(32).toString('base64')}\n`),
      'does not belong to this copy',
    ],
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
    writeFileSync(
      `${copy}.sha256`,
      `${createHash('sha256').update(readFileSync(copy)).digest('hex').toUpperCase()}  copy.db\r\n`,
    )
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
    await poise.crash()
    damage(file)
    const [before, log] = [readFileSync(file), readFileSync(`${file}-wal`)]
    expect((await restoring()).code).toBe(0)
    const [aside] = asides()
    expect(readFileSync(join(poise.dataDir, aside ?? '', 'poise.db')).equals(before)).toBe(true)
    expect(readFileSync(join(poise.dataDir, aside ?? '', 'poise.db-wal')).equals(log)).toBe(true)
    expect(emails(poise)).toEqual(['ada@example.org'])
  })

  it('that was interrupted between the two files is finished by the next, which names both folders', async () => {
    await poise.crash()
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
    await createAdmin(poise, 'on-the-disk@example.org')
    expect((await restoring()).code).toBe(0)
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(emailsIn(join(disk, 'poise.db'))).toEqual(['ada@example.org'])
    expect(readdirSync(disk).filter((name) => name.startsWith('before-restore-'))).toHaveLength(1)
  })

  it('refuses a database that was in use: counted with its log and copied without it, it would come back empty', async () => {
    await poise.crash()
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

  it('that was killed leaves people’s data in a file that the next start takes away', async () => {
    const left = [`${file}.restoring`, `${file}.restoring-wal`]
    for (const name of left) writeFileSync(name, 'what people wrote')
    const server = await poise.serve()
    expect(server.url).not.toBeNull()
    await server.stop()
    expect(left.filter((name) => existsSync(name))).toEqual([])
  })

  it('makes no folder where DATA_DIR is mistyped', async () => {
    const mistyped = join(poise.dataDir, 'mistyped')
    expect(await poise.poise(['restore', poise.newestCopy()], { env: { DATA_DIR: mistyped } })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no secret.key'),
    })
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
    const rehearsed = await poise.poise(['restore', join(empty, 'backups', copy), '--rehearse'], {
      env: { DATA_DIR: empty, POISE_MODE: 'demo' },
    })
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
        await poise.crash()
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

  const copies = (folder: string): string[] =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.db'))
      .sort()

  it('keeps the copy that it made, also where a clock was ahead once, and takes away what a killed one left', async () => {
    const folder = join(poise.dataDir, 'copies')
    mkdirSync(folder)
    for (const name of ['poise-20990101T000001Z.db', 'poise-20990101T000002Z.db'])
      copyFileSync(poise.newestCopy(), join(folder, name))
    for (const name of ['poise-20200101T000000Z.db.999999999.part', 'holiday.part'])
      writeFileSync(join(folder, name), '')
    const copied = await poise.poise(['backup', '--to', folder, '--keep', '2'])
    expect(copied.code).toBe(0)
    const [made, ...others] = copies(folder)
    expect(copied.stdout).toContain(made)
    expect(others).toEqual(['poise-20990101T000002Z.db'])
    expect(copied.stdout).toContain('Removed as --keep says: poise-20990101T000001Z.db.')
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual(['holiday.part'])
  })

  it('removes no copy of another installation, and nothing that is no copy', async () => {
    const folder = join(poise.dataDir, 'copies')
    mkdirSync(folder)
    const [stranger, empty, link] = [
      'poise-20200101T000001Z.db',
      'poise-20200101T000002Z.db',
      'poise-20200101T000003Z.db',
    ]
    copyFileSync(poise.newestCopy(), join(folder, stranger))
    const database = new Database(join(folder, stranger))
    database
      .prepare(
        `UPDATE settings SET value = json_set(value, '$.fingerprint', 'of another key') WHERE key = 'secret_key'`,
      )
      .run()
    database.close()
    writeFileSync(join(folder, empty), '')
    symlinkSync(poise.newestCopy(), join(folder, link))
    expect((await poise.poise(['backup', '--to', folder, '--keep', '1'])).code).toBe(0)
    expect(copies(folder)).toEqual([stranger, empty, link, expect.stringMatching(/^poise-/)])
  })

  it.runIf(process.getuid?.() === 0)(
    'run by root leaves nothing that keeps the account of the server out',
    async () => {
      const [data, account] = [join(poise.dataDir, 'of the account'), 1234]
      mkdirSync(data)
      chownSync(data, account, account)
      const made = await poise.poise(['admin:create', '--email', 'ada@example.org', '--name', 'Ada'], {
        input: `${PASSWORD}\n`,
        env: { DATA_DIR: data },
      })
      expect(made.code).toBe(0)
      expect((await poise.poise(['backup'], { env: { DATA_DIR: data } })).code).toBe(0)
      const [copy = ''] = copies(join(data, 'backups'))
      expect((await poise.poise(['restore', join(data, 'backups', copy)], { env: { DATA_DIR: data } })).code).toBe(0)
      const owners = readdirSync(data, { recursive: true }).map((name) => [
        String(name),
        lstatSync(join(data, String(name))).uid,
      ])
      expect(owners.filter(([, uid]) => uid !== account)).toEqual([])
      expect(owners.length).toBeGreaterThanOrEqual(7)
    },
  )

  it('three at once: each copy has its hash, and one that finds its name taken says so', async () => {
    const folder = join(poise.dataDir, 'copies')
    const ran = await Promise.all([1, 2, 3].map(() => poise.poise(['backup', '--to', folder])))
    for (const { code, stderr } of ran) expect(code === 0 || stderr.includes('Another backup has just made')).toBe(true)
    expect(ran.some(({ code }) => code === 0)).toBe(true)
    for (const name of copies(folder))
      expect(readFileSync(join(folder, `${name}.sha256`), 'utf8')).toContain(
        createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex'),
      )
  })

  it('says that the key is missing or another one while there is time to find it', async () => {
    rmSync(key)
    expect(await poise.poise(['backup', '--to', join(poise.dataDir, 'copies')])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`The key of this database, ${key}, is missing`),
    })
    writeFileSync(key, `${randomBytes(32).toString('base64')}\n`)
    expect((await poise.poise(['backup', '--to', join(poise.dataDir, 'others')])).stderr).toContain(
      'does not belong to this database',
    )
  })
})

describe('a disk that is too small', () => {
  const disk = smallDisk(1)
  afterAll(() => disk?.remove())

  it.skipIf(disk === null)('is named by backup and by restore, and nothing is changed', async () => {
    const folder = disk?.folder ?? ''
    disk?.fill(100_000)
    const copied = await poise.poise(['backup', '--to', join(folder, 'copies')])
    expect(copied).toMatchObject({
      code: 1,
      stderr: `Database: ${file}\nThere is no room in ${join(folder, 'copies')} for the copy.\n`,
    })
    expect(readdirSync(join(folder, 'copies'))).toEqual([])
    copyFileSync(key, join(folder, 'secret.key'))
    const restored = await poise.poise(['restore', poise.newestCopy()], { env: { DATA_DIR: folder } })
    expect(restored).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`There is no room in ${folder} for the copy.`),
    })
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
