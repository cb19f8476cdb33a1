/** Long passwords that people nevertheless choose (our own list; short ones never pass the length rule). */
const STEMS = [
  'password',
  'passw0rd',
  'qwertyuiop',
  'asdfghjkl',
  'iloveyou',
  'letmein',
  'welcome',
  'administrator',
  'changeme',
  'correcthorsebatterystaple',
  'woaini',
  'abcdefg',
  '1234567890',
  'poise',
]

/** True for repetitions, keyboard runs and well-known phrases, whatever their length. */
export function isCommonPassword(password: string): boolean {
  const folded = password
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\-_.!@#]/g, '')
  if (new Set(folded).size < 5) return true
  let rest = folded
  for (const stem of STEMS) rest = rest.replaceAll(stem, '')
  return rest.replace(/\d/g, '').length < 4
}
