import { createContext } from 'react'

/**
 * What a page knows while the server renders it. The browser never shows a nonce to scripts, has read the import map by
 * then, and keeps what the server has written of the rest.
 */
export type ServerPage = {
  /** Of the Content-Security-Policy, for every script element. */
  nonce: string
  /** i18n/text-files.ts */
  importMap: string
  /** The number under which the log knows this request. */
  requestId: string
}

export const ServerPageContext = createContext<ServerPage>({ nonce: '', importMap: '', requestId: '' })
