// What can be measured of a page's layout: it fits its width, nothing is cut off, what is pressed is large enough and
// free of its neighbours, and no bar stands before the focus (WCAG 2.2: 1.4.10, 2.5.8, 2.4.11).
import type { Page } from 'playwright-core'

/** Fails on what does not fit. The page is looked at as it stands, with whatever is open on it. */
export async function fits(page: Page, what: string): Promise<void> {
  const problems = await page.evaluate(() => {
    const LEAST = 24
    const found: string[] = []
    const name = (element: Element): string =>
      `${element.tagName.toLowerCase()}.${element.className.toString().replaceAll(' ', '.')} “${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 40)}”`
    const root = document.scrollingElement ?? document.documentElement
    if (root.scrollWidth > root.clientWidth) {
      const widest = [...document.querySelectorAll('body *')]
        .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 0.5)
        .at(-1)
      found.push(`scrolls sideways: ${root.scrollWidth} in ${root.clientWidth} px; ${widest ? name(widest) : ''}`)
    }
    const shown = (element: Element): boolean =>
      element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
      element.closest('.vh, [aria-hidden=true]') === null
    // Under an open dialog nothing else can be reached.
    const top = document.querySelector('dialog[open]') ?? document.body
    for (const element of top.querySelectorAll('*')) {
      if (
        !shown(element) ||
        !['hidden', 'clip'].includes(getComputedStyle(element).overflowX) ||
        element.matches('input, textarea, select')
      )
        continue
      if (
        element.scrollWidth > element.clientWidth + 1 &&
        element.clientWidth > 1 &&
        getComputedStyle(element).textOverflow !== 'ellipsis'
      )
        found.push(`cut off: ${name(element)}`)
    }
    for (const dialog of document.querySelectorAll('dialog[open], details[open] > .menu-in')) {
      const box = dialog.getBoundingClientRect()
      if (box.left < 0 || box.right > innerWidth || box.top < 0 || box.bottom > innerHeight + 0.5)
        found.push(`outside of the window: ${name(dialog)}`)
      if (dialog.scrollWidth > dialog.clientWidth) found.push(`scrolls sideways: ${name(dialog)}`)
    }
    const targets = [
      ...top.querySelectorAll('a[href], button, summary, select, textarea, input:not([type=hidden])'),
    ].filter((element) => shown(element) && !(element as HTMLButtonElement).disabled)
    const boxes = targets.map((element) => {
      // The label of a box or a radio button is pressed as well.
      const area = element.matches('input[type=radio], input[type=checkbox]')
        ? (element.closest('label') ?? element)
        : element
      const box = area.getBoundingClientRect()
      return { element, box, small: Math.min(box.width, box.height) < LEAST - 0.1 }
    })
    const distance = (x: number, y: number, box: DOMRect): number =>
      Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom))
    for (const one of boxes) {
      if (!one.small || one.box.width === 0) continue
      // A link within a sentence is as large as its words.
      if (
        getComputedStyle(one.element).display === 'inline' &&
        (one.element.parentElement?.textContent ?? '').trim() !== (one.element.textContent ?? '').trim()
      )
        continue
      const [x, y] = [one.box.left + one.box.width / 2, one.box.top + one.box.height / 2]
      const near = boxes.find(
        (other) =>
          other !== one &&
          !other.element.contains(one.element) &&
          (distance(x, y, other.box) < LEAST / 2 ||
            (other.small &&
              Math.hypot(x - other.box.left - other.box.width / 2, y - other.box.top - other.box.height / 2) < LEAST)),
      )
      if (near)
        found.push(
          `smaller than ${LEAST} px and close to another: ${name(one.element)} (${Math.round(one.box.width)}×${Math.round(one.box.height)}), ${name(near.element)}`,
        )
    }
    const menu = document.querySelector('details[open] > .menu-in')
    for (const { element, box } of boxes) {
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2]
      if (!menu?.contains(element) || box.bottom > menu.getBoundingClientRect().bottom) continue
      if (!element.contains(document.elementFromPoint(x, y))) found.push(`covered: ${name(element)}`)
    }
    for (const [index, one] of boxes.entries()) {
      for (const other of boxes.slice(index + 1)) {
        const layer = (element: Element): Element | null => element.closest('.menu-in, .foot, .bar')
        if (layer(one.element) !== layer(other.element) || one.element.contains(other.element)) continue
        const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left)
        const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top)
        if (
          across > 1 &&
          down > 1 &&
          (one.element.closest('label') === null || one.element.closest('label') !== other.element.closest('label'))
        )
          found.push(`overlap: ${name(one.element)} and ${name(other.element)}`)
      }
    }
    return found
  })
  if (problems.length > 0) throw new Error(`Layout of ${what}:\n${[...new Set(problems)].join('\n')}`)
}

const MANY_STOPS = 150

/** Goes through the page by Tab. Fails where a bar stands before the whole of what has the focus. */
export async function focusStaysInSight(page: Page, what: string): Promise<number> {
  const hidden: string[] = []
  const seen = new Set<string>()
  await page.evaluate(() => {
    ;(document.activeElement as HTMLElement | null)?.blur()
    window.scrollTo(0, 0)
  })
  for (const key of ['Tab', 'Shift+Tab']) {
    for (let n = 0; n < MANY_STOPS; n += 1) {
      await page.keyboard.press(key)
      const stop = await page.evaluate(() => {
        const focused = document.activeElement
        if (!focused || focused === document.body) return null
        const mark = (focused as HTMLElement).dataset['stop'] ?? ''
        const again = mark !== ''
        ;(focused as HTMLElement).dataset['stop'] = 'yes'
        const area = focused.matches('input[type=radio], input[type=checkbox]')
          ? (focused.closest('label') ?? focused)
          : focused
        const box = area.getBoundingClientRect()
        if (box.width < 2 || box.height < 2) return { again, told: null }
        let free = false
        for (const x of [0.1, 0.5, 0.9])
          for (const y of [0.1, 0.5, 0.9]) {
            const at = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y)
            free ||= at !== null && (area.contains(at) || at.contains(area))
          }
        return {
          again,
          told: free
            ? null
            : `${focused.tagName.toLowerCase()} “${(focused.getAttribute('aria-label') ?? focused.textContent ?? '').trim().slice(0, 40)}” at ${Math.round(box.top)}–${Math.round(box.bottom)} of ${innerHeight}`,
        }
      })
      if (!stop || stop.again) break
      if (stop.told) hidden.push(`${key}: ${stop.told}`)
      else seen.add(`${key} ${n}`)
    }
    await page.evaluate(() =>
      document.querySelectorAll<HTMLElement>('[data-stop]').forEach((element) => delete element.dataset['stop']),
    )
  }
  if (hidden.length > 0) throw new Error(`The focus cannot be seen on ${what}:\n${hidden.join('\n')}`)
  return seen.size
}
