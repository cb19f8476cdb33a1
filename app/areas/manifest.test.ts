import { describe, expect, it } from 'vitest'
import { isOutsideStaff, isStaffPath, withoutStaff } from './manifest.ts'

describe('the rooms of staff', () => {
  it.each([
    ['/admin', true],
    ['/trainer/items?q=1', true],
    ['/interviewer/', true],
    ['/', false],
    ['/administrator', false],
    ['/candidate/admin', false],
    ['/login', false],
  ])('%s: %s', (path, expected) => {
    expect(isStaffPath(new URL(path, 'https://poise.example').pathname)).toBe(expected)
  })

  const manifest = {
    url: '/assets/manifest-4e845a80.js',
    entry: { imports: ['/assets/index-1.js', '/assets/texts-common.en-a-_1.js', '/assets/texts-common.zh-CN-b.js'] },
    routes: {
      root: { imports: ['/assets/index-1.js', '/assets/root-2.js'] },
      'areas/admin': {},
      'routes/admin/_index': {},
      'areas/candidate': {
        imports: [
          '/assets/texts-player-errors.zh-CN-c.js',
          '/assets/root-2.js',
          '/assets/index-1.js',
          '/assets/texts-player-errors.en-d.js',
        ],
      },
      'routes/public/login': {},
      'routes/resources/policies': {},
      'routes/interviewer/queue': {},
    },
  }

  it('are not in the manifest of the pages outside, which has an address of its own', () => {
    const { root } = manifest.routes
    const candidate = {
      // What every page loads is named once.
      imports: ['/assets/texts-player-errors.zh-CN-c.js', '/assets/texts-player-errors.en-d.js'],
    }
    expect(withoutStaff(manifest, null)).toEqual({
      url: '/assets/manifest-candidate-4e845a80.js',
      entry: manifest.entry,
      routes: { root, 'areas/candidate': candidate, 'routes/public/login': {}, 'routes/resources/policies': {} },
    })
    expect(isOutsideStaff(['root', 'areas/candidate'])).toBe(true)
    expect(isOutsideStaff(['root', 'areas/admin'])).toBe(false)
  })

  it('a page in one language has a manifest with the texts of that language', () => {
    const chinese = withoutStaff(manifest, 'zh-CN')
    expect(chinese.url).toBe('/assets/manifest-candidate-zh-CN-4e845a80.js')
    expect(chinese.entry.imports).toEqual(['/assets/index-1.js', '/assets/texts-common.zh-CN-b.js'])
    expect(chinese.routes['areas/candidate'].imports).toEqual(['/assets/texts-player-errors.zh-CN-c.js'])
    const english = withoutStaff(manifest, 'en')
    expect(english.entry.imports).toEqual(['/assets/index-1.js', '/assets/texts-common.en-a-_1.js'])
  })
})
