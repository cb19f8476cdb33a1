import { describe, expect, it } from 'vitest'
import { isOutsideStaff, isStaffPath, withoutStaff } from './areas.ts'

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

  it('are not in the manifest of the pages outside, which has an address of its own', () => {
    const routes = {
      root: 0,
      'areas/admin': 1,
      'routes/admin/_index': 2,
      'areas/candidate': 3,
      'routes/public/login': 4,
      'routes/resources/policies': 5,
      'routes/interviewer/queue': 6,
    }
    expect(withoutStaff({ url: '/assets/manifest-4e845a80.js', routes })).toEqual({
      url: '/assets/manifest-candidate-4e845a80.js',
      routes: { root: 0, 'areas/candidate': 3, 'routes/public/login': 4, 'routes/resources/policies': 5 },
    })
    expect(isOutsideStaff(['root', 'areas/candidate'])).toBe(true)
    expect(isOutsideStaff(['root', 'areas/admin'])).toBe(false)
  })
})
