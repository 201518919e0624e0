import { parseFirmwareName } from '../../phones/firmware-name.ts'
import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

/** The phone asks for an image by a name that no firmware ever had. */
export function misspeltImage({ reading }: StepTrace): Diagnosis | null {
  for (const name of reading?.absent ?? []) {
    const fault = faultOf(name)
    if (fault === null) continue
    return {
      code: 'misspelt-image',
      seen: `The phone asked for ${name}, which ${fault}.`,
      cause:
        'A file of another TFTP server misspells the load, most likely its OS79XX.TXT or ' +
        'SIPDefault.cnf: the second character is the digit zero, the name has no extension, and ' +
        'neither blank nor other characters stand behind it. Files of this server never do that.',
      remedy:
        'At the phone set Alternate TFTP to No (Settings, **#, Network Configuration), make sure ' +
        'that no other DHCP server answers, and power-cycle it.',
      source: 'Cisco document 5455, section "IP Phones go to Unprovisioned State"',
    }
  }
  return null
}

/** What is wrong with the name of an image; null where it is none, or spelled as it should be. */
function faultOf(name: string): string | null {
  const image = /^(?:\.?\/)*(P[0O][0OSM]3.*)\.(?:bin|sbn|sb2|loads)\s*$/i.exec(name)
  if (image === null) return null
  const parsed = parseFirmwareName(image[1] as string)
  if (parsed.kind === 'ok' || parsed.suggestion === null) return null
  return `${parsed.fault} (${parsed.suggestion} is the right spelling)`
}
