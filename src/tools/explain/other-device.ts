import { family } from '../../phones/family/family.ts'
import { printable } from '../../services/printable.ts'
import type { Observation } from './observation/observed-event.ts'

/** What shows that a device is no 7940 or 7960. */
export type OtherModel = {
  readonly model: string
  /** The file that it asked for; null where its vendor class says so. */
  readonly name: string | null
  readonly why: string
}

/** Another model: nothing that would be told of a 7940 or 7960 holds for it. */
export function otherDevice({ model, name, why }: OtherModel): Observation {
  const seen =
    name === null
      ? `The device says by its DHCP vendor class that it is a ${printable(model)}.`
      : `The device asked for ${printable(name)}: it ${why}, as does a ${printable(model)}.`
  return {
    generation: null,
    protocol: null,
    load: null,
    target: null,
    registration: null,
    verdict: 'other-device',
    notes: [],
    diagnosis: {
      code: 'other-model',
      seen,
      cause:
        'A 7941, 7961 or 7970 boots from files of its own, as do the 7905, 7912 and wireless phones.',
      remedy:
        'Read the model on the back of the phone: its firmware is not interchangeable with that of a ' +
        `${family.either}.`,
      source: 'Cisco Unified CME administration guide, chapter on installation (cmeinstl)',
    },
  }
}
