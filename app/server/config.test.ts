import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig, withPort } from './config.server.ts'

const read = (environment: Record<string, string>) => readConfig(environment, '1.2.3')

describe('readConfig', () => {
  it('needs nothing for a demo on this machine', () => {
    expect(read({})).toMatchObject({ mode: 'demo', host: '127.0.0.1', port: 3000, publicUrl: 'http://127.0.0.1:3000', dataDir: './data', databaseUrl: null, smtpUrl: null, trustProxy: false })
  })

  it('takes an empty variable for an absent one', () => {
    expect(read({ PORT: '', PUBLIC_URL: '', POISE_MODE: '' }).port).toBe(3000)
  })

  const production = { POISE_MODE: 'production', PUBLIC_URL: 'https://poise.example' }
  it('takes what production gives', () => {
    expect(read({ ...production, HOST: '0.0.0.0', TRUST_PROXY: '1', PORT: '8080' })).toMatchObject({ publicUrl: 'https://poise.example', host: '0.0.0.0', trustProxy: true, port: 8080 })
  })

  it.each([
    [{ POISE_MODE: 'production' }, 'Production needs PUBLIC_URL'],
    [{ ...production, PUBLIC_URL: 'http://poise.example' }, 'must begin with https'],
    [{ ...production, PUBLIC_URL: 'https://poise.example/app' }, 'an origin only'],
    [{ ...production, PUBLIC_URL: 'https://user:secret@poise.example' }, 'an origin only'],
    [{ ...production, PUBLIC_URL: 'poise.example' }, 'must be an address'],
    [{ PUBLIC_URL: 'javascript:alert(1)' }, 'must be an address'],
    [{ HOST: '0.0.0.0' }, 'listens on this machine only'],
    [{ POISE_MODE: 'test', HOST: '192.168.0.2' }, 'listens on this machine only'],
    [{ PORT: '70000' }, 'PORT must be'],
    [{ PORT: '80a' }, 'PORT must be'],
    [{ POISE_MODE: 'staging' }, 'POISE_MODE must be'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL must begin'],
    [{ SMTP_URL: 'mail.example' }, 'SMTP_URL must begin'],
    [{ POISE_CLOCK_OFFSET_MS: '5' }, 'only with POISE_MODE=test'],
    [{ ...production, POISE_CLOCK_OFFSET_MS: '5' }, 'only with POISE_MODE=test'],
  ])('refuses %j in one sentence', (environment, sentence) => {
    expect(() => read(environment)).toThrow(ConfigError)
    expect(() => read(environment)).toThrow(sentence)
    expect(() => read(environment)).toThrow(/\.$/)
  })

  it('puts the port that was found into our own address, and leaves a given one alone', () => {
    expect(withPort(read({ PORT: '0' }), 4711)).toMatchObject({ port: 4711, publicUrl: 'http://127.0.0.1:4711' })
    expect(withPort(read({ PORT: '0', PUBLIC_URL: 'http://poise.test' }), 4711).publicUrl).toBe('http://poise.test')
    expect(withPort(read({ PORT: '0', HOST: '::1' }), 4711).publicUrl).toBe('http://[::1]:4711')
  })
})
