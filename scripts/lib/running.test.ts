import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ensureInstalled } from './install.mjs'
import { runningFrom, runningProblem } from './running.mjs'

let root: string
let program: string
const ends: Array<() => Promise<void>> = []
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'poise-running-'))
  program = join(root, 'build/http/main.js')
  mkdirSync(join(root, 'build/http'), { recursive: true })
  writeFileSync(program, '')
})
afterEach(async () => {
  vi.restoreAllMocks()
  for (const end of ends.splice(0)) await end()
  rmSync(root, { recursive: true, force: true })
})

/** A process that keeps a file open, as a server does its program, until it is killed. */
async function holder(file: string): Promise<{ pid: number; kill(): Promise<void> }> {
  const child = spawn(
    process.execPath,
    ['-e', 'fs.openSync(process.argv[1]); process.stdout.write("held"); process.stdin.resume()', file],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const ended = new Promise<void>((done) => child.once('close', () => done()))
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  ends.push(kill)
  await new Promise((held) => child.stdout.once('data', held))
  return { pid: child.pid ?? 0, kill }
}

describe.runIf(process.platform === 'linux')('who runs from a folder', () => {
  it('is known by the program that is held open, for several at once, and forgotten after kill -9', async () => {
    expect(runningFrom(root)).toEqual([])
    const [one, two] = [await holder(program), await holder(program)]
    expect(runningFrom(root).sort((a, b) => a - b)).toEqual([one.pid, two.pid].sort((a, b) => a - b))
    await one.kill()
    expect(runningFrom(root)).toEqual([two.pid])
    await two.kill()
    expect(runningFrom(root)).toEqual([])
  })

  it('is known by any path to it, and after the program was taken away', async () => {
    const other = `${root}-by-another-name`
    symlinkSync(root, other)
    ends.push(async () => rmSync(other))
    const { pid } = await holder(join(other, 'build/http/main.js'))
    expect(runningFrom(other)).toEqual([pid])
    rmSync(join(root, 'build'), { recursive: true })
    expect(runningFrom(root)).toEqual([pid])
  })

  it('is not whoever runs from a folder beside it', async () => {
    writeFileSync(`${program}.map`, '')
    await holder(`${program}.map`)
    expect(runningFrom(root)).toEqual([])
  })

  it('keeps their packages: a second start after an update installs nothing', async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {})
    writeFileSync(
      join(root, 'package-lock.json'),
      JSON.stringify({ packages: { 'node_modules/express': { version: '4.22.3' } } }),
    )
    const { pid } = await holder(program)
    expect(await ensureInstalled(root)).toBe(false)
    expect(said.mock.calls).toEqual([[runningProblem(root)]])
    expect(runningProblem(root)).toContain(`(process ${pid})`)
  })
})

describe('a process that closes another file while we look', () => {
  it('still runs: it was taken for one that has ended', () => {
    const descriptors = join(root, 'proc/4000001/fd')
    mkdirSync(descriptors, { recursive: true })
    // Read as a link, a file fails as a closed descriptor does.
    writeFileSync(join(descriptors, '3'), '')
    symlinkSync(realpathSync(program), join(descriptors, '4'))
    expect(runningFrom(root, { proc: join(root, 'proc') })).toEqual([4000001])
  })
})

describe('where the system does not tell who holds what', () => {
  it('nobody is said to run', () => {
    expect(runningFrom(root, { proc: join(root, 'none') })).toEqual([])
  })
})
