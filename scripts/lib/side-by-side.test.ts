import { describe, expect, it } from 'vitest'
import { outputInTurn, sideBySide } from './side-by-side.mjs'

type Stage = { name: string; cores: number; after?: string[] }

/** Runs the stages; each lasts as many turns as `lasts` says. Gives what ran beside what, at each start. */
async function runsOf(stages: Stage[], lasts: Record<string, number> = {}): Promise<string[]> {
  const running = new Set<string>()
  const seen: string[] = []
  await sideBySide(stages, {
    cores: 2,
    async run({ name }) {
      running.add(name)
      seen.push([...running].join('+'))
      for (let n = 0; n < (lasts[name] ?? 1); n += 1) await new Promise((done) => setImmediate(done))
      running.delete(name)
    },
  })
  return seen
}

describe('stages', () => {
  it('run two at a time where one core is enough, and alone where both are needed', async () => {
    const stages = [
      { name: 'a', cores: 1 },
      { name: 'b', cores: 1 },
      { name: 'c', cores: 2 },
      { name: 'd', cores: 2 },
    ]
    expect(await runsOf(stages, { a: 3 })).toEqual(['a', 'a+b', 'c', 'd'])
  })

  it('wait for what they come after, and let others go before meanwhile', async () => {
    const stages = [
      { name: 'build', cores: 1 },
      { name: 'uses it', cores: 1, after: ['build'] },
      { name: 'other', cores: 1 },
    ]
    expect(await runsOf(stages, { build: 3, other: 9 })).toEqual(['build', 'build+other', 'other+uses it'])
  })

  it('do not wait for what was not asked for', async () => {
    expect(await runsOf([{ name: 'e2e', cores: 2, after: ['build'] }])).toEqual(['e2e'])
  })

  it('that need no core run beside those that need both, and those that need more than there are run alone', async () => {
    expect(
      await runsOf([
        { name: 'waits', cores: 0 },
        { name: 'large', cores: 4 },
      ]),
    ).toEqual(['waits', 'waits+large'])
  })

  it('that wait for each other are an error, not a silent end', async () => {
    const circle = [
      { name: 'a', cores: 1, after: ['b'] },
      { name: 'b', cores: 1, after: ['a'] },
    ]
    await expect(runsOf(circle)).rejects.toThrow('These stages wait for each other: a, b')
  })
})

describe('their output', () => {
  it('is in one piece each: one live, the other once that has ended', () => {
    let all = ''
    const stage = outputInTurn((text) => (all += text))
    const [a, b] = [stage('a'), stage('b')]
    a.write('1')
    b.write('2')
    a.write('3')
    expect(all).toBe('\n== a ==\n13')
    a.end()
    b.write('4')
    b.end()
    expect(all).toBe('\n== a ==\n13\n== b ==\n24')
  })

  it('of a quiet one comes at its end, and holds back nobody’s', () => {
    let all = ''
    const stage = outputInTurn((text) => (all += text))
    const quiet = stage('fresh', { quiet: true })
    quiet.write('1')
    const a = stage('a')
    a.write('2')
    quiet.write('3')
    quiet.end()
    a.write('4')
    a.end()
    expect(all).toBe('\n== a ==\n24\n== fresh ==\n13')
  })
})
