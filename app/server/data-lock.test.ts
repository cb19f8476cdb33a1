import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfigError } from './config.server.ts'
import { isDataDirInUse, lockDataDir } from './data-lock.server.ts'

describe('the lock of a data folder', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'poise-lock-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  // One server and any number of commands, or one restore and nobody else.
  it.each([
    ['server', 'server', false],
    ['server', 'command', true],
    ['server', 'restore', false],
    ['command', 'server', true],
    ['command', 'command', true],
    ['command', 'restore', false],
    ['restore', 'server', false],
    ['restore', 'command', false],
    ['restore', 'restore', false],
  ] as const)('held by a %s, lets a %s in: %s', (first, second, together) => {
    const held = lockDataDir(folder, first)
    try {
      if (together) lockDataDir(folder, second).release()
      else expect(() => lockDataDir(folder, second)).toThrow(ConfigError)
      expect(isDataDirInUse(folder)).toBe(true)
    } finally {
      held.release()
    }
    expect(isDataDirInUse(folder)).toBe(false)
    lockDataDir(folder, second).release()
  })

  it('is taken anew where its file was removed, and told where somebody else was faster', () => {
    const first = lockDataDir(folder, 'server')
    try {
      rmSync(join(folder, 'poise.lock'))
      first.renew()
      expect(() => lockDataDir(folder, 'server')).toThrow(ConfigError)
      rmSync(join(folder, 'poise.lock'))
      const second = lockDataDir(folder, 'server')
      expect(() => first.renew()).toThrow(ConfigError)
      second.release()
      first.renew()
      expect(() => lockDataDir(folder, 'server')).toThrow(ConfigError)
    } finally {
      first.release()
    }
    expect(isDataDirInUse(folder)).toBe(false)
  })
})
