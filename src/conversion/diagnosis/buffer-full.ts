import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

/** The phone breaks off SIPDefault.cnf: it is larger than SIP 2.x can take. */
export function bufferFull({ reading }: StepTrace): Diagnosis | null {
  if (reading === null || reading.generation === 'ual') return null
  const cut = reading.files.find(
    ({ file, failed, completed }) =>
      file.toLowerCase() === 'sipdefault.cnf' && failed > 0 && completed === 0,
  )
  if (cut === undefined || reading.unheardInARow > 0) return null
  return {
    code: 'buffer-full',
    seen: 'The phone broke off the transfer of SIPDefault.cnf.',
    cause:
      'A SIP 2.x load cannot take a SIPDefault.cnf beyond a certain size. On the display: "W210 ' +
      'TFTP Error : buffer full".',
    remedy:
      'The phone runs SIP 2.x, and this conversion was started from another load: cancel it and ' +
      'start it again with the 2.x load as "from". Its SIPDefault.cnf is then one line.',
    source: 'Cisco document 5455, section "W210 TFTP Error : buffer full"',
  }
}
