import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'

/**
 * Where a button goes away under the keyboard, because what it did is done, the keyboard goes on at
 * the part of the page that held it, not at the beginning of everything.
 */
export function useKeptFocus(place: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const root = place.current
    if (root === null) return
    let holders: readonly Element[] = []
    const onFocus = ({ target }: Event) => {
      holders = target instanceof Element ? holdersOf(target, root) : []
    }
    const watch = new MutationObserver(() => {
      if (document.activeElement !== document.body || holders.length === 0) return
      const held = holders[0]
      if (held?.isConnected) return
      focusPart(holders.slice(1).find((one) => one.isConnected && one.matches(PART)) ?? root)
    })
    root.addEventListener('focusin', onFocus)
    watch.observe(root, { childList: true, subtree: true })
    return () => {
      root.removeEventListener('focusin', onFocus)
      watch.disconnect()
    }
  }, [place])
}

/** What a screen reader can stand on and say by name. */
const PART = 'section, fieldset, form'

/** The element and all that hold it, up to the root. */
function holdersOf(element: Element, root: Element): Element[] {
  const holders = [element]
  for (let at = element.parentElement; at !== null && at !== root; at = at.parentElement) {
    holders.push(at)
  }
  return holders
}

function focusPart(part: Element): void {
  if (!(part instanceof HTMLElement)) return
  if (!part.hasAttribute('tabindex')) part.tabIndex = -1
  part.focus()
}
