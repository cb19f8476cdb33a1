import { lchownSync, lstatSync, statSync } from 'node:fs'

/** What a disk without owners, or one that root may not change, answers. */
const NO_OWNERS: ReadonlySet<unknown> = new Set(['EPERM', 'EINVAL', 'ENOSYS', 'ENOTSUP'])

/**
 * What root makes in a folder must not keep out the account that runs the server: the one that owns the folder. A disk
 * that knows no owners, such as a share for copies, keeps nobody out.
 */
export function giveToOwnerOfFolder(path: string, folder: string): void {
  if (process.getuid?.() !== 0) return
  const [{ uid, gid }, own] = [statSync(folder), lstatSync(path)]
  if (own.uid === uid && own.gid === gid) return
  try {
    // The owner of the folder may put a link there meanwhile: its target is none of ours.
    lchownSync(path, uid, gid)
  } catch (error) {
    if (!NO_OWNERS.has((error as NodeJS.ErrnoException).code)) throw error
  }
}
