import { parseFirmwareName } from '../../../phones/firmware-name.ts'
import { type Finding, finding } from '../finding.ts'
import type { XmlConfiguration } from '../read-load-information.ts'
import type { ReadConfiguration, RootView } from '../root-view.ts'
import { document5455, LOADER_HUNT } from '../sources.ts'

/** Files of the other protocol that a loader finds first, or that a phone never reaches. */
export function findLeftovers(view: RootView): readonly Finding[] {
  return [...ofOnePhone(view), ...sipConfigurationWithoutPhones(view)]
}

/** The loader looks for the phone's XML file before its SIP file, and the first one decides. */
function ofOnePhone({ xml, sip }: RootView): readonly Finding[] {
  const ownSip = new Map(sip.flatMap(({ mac, file }) => (mac === null ? [] : [[mac, file.path]])))
  return xml.flatMap((configuration) => {
    const other = configuration.mac === null ? undefined : ownSip.get(configuration.mac)
    if (other === undefined || namesSip(configuration)) return []
    const { file, content } = configuration
    return [
      finding({
        severity: 'fails',
        rule: 'other-protocol-first',
        file: file.path,
        line: content.loads[0]?.line ?? null,
        found: `names no SIP load, and ${other} is meant to make the phone a SIP phone`,
        phone: `The loader reads this file first, takes SCCP from it and never asks for ${other}.`,
        remedy: 'Remove it, or let its loadInformation name the SIP load.',
        source: `${document5455('SCCP Image 3.x/Earlier and 5.x to SIP Image 7.x')}; ${LOADER_HUNT}`,
      }),
    ]
  })
}

function namesSip({ content }: ReadConfiguration<XmlConfiguration>): boolean {
  return content.loads.some(({ load }) => {
    const parsed = parseFirmwareName(load)
    // The loader of a SIP set belongs to SIP as well.
    return parsed.kind === 'ok' && parsed.name.protocol === 'sip'
  })
}

function sipConfigurationWithoutPhones({ sip, root }: RootView): readonly Finding[] {
  const byDefault = sip.find(({ mac }) => mac === null)
  if (byDefault === undefined || root.files.some(({ path }) => OWN_FILE.test(path))) return []
  return [
    finding({
      severity: 'warns',
      rule: 'no-phone-file',
      file: byDefault.file.path,
      found: 'is here, and no SIP<MAC>.cnf of any phone',
      phone: 'A SIP phone without a file of its own shows "Phone Unprovisioned" (W362).',
      remedy: 'Add SIP<MAC>.cnf for each phone, its MAC in capitals and ".cnf" in lower case.',
      source: document5455('IP Phones go to Unprovisioned State'),
    }),
  ]
}

/** However it is spelled and wherever it lies: that is for other rules. */
const OWN_FILE = /(?:^|\/)SIP(?!Default).+\.cnf/i
