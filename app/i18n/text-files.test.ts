import { describe, expect, it } from 'vitest'
import { importMapFor, textFileOf } from './text-files.ts'

describe('files of texts', () => {
  it.each([
    ['/x/app/i18n/en/player.ts', 'texts-player.en'],
    ['/x/app/i18n/zh-CN/player-errors.ts', 'texts-player-errors.zh-CN'],
    // Staff pages speak both, and nothing is gained.
    ['/x/app/i18n/en/trainer.ts', undefined],
    ['/x/app/i18n/areas/player.ts', undefined],
    ['/x/app/i18n/en/player.ts?raw', undefined],
  ])('%s goes into %s', (source, expected) => expect(textFileOf(source)).toBe(expected))

  const paths = [
    '/assets/texts-player.en-h-1.js',
    '/assets/texts-player.zh-CN-h_2.js',
    '/assets/texts-player-errors.zh-CN-3.js',
    '/assets/texts-player-errors.en-4.js',
    '/assets/player-5.js',
    // Its other half is missing: nothing can stand in its place.
    '/assets/texts-public.en-6.js',
  ]

  it('a page in Chinese has the Chinese file wherever the English one is asked for', () => {
    expect(JSON.parse(importMapFor(paths, 'zh-CN'))).toEqual({
      imports: {
        '/assets/texts-player.en-h-1.js': '/assets/texts-player.zh-CN-h_2.js',
        '/assets/texts-player-errors.en-4.js': '/assets/texts-player-errors.zh-CN-3.js',
      },
    })
  })

  it('a page that speaks both languages maps nothing', () => {
    expect(importMapFor(paths, null)).toBe('{}')
  })
})
