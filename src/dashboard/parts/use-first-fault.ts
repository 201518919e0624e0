import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'
import type { FormRefusal } from '../words/field-faults.ts'

/** After a refusal the keyboard goes to the first field that is at fault, where its reason is read. */
export function useFirstFault(
  form: RefObject<HTMLElement | null>,
  refusal: FormRefusal | null,
): void {
  useEffect(() => {
    if (refusal === null) return
    const field = form.current?.querySelector<HTMLElement>('[aria-invalid]')
    field?.focus()
  }, [form, refusal])
}
