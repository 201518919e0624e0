import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'
import type { Problem } from '../data/types.ts'

/** After a refusal the keyboard goes to the first field that is at fault, where its reason is read. */
export function useFirstFault(form: RefObject<HTMLElement | null>, problem: Problem | null): void {
  useEffect(() => {
    if (problem === null) return
    const field = form.current?.querySelector<HTMLElement>('[aria-invalid]')
    field?.focus()
  }, [form, problem])
}
