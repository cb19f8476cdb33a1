/**
 * The only way to turn a string from outside into a place to go. React Router 6 follows backslashes and double slashes
 * to other hosts (CVE-2026-53669 has no 6.x fix), so whatever is not plainly a path of ours becomes the fallback.
 */
export function safePath(candidate: string | null | undefined, fallback: string): string {
  if (!candidate || candidate.length > 512) return fallback
  if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(candidate) || candidate.includes('\\')) return fallback
  try {
    const url = new URL(candidate, 'http://poise.invalid')
    return url.origin === 'http://poise.invalid' ? url.pathname + url.search + url.hash : fallback
  } catch {
    return fallback
  }
}
