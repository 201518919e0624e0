import { readRequestedFile } from '../../phones/requested-file.ts'
import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

/** The files that may name a load to a loader, in the order of its hunt. */
const HUNT = ['sep-xml', 'sip-phone', 'xml-default', 'sip-default'] as const

/** The loader has asked for every file that could name a load, and none exists. */
export function noLoadNamed({ reading }: Pick<StepTrace, 'reading'>): Diagnosis | null {
  if (reading === null || reading.generation !== 'ual' || reading.loads !== null) return null
  const absent = reading.absent.map((name) => readRequestedFile(name).kind)
  if (!HUNT.every((kind) => absent.includes(kind))) return null
  return {
    code: 'no-load-named',
    seen: 'The loader asked for every file that could name a load, and none of them exists.',
    cause:
      'Nobody tells the phone what to load. If it has no application in its flash, its display ' +
      'shows "No Load Specified".',
    remedy: 'Start a conversion of this phone, or enrol it with a profile, and power-cycle it.',
    source: 'Cisco document 5455, section "No Load Specified Error"',
  }
}
