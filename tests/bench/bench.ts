/**
 * npm run bench: durable answer saves through the product beside a bare Node server, interleaved in one run; the first
 * page of an attempt with 32 items; finishing and scoring. These machines are noisy: what counts is the ratio within
 * one run.
 *
 *   npm run bench -- [--seconds 3] [--rounds 3] [--quick]
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { closeSync, fsyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import Database from 'better-sqlite3'
import { httpGet, httpPost, runLoad, type LoadResult, type Script } from './load.ts'
import type { BenchCandidate } from './world.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    quick: { type: 'boolean', default: false },
  },
})
const durationMs = values.quick ? 800 : Number(values.seconds) * 1000
const rounds = values.quick ? 1 : Number(values.rounds)
const CONNECTIONS = [1, 32, 256]
const CANDIDATES = 256
/** Further attempts of each candidate, for handing in. */
const COPIES = values.quick ? 4 : 24
const PRODUCT_PORT = 4310
const BARE_PORT = 4311

const dataDir = mkdtempSync(join(tmpdir(), 'poise-bench-'))
const children: ChildProcess[] = []
const say = (line = ''): void => console.log(line)

async function ready(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    try {
      if ((await fetch(`http://127.0.0.1:${port}/healthz`)).ok) return
    } catch {
      // not listening yet
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`nothing answers on port ${port}`)
}

/** The options that `npm start` gives to Node, for both servers. */
const NODE_OPTIONS = (JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } }).scripts.start
  .split(' ')
  .filter((word) => word.startsWith('--'))

