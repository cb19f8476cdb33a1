import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { safeMessage } from './log.server.ts'
import { createPasswords, createSemaphore } from './passwords.server.ts'
import { createIds, createSecrets, KEY_FILE, makeMasterKey, readMasterKey, watchKey } from './secrets.server.ts'

const folder = mkdtempSync(join(tmpdir(), 'poise-key-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('key file', () => {
  it('is made once, for this account only, and read again', () => {
    expect(readMasterKey(folder)).toBeNull()
    const first = makeMasterKey(folder)
    const file = join(folder, 'secret.key')
    expect(first).toHaveLength(32)
    expect(makeMasterKey(folder)).toBeNull()
    expect(statSync(file).mode & 0o777).toBe(0o600)
    chmodSync(file, 0o644)
    expect(readMasterKey(folder)).toEqual(first)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const kept = readFileSync(file)
    writeFileSync(file, 'short')
    expect(() => readMasterKey(folder)).toThrow('is damaged')
    writeFileSync(file, kept)
  })
})

describe('secrets', () => {
  const secrets = createSecrets(randomBytes(32))

  it('opens what it sealed, at its place and with its key only', () => {
    const sealed = secrets.seal('验证码 1234', 'mail:1')
    expect(secrets.open(sealed, 'mail:1')).toBe('验证码 1234')
    expect(secrets.seal('验证码 1234', 'mail:1')).not.toBe(sealed)
    expect(() => secrets.open(sealed, 'mail:2')).toThrow()
    expect(() => createSecrets(randomBytes(32)).open(sealed, 'mail:1')).toThrow()
    const box = Buffer.from(sealed, 'base64')
    for (const at of [0, 1, 13, 29, box.length - 1]) {
      const changed = Buffer.from(box)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(() => secrets.open(changed.toString('base64'), 'mail:1')).toThrow()
    }
    expect(() => secrets.open('', 'mail:1')).toThrow()
  })

  it('derives other keys for other purposes and owners, also where the words run together', () => {
    const keys = [
      secrets.deriveKey('a', 'b'),
      secrets.deriveKey('a', 'c'),
      secrets.deriveKey('b', 'a'),
      secrets.deriveKey('a:b', 'c'),
      secrets.deriveKey('a', 'b:c'),
    ]
    expect(new Set(keys).size).toBe(5)
    expect(secrets.deriveKey('a', 'b')).toBe(keys[0])
    expect(Buffer.from(keys[0] ?? '', 'base64url')).toHaveLength(32)
  })

  it('hashes as the world does', () => {
    expect(secrets.sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })

  it('makes ids of 128 and tokens of 256 random bits', () => {
    const ids = createIds()
    expect(ids.id('at')).toMatch(/^at_[A-Za-z0-9_-]{22}$/)
    expect(ids.token()).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(new Set(Array.from({ length: 1_000 }, () => ids.id('x'))).size).toBe(1_000)
  })
})

describe('the key file of a running server', () => {
  it('is told once when it goes and once when it is back', () => {
    const folder = mkdtempSync(join(tmpdir(), 'poise-key-'))
    const told: string[] = []
    try {
      makeMasterKey(folder)
      const look = watchKey(folder, { warn: (event) => void told.push(event) })
      look()
      renameSync(join(folder, KEY_FILE), join(folder, 'away'))
      look()
      look()
      renameSync(join(folder, 'away'), join(folder, KEY_FILE))
      look()
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    expect(told).toEqual(['key.missing', 'key.found'])
  })
})

describe('passwords', () => {
  const passwords = createPasswords()

  it('verifies Chinese beyond 72 bytes to the last character', async () => {
    const password = '客户问题先倾听再共情再解决然后确认满意度最后留下记录'
    const hash = await passwords.hash(password)
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await passwords.verify(hash, password)).toBe(true)
    expect(await passwords.verify(hash, password.slice(0, -1))).toBe(false)
  })

  it('never accepts anything for an unknown account, at about the same cost', async () => {
    const hash = await passwords.hash('a password that is known')
    await passwords.verify(null, 'first use makes the dummy')
    const timed = async (known: string | null) => {
      const began = performance.now()
      for (let i = 0; i < 3; i += 1) expect(await passwords.verify(known, 'wrong password here')).toBe(false)
      return performance.now() - began
    }
    const [known, unknown] = [await timed(hash), await timed(null)]
    expect(unknown / known).toBeGreaterThan(0.1)
    expect(unknown / known).toBeLessThan(10)
  })

  it('refuses what is longer than 4 KB, without hashing it', async () => {
    const long = '长'.repeat(1_366)
    await expect(passwords.hash(long)).rejects.toThrow()
    const hash = await passwords.hash('')
    expect(await passwords.verify(hash, long)).toBe(false)
  })

  it('lets four run at once and serves the others in order', async () => {
    const limited = createSemaphore(4)
    let running = 0
    let most = 0
    const ended: number[] = []
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        limited(async () => {
          most = Math.max(most, (running += 1))
          await new Promise((resolve) => setTimeout(resolve, 2))
          running -= 1
          ended.push(n)
          if (n === 3) throw new Error('one fails')
        }).catch(() => {}),
      ),
    )
    expect(most).toBe(4)
    expect(ended).toEqual(Array.from({ length: 20 }, (_, n) => n))
  })
})

describe('log', () => {
  it('cuts out what drivers and parsers quote', () => {
    for (const [message, secret] of [
      ['Failed query: insert into x values (?)\nparams: Zhang Wei,13800000000', 'Zhang'],
      ['Unexpected token \'a\', "answer of Li" is not valid JSON', 'Li'],
      ['no such user: lin@candidate.example', 'lin@'],
      ['bad token pCS3DsAa8gPzs25cqkq9VnXIKOV6v6zWhoZzpeARBFg', 'pCS3'],
    ] as const)
      expect(safeMessage(message)).not.toContain(secret)
    expect(safeMessage('database disk image is malformed')).toBe('database disk image is malformed')
  })
})
