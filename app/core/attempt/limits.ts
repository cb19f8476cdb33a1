/**
 * Figures of the save protocol that player and server share; apart from the schemas, so that the player need not load
 * Zod.
 */

/** More than a form has items; a larger batch is answered with 413. */
export const MAX_MUTATIONS = 100
/** Bytes of one request body; beyond it 413. */
export const MAX_SAVE_BYTES = 1_048_576
/** The player saves after this pause in typing … */
export const SAVE_DEBOUNCE_MS = 1500
/** … but never later than this after the first unsaved change: a fast typist never pauses. */
export const SAVE_MAX_WAIT_MS = 8000
export const HEARTBEAT_MS = 30_000
