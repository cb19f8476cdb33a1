// The one reader of the environment, for the server and for every command of the operator: a second one would lead to
// another database.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ConfigError, readConfig, type ServerConfig } from './config.server.ts'
import { parseSettings, type SettingsFile } from './settings.server.ts'

/** The project's folder: two levels up from the sources in app/server and from the bundle in build/http. */
export const projectRoot = (): string => resolve(dirname(fileURLToPath(import.meta.url)), '../..')

function versionOf(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version?: string }
  return version ?? '0.0.0'
}

/**
 * Reads `.env`, where there is one. POISE_ENV_FILE names another file; empty, it means none. Throws a ConfigError when
 * a file that was named cannot be read.
 */
function readSettingsFile(root: string): SettingsFile | null {
  const named = process.env['POISE_ENV_FILE']
  if (named === '') return null
  const path = resolve(root, named ?? '.env')
  if (named === undefined && !existsSync(path)) return null
  let content: Buffer
  try {
    content = readFileSync(path)
  } catch {
    throw new ConfigError([`The settings file ${path} cannot be read: check that it is there and who owns it.`])
  }
  // Node reads a mark of the byte order as part of the first name, which would then be unknown.
  const [first, second] = content
  if ((first === 0xef && second === 0xbb) || (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw new ConfigError([
      `The settings file ${path} begins with a byte order mark: save it as plain UTF-8, without BOM.`,
    ])
  // Text of 16 bits to a letter, or a file that is none of ours. No path and no variable can hold one.
  if (content.includes(0))
    throw new ConfigError([`The settings file ${path} holds bytes that are no text: save it as plain UTF-8.`])
  return parseSettings(path, content.toString('utf8'))
}

/**
 * Reads the settings of this installation. A relative DATA_DIR means the project's folder, from wherever the process
 * was started. Throws a ConfigError that tells every mistake at once; `note` is told what is worth knowing and no
 * mistake.
 */
export function readEnvironment(root: string, note: (sentence: string) => void): ServerConfig {
  const file = readSettingsFile(root)
  const config = readConfig(process.env, versionOf(root), { file, note })
  // Time zone, proxies, the PostgreSQL driver: what others read out of the environment may stand in the file as well.
  for (const [name, value] of Object.entries(file?.values ?? {})) process.env[name] ??= value
  return { ...config, dataDir: isAbsolute(config.dataDir) ? config.dataDir : join(root, config.dataDir) }
}
