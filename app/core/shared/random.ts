/**
 * Seeded randomness. Every draw in Poise is reproducible from a recorded seed, so that a form can be explained a year
 * later.
 */
export type Random = {
  /** A number in [0, 1). */
  next(): number
  /** A whole number in [0, bound). */
  below(bound: number): number
  /** A new array in shuffled order (Fisher-Yates). */
  shuffle<T>(list: readonly T[]): T[]
}

/** 32-bit FNV-1a of a string. */
export function hash32(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) {
    h ^= text.charCodeAt(i)
    h = Math.imul(h, 0x01000193)
  }
  return h >>> 0
}

/** sfc32 (Chris Doty-Humphrey, PractRand), seeded from four FNV hashes of the seed text and warmed up. */
export function seededRandom(seed: string): Random {
  let a = hash32(seed)
  let b = hash32(`${seed}|b`)
  let c = hash32(`${seed}|c`)
  let counter = 1
  const next32 = (): number => {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return t >>> 0
  }
  for (let i = 0; i < 16; i += 1) next32()
  const next = (): number => next32() / 4294967296
  const below = (bound: number): number => Math.floor(next() * bound)
  return {
    next,
    below,
    shuffle(list) {
      const out = [...list]
      for (let i = out.length - 1; i > 0; i -= 1) {
        const j = below(i + 1)
        const held = out[i] as (typeof out)[number]
        out[i] = out[j] as (typeof out)[number]
        out[j] = held
      }
      return out
    },
  }
}
