import { describe, expect, it } from 'vitest'
import { nodeProblem } from './node-version.mjs'

// crypto.hash: 20.12 and 21.7 by Node's own documentation. eslint-visitor-keys: ^20.19 || ^22.13 || >=24 in
// package-lock.json.
describe('the floor', () => {
  it.each([
    ['16.20.2', false],
    ['18.20.8', false],
    ['20.11.1', false],
    ['20.12.0', true],
    ['21.6.2', false],
    ['21.7.0', true],
    ['22.0.0', true],
    ['24.1.0', true],
    ['26.0.0', true],
  ])('of a start on %s', (version, good) => {
    expect(nodeProblem({ version }) === null).toBe(good)
  })

  it.each([
    ['20.12.0', false],
    ['20.18.3', false],
    ['20.19.0', true],
    ['21.7.3', false],
    ['22.12.0', false],
    ['22.13.0', true],
    ['23.11.0', false],
    ['24.0.0', true],
    ['25.1.0', true],
  ])('of a build on %s', (version, good) => {
    expect(nodeProblem({ version, build: true }) === null).toBe(good)
  })

  it('is told with the version that runs and the one to install', () => {
    expect(nodeProblem({ version: '18.20.8' })).toBe(
      'Poise needs Node.js 20.12 or later; this is 18.20.8. Install Node.js 22, then try again.',
    )
    expect(nodeProblem({ version: '20.18.3', build: true })).toMatch(/20\.19.*22\.13.*24.*this is 20\.18\.3/)
  })
})
