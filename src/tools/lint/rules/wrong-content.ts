import { findParameter } from '../../../phones/config-files/sip-parameters.ts'
import { readRequestedFile } from '../../../phones/requested-file.ts'
import { fileText } from '../file-text.ts'
import { type Finding, finding } from '../finding.ts'
import { readParameters } from '../read-parameters.ts'
import type { RootView } from '../root-view.ts'
import { document5455 } from '../sources.ts'

/** Files with the content of another kind: settings of SIP where an SCCP phone looks, and the reverse. */
export function findWrongContent({ root, top }: RootView): readonly Finding[] {
  return root.files.flatMap(({ path, bytes }) => {
    const file = readRequestedFile(path)
    if (bytes === null || path.includes('/')) return []
    if (file.kind === 'sep-cnf' && isSipText(fileText(bytes))) {
      const wanted = `SIP${file.mac}.cnf`
      return [sipInSep(path, wanted, top.has(wanted))]
    }
    const isSip = file.kind === 'sip-phone' || file.kind === 'sip-default'
    return isSip && isXml(fileText(bytes)) ? [xmlInSip(path)] : []
  })
}

/** Whether a text begins as XML does. */
export function isXml(text: string): boolean {
  return /^(?:\xef\xbb\xbf)?\s*<[?!a-zA-Z]/.test(text)
}

function isSipText(text: string): boolean {
  const { entries } = readParameters(text)
  return entries.some(({ name }) => findParameter(name) !== undefined)
}

function sipInSep(path: string, wanted: string, isThere: boolean): Finding {
  return finding({
    severity: isThere ? 'note' : 'fails',
    rule: 'sip-in-sep',
    file: path,
    found: 'holds settings of a SIP phone',
    phone: `SIP phones ask for ${wanted}; this name is that of an SCCP phone, which reads no such settings.`,
    remedy: isThere ? 'Remove it, or leave it: it does nothing.' : `Rename it to ${wanted}.`,
    source: document5455('Enable SIP Functionality'),
  })
}

function xmlInSip(path: string): Finding {
  return finding({
    severity: 'fails',
    rule: 'xml-in-sip',
    file: path,
    line: 1,
    found: 'holds XML',
    phone: 'A SIP phone reads one "name: value" a line from it, and finds none.',
    remedy: 'Write "name: value" lines; XML belongs into SEP<MAC>.cnf.xml and XMLDefault.cnf.xml.',
    source: document5455('Enable SIP Functionality'),
  })
}
