// Random names and everything that needs the installation's key.
import { createCipheriv, createDecipheriv, hash, hkdfSync, randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Ids, Log, Secrets } from '../ground/deps.server.ts'
import { ConfigError } from './config.server.ts'
import { giveToOwnerOfFolder } from './owner.server.ts'

export function createIds(): Ids {
  return {
    id: (prefix) => `${prefix}_${randomBytes(16).toString('base64url')}`,
    token: () => randomBytes(32).toString('base64url'),
  }
}

const KEY_BYTES = 32
export const KEY_FILE = 'secret.key'

const keyFile = (dataDir: string): string => join(dataDir, KEY_FILE)

/** Reads the installation's key; null where there is none. Throws a ConfigError when the file holds no key. */
export function readMasterKey(dataDir: string): Buffer | null {
  const file = keyFile(dataDir)
  if (!existsSync(file)) {
    if (lstatSync(file, { throwIfNoEntry: false }))
      throw new ConfigError([`${file} is a link that leads nowhere: check that the disk of its target is mounted.`])
    return null
  }
  if (!statSync(file).isFile())
    throw new ConfigError([`${file} is no file: the key of this installation belongs there.`])
  if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600)
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64')
  if (key.length !== KEY_BYTES) throw new ConfigError([`The key file ${file} is damaged; restore it from the backup.`])
  return key
}

/**
 * Makes the installation's key, once. It belongs in the backup, but not beside the database: whoever holds both can
 * read what is sealed. Gives null when somebody else has just made it.
 */
export function makeMasterKey(dataDir: string): Buffer | null {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  try {
    // `wx`: of two servers that start together only one makes the key.
    const handle = openSync(keyFile(dataDir), 'wx', 0o600)
    try {
      writeSync(handle, randomBytes(KEY_BYTES).toString('base64') + '\n')
      fsyncSync(handle)
      giveToOwnerOfFolder(keyFile(dataDir), dataDir)
    } catch (error) {
      // A key cut short would pass for a damaged one, and keep every later start away.
      removeMasterKey(dataDir)
      throw error
    } finally {
      closeSync(handle)
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null
    throw error
  }
  return readMasterKey(dataDir)
}

/**
 * Gives a look at the key file of a running server, which needs it no more: without it no later start will open the
 * database. The log is told once when it goes and once when it is back.
 */
export function watchKey(dataDir: string, log: Pick<Log, 'warn'>): () => void {
  let isThere = true
  return () => {
    if (existsSync(keyFile(dataDir)) === isThere) return
    isThere = !isThere
    log.warn(isThere ? 'key.found' : 'key.missing', { file: keyFile(dataDir) })
  }
}

/** Takes back a key that has just been made and belongs to nothing. */
export const removeMasterKey = (dataDir: string): void => rmSync(keyFile(dataDir), { force: true })

const IV_BYTES = 12
const TAG_BYTES = 16
const VERSION = 1

export function createSecrets(master: Buffer): Secrets {
  const derive = (info: string): Buffer => Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), info, 32))
  const sealing = derive('poise/seal/1')
  return {
    // In one call: a hash object costs more than hashing the few bytes of a token or an answer.
    sha256: (text) => hash('sha256', text),
    seal(plain, context) {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', sealing, iv)
      cipher.setAAD(Buffer.from(context))
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.of(VERSION), iv, cipher.getAuthTag(), body]).toString('base64')
    },
    open(sealed, context) {
      const box = Buffer.from(sealed, 'base64')
      if (box[0] !== VERSION || box.length < 1 + IV_BYTES + TAG_BYTES) throw new Error('not a sealed text')
      const decipher = createDecipheriv('aes-256-gcm', sealing, box.subarray(1, 1 + IV_BYTES), {
        authTagLength: TAG_BYTES,
      })
      decipher.setAAD(Buffer.from(context))
      decipher.setAuthTag(box.subarray(1 + IV_BYTES, 1 + IV_BYTES + TAG_BYTES))
      return Buffer.concat([decipher.update(box.subarray(1 + IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8')
    },
    // JSON keeps ('a:b', 'c') and ('a', 'b:c') apart.
    deriveKey: (purpose, owner) => derive(`poise/derive/1/${JSON.stringify([purpose, owner])}`).toString('base64url'),
  }
}

/** Tells whether a key belongs to a database, and nothing about the key. */
export const keyFingerprint = (secrets: Secrets): string =>
  secrets.sha256(secrets.deriveKey('fingerprint', 'installation'))
