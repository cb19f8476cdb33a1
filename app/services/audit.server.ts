import * as rows from '../../db/repositories/audit.server.ts'
import type { Writer } from '../../db/store.server.ts'
import type { Instant } from '../core/shared/time.ts'
import type { Deps } from './deps.server.ts'

/** Records an act in the transaction of the act itself. `data` holds ids, hashes and numbers, never what a person wrote. */
export function audit(w: Writer, deps: Pick<Deps, 'secrets'>, at: Instant, entry: rows.AuditEntry): Promise<void> {
  return rows.appendAudit(w, deps.secrets.sha256, new Date(at), entry)
}
