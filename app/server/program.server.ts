import { openSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Keeps the built program open until this process ends, however it ends. By that an install or a build notices that it would take the
 * files away from under somebody (scripts/lib/running.mjs). Reading is enough: the folder may belong to another account.
 */
export function holdProgram(root: string): void {
  openSync(join(root, 'build/http/main.js'), 'r')
}
