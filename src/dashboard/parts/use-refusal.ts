import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Problem } from '../data/types.ts'
import {
  type FieldFaults,
  type FormRefusal,
  type FormValues,
  faultsOf,
  noteOf,
} from '../words/field-faults.ts'

/** A form, and why it was refused as far as that still holds. */
export type RefusableForm = {
  /** Belongs to the form: the keyboard goes to the first field of it that is at fault. */
  readonly form: RefObject<HTMLFormElement | null>
  readonly faults: FieldFaults
  /** What is said of the refusal besides; null: nothing. */
  readonly note: Problem | null
  /** The form was refused with the values that it has now. */
  readonly refuse: (problem: Problem) => void
  /** Says nothing more of the last refusal. */
  readonly forget: () => void
}

/** The refusal of a form that holds these values. */
export function useRefusal(values: FormValues): RefusableForm {
  const [refusal, setRefusal] = useState<FormRefusal | null>(null)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (refusal === null) return
    const field = form.current?.querySelector<HTMLElement>('[aria-invalid]')
    field?.focus()
  }, [form, refusal])
  return {
    form,
    faults: faultsOf(refusal, values),
    note: noteOf(refusal, values),
    refuse: (problem) => setRefusal({ problem, sent: values }),
    forget: () => setRefusal(null),
  }
}
