/**
 * Where in the answer the words are that somebody has selected. Marks hold nothing but the answer's own text, so places
 * fit.
 */
import { useEffect, useState } from 'react'
import { trimmed } from './segments.ts'
import type { Place } from './view.ts'

export type Selected = Place & { quote: string }

const fieldOf = (node: Node | null): HTMLElement | null =>
  (node instanceof Element ? node : node?.parentElement)?.closest<HTMLElement>('[data-field]') ?? null

function codePointsBefore(field: HTMLElement, node: Node, offset: number): number {
  const range = document.createRange()
  range.selectNodeContents(field)
  range.setEnd(node, offset)
  return [...range.toString()].length
}

/** null where nothing of the answer is selected. A selection that runs on into another field ends with the first. */
export function selectedPlace(): Selected | null {
  const selection = document.getSelection()
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null
  const range = selection.getRangeAt(0)
  const field = fieldOf(range.startContainer)
  const name = field?.dataset.field
  if (!field || !name) return null
  const text = field.textContent ?? ''
  const start = codePointsBefore(field, range.startContainer, range.startOffset)
  const end = field.contains(range.endContainer)
    ? codePointsBefore(field, range.endContainer, range.endOffset)
    : [...text].length
  const place = trimmed(text, start, end)
  return place ? { field: name, ...place, quote: [...text].slice(place.start, place.end).join('') } : null
}

/**
 * The words selected last. They stay known while a button is pressed, which takes the selection away on some devices.
 */
export function useSelectedPlace(): [Selected | null, () => void] {
  const [selected, setSelected] = useState<Selected | null>(null)
  useEffect(() => {
    const look = () => {
      const place = selectedPlace()
      if (place) setSelected(place)
    }
    document.addEventListener('selectionchange', look)
    return () => document.removeEventListener('selectionchange', look)
  }, [])
  return [selected, () => setSelected(null)]
}
