import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sourceHash } from './stamp.mjs'

describe('the hash of the sources', () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'poise-stamp-'))
    mkdirSync(join(root, 'app/ui'), { recursive: true })
    writeFileSync(join(root, 'app/ui/page.tsx'), 'one')
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  it.each(['.DS_Store', 'page.tsx~', '.page.tsx.swp', 'page.test.tsx', 'notes.md'])(
    'does not see %s: a command would refuse for it',
    (name) => {
      const before = sourceHash(root)
      writeFileSync(join(root, 'app/ui', name), 'x')
      expect(sourceHash(root)).toBe(before)
    },
  )

  it.each(['page.tsx', 'other.tsx', 'page.css'])('sees %s', (name) => {
    const before = sourceHash(root)
    writeFileSync(join(root, 'app/ui', name), 'two')
    expect(sourceHash(root)).not.toBe(before)
  })
})
