import { createContext } from 'react'

/** The page's CSP nonce while rendering on the server; empty in the browser, which never shows it to scripts. */
export const NonceContext = createContext('')
