// Proves that a restored database is one that a server starts on.
import { request } from 'node:http'
import { checkChain } from '../../app/ground/audit.server.ts'
import { databaseFile } from '../../app/server/deps.server.ts'
import { startPoise } from '../../app/server/start.server.ts'
import { CommandError, type Surroundings } from './command.ts'
import { contentsInWords, readCopy, type CopyContents } from './copy.ts'

/** Asks a server on this machine by the name under which people reach it. */
function statusOf(port: number, path: string, publicUrl: string): Promise<number> {
  return new Promise((done, failed) => {
    const asked = request(
      { host: '127.0.0.1', port, path, headers: { host: new URL(publicUrl).host, accept: 'text/html' } },
      (answer) => {
        answer.resume()
        answer.once('end', () => done(answer.statusCode ?? 0))
      },
    )
    asked.once('error', failed)
    asked.end()
  })
}

/**
 * Starts a server on the database in the given folder, which nobody else uses, and looks at what it answers and holds.
 * Mail stays at home. Throws a CommandError that names the first thing that is wrong.
 */
export async function rehearse({ config, root }: Surroundings, expected: CopyContents): Promise<void> {
  const began = performance.now()
  const scratch = { ...config, host: '127.0.0.1', port: 0, smtpUrl: null }
  const started = await startPoise({ config: scratch, root, seedDemo: false })
  const readyAfterMs = performance.now() - began
  try {
    for (const path of ['/livez', '/healthz', '/login']) {
      const status = await statusOf(started.port, path, started.deps.config.publicUrl)
      if (status !== 200) throw new CommandError(`The restored server answers ${status} at ${path}.`)
    }
    const chain = await checkChain(started.deps)
    if (chain.brokenSeq !== null)
      throw new CommandError(`The audit trail of the copy does not hold at entry ${chain.brokenSeq}.`)
  } finally {
    await started.stop()
  }
  const found = readCopy(databaseFile(scratch), 'The restored database')
  for (const what of ['people', 'attempts', 'answers'] as const) {
    if (found[what] !== expected[what])
      throw new CommandError(`The restored server holds ${found[what]} ${what}, and the copy ${expected[what]}.`)
  }
  console.log(
    `Rehearsed: a server started on the copy in ${(readyAfterMs / 1000).toFixed(1)} s; ${contentsInWords(found)}; audit trail, health and login page hold. The installation is as it was.`,
  )
}
