// Tells the server the reader's time zone once, by a cookie, so that promised moments are printed in it also without
// scripts later.
try {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone.replaceAll('/', '~')
  if (zone && !document.cookie.includes('tz=' + zone)) document.cookie = 'tz=' + zone + '; Path=/; SameSite=Lax; Max-Age=31536000'
} catch {
  // Without a zone times are printed in UTC and say so.
}
