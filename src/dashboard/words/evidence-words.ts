import type { Evidence } from '../data/types.ts'

/** What decided that a phone runs its load, strongest first. */
const KINDS = {
  registration: 'registration',
  'phone-answer': 'the phone’s own answer',
  'application-files': 'files that only the new load requests',
  'second-boot': 'a second start without an image',
  quiet: 'no further request',
} as const satisfies Record<Evidence['kind'], string>

/** A kind of evidence, for people. */
export function evidenceWords(kind: Evidence['kind']): string {
  return KINDS[kind]
}
