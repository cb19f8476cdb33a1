/** The roles of an account as checkboxes. */
import { adminMessages } from '../../i18n/areas/admin.ts'
import { publicMessages } from '../../i18n/areas/public.ts'
import { useMessages } from '../../i18n/messages.ts'
import { STAFF_ROLES } from './roles.ts'

export function RoleChecks({ chosen = [], fixed = [] }: { chosen?: readonly string[]; fixed?: readonly string[] }) {
  const t = useMessages(adminMessages)
  const roles = useMessages(publicMessages)
  return (
    <fieldset className="field">
      <legend className="lab">{t('person.roles')}</legend>
      <span className="help">{fixed.includes('admin') ? t('person.roles.self') : t('person.roles.help')}</span>
      <div className="checks">
        {STAFF_ROLES.map((role) => (
          <label className="check" key={role}>
            <input
              type="checkbox"
              name="roles[]"
              value={role}
              defaultChecked={chosen.includes(role)}
              disabled={fixed.includes(role)}
            />
            <span>{roles(`role.${role}`)}</span>
          </label>
        ))}
        {fixed.map((role) => (
          <input key={role} type="hidden" name="roles[]" value={role} />
        ))}
      </div>
    </fieldset>
  )
}
