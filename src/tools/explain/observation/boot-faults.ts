import type { BootState } from '../../../conversion/boot-state.ts'
import type { Diagnosis } from '../../../conversion/conversion.ts'
import { noLoadNamed, unprovisioned } from '../../../conversion/diagnosis/configuration.ts'

/** What one boot shows to be wrong by itself, whatever load the phone was meant to run. */
export function bootFault(boot: BootState): Diagnosis | null {
  return ctlsepLoop(boot) ?? noLoadNamed({ boot }) ?? unprovisioned({ boot })
}

/** A healthy loader asks once a boot, and once more where a packet was lost. */
const CTLSEP_IN_A_ROW = 4

function ctlsepLoop({ ctlsepInARow }: BootState): Diagnosis | null {
  if (ctlsepInARow < CTLSEP_IN_A_ROW) return null
  return {
    code: 'ctlsep-loop',
    seen: `The phone asked for its trust list (CTLSEP<MAC>.tlv) ${ctlsepInARow} times in a row and for nothing else.`,
    cause:
      'A loader of the 7.2 days loops until it gets that file, even an empty one; or the answer "file ' +
      'not found" does not reach the phone. On the display: "Protocol Application Invalid".',
    remedy:
      'Put an empty file CTLSEP<MAC>.tlv into the TFTP root, and see that "file not found" is ' +
      'answered at once (ERROR 1).',
    source: 'Cisco document 5455, section "Protocol Application Invalid Error"; field reports',
  }
}
