// The files for operators repeat what the program says elsewhere: how it starts, how much it accepts, where its streams
// are, what it refuses with.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MAX_BODY_BYTES } from '#app/server/border.server.ts'
import { projectRoot } from '#app/server/environment.server.ts'

const read = (path: string): string => readFileSync(join(projectRoot(), path), 'utf8')
const deployed = (name: string): string => read(`docs/deploy/${name}`)
const { scripts } = JSON.parse(read('package.json')) as { scripts: { start: string } }

describe('docs/deploy', () => {
  it('starts the server with the flags of npm start', () => {
    expect(/^CMD (\[.*\])$/m.exec(deployed('Dockerfile'))?.[1]).toBe(
      JSON.stringify(scripts.start.split(' ')).replaceAll(',', ', '),
    )
    expect(/^ExecStart=(.*)$/m.exec(deployed('poise.service'))?.[1]).toBe(scripts.start)
  })

  it('keeps package-lock.json, by which the start knows its build, where development packages are removed', () => {
    const prunes = [deployed('Dockerfile'), read('docs/operations.md')].map(
      (text) => text.match(/npm prune [^\n#]*/g) ?? [],
    )
    for (const found of prunes) expect(found.map((line) => line.trim())).toEqual(['npm prune --omit=dev --no-save'])
  })

  it('lets bodies through to the size that Poise accepts, and none that are larger', () => {
    const MEBIBYTE = 1_048_576
    expect(Number(/client_max_body_size (\d+)m;/.exec(deployed('nginx.conf'))?.[1]) * MEBIBYTE).toBe(MAX_BODY_BYTES)
    expect(Number(/max_size (\d+)MiB$/m.exec(deployed('Caddyfile'))?.[1]) * MEBIBYTE).toBe(MAX_BODY_BYTES)
    expect(Number(/int\(\{header\.Content-Length\}\) > (\d+)/.exec(deployed('Caddyfile'))?.[1])).toBe(MAX_BODY_BYTES)
  })

  it('passes both event streams of nginx on unbuffered, and nothing else', () => {
    const pattern = new RegExp(
      /location ~ (\S+) \{[^}]*proxy_buffering off;/.exec(deployed('nginx.conf'))?.[1] ?? 'missing',
    )
    for (const path of ['/api/room/events', '/api/attempts/att_x-1/events']) expect(path).toMatch(pattern)
    for (const path of ['/api/attempts/save', '/api/attempts/att_x-1/draft-key', '/candidate/events'])
      expect(path).not.toMatch(pattern)
  })
})

/** Every text between quotes, with what is filled in written as `…`. */
function sentencesOf(source: string): string[] {
  const texts = source.match(/'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g) ?? []
  return texts.map((text) =>
    text
      .slice(1, -1)
      .replaceAll(/\$\{[^}]*\}/g, '…')
      .replaceAll(/…+/g, '…'),
  )
}

const SOURCES = ['db', 'db/dialect', 'app/server', 'scripts/lib', 'scripts/operator'].flatMap((folder) =>
  readdirSync(join(projectRoot(), folder))
    .filter((name) => /\.(ts|mjs)$/.test(name) && !name.includes('.test.'))
    .map((name) => `${folder}/${name}`),
)

describe('docs/operations.md', () => {
  it('quotes only sentences that the program says', () => {
    const known = SOURCES.flatMap((path) => sentencesOf(read(path)))
    const [, section = ''] = /## The server does not start\n(.*?)\n## /s.exec(read('docs/operations.md')) ?? []
    const quoted = section
      .split('\n')
      .filter((line) => line.startsWith('| ') && !line.startsWith('| it says'))
      .flatMap((line) => (line.split('|')[1] ?? '').split(' / '))
      .map((text) => text.trim())
    expect(quoted.length).toBeGreaterThan(20)
    const says = (sentence: string, parts: string[]): boolean =>
      parts.reduce((at, part) => (at < 0 ? at : sentence.indexOf(part, at)), 0) >= 0
    expect(
      quoted.filter(
        (text) =>
          !known.some((sentence) =>
            says(
              sentence,
              text.split('…').map((part) => part.trim()),
            ),
          ),
      ),
    ).toEqual([])
  })
})
