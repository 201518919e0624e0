import { readRequestedFile } from '../../phones/requested-file.ts'
import type { BootReading } from '../boot-reading.ts'
import type { Diagnosis } from '../conversion.ts'

/** What one boot shows to be wrong by itself, whatever load the phone was meant to run. */
export function bootFault(reading: BootReading): Diagnosis | null {
  return ctlsepLoop(reading) ?? noLoadNamed(reading) ?? unprovisioned(reading)
}

/** A healthy loader asks once a boot, and once more where a packet was lost. */
const CTLSEP_IN_A_ROW = 4

function ctlsepLoop({ ctlsepInARow }: BootReading): Diagnosis | null {
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

/** The files that may name a load to a loader, in the order of its hunt. */
const HUNT = ['sep-xml', 'sip-phone', 'xml-default', 'sip-default'] as const

function noLoadNamed({ generation, loads, absent }: BootReading): Diagnosis | null {
  const kinds = absent.map((name) => readRequestedFile(name).kind)
  const isWhole = HUNT.every((kind) => kinds.includes(kind))
  if (generation !== 'ual' || loads !== null || !isWhole) return null
  return {
    code: 'no-load-named',
    seen: 'The loader asked for every file that could name a load, and none of them exists.',
    cause:
      'Nobody tells the phone what to load. If it has no application in its flash, its display ' +
      'shows "No Load Specified".',
    remedy:
      'Name the load in SEP<MAC>.cnf.xml (loadInformation) or as image_version in SIPDefault.cnf, and ' +
      'restart the phone.',
    source: 'Cisco document 5455, section "No Load Specified Error"',
  }
}

function unprovisioned({ absent, asked }: BootReading): Diagnosis | null {
  const own = absent.find((name) => readRequestedFile(name).kind === 'sip-phone')
  // A loader hunts for that file on its way to SCCP as well: only the SIP application goes on to these.
  const isSip = asked.includes('ringlist-dat') || asked.includes('dialplan')
  if (own === undefined || !isSip) return null
  return {
    code: 'unprovisioned',
    seen: `The phone runs SIP and asked for ${own}, which does not exist.`,
    cause:
      'Its own configuration file is missing or spelled in another way: the MAC address stands in ' +
      'capitals, the extension in small letters. On the display: "Phone Unprovisioned" (W362).',
    remedy: 'Write that file, with line1_name in it, under exactly this name.',
    source: 'Cisco document 5455, section "IP Phones go to Unprovisioned State"',
  }
}
