import type { Binding, LeaseChange } from './binding.ts'

/** The network and the address that a change is of. */
export function placeOf(change: LeaseChange): Pick<Binding, 'scope' | 'address'> {
  return change.kind === 'put' ? change.binding : change
}
