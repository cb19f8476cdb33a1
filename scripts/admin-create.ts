// Makes a staff account, the first admin above all.
//   npm run admin:create -- --email ada@example.org --name "Ada Wong" [--roles admin,trainer]
import { ROLES } from '../db/tables.server.ts'
import { PersonNameSchema } from '../app/core/shared/person-name.ts'
import { createAccount, EmailSchema } from '../app/services/accounts.server.ts'
import { CommandError, newPassword, PASSWORD_SENTENCES, readOptions, runCommand, withDeps } from './lib/command.ts'

const USAGE = 'Usage: npm run admin:create -- --email ada@example.org --name "Ada Wong" [--roles admin,trainer]'
type Role = (typeof ROLES)[number]
const isRole = (role: string): role is Role => (ROLES as readonly string[]).includes(role)

await runCommand(async () => {
  const { email, name, roles = 'admin' } = readOptions(['email', 'name', 'roles'], USAGE)
  if (!email || !name) throw new CommandError(USAGE)
  if (!EmailSchema.safeParse(email).success) throw new CommandError('That is not an e-mail address.')
  if (!PersonNameSchema.safeParse(name).success) throw new CommandError('A name has 1 to 200 characters and no invisible control character.')
  const wanted = roles.split(',').map((role) => role.trim())
  const unknown = wanted.find((role) => !isRole(role))
  if (unknown !== undefined) throw new CommandError(`There is no role ${unknown}; the roles are ${ROLES.join(', ')}.`)
  const password = await newPassword()
  await withDeps(async (deps) => {
    const made = await createAccount(deps, { email, displayName: name, password, roles: wanted.filter(isRole), actorId: null }, deps.clock.now())
    if (!made.ok) throw new CommandError(made.error.code === 'person.email_taken' ? 'Somebody has this e-mail address already.' : PASSWORD_SENTENCES[made.error.code])
  })
  console.log(`${name} can sign in now, as ${wanted.join(', ')}.`)
})
