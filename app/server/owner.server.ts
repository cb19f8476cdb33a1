import { lchownSync, statSync } from 'node:fs'

/** What root makes in a folder must not keep out the account that runs the server: the one that owns the folder. */
export function giveToOwnerOfFolder(path: string, folder: string): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(folder)
  // The owner of the folder may put a link there meanwhile: its target is none of ours.
  lchownSync(path, uid, gid)
}
