import { type RequestedFile, readRequestedFile } from '../../phones/requested-file.ts'
import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

/** Which message the phone shows for which file; SIPDefault.cnf has a diagnosis of its own. */
const SHOWN: Partial<Readonly<Record<RequestedFile['kind'], string>>> = {
  'sip-phone': '"W220 TFTP Error" (its own SIP file)',
  'sep-xml': '"CFG TFTP Size Error"',
  'xml-default': '"CFG TFTP Size Error"',
  dialplan: '"W250 TFTP Error" (dial plan)',
  syncinfo: '"W270 TFTP Error" (syncinfo.xml)',
}

/** A power cut breaks one transfer off; twice the same file is the file. */
const ATTEMPTS = 2

/** The phone breaks a configuration file off, again and again. */
export function configurationCut({ reading }: StepTrace): Diagnosis | null {
  if (reading === null || reading.unheardInARow > 0) return null
  for (const { file, failed, completed } of reading.files) {
    const shown = SHOWN[readRequestedFile(file).kind]
    if (shown === undefined || failed < ATTEMPTS || completed > 0) continue
    return {
      code: 'configuration-cut',
      seen: `The phone broke off the transfer of ${file} ${failed} times.`,
      cause: `The file is larger than the phone can take, or packets are lost. On the display: ${shown}.`,
      remedy:
        'Take settings out of the profile and of the phone until the file is small, and look at ' +
        'the transfer (GET /v1/phones/{mac}/timeline): many repeats tell of a lossy link.',
      source: 'Cisco SIP IP phone administrator guide, error messages W220, W250 and W270',
    }
  }
  return null
}
