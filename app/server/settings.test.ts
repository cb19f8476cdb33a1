import { describe, expect, it } from 'vitest'
import { gatherSettings, nearest, parseSettings } from './settings.server.ts'

const KNOWN = [
  'POISE_MODE',
  'PORT',
  'HOST',
  'DATA_DIR',
  'PUBLIC_URL',
  'DATABASE_URL',
  'SMTP_URL',
  'MAIL_FROM',
  'TRUST_PROXY',
  'LOG_LEVEL',
]
const gather = (environment: Record<string, string>, text = '') =>
  gatherSettings(KNOWN, environment, parseSettings('/srv/.env', text))

describe('a name in the file', () => {
  it.each([
    ['POISE_MOD', 'POISE_MODE'],
    ['MODE', 'POISE_MODE'],
    ['POISE_PORT', 'PORT'],
    ['PROT', 'PORT'],
    ['PUBLIC_URl', 'PUBLIC_URL'],
    ['PUBILC_URL', 'PUBLIC_URL'],
    ['POISE_PUBLIC_URL', 'PUBLIC_URL'],
    ['public_url', 'PUBLIC_URL'],
    ['DATADIR', 'DATA_DIR'],
    ['DATABASE_URI', 'DATABASE_URL'],
  ])('%s is a slip for %s', (name, known) => {
    expect(gather({}, `${name}=x`).mistakes).toEqual([
      `${name} in /srv/.env is no setting of Poise: ${known} is probably meant.`,
    ])
  })

  it('with our beginning that is near nothing is refused all the same', () => {
    expect(gather({}, 'POISE_COLOUR=red').mistakes).toEqual([
      'POISE_COLOUR in /srv/.env is no setting of Poise: take it out; .env.example lists those that are.',
    ])
  })

  it.each([
    'NODE_ENV',
    'NODE_OPTIONS',
    'NODE_EXTRA_CA_CERTS',
    'TZ',
    'LANG',
    'LC_ALL',
    'npm_config_omit',
    'PGSSLMODE',
    'PGHOST',
    'PGPORT',
    'HTTPS_PROXY',
    'no_proxy',
    'HOME',
  ])('%s is somebody else’s, and passed over in silence', (name) => {
    expect(gather({}, `${name}=x`)).toMatchObject({ mistakes: [], notes: [] })
  })

  it('of nobody here is noted, because a file may serve several programs', () => {
    expect(gather({}, 'SMTP_HOST=mail\nPOSTGRES_PASSWORD=hunter2')).toMatchObject({
      mistakes: [],
      notes: ['/srv/.env sets POSTGRES_PASSWORD, SMTP_HOST: no settings of Poise, and passed over.'],
    })
  })

  it('that would name the file itself is told', () => {
    expect(gather({ POISE_ENV_FILE: '/srv/.env' }).mistakes).toEqual([])
    expect(gather({}, 'POISE_ENV_FILE=other').mistakes).toHaveLength(1)
  })

  it('that stands in a line without = is missed: Node 20 reads it as part of the next name, Node 22 drops it', () => {
    for (const text of [
      'POISE_MODE production\nPORT=80',
      'PORT=80\nPOISE_MODE production',
      'PORT=80\nPOISE_MODE production\n',
      'PORT="8\n0"\nPOISE_MODE production\r\nHOST=x',
      'PORT="80\nPOISE_MODE production',
    ])
      expect(gather({}, text).mistakes).toEqual([
        'The settings file /srv/.env has a line that is not NAME=value: it begins with "POISE_MODE".',
      ])
    expect(gather({}, '# a comment\n\nexport PORT="80" # another\n  HOST = x\n').mistakes).toEqual([])
  })

  it('keeps the setting below a line that ends in a space after its =: Node 22 takes it for the value', () => {
    expect(parseSettings('/srv/.env', 'HOST= \nPOISE_MODE=production\nMAIL_FROM=\t\r\nPORT=80').values).toEqual({
      HOST: '',
      POISE_MODE: 'production',
      MAIL_FROM: '',
      PORT: '80',
    })
  })

  it('keeps the setting below such a line, and values over several lines', () => {
    expect(
      parseSettings('/srv/.env', 'foo\n# PORT=1\n\nPORT=80\nMAIL_FROM="Poise\nno setting\n# none"\nHOST=\'a\n=b\'\n')
        .values,
    ).toEqual({ PORT: '80', MAIL_FROM: 'Poise\nno setting\n# none', HOST: 'a\n=b' })
  })
})

describe('a name in the environment', () => {
  it('is judged only with our beginning: everything else may be anybody’s', () => {
    expect(gather({ PATH: '/bin', PUBLIC_URI: 'x', PROT: '1' }).mistakes).toEqual([])
    expect(gather({ POISE_MOD: 'production' }).mistakes).toEqual([
      'POISE_MOD in the environment is no setting of Poise: POISE_MODE is probably meant.',
    ])
    expect(gather({ poise_mode: 'production' }).mistakes).toHaveLength(1)
  })

  it('that Kubernetes makes out of a service called poise is not ours', () => {
    expect(
      gather({
        POISE_SERVICE_HOST: '10.0.0.1',
        POISE_SERVICE_PORT: '80',
        POISE_SERVICE_PORT_HTTP: '80',
        POISE_PORT: 'tcp://10.0.0.1:80',
        POISE_PORT_80_TCP: 'tcp://10.0.0.1:80',
        POISE_PORT_80_TCP_ADDR: '10.0.0.1',
        POISE_DB_SERVICE_HOST: '10.0.0.2',
      }).mistakes,
    ).toEqual([])
    expect(gather({ POISE_PORT: '8080' }).mistakes).toHaveLength(1)
  })

  it('that our tests read does not keep a server from starting', () => {
    expect(
      gather({ POISE_PROPERTY_SEED: 'random', POISE_PROPERTY_RUNS: '2', POISE_TEST_PG_URL: 'x' }).mistakes,
    ).toEqual([])
  })
})

describe('the value of a slip', () => {
  it('is read as that of the name that was meant, unless that one is set', () => {
    expect(gather({}, 'PUBLIC_URl=a').written.get('PUBLIC_URL')).toEqual({
      name: 'PUBLIC_URl',
      value: 'a',
      where: '/srv/.env',
    })
    expect(gather({ PUBLIC_URL: 'b' }, 'PUBLIC_URl=a').written.get('PUBLIC_URL')).toEqual({
      name: 'PUBLIC_URL',
      value: 'b',
      where: 'the environment',
    })
  })
})

describe('nearest', () => {
  it('counts a letter wrong, missing, too many or swapped, and takes the nearest', () => {
    for (const typed of ['demp', 'dem', 'demoo', 'deom']) expect(nearest(typed, ['demo', 'test'])).toBe('demo')
    expect(nearest('desk', ['demo', 'test'])).toBeNull()
    expect(nearest('HOME', KNOWN)).toBeNull()
  })
})
