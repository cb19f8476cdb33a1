import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig, withPort } from './config.server.ts'
import { parseSettings } from './settings.server.ts'

const read = (environment: Record<string, string>) => readConfig(environment, '1.2.3')

describe('readConfig', () => {
  it('needs nothing for a demo on this machine', () => {
    expect(read({})).toMatchObject({
      mode: 'demo',
      host: '127.0.0.1',
      port: 3000,
      publicUrl: 'http://127.0.0.1:3000',
      dataDir: './data',
      databaseUrl: null,
      smtpUrl: null,
      trustProxy: false,
    })
  })

  it('takes an empty variable for an absent one', () => {
    expect(read({ PORT: '', PUBLIC_URL: '', POISE_MODE: '' }).port).toBe(3000)
  })

  const production = { POISE_MODE: 'production', PUBLIC_URL: 'https://poise.example' }
  it('takes what production gives', () => {
    expect(read({ ...production, HOST: '0.0.0.0', TRUST_PROXY: '1', PORT: '8080' })).toMatchObject({
      publicUrl: 'https://poise.example',
      host: '0.0.0.0',
      trustProxy: true,
      port: 8080,
    })
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
    [{ PORT: '70000' }, 'PORT in the environment is "70000": it must be a whole number from 0 to 65535.'],
    [{ PORT: '80a' }, 'PORT in the environment is "80a": it must be'],
    [{ ...production, POISE_MODE: 'staging' }, 'POISE_MODE in the environment is "staging": it must be'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL in the environment is not right: it must begin'],
    [{ SMTP_URL: 'mail.example' }, 'SMTP_URL in the environment is not right: it must begin'],
    [{ POISE_CLOCK_OFFSET_MS: '5' }, 'only with POISE_MODE=test'],
    [{ ...production, POISE_CLOCK_OFFSET_MS: '5' }, 'only with POISE_MODE=test'],
    [{ DATA_DIR: '~/poise' }, 'write the whole path'],
    [{ DATA_DIR: '$HOME/poise' }, 'write the whole path'],
  ])('refuses %j in one sentence', (environment, sentence) => {
    expect(() => read(environment)).toThrow(ConfigError)
    expect(() => read(environment)).toThrow(sentence)
    expect(() => read(environment)).toThrow(/^[^\n]*\.$/)
  })

  it('puts the port that was found into our own address, and leaves a given one alone', () => {
    expect(withPort(read({ PORT: '0' }), 4711)).toMatchObject({ port: 4711, publicUrl: 'http://127.0.0.1:4711' })
    expect(withPort(read({ PORT: '0', PUBLIC_URL: 'http://poise.test' }), 4711).publicUrl).toBe('http://poise.test')
    expect(withPort(read({ PORT: '0', HOST: '::1' }), 4711).publicUrl).toBe('http://[::1]:4711')
  })
})

/** What is told about a settings file, a line each. */
function mistakesIn(text: string, environment: Record<string, string> = {}): readonly string[] {
  try {
    readConfig(environment, '1.2.3', { file: parseSettings('/etc/poise.env', text) })
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes
    throw error
  }
}

describe('a settings file', () => {
  it('lies below the environment, also where that says "absent"', () => {
    const file = parseSettings('/etc/poise.env', 'PORT=4000\nLOG_LEVEL=debug\nMAIL_FROM=a@b.example\n')
    expect(readConfig({ PORT: '5000', LOG_LEVEL: '' }, '1.2.3', { file })).toMatchObject({
      port: 5000,
      logLevel: 'warn',
      mailFrom: 'a@b.example',
    })
  })

  it('whose mode is misspelled does not make a demo out of a production folder; what else is wrong is told with it', () => {
    expect(
      mistakesIn('POISE_MOD=production\nPUBLIC_URl=http://poise.example\nPORT=80a\nDATA_DIR=~/poise\n', {
        LOG_LEVEL: 'loud',
      }),
    ).toEqual([
      'POISE_MOD in /etc/poise.env is no setting of Poise: POISE_MODE is probably meant.',
      'PUBLIC_URl in /etc/poise.env is no setting of Poise: PUBLIC_URL is probably meant.',
      'PORT in /etc/poise.env is "80a": it must be a whole number from 0 to 65535.',
      'DATA_DIR in /etc/poise.env is "~/poise": neither ~ nor $NAME is expanded here, so write the whole path.',
      'LOG_LEVEL in the environment is "loud": it must be one of debug, info, warn, error, silent.',
      'PUBLIC_URl in /etc/poise.env is "http://poise.example": in production it must begin with https://.',
    ])
  })

  it('that names a blank folder is refused: one of that very name would be made', () => {
    expect(mistakesIn('DATA_DIR=" "')).toEqual(['DATA_DIR in /etc/poise.env is " ": it must name a folder.'])
  })

  it('whose mode has a wrong value is judged as what was meant', () => {
    expect(mistakesIn('POISE_MODE=prodution\nPUBLIC_URL=http://poise.example')).toHaveLength(2)
    expect(mistakesIn('POISE_MODE=live')).toEqual([
      expect.stringContaining('is "live"'),
      expect.stringMatching(/^Production needs PUBLIC_URL.*: neither the environment nor \/etc\/poise\.env sets it\.$/),
    ])
    // A demo needs no address, and may not be reached from elsewhere.
    expect(mistakesIn('POISE_MODE=Demo')).toEqual([
      'POISE_MODE in /etc/poise.env is "Demo": it must be demo, production or test.',
    ])
    expect(mistakesIn('POISE_MODE=Demo\nHOST=0.0.0.0')).toHaveLength(2)
  })

  it('keeps its passwords: no value of an address with one is repeated', () => {
    const told = mistakesIn(
      'DATABASE_URL=mysql://a:hunter2@db\nSMTP_URL=a:hunter2@mail\nPUBLIC_URL=https://a:hunter2@poise.example\nPOISE_SMTP_PASSWORD=hunter2\nSMTP_UR=hunter2\nSMTP hunter2',
    )
    expect(told).toHaveLength(6)
    expect(told.join()).not.toContain('hunter2')
  })
})
