import { resetPassword } from '../../app/services/people/accounts.server.ts'
import {
  CommandError,
  newPassword,
  PASSWORD_SENTENCES,
  readArguments,
  UsageError,
  withDeps,
  type Command,
} from './command.ts'

/** Sets a new password for an account and ends its sessions. */
export const adminPassword: Command = {
  does: 'sets a new password for an account and ends its sessions',
  usage: 'admin:password --email ada@example.org',
  read(args) {
    const { email } = readArguments(args, { options: ['email'] }).options
    if (!email) throw new UsageError('--email is missing.')
    return async ({ config }) => {
      const password = await newPassword()
      await withDeps(config, async (deps) => {
        const done = await resetPassword(deps, { email, password, actorId: null }, deps.clock.now())
        if (!done.ok)
          throw new CommandError(
            done.error.code === 'person.not_found'
              ? 'Nobody has this e-mail address.'
              : PASSWORD_SENTENCES[done.error.code],
          )
      })
      console.log('The password is set, and every session of this account has ended.')
    }
  },
}
