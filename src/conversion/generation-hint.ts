import type { GenerationHint } from '../phones/conversion-plan.ts'
import type { RequestedFile } from '../phones/requested-file.ts'
import type { BootReading } from './boot-reading.ts'

const OF_SIP: readonly RequestedFile['kind'][] = ['sip-default', 'sip-phone']
const OF_SCCP: readonly RequestedFile['kind'][] = [
  'sep-xml',
  'sep-cnf',
  'xml-default',
  'sep-default',
]

/**
 * What a boot tells the planner about a phone whose load nobody knows. A loader asks for the files
 * of either protocol; a phone without one asks for those of its own.
 */
export function hintOf(reading: BootReading | null): GenerationHint | null {
  if (reading === null || reading.generation === null) return null
  if (reading.generation === 'ual') return 'ual'
  const asks = (kinds: typeof OF_SIP) => kinds.some((kind) => reading.asked.includes(kind))
  if (asks(OF_SIP)) return 'pre-ual-sip'
  return asks(OF_SCCP) ? 'pre-ual-sccp' : 'pre-ual'
}
