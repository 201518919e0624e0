import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

/** Once more may be a hand on the cable; three starts that lead nowhere are a loop. */
export const STARTS_OF_A_LOOP = 3

/** The phone starts again and again and gets no further. */
export function bootLoop({ step, target }: StepTrace): Diagnosis | null {
  const { starts, furthest } = step.facts
  if (starts < STARTS_OF_A_LOOP) return null
  return {
    code: 'boot-loop',
    seen: `The phone started ${starts} times without getting further on its way to ${target.load} (${FURTHEST[furthest]}).`,
    cause:
      'It restarts by itself: an application that reaches no call manager starts again about once a ' +
      'minute, and a loader that gets no usable load does so as well. Or its power is unsteady.',
    remedy:
      'Watch the display through one start. Check power and cable, the files that it gets ' +
      '(GET /v1/phones/{mac}/files) and the addresses that they name. Then read the load at the ' +
      'phone and start again with it as "from".',
    source:
      'field traces (github.com/julianhead/CiscoPhones, tftplog): whole starts every 66 to 80 s',
  }
}

const FURTHEST: Readonly<Record<StepTrace['step']['facts']['furthest'], string>> = {
  nothing: 'it has no address yet',
  address: 'it has an address',
  'first-file': 'it asks for its files',
  'load-named': 'it has read which load is wanted',
  'loader-asked': 'it asked for the loader',
  'loader-whole': 'it has the loader',
  'last-image-asked': 'it asked for the last image',
  'last-image-whole': 'it has the last image',
  'started-again': 'it started again behind the last image',
}
