import { readRequestedFile } from '../../../phones/requested-file.ts'
import { type Finding, finding } from '../finding.ts'
import type { ReadXml, RootView } from '../root-view.ts'
import { XML_1_0 } from '../sources.ts'

/** Files of XML beside the configuration that a phone cannot read: `syncinfo.xml`, ring lists. */
export function findXmlListFaults({ otherXml }: RootView): readonly Finding[] {
  return otherXml.flatMap(({ file, document }: ReadXml) => {
    const lost = LOST[readRequestedFile(file.path).kind]
    if (lost === undefined || document.fault === null) return []
    return [
      finding({
        severity: 'warns',
        rule: 'xml-syntax',
        file: file.path,
        line: document.fault.line,
        found: `is no well-formed XML: ${document.fault.fault}`,
        phone: lost,
        remedy: 'Put that line right, or remove the file.',
        source: XML_1_0,
      }),
    ]
  })
}

/** What a phone does without the file. Dial plans have rules of their own. */
const LOST: Readonly<Partial<Record<string, string>>> = {
  syncinfo: 'A check-sync request restarts no phone, because none learns from it that it must.',
  'ringlist-xml': 'The phone offers the ring tones that it has on board alone.',
}
