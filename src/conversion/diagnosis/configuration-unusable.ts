import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

/** `.loads` follows the file that names it within a second or two. */
const PATIENCE_MS = 60_000

/** The loader has read its configuration file and asks for nothing more. */
export function configurationUnusable({ reading, nowMs }: StepTrace): Diagnosis | null {
  if (reading === null || reading.generation !== 'ual' || reading.lastRequestAtMs === null)
    return null
  const last = reading.asked.at(-1)
  if (last !== 'sep-xml' && last !== 'xml-default') return null
  if (reading.loads !== null || nowMs - reading.lastRequestAtMs < PATIENCE_MS) return null
  return {
    code: 'configuration-unusable',
    seen: 'The loader read its XML configuration file and then asked for no load.',
    cause:
      'It cannot make sense of the file, which is worse than none; or another server gave it an ' +
      'empty one. On the display: "Protocol Application Invalid".',
    remedy:
      'Read what it gets (GET /v1/phones/{mac}/files); power-cycle it. If it stops there again, do ' +
      'a factory reset: hold # at power-up, then 1 2 3 4 5 6 7 8 9 * 0 #.',
    source:
      'Cisco document 5455, section "Protocol Application Invalid Error"; field report: "Firmware ' +
      'issues on 7940 - 7960"',
  }
}
