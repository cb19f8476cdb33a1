import { describe, expect, it } from 'vitest'
import { explainMissing } from './run-built.mjs'

describe('a part of the program that is missing', () => {
  it('is told in one sentence, and any other error is left as it is', () => {
    const missing = Object.assign(new Error("Cannot find package 'pino' imported from /srv/poise/build/http/main.js"), {
      code: 'ERR_MODULE_NOT_FOUND',
    })
    expect(explainMissing(missing)).toBe(
      "A part of the program is missing (Cannot find package 'pino'): run npm ci && npm run build.",
    )
    expect(explainMissing(new TypeError('x is not a function'))).toBeNull()
  })
})
