// A client of the attempt protocol, written from docs/attempt-protocol.md alone: it shares no line with the product, on
// purpose.
import { createHash } from 'node:crypto'
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type Clock = {
  serverTime: number
  deadlineAt: number | null
  remainingMs: number | null
  paused: boolean
  sectionDeadlineAt: number | null
  epoch: number
  status: string
}
export type Result = {
  mutationId: string
  itemId: string
  result: 'accepted' | 'duplicate' | 'conflict' | 'quarantined' | 'refused'
  revision?: number
  late?: boolean
  first?: { result: 'accepted' | 'quarantined'; revision?: number }
  serverRevision?: number
  serverResponse?: Json
  reason?: string
  code?: string
}
export type Receipt = { attemptId: string; reason: string; finishedAt: number; answers: number; fingerprint: string }
export type Reply = Clock & { results: Result[]; closing?: { result: string; code?: string }; receipt?: Receipt }
export type Failure = { status: number; code: string; retryAfterMs?: number; reply?: Reply }
export type Outcome =
  { kind: 'reply'; reply: Reply } | { kind: 'error'; status: number; failure: Failure | null } | { kind: 'lost' }
export type Mutation = { mutationId: string; itemId: string; baseRevision: number; response: Json; flagged?: boolean }
export type ServerEvent = { id: string; event: string; data: { [key: string]: Json } }

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')
const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** JSON with keys in code-unit order and no white space. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  return `{${Object.keys(value)
    .sort(byCodeUnit)
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`)
    .join(',')}}`
}

export type ClientOptions = {
  base: string
  cookie: string | null
  attemptId: string
  epoch?: number
  /** Items with their current revisions, as the attempt's page tells them. */
  revisions?: Record<string, number>
  /** Waits between tries; a test gives its own. */
  wait?: (ms: number) => Promise<void>
  headers?: Record<string, string>
}

export class ProtocolClient {
  epoch: number
  clock: (Clock & { readAt: number }) | null = null
  receipt: Receipt | null = null
  /** What the server has acknowledged, by item. */
  readonly known = new Map<string, { revision: number; response: Json }>()
  /** Changes without an answer yet. Each has its own mutation until that is settled. */
  readonly drafts = new Map<string, Mutation>()
  /** Both texts of an open conflict: the candidate must choose. */
  readonly conflicts = new Map<string, { mine: Json; theirs: Json; serverRevision: number }>()
  /** Too late: kept for staff. And what was refused, with its code. */
  readonly quarantined: string[] = []
  readonly refused = new Map<string, string>()
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })
  readonly #name = Math.random().toString(36).slice(2, 10)
  #serial = 0
  constructor(readonly options: ClientOptions) {
    this.epoch = options.epoch ?? 1
    for (const [itemId, revision] of Object.entries(options.revisions ?? {}))
      this.known.set(itemId, { revision, response: null })
  }

  /** Notes a change. A draft that nobody has answered is replaced by a new one with a new name. */
  write(itemId: string, response: Json, flagged?: boolean): Mutation {
    const mutation: Mutation = {
      mutationId: `${this.#name}-${(this.#serial += 1)}`,
      itemId,
      baseRevision: this.known.get(itemId)?.revision ?? 0,
      response,
      ...(flagged === undefined ? {} : { flagged }),
    }
    this.drafts.set(itemId, mutation)
    return mutation
  }
  /** Settles a conflict: the chosen text, on the revision that the server told. */
  choose(itemId: string, response: Json): Mutation {
    const open = this.conflicts.get(itemId)
    if (open) this.known.set(itemId, { revision: open.serverRevision, response: open.theirs })
    this.conflicts.delete(itemId)
    return this.write(itemId, response)
  }

  /** One request with all open drafts; `final` hands in after them. */
  async save({ final = false }: { final?: boolean } = {}): Promise<Outcome> {
    const mutations = [...this.drafts.values()]
    const outcome = await this.post('/api/attempts/save', {
      attemptId: this.options.attemptId,
      epoch: this.epoch,
      mutations,
      ...(final ? { final } : {}),
    })
    const reply =
      outcome.kind === 'reply' ? outcome.reply : outcome.kind === 'error' ? outcome.failure?.reply : undefined
    if (reply) this.#settle(reply, mutations)
    return outcome
  }
  /** Repeats unchanged until there is an answer that repeating cannot change. */
  async saveUntilAnswered(options: { final?: boolean; tries?: number } = {}): Promise<Outcome> {
    for (let n = 0; ; n += 1) {
      const outcome = await this.save(options)
      const again = outcome.kind === 'lost' || (outcome.kind === 'error' && [429, 500, 503].includes(outcome.status))
      if (!again || n + 1 >= (options.tries ?? 10)) return outcome
      const asked = outcome.kind === 'error' ? (outcome.failure?.retryAfterMs ?? 0) : 0
      const backOff = Math.min(30_000, 1_000 * 2 ** n)
      await (this.options.wait ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms))))(
        Math.max(asked, backOff / 2 + Math.random() * (backOff / 2)),
      )
    }
  }
  heartbeat(): Promise<Outcome> {
    return this.post('/api/attempts/heartbeat', { attemptId: this.options.attemptId, epoch: this.epoch })
  }
  async draftKey(): Promise<string | null> {
    const { status, text } = await this.#request('GET', `/api/attempts/${this.options.attemptId}/draft-key`)
    return status === 200 ? (JSON.parse(text) as { key: string }).key : null
  }
  /** Time left by a monotonic clock of our own, whatever the wall says. */
  remainingMs(): number | null {
    if (!this.clock || this.clock.remainingMs === null) return null
    return this.clock.paused
      ? this.clock.remainingMs
      : Math.max(0, this.clock.remainingMs - (performance.now() - this.clock.readAt))
  }
  /** The fingerprint of what was acknowledged to this client; the receipt must bear the same. */
  fingerprint(): string {
    const lines = [...this.known]
      .filter(([, answer]) => answer.revision > 0 && answer.response !== null)
      .sort(([a], [b]) => byCodeUnit(a, b))
    return sha256(
      [
        'poise-receipt/1',
        this.options.attemptId,
        ...lines.map(([itemId, { revision, response }]) => `${itemId} ${revision} ${sha256(canonical(response))}`),
        '',
      ].join('\n'),
    )
  }

  #settle(reply: Reply, sent: readonly Mutation[]): void {
    this.clock = { ...reply, readAt: performance.now() }
    if (reply.receipt) this.receipt = reply.receipt
    for (const [index, result] of reply.results.entries()) {
      const mutation = sent[index]
      if (!mutation || mutation.mutationId !== result.mutationId)
        throw new Error('results are not in the order of the mutations')
      const { itemId, response } = mutation
      const done = () => void (this.drafts.get(itemId) === mutation && this.drafts.delete(itemId))
      const first = result.result === 'duplicate' ? result.first : result
      if (first?.result === 'accepted') this.known.set(itemId, { revision: first.revision ?? 0, response })
      if (first?.result === 'quarantined') this.quarantined.push(mutation.mutationId)
      if (first?.result === 'accepted' || first?.result === 'quarantined') done()
      if (result.result === 'conflict') {
        this.conflicts.set(itemId, {
          mine: response,
          theirs: result.serverResponse ?? null,
          serverRevision: result.serverRevision ?? 0,
        })
        done()
      }
      if (result.result === 'refused') this.refused.set(itemId, result.code ?? '')
    }
  }

  async post(path: string, body: Json): Promise<Outcome> {
    try {
      const { status, text } = await this.#request('POST', path, JSON.stringify(body))
      const json = ((): unknown => {
        try {
          return JSON.parse(text)
        } catch {
          return null
        }
      })()
      return status === 200
        ? { kind: 'reply', reply: { results: [], ...(json as Clock) } }
        : { kind: 'error', status, failure: json as Failure | null }
    } catch {
      return { kind: 'lost' }
    }
  }
  #request(method: string, path: string, body?: string): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const { cookie, base, headers } = this.options
      const own = {
        ...(cookie === null ? {} : { cookie }),
        ...(body === undefined
          ? {}
          : {
              'content-type': 'application/json',
              'content-length': String(Buffer.byteLength(body)),
              'sec-fetch-site': 'same-origin',
            }),
        ...headers,
      }
      const req = httpRequest(new URL(path, base), { method, headers: own, agent: this.#agent }, (res) => {
        readAll(res).then((text) => resolve({ status: res.statusCode ?? 0, text }), reject)
      })
      req.once('error', reject)
      req.end(body)
    })
  }

  /** Reads the event stream until `enough`; then leaves, as a browser does whose tab is closed. */
  events(lastEventId: string | null, enough: (events: readonly ServerEvent[]) => boolean): Promise<ServerEvent[]> {
    return new Promise((resolve, reject) => {
      const headers = {
        accept: 'text/event-stream',
        ...(this.options.cookie === null ? {} : { cookie: this.options.cookie }),
        ...(lastEventId === null ? {} : { 'last-event-id': lastEventId }),
      }
      const req = httpRequest(
        new URL(`/api/attempts/${this.options.attemptId}/events`, this.options.base),
        { headers, agent: false },
        (res) => {
          if (res.statusCode !== 200) return reject(new Error(`events: ${res.statusCode}`))
          let text = ''
          res.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk
            const events = text
              .split('\n\n')
              .slice(0, -1)
              .flatMap((block) => {
                const field = (name: string) =>
                  block
                    .split('\n')
                    .find((line) => line.startsWith(`${name}: `))
                    ?.slice(name.length + 2)
                const [id, event, data] = [field('id'), field('event'), field('data')]
                return id && event && data ? [{ id, event, data: JSON.parse(data) as { [key: string]: Json } }] : []
              })
            if (!enough(events)) return
            resolve(events)
            req.destroy()
          })
        },
      )
      req.on('error', reject)
      req.end()
    })
  }
  close(): void {
    this.#agent.destroy()
  }
}

async function readAll(res: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of res) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
