import { PersonNameSchema } from '../../app/core/shared/person-name.ts'
import { createAccount, EmailSchema } from '../../app/services/people/accounts.server.ts'
import { ROLES } from '../../db/tables.server.ts'
import {
  CommandError,
  newPassword,
  PASSWORD_SENTENCES,
  readArguments,
  UsageError,
  withDeps,
  type Command,
} from './command.ts'

// A candidate has no password: an invitation lets them in.
const STAFF_ROLES = ROLES.filter((role) => role !== 'candidate')
type Role = (typeof STAFF_ROLES)[number]
const isRole = (role: string): role is Role => (STAFF_ROLES as readonly string[]).includes(role)

/** Makes a staff account, the first admin above all. */
export const adminCreate: Command = {
  does: 'makes a staff account, the first admin above all; asks for the password',
  usage: 'admin:create --email ada@example.org --name "Ada Wong" [--roles admin,trainer]',
  read(args) {
    const { email, name, roles = 'admin' } = readArguments(args, { options: ['email', 'name', 'roles'] }).options
    if (!email || !name) throw new UsageError(`--${email ? 'name' : 'email'} is missing.`)
    if (!EmailSchema.safeParse(email).success) throw new UsageError('That is not an e-mail address.')
    if (!PersonNameSchema.safeParse(name).success)
      throw new UsageError('A name has 1 to 200 characters and no invisible control character.')
    const wanted = roles.split(',').map((role) => role.trim())
    const unknown = wanted.find((role) => !isRole(role))
    if (unknown !== undefined)
      throw new UsageError(`Staff have no role ${unknown}; their roles are ${STAFF_ROLES.join(', ')}.`)
    return async ({ config }) => {
      const password = await newPassword()
      await withDeps(config, async (deps) => {
        const made = await createAccount(
          deps,
          { email, displayName: name, password, roles: wanted.filter(isRole), actorId: null },
          deps.clock.now(),
        )
        if (!made.ok)
          throw new CommandError(
            made.error.code === 'person.email_taken'
              ? 'Somebody has this e-mail address already.'
              : PASSWORD_SENTENCES[made.error.code],
          )
      })
      console.log(`${name} can sign in now, as ${wanted.join(', ')}.`)
    }
  },
}
