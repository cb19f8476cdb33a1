// A disk of a few megabytes that a test fills for real: a tmpfs, where this account may mount one.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type SmallDisk = {
  folder: string
  /** Takes all room but so many bytes. */
  fill(leaveBytes?: number): void
  /** Gives back what `fill` took. */
  empty(): void
  remove(): void
}

/** Null where nothing may be mounted. */
export function smallDisk(megabytes: number): SmallDisk | null {
  const folder = mkdtempSync(join(tmpdir(), 'poise-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    rmSync(folder, { recursive: true })
    return null
  }
  let isMounted = true
  const remove = (): void => {
    if (!isMounted) return
    isMounted = false
    execFileSync('umount', ['-l', folder])
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', remove)
  const filler = join(folder, 'filler')
  return {
    folder,
    fill(leaveBytes = 0) {
      rmSync(filler, { force: true })
      const { bavail, bsize } = statfsSync(folder)
      try {
        writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - leaveBytes)))
      } catch (error) {
        // Somebody else has taken the last of it.
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      }
    },
    empty: () => rmSync(filler, { force: true }),
    remove,
  }
}
