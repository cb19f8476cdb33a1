/** Titles of the admin's pages in the reader's language. */
import { adminMessages } from '../../i18n/areas/admin.ts'
import { titledBy } from '../titled.ts'

export const titled = titledBy(adminMessages)
