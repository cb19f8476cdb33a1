// The server as a process: reads the environment, starts, says where, and stops on a signal.
import { format } from 'node:util'
import type { ServerConfig } from './config.server.ts'
import { projectRoot, readEnvironment } from './environment.server.ts'
import { blockedSentence, type FirstStart } from './first-start.server.ts'
import { describeError, standardError, standardOutput } from './log.server.ts'
import { holdProgram, requireProgram } from './program.server.ts'
import { startFailure, stopReason } from './start-failure.server.ts'
import { startPoise, type Started } from './start.server.ts'

/** Ctrl-C reaches us from the terminal and once more from npm; only a later signal means "at once". */
const SAME_SIGNAL_MS = 250

// Not by the console: its streams write nothing more after one write that failed, also when there is room again.
const say = (line: string): void => standardOutput.write(`${line}\n`)
const complain = (...parts: unknown[]): void => standardError.write(`${format(...parts)}\n`)

function showDemo(demo: FirstStart['demo']): void {
  if (!demo) return
  const pad = (texts: string[]): ((text: string) => string) => {
    const width = Math.max(0, ...texts.map((text) => text.length))
    return (text) => text.padEnd(width)
  }
  const [role, email] = [
    pad(demo.accounts.map((account) => account.role)),
    pad(demo.accounts.map((account) => account.email)),
  ]
  say('\nSign in (shown once, and kept in demo-accounts.json in the data folder):')
  for (const account of demo.accounts) say(`  ${role(account.role)}  ${email(account.email)}  ${account.password}`)
  if (demo.invitations.length > 0) say('Invitations for candidates:')
  for (const { name, url } of demo.invitations) say(`  ${url}  ${name}`)
}

/** Stops once on SIGTERM or SIGINT; a second signal ends the process at once. */
function stopOnSignals(started: Started): (exitCode: number) => void {
  let stoppingSince: number | null = null
  const stop = (exitCode: number): void => {
    if (stoppingSince !== null) {
      if (performance.now() - stoppingSince > SAME_SIGNAL_MS) process.exit(1)
      return
    }
    stoppingSince = performance.now()
    started.stop().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        complain('Poise did not stop cleanly.', describeError(error))
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(0))
  return stop
}

async function main(): Promise<void> {
  const options = process.argv.slice(2)
  const dev = options.includes('--dev')
  if (options.some((option) => option !== '--dev')) {
    complain('Usage: npm start, or npm run dev. Everything else is set by the environment; see .env.example.')
    process.exit(2)
  }
  // Whatever we write (database, key, copies) is for this account only.
  process.umask(0o077)
  // React chooses its build by this when it is loaded, which is later.
  process.env['NODE_ENV'] ??= dev ? 'development' : 'production'
  let config: ServerConfig | null = null
  try {
    const root = projectRoot()
    // Whoever develops builds anew all the time.
    if (!dev) holdProgram(root)
    config = readEnvironment(root, (sentence) => complain(sentence))
    requireProgram(root)
    const fatal = new AbortController()
    const started = await startPoise({ config, root, dev, onFatal: (error) => fatal.abort(error) })
    const stop = stopOnSignals(started)
    const { deps, content, url } = started
    const stopForGood = (): void => {
      complain(stopReason(fatal.signal.reason, deps.config))
      // A supervisor starts it again; going on with a database that cannot be trusted would be worse.
      stop(1)
    }
    // One forgotten promise must not end everybody's examination; what is saved is on the disk in any case.
    process.on('unhandledRejection', (reason) => deps.log.error('process.unhandled_rejection', reason))
    process.on('uncaughtExceptionMonitor', (error) => deps.log.error('process.uncaught', error))
    deps.log.info('server.started', {
      mode: config.mode,
      version: config.version,
      created: content.banks.created,
      unchanged: content.banks.unchanged,
    })
    say(`\nPoise ${config.version} (${config.mode}) is ready: ${url}`)
    if (config.mode === 'production') say(`Listening on ${config.host}:${started.port}`)
    if (content.banks.blocked > 0) say(blockedSentence(content.banks.blocked))
    showDemo(content.demo)
    // It may have happened while we were starting.
    if (fatal.signal.aborted) stopForGood()
    else fatal.signal.addEventListener('abort', stopForGood)
  } catch (error) {
    const sentence = startFailure(error, config)
    complain(sentence ?? error)
    process.exit(1)
  }
}

await main()
