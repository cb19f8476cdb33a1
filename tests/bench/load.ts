/**
 * A load generator that costs little: each connection is a socket that sends its next request when the answer to the
 * last one is complete. One connection is one candidate. Bounded in time; talks to loopback only.
 */
import { connect, type Socket } from 'node:net'

export type LoadResult = { perSecond: number; p50Ms: number; p99Ms: number; requests: number; failures: number }

export type Script = {
  /** The next request of connection `i`; null when it has no more to send. */
  next(i: number): string | null
  /** Looks at an answer; false counts as a failure. */
  seen(i: number, status: number, body: string): boolean
}

export async function runLoad(
  port: number,
  connections: number,
  durationMs: number,
  script: Script,
): Promise<LoadResult> {
  const latencies: number[] = []
  let failures = 0
  const began = performance.now()
  const until = began + durationMs
  await Promise.all(
    Array.from({ length: connections }, (_, i) => {
      return new Promise<void>((resolve, reject) => {
        const socket: Socket = connect(port, '127.0.0.1')
        socket.setNoDelay(true)
        let buffer = ''
        let sentAt = 0
        let done = false
        const send = (): void => {
          const request = performance.now() >= until ? null : script.next(i)
          if (request === null) {
            done = true
            socket.end()
            resolve()
            return
          }
          sentAt = performance.now()
          socket.write(request)
        }
        socket.setEncoding('latin1')
        socket.once('connect', send)
        socket.once('error', reject)
        socket.once('close', () => (done ? resolve() : reject(new Error(`connection ${i} was closed`))))
        socket.on('data', (chunk: string) => {
          buffer += chunk
          const end = buffer.indexOf('\r\n\r\n')
          if (end < 0) return
          const head = buffer.slice(0, end)
          const length = /content-length: (\d+)/i.exec(head)
          let body: string
          if (length) {
            const total = end + 4 + Number(length[1])
            if (buffer.length < total) return
            body = buffer.slice(end + 4, total)
          } else {
            // Chunked: the last chunk ends the answer.
            if (!buffer.endsWith('0\r\n\r\n')) return
            body = buffer.slice(end + 4)
          }
          buffer = ''
          latencies.push(performance.now() - sentAt)
          if (!script.seen(i, Number(head.slice(9, 12)), body)) failures += 1
          send()
        })
      })
    }),
  )
  const tookMs = performance.now() - began
  latencies.sort((a, b) => a - b)
  const at = (q: number): number => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * q))] ?? NaN
  return {
    perSecond: (latencies.length / tookMs) * 1000,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    requests: latencies.length,
    failures,
  }
}

export function httpPost(path: string, port: number, token: string, body: string): string {
  return `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: poise=${token}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

export const httpGet = (path: string, port: number, token: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: poise=${token}\r\nAccept: text/html\r\nAccept-Encoding: gzip, br\r\nConnection: keep-alive\r\n\r\n`
