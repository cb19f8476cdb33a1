import { createContext } from 'react'

/** The page's CSP nonce while rendering on the server; empty in the browser, which never shows it to scripts. */
export const NonceContext = createContext('')

/** The page's import map while rendering on the server (i18n/text-files.ts). The browser has read it by then. */
export const ImportMapContext = createContext('')
