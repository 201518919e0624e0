import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

/**
 * A wide table, scrolled sideways where the screen is narrow. Only then does the keyboard stop at
 * it: where nothing scrolls, a stop would be one too many.
 */
export function Scroller(props: { readonly label: string; readonly children: ComponentChildren }) {
  const place = useRef<HTMLDivElement>(null)
  const [isWide, setIsWide] = useState(false)
  useEffect(() => {
    const element = place.current
    const inner = element?.firstElementChild
    if (!element || !inner) return
    const watch = new ResizeObserver(() => setIsWide(element.scrollWidth > element.clientWidth))
    watch.observe(element)
    watch.observe(inner)
    return () => watch.disconnect()
  }, [])
  const reached = isWide ? { role: 'region' as const, 'aria-label': props.label, tabIndex: 0 } : {}
  return (
    <div ref={place} class="wide" {...reached}>
      {props.children}
    </div>
  )
}
