import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

/** The device asks for files that only other models ask for. */
export function otherModel({ reading }: StepTrace): Diagnosis | null {
  if (reading === null || !reading.asked.includes('other-model')) return null
  return {
    code: 'other-model',
    seen: 'The device asked for files that no 7940 or 7960 asks for.',
    cause: 'It is another model: a 7941, 7961 or 7970, a 7905 or 7912, or a wireless phone.',
    remedy:
      'Read the model on the back of the phone and remove this entry; its firmware is ' +
      'not interchangeable with that of a 7940 or 7960.',
    source: 'Cisco Unified CME administration guide, chapter "Install and upgrade firmware files"',
  }
}
