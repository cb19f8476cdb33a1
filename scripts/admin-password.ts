// Sets a new password for an account and ends its sessions.
//   npm run admin:password -- --email ada@example.org
import { resetPassword } from '../app/services/accounts.server.ts'
import { CommandError, newPassword, PASSWORD_SENTENCES, readOptions, runCommand, withDeps } from './lib/command.ts'

const USAGE = 'Usage: npm run admin:password -- --email ada@example.org'

await runCommand(async () => {
  const { email } = readOptions(['email'], USAGE)
  if (!email) throw new CommandError(USAGE)
  const password = await newPassword()
  await withDeps(async (deps) => {
    const done = await resetPassword(deps, { email, password, actorId: null }, deps.clock.now())
    if (!done.ok) throw new CommandError(done.error.code === 'person.not_found' ? 'Nobody has this e-mail address.' : PASSWORD_SENTENCES[done.error.code])
  })
  console.log('The password is set, and every session of this account has ended.')
})
