import { describe, expect, it } from 'vitest'
import { createRequestIds, routeNames } from './access-log.server.ts'

describe('the number of a request', () => {
  it('is another one each time, also after another start', () => {
    const next = createRequestIds('a1')
    expect([next(), next()]).toEqual(['a1-1', 'a1-2'])
    expect(createRequestIds()()).not.toBe(createRequestIds()())
  })
})

describe('the name of a route', () => {
  const route = (id: string, parentId?: string, path?: string) => ({ id, parentId, path })
  const names = routeNames({
    routes: {
      root: route('root', undefined, ''),
      login: route('login', 'root', 'login'),
      invitation: route('invitation', 'root', 'i/:token'),
      area: route('area', 'root', 'trainer'),
      first: route('first', 'area', undefined),
      items: route('items', 'area', 'items'),
      item: route('item', 'area', 'items/:itemId'),
      fresh: route('fresh', 'area', 'items/new'),
      file: route('file', 'root', 'zone.js'),
      rest: route('rest', 'root', '*'),
    },
  } as never)

  it.each([
    ['/', '/'],
    ['/login', '/login'],
    ['/login/', '/login'],
    ['/i/a-secret-token', '/i/:token'],
    ['/trainer', '/trainer'],
    ['/trainer/items/it_1', '/trainer/items/:itemId'],
    ['/trainer/items/new', '/trainer/items/new'],
    ['/zoneXjs', '/*'],
    ['/nobody/has/this', '/*'],
  ])('%s: %s', (path, expected) => expect(names(path)).toBe(expected))

  it('is none where the build has no route for it', () => {
    expect(
      routeNames({ routes: { login: route('login', undefined, 'login') } } as never)('/i/a-secret-token'),
    ).toBeNull()
  })
})
