import { byteOrderMark } from '../file-text.ts'
import { type Finding, finding } from '../finding.ts'
import type { XmlConfiguration } from '../read-load-information.ts'
import type { ReadConfiguration, RootView } from '../root-view.ts'
import { FIELD_REPORTS, LOADER_HUNT, XML_1_0 } from '../sources.ts'

/** XML configuration files that a loader cannot use: worse than none at all. */
export function findXmlFaults({ xml, top }: RootView): readonly Finding[] {
  return [
    ...xml.flatMap(faultsOf),
    ...oneSpelling(top.has('xmlDefault.CNF.XML') && !top.has('XMLDefault.cnf.xml')),
  ]
}

function faultsOf({ file, mac, content }: ReadConfiguration<XmlConfiguration>): readonly Finding[] {
  const broken = brokenBy(file.bytes, content)
  if (broken !== undefined) {
    return [
      finding({
        severity: 'fails',
        rule: 'xml-unusable',
        file: file.path,
        found: broken,
        phone:
          'The loader takes the file, finds nothing in it and looks no further: "Protocol Application ' +
          'Invalid". Without the file it would go on to the next one.',
        remedy: 'Write a whole file, or remove it.',
        source: FIELD_REPORTS,
      }),
    ]
  }
  const faults = [...notWellFormed(file.path, content), ...misspelt(file.path, content)]
  if (mac !== null || (content.hasPort && content.hasNode)) return faults
  return [
    ...faults,
    finding({
      severity: 'warns',
      rule: 'xml-call-manager',
      file: file.path,
      found: `has no ${content.hasPort ? 'processNodeName' : 'ethernetPhonePort'}`,
      phone: 'Some loads ignore the load information of a file without a call manager in it.',
      remedy: 'Add callManagerGroup with one member, port 2000 and any node name, even if unused.',
      source: FIELD_REPORTS,
    }),
  ]
}

function brokenBy(bytes: Uint8Array, { root, fault }: XmlConfiguration): string | undefined {
  if (bytes.length === 0) return 'is empty'
  if (byteOrderMark(bytes) === 'UTF-16') return 'is UTF-16 text'
  if (root !== undefined) return undefined
  const why = fault === null ? '' : ` (line ${fault.line}: ${fault.fault})`
  return `has no whole <device> or <Default> element${why}`
}

function notWellFormed(file: string, { fault }: XmlConfiguration): readonly Finding[] {
  if (fault === null) return []
  return [
    finding({
      severity: 'fails',
      rule: 'xml-syntax',
      file,
      line: fault.line,
      found: `is no well-formed XML: ${fault.fault}`,
      phone:
        'A load that parses the file gives it up there and looks no further; one that looks for elements finds ' +
        'what stands before. Which load does which is not documented.',
      remedy: 'Put that line right.',
      source: XML_1_0,
    }),
  ]
}

function misspelt(file: string, content: XmlConfiguration): readonly Finding[] {
  return content.misspelt.map(({ name, wanted, line }) =>
    finding({
      severity: 'warns',
      rule: 'xml-element',
      file,
      line,
      found: `holds <${name}>`,
      phone: `Names of elements have a letter case: a phone looks for <${wanted}>.`,
      remedy: `Write <${wanted}>.`,
      source: XML_1_0,
    }),
  )
}

function oneSpelling(isOtherOnly: boolean): readonly Finding[] {
  if (!isOtherOnly) return []
  return [
    finding({
      severity: 'warns',
      rule: 'xml-spelling',
      file: 'xmlDefault.CNF.XML',
      found: 'is here under this spelling alone',
      phone:
        'Some 7.x loads request this spelling; all others request XMLDefault.cnf.xml and do not get it.',
      remedy: 'Keep a copy under each spelling.',
      source: LOADER_HUNT,
    }),
  ]
}
