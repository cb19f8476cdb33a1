/** The mark is the profile's dot on its interval; it never moves. */
export function Brand({ href = '/' }: { href?: string }) {
  return (
    <a className="brand" href={href}>
      <svg viewBox="0 0 26 14" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="2">
        <path d="M1 7h24M1 3v8M25 3v8" />
        <circle cx="13" cy="7" r="4.5" fill="currentColor" stroke="none" />
      </svg>
      Poise
    </a>
  )
}