function start(args: string[], env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, [...NODE_OPTIONS, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  children.push(child)
  return child
}

/** Saves of one item a candidate, again and again: base revision and option move on with each acknowledgement. */
class Saves implements Script {
  readonly acknowledged = new Map<string, { revision: number; optionId: string }>()
  private readonly revisions: number[]
  private readonly sent: string[] = []
  private counter = 0
  private readonly run = Math.random().toString(36).slice(2, 8)

  constructor(
    private readonly port: number,
    private readonly candidates: BenchCandidate[],
    known: Map<string, { revision: number; optionId: string }>,
  ) {
    this.revisions = candidates.map((candidate) => known.get(candidate.attemptId)?.revision ?? 0)
  }
  next(i: number): string {
    const candidate = this.candidates[i] as BenchCandidate
    const optionId = ['a', 'b', 'c', 'd'][this.counter % 4] as string
    this.sent[i] = optionId
    const body = JSON.stringify({
      attemptId: candidate.attemptId,
      epoch: 1,
      mutations: [
        {
          mutationId: `${this.run}-${(this.counter += 1)}`,
          itemId: candidate.itemIds[0],
          baseRevision: this.revisions[i],
          response: { kind: 'single_choice', optionId },
        },
      ],
    })
    return httpPost('/api/attempts/save', this.port, candidate.token, body)
  }
  seen(i: number, status: number, body: string): boolean {
    if (status !== 200) return false
    const result = (JSON.parse(body) as { results: Array<{ result: string; revision: number }> }).results[0]
    if (result?.result !== 'accepted') return false
    this.revisions[i] = result.revision
    this.acknowledged.set((this.candidates[i] as BenchCandidate).attemptId, {
      revision: result.revision,
      optionId: this.sent[i] as string,
    })
    return true
  }
}

/** Median of one small synchronous append, in milliseconds: what durability costs on this disk now. */
function diskSyncMs(): number {
  const file = openSync(join(dataDir, 'sync-probe'), 'a')
  const times: number[] = []
  for (let i = 0; i < 60; i += 1) {
    writeSync(file, Buffer.alloc(4096, i))
    const began = performance.now()
    fsyncSync(file)
    times.push(performance.now() - began)
  }
  closeSync(file)
  times.sort((a, b) => a - b)
  return times[30] ?? NaN
}

/** What goes over the wire, as a browser asks for it. */
async function sizeOf(path: string, token: string): Promise<{ status: number; bytes: number; encoding: string }> {
  return new Promise((resolve, reject) => {
    get(
      {
        port: PRODUCT_PORT,
        host: '127.0.0.1',
        path,
        headers: { cookie: `poise=${token}`, accept: 'text/html', 'accept-encoding': 'gzip, deflate, br' },
      },
      (res) => {
        let bytes = 0
        res.on('data', (chunk: Buffer) => (bytes += chunk.length))
        res.on('end', () =>
          resolve({
            status: res.statusCode ?? 0,
            bytes,
            encoding: String(res.headers['content-encoding'] ?? 'not compressed'),
          }),
        )
      },
    ).on('error', reject)
  })
}

const fmt = (n: number, digits = 0): string => n.toFixed(digits).padStart(9)
const median = (list: number[]): number => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? NaN

try {
  say(`Preparing ${CANDIDATES * (1 + COPIES)} running attempts of 32 items …`)
  execFileSync(
    process.execPath,
    ['node_modules/.bin/tsx', 'tests/bench/world.ts', dataDir, String(CANDIDATES), String(COPIES)],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  )
  const candidates = JSON.parse(readFileSync(join(dataDir, 'bench-candidates.json'), 'utf8')) as BenchCandidate[]
  start(['build/http/main.js'], {
    POISE_MODE: 'test',
    DATA_DIR: dataDir,
    PORT: String(PRODUCT_PORT),
    NODE_ENV: 'production',
    POISE_ENV_FILE: '',
    LOG_LEVEL: 'silent',
  })
  start(['tests/bench/bare-server.mjs', dataDir, String(BARE_PORT)], {})
  await Promise.all([ready(PRODUCT_PORT), ready(BARE_PORT)])

  const known = {
    product: new Map<string, { revision: number; optionId: string }>(),
    bare: new Map<string, { revision: number; optionId: string }>(),
  }
  const figures: Record<'product' | 'bare', Map<number, LoadResult[]>> = { product: new Map(), bare: new Map() }
  let failures = 0
  const run = async (who: 'product' | 'bare', connections: number, ms: number, keep: boolean): Promise<void> => {
    const port = who === 'product' ? PRODUCT_PORT : BARE_PORT
    const script = new Saves(port, candidates, known[who])
    const result = await runLoad(port, connections, ms, script)
    for (const [attemptId, ack] of script.acknowledged) known[who].set(attemptId, ack)
    failures += result.failures
    if (keep) figures[who].set(connections, [...(figures[who].get(connections) ?? []), result])
  }
  // Warm both up: the first thousands run before the compiler has settled.
  for (const connections of [32, 256])
    for (const who of ['product', 'bare'] as const) await run(who, connections, Math.min(2000, durationMs), false)
  const sync = diskSyncMs()
  for (let round = 0; round < rounds; round += 1) {
    for (const connections of CONNECTIONS) {
      for (const who of round % 2 === 0 ? (['product', 'bare'] as const) : (['bare', 'product'] as const))
        await run(who, connections, durationMs, true)
    }
  }

  say(
    `\nDurable answer saves (synchronous=FULL), ${rounds} interleaved rounds of ${durationMs / 1000} s; one disk sync: ${sync.toFixed(2)} ms (median of 60)\n`,
  )
  say('connections   product/s      p50 ms     p99 ms      bare/s      p50 ms     p99 ms   product ÷ bare')
  for (const connections of CONNECTIONS) {
    const [p, b] = [figures.product.get(connections) ?? [], figures.bare.get(connections) ?? []]
    const rate = (list: LoadResult[]): number => median(list.map((r) => r.perSecond))
    const line = [
      rate(p),
      median(p.map((r) => r.p50Ms)),
      median(p.map((r) => r.p99Ms)),
      rate(b),
      median(b.map((r) => r.p50Ms)),
      median(b.map((r) => r.p99Ms)),
    ]
    say(
      `${String(connections).padStart(11)} ${fmt(line[0] ?? NaN)}   ${fmt(line[1] ?? NaN, 2)}  ${fmt(line[2] ?? NaN, 2)}  ${fmt(line[3] ?? NaN)}   ${fmt(line[4] ?? NaN, 2)}  ${fmt(line[5] ?? NaN, 2)}   ${fmt((line[0] ?? NaN) / (line[3] ?? NaN), 2)}`,
    )
  }
  const idle = median((figures.product.get(1) ?? []).map((r) => r.p50Ms))
  say(
    `\nA save on an idle server, p50: ${idle.toFixed(2)} ms = ${(idle / sync).toFixed(1)} disk syncs (goal: at most 3)`,
  )

  // Read back through the database what was acknowledged.
  const db = new Database(join(dataDir, 'poise.db'), { readonly: true })
  let wrong = 0
  for (const candidate of candidates) {
    const ack = known.product.get(candidate.attemptId)
    const row = db
      .prepare('select revision, response from answers where attempt_id = ? and item_id = ?')
      .get(candidate.attemptId, candidate.itemIds[0]) as { revision: number; response: string | null }
    if (!ack) continue
    const stored = JSON.parse(row.response ?? 'null') as { optionId?: string } | null
    // A save may have been stored whose answer the load generator no longer waited for.
    if (row.revision < ack.revision || (row.revision === ack.revision && stored?.optionId !== ack.optionId)) wrong += 1
  }
  db.close()
  say(
    `Acknowledged answers read back: ${known.product.size} compared, ${wrong} wrong; requests that failed: ${failures}`,
  )

  // The first page of an attempt.
  const page = await sizeOf(`/candidate/attempt/${candidates[0]?.attemptId}`, candidates[0]?.token ?? '')
  const pageLoad = (ms: number): Promise<LoadResult> =>
    runLoad(PRODUCT_PORT, 16, ms, {
      next: (i) =>
        httpGet(
          `/candidate/attempt/${(candidates[i] as BenchCandidate).attemptId}`,
          PRODUCT_PORT,
          (candidates[i] as BenchCandidate).token,
        ),
      seen: (_, status) => status === 200,
    })
  await pageLoad(durationMs * 2)
  const pages = await pageLoad(durationMs * 2)
  say(
    `\nFirst page of an attempt with 32 items: status ${page.status}, ${(page.bytes / 1000).toFixed(1)} kB as sent (${page.encoding}), ${pages.perSecond.toFixed(0)} pages/s at 16 connections, p50 ${pages.p50Ms.toFixed(1)} ms, failures ${pages.failures} (goals: 60 kB, 400/s)`,
  )

  // Finish and score, answered attempts of 32 items over 64 connections; scoring runs as jobs. The first third warms
  // up.
  const finishing = JSON.parse(readFileSync(join(dataDir, 'bench-finishing.json'), 'utf8')) as Array<{
    attemptId: string
    token: string
  }>
  const check = new Database(join(dataDir, 'poise.db'), { readonly: true })
  const scored = (): number =>
    (check.prepare('select count(*) as n from attempts where scored_at is not null').get() as { n: number }).n
  const finish = async (attempts: typeof finishing) => {
    const before = scored()
    const began = performance.now()
    let sent = 0
    const load = await runLoad(PRODUCT_PORT, 64, 120_000, {
      next() {
        const attempt = attempts[(sent += 1) - 1]
        return attempt
          ? httpPost(
              '/api/attempts/save',
              PRODUCT_PORT,
              attempt.token,
              JSON.stringify({ attemptId: attempt.attemptId, epoch: 1, mutations: [], final: true }),
            )
          : null
      },
      seen: (_, status) => status === 200,
    })
    const handedInMs = performance.now() - began
    while (scored() - before < attempts.length && performance.now() - began < 120_000)
      await new Promise((resolve) => setTimeout(resolve, 5))
    const scoredMs = performance.now() - began
    return {
      failures: load.failures,
      scored: scored() - before,
      handedInPerSecond: (attempts.length / handedInMs) * 1000,
      scoredPerSecond: (attempts.length / scoredMs) * 1000,
    }
  }
  const warmUp = Math.floor(finishing.length / 3)
  await finish(finishing.slice(0, warmUp))
  const rest = finishing.slice(warmUp)
  const finished = await finish(rest)
  check.close()
  say(
    `Finish: ${rest.length} handed in at ${finished.handedInPerSecond.toFixed(0)}/s, failures ${finished.failures}; finished and scored (${finished.scored}) at ${finished.scoredPerSecond.toFixed(0)}/s (goal: 3,500/s)`,
  )
} finally {
  for (const child of children) child.kill('SIGKILL')
  rmSync(dataDir, { recursive: true, force: true })
}
