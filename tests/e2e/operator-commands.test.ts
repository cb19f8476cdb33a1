// The operator's commands on an installation whose data folder is named in .env and nowhere else, and those that write.
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { lockDataDir } from '#app/server/data-lock.server.ts'
import { contentFolder } from '#tests/fixtures/content-folder.ts'
import { fixtureSql } from '#tests/setup/fixture-database.ts'
import {
  createAdmin,
  emails,
  emailsIn,
  livedInstallation,
  PASSWORD,
  rows,
  type LivedInstallation,
} from '#tests/setup/lived-installation.ts'
import { installation, type Installation } from '#tests/setup/operator.ts'

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
    const made = await createAdmin(poise, 'ada@example.org')
    expect(made).toMatchObject({ code: 0, stdout: 'Ada Wong can sign in now, as admin.\n' })
    actedThere(made)
    expect(emails(poise)).toEqual(['ada@example.org'])
  })

  it('admin:password changes that account', async () => {
    const file = join(poise.dataDir, 'poise.db')
    const before = rows(file, 'SELECT * FROM credentials')
    const changed = await poise.poise(['admin:password', '--email', 'ada@example.org'], {
      input: 'another harbour, other boats\n',
    })
    expect(changed.code).toBe(0)
    actedThere(changed)
    expect(rows(file, 'SELECT * FROM credentials')).not.toEqual(before)
    expect(
      (await poise.poise(['admin:password', '--email', 'nobody@example.org'], { input: `${PASSWORD}\n` })).stderr,
    ).toContain('Nobody has this e-mail address.')
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
    await createAdmin(poise, 'later@example.org')
    const restored = await poise.poise(['restore', poise.newestCopy()])
    expect(restored.stderr + restored.stdout).toContain('Restored')
    actedThere(restored)
    expect(emails(poise)).toEqual(['ada@example.org'])
  })

  it('a variable of the environment comes before .env', async () => {
    const elsewhere = join(poise.dataDir, 'elsewhere')
    const made = await poise.poise(['admin:create', '--email', 'eve@example.org', '--name', 'Eve'], {
      input: `${PASSWORD}\n`,
      env: { DATA_DIR: elsewhere },
    })
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
    expect(refused.stderr).toMatch(
      /PORT in the environment is "80a".*\nLOG_LEVEL in the environment is "loud".*\nProduction needs PUBLIC_URL/,
    )
    expect(refused.stderr).not.toContain('Database:')
  })

  it('a settings file that is no text is named, and nothing is touched', async () => {
    const settings = join(poise.dataDir, 'settings')
    for (const content of [Buffer.from('DATA_DIR=/srv/poise\n', 'utf16le'), 'DATA_DIR=/srv/po\0ise\n']) {
      writeFileSync(settings, content)
      expect(await poise.poise(['backup'], { env: { POISE_ENV_FILE: settings } })).toMatchObject({
        code: 1,
        stderr: `The settings file ${settings} holds bytes that are no text: save it as plain UTF-8.\n`,
      })
    }
  })

  it('an unknown command, and one asked for wrongly, are answered with how to ask', async () => {
    expect(await poise.poise(['toString'])).toMatchObject({
      code: 2,
      stderr: 'There is no command toString; npm run poise lists them.\n',
    })
    expect(await poise.poise(['backup', '--keep', '0'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^--keep is a whole number from 1 to 99999, not 0\.\nUsage: npm run poise -- backup \[--to folder\] \[--keep 14\]\n +--to .+\n +--keep .+\n$/,
      ),
    })
    const named: Array<[string[], RegExp]> = [
      [['restore'], /^A file is missing\.\nUsage/],
      [['restore', 'one', 'two'], /^two is one argument too many\.\nUsage/],
      [['backup', '--to', ''], /^--to names no folder\.\nUsage/],
      [['admin:create', '--name', 'Ada'], /^--email is missing\.\nUsage/],
      [['bank:import', '--lang', 'zh'], /^--lang is en or zh-CN, not zh\.\nUsage/],
    ]
    for (const [args, sentence] of named)
      expect(await poise.poise(args)).toMatchObject({ code: 2, stderr: expect.stringMatching(sentence) })
    expect(await poise.poise(['bank:import', '--folder', poise.dataDir])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`There is no question bank in ${poise.dataDir}, so nothing was imported.`),
    })
    expect(
      await poise.poise(['admin:create', '--email', 'c@example.org', '--name', 'Cy', '--roles', 'candidate']),
    ).toMatchObject({ code: 2, stderr: expect.stringMatching(/^Staff have no role candidate; their roles are /) })
    expect((await poise.poise(['help'])).stdout).toContain('admin:password')
    expect(await poise.poise(['backup', '--help'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('--keep 14'),
    })
  })
})

describe('a command that writes', () => {
  let poise: LivedInstallation
  let key: string
  beforeAll(async () => {
    poise = await livedInstallation()
    key = poise.key
  })
  beforeEach(() => poise.reset())
  afterAll(() => poise.remove())

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
  const make = (folder: string, password: string) =>
    poise.poise(['admin:create', '--email', 'new@example.org', '--name', 'New'], {
      input: `${password}\n`,
      env: { DATA_DIR: folder },
    })

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
    const made = await Promise.all(
      ['one', 'two'].map((name) =>
        poise.poise(['admin:create', '--email', `${name}@example.org`, '--name', name], {
          input: `${PASSWORD}\n`,
          env: { DATA_DIR: folder },
        }),
      ),
    )
    expect(made.map(({ stderr, code }) => [code, stderr.trim().split('\n').length])).toEqual([
      [0, 1],
      [0, 1],
    ])
    expect(emailsIn(join(folder, 'poise.db'))).toEqual(['one@example.org', 'two@example.org'])
  })

  it('waits for no restore: it is refused, because what it wrote would be lost', async () => {
    const restore = lockDataDir(poise.dataDir, 'restore')
    try {
      expect(await createAdmin(poise, 'late@example.org')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('A restore is using the data folder'),
      })
    } finally {
      restore.release()
    }
    expect(emails(poise)).toEqual(['ada@example.org'])
  })
})
