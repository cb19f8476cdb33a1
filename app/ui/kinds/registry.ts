/**
 * The kinds of items, each in a file of its own that is loaded when an item of it is on the page (entry.client.tsx), and
 * otherwise as soon as the page has begun to work: a network that is lost later harms nobody.
 */
import { useEffect, useSyncExternalStore } from 'react'
import type { Kind, KindName } from './kind.ts'

const FILES: { readonly [K in KindName]: () => Promise<{ kind: Kind<K> }> } = {
  single_choice: () => import('./single-choice.tsx'),
  multiple_choice: () => import('./multiple-choice.tsx'),
  true_false: () => import('./true-false.tsx'),
  ordering: () => import('./ordering.tsx'),
  matching: () => import('./matching.tsx'),
  cloze: () => import('./cloze.tsx'),
  numeric: () => import('./numeric.tsx'),
  short_text: () => import('./short-text.tsx'),
  situational_judgement: () => import('./situational-judgement.tsx'),
  behavioural: () => import('./behavioural.tsx'),
  written_reply: () => import('./written-reply.tsx'),
  essay: () => import('./essay.tsx'),
}
const KINDS = Object.keys(FILES) as KindName[]
/** Between two tries to load a file. The network may be away for long, and each try costs next to nothing. */
const AGAIN_AFTER_MS = 3_000

const here: { [K in KindName]?: Kind<K> } = {}
const coming = new Map<KindName, Promise<void>>()
const waiting = new Set<() => void>()

async function open(name: KindName): Promise<void> {
  for (;;) {
    try {
      const { kind } = await FILES[name]()
      Object.assign(here, { [name]: kind })
      for (const tell of waiting) tell()
      return
    } catch {
      await new Promise((again) => setTimeout(again, AGAIN_AFTER_MS))
    }
  }
}

/** Resolves when these kinds are here; tries again until they are. Names that are no kinds are passed over. */
export async function openKinds(names: readonly string[] = KINDS): Promise<void> {
  await Promise.all(
    KINDS.filter((name) => names.includes(name)).map((name) => {
      const promise = coming.get(name) ?? open(name)
      coming.set(name, promise)
      return promise
    }),
  )
}

const subscribe = (tell: () => void): (() => void) => {
  waiting.add(tell)
  return () => waiting.delete(tell)
}

/** The kind of an item; null while its file is on the way. */
export function useKind<K extends KindName>(name: K): Kind<K> | null {
  const get = (): Kind<K> | null => here[name] ?? null
  const kind = useSyncExternalStore(subscribe, get, get)
  useEffect(() => void openKinds([name]), [name])
  return kind
}
