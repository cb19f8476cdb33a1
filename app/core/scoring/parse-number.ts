/**
 * The number in a typed answer, or null where there is none or it is ambiguous. Read as Chinese and English readers
 * write it: full-width digits, 负 or any dash as the minus, 。 typed for the decimal point, thousands by comma, thin or
 * plain space, the item's unit before or after. A comma that does not group thousands ("3,5") is not guessed at.
 */
export function numberIn(text: string, units: readonly string[] = []): number | null {
  let rest = plain(text)
  for (const unit of units.map(plain).sort((a, b) => b.length - a.length)) {
    if (unit === '' || /^[\d.,+-]+$/.test(unit)) continue
    if (rest.endsWith(unit)) rest = rest.slice(0, -unit.length).trim()
    else if (rest.startsWith(unit)) rest = rest.slice(unit.length).trim()
  }
  const match = /^([+-]?) ?(\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)?(\.\d+|\.)?$/.exec(rest)
  if (!match) return null
  const [, sign, whole, fraction] = match
  const digits = `${(whole ?? '').replace(/[, ]/g, '')}${fraction === undefined || fraction === '.' ? '' : fraction}`
  if (digits === '') return null
  const value = Number(`${sign === '-' ? '-' : ''}${digits.startsWith('.') ? '0' : ''}${digits}`)
  return Object.is(value, -0) ? 0 : value
}

function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u2010-\u2015\u2212\uFE63负負]/gu, '-')
    .replace(/(?<=\d)[。｡](?=\d)/gu, '.')
    .replace(/，/g, ',')
    .replace(/['’](?=\d{3})/g, ',')
    .replace(/\s+/gu, ' ')
    .trim()
}
