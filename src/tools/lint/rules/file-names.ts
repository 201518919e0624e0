import { parseFirmwareName } from '../../../phones/firmware-name.ts'
import { type RequestedFile, readRequestedFile } from '../../../phones/requested-file.ts'
import { type Finding, finding } from '../finding.ts'
import type { RootView } from '../root-view.ts'
import { document5455, FIELD_REPORTS } from '../sources.ts'
import { baseName } from '../tftp-root.ts'

/** Names that are nearly those that phones ask for: case, letter O and digit zero, extensions. */
export function findNameFaults({ root, top }: RootView): readonly Finding[] {
  return root.files.flatMap(({ path }) => {
    // What lies in a sub-folder is found at all only by rules about sub-folders.
    if (path !== baseName(path)) return []
    const wanted = wantedName(path)
    if (wanted === undefined || wanted.name === path) return []
    return [misnamed(path, wanted, top.has(wanted.name))]
  })
}

type Wanted = { readonly name: string; readonly fault: string }

/** The name that phones ask for where this one is meant; undefined where it means nothing to them. */
function wantedName(path: string): Wanted | undefined {
  return wantedOf(path) ?? wantedByMistake(path) ?? wantedImage(path)
}

const CASE_FAULT = 'is spelled in another letter case than phones ask for'

function wantedOf(path: string): Wanted | undefined {
  if (OTHER_SPELLINGS.has(path)) return { name: path, fault: '' }
  const name = exactNameOf(readRequestedFile(path))
  return name === undefined ? undefined : { name, fault: CASE_FAULT }
}

/** Some 7.x loads ask for this one. */
const OTHER_SPELLINGS: ReadonlySet<string> = new Set(['xmlDefault.CNF.XML'])

/** As phones spell it; undefined for images, which have rules of their own, and what is asked in any case. */
function exactNameOf(file: RequestedFile): string | undefined {
  switch (file.kind) {
    case 'os79xx':
      return 'OS79XX.TXT'
    case 'sip-default':
      return 'SIPDefault.cnf'
    case 'sip-phone':
      return `SIP${file.mac}.cnf`
    case 'sep-xml':
      return `SEP${file.mac}.cnf.xml`
    case 'sep-cnf':
      return `SEP${file.mac}.cnf`
    case 'ctlsep':
      return `CTLSEP${file.mac}.tlv`
    case 'xml-default':
      return 'XMLDefault.cnf.xml'
    case 'sep-default':
      return 'SEPDefault.cnf'
    case 'ringlist-dat':
      return 'RINGLIST.DAT'
    case 'dialplan':
      return 'dialplan.xml'
    default:
      return undefined
  }
}

type Mistake = {
  readonly pattern: RegExp
  readonly fault: string
  readonly right: (match: RegExpExecArray) => string
}

/** What people save instead, by editors and by hand. The first row that fits is told. */
const MISTAKES: readonly Mistake[] = [
  {
    pattern: /^0S79XX\.TXT$/i,
    fault: 'begins with the digit zero; the name is that of the operating system, O and S',
    right: () => 'OS79XX.TXT',
  },
  {
    pattern: /^OS79[XYx0-9]{2}$|^OS7940\.TXT$|^OS7960\.TXT$|^OS79x0\.TXT$/i,
    fault: 'is not the name that all these phones ask for',
    right: () => 'OS79XX.TXT',
  },
  {
    pattern:
      /^(OS79XX\.TXT|S[IE]P(?:Default|[0-9A-F]{12})\.cnf|(?:SEP[0-9A-F]{12}|XMLDefault)\.cnf\.xml)\.(?:txt|xml)$/i,
    fault: 'has an extension that an editor added',
    right: ([, name = '']) => exactNameOf(readRequestedFile(name)) as string,
  },
  {
    pattern: /^XMLDefault(?:\.xml|\.cnf)$/i,
    fault: 'lacks a part of its extension',
    right: () => 'XMLDefault.cnf.xml',
  },
  {
    pattern: /^SIPDefaultGeneric\.cnf$/i,
    fault: 'is the sample of an archive, which no phone asks for',
    right: () => 'SIPDefault.cnf',
  },
  {
    pattern: /^(?:SIPConfigGeneric|SIPmac_address|SIPmac)\.cnf$/i,
    fault: 'is the sample of an archive, which no phone asks for',
    right: () => 'SIP<MAC>.cnf',
  },
  {
    pattern:
      /^(SIP|SEP|CTLSEP)(?:X{4,12}|<[^<>]{1,32}>|\$?\{{1,2}[^{}]{1,32}\}{1,2}|\$\w{1,32})(\.\w{3}(?:\.xml)?)$/i,
    fault: 'has a placeholder where the MAC address belongs',
    right: ([, prefix = '', extension = '']) =>
      `${prefix.toUpperCase()}<MAC>${extension.toLowerCase()}`,
  },
  {
    pattern: /^(SIP|SEP)([0-9A-F]{2}(?:[:. _-]?[0-9A-F]{2}){5})(\.cnf(?:\.xml)?)$/i,
    fault: 'has separators within the MAC address',
    right: ([, prefix = '', mac = '', extension = '']) =>
      `${prefix.toUpperCase()}${mac.replace(/[^0-9A-F]/gi, '').toUpperCase()}${extension.toLowerCase()}`,
  },
  {
    pattern: /^(SIP|SEP)([0-9A-FO]{8,16})(\.cnf(?:\.xml)?)$/i,
    fault: 'has no MAC address of twelve hexadecimal digits in it',
    right: ([, prefix = '', , extension = '']) =>
      `${prefix.toUpperCase()}<MAC>${extension.toLowerCase()}`,
  },
]

function wantedByMistake(path: string): Wanted | undefined {
  for (const { pattern, fault, right } of MISTAKES) {
    const match = pattern.exec(path)
    if (match !== null) return { name: right(match), fault }
  }
  return undefined
}

/** Images: P0…3 with the letter O, in lower case, with other digits than their release ships. */
function wantedImage(path: string): Wanted | undefined {
  const [, stem = '', extension = ''] =
    /^(P[0O][0SMO]3.{0,60})\.(bin|sbn|sb2|loads)$/i.exec(path) ?? []
  if (stem === '') return undefined
  const parsed = parseFirmwareName(stem)
  const right = extension.toLowerCase()
  if (parsed.kind === 'ok')
    return { name: `${stem}.${right}`, fault: 'has its extension in capitals' }
  const { fault, suggestion } = parsed
  return { name: suggestion === null ? 'as its archive names it' : `${suggestion}.${right}`, fault }
}

function misnamed(file: string, { name, fault }: Wanted, isThere: boolean): Finding {
  const isCase = file.toLowerCase() === name.toLowerCase()
  const isImage = /\.(?:bin|sbn|sb2|loads)$/i.test(file)
  return finding({
    severity: isThere ? 'note' : isCase || SAMPLE.test(file) ? 'warns' : 'fails',
    rule: 'file-name',
    file,
    found: fault,
    phone: isThere
      ? `No phone asks for it; phones get ${name}, which is here as well.`
      : isCase
        ? `Phones ask for ${name}. A server that looks at letter case (Unix) has no such file; one that does ` +
          'not (Windows, tftpd-hpa with rules that say so) serves it.'
        : `Phones ask for ${name} and are told that there is no such file.`,
    remedy: isThere ? 'Remove it, or leave it: it does nothing.' : `Rename it to ${name}.`,
    source:
      isImage || /XMLDefault/i.test(file)
        ? FIELD_REPORTS
        : document5455('Enable SIP Functionality'),
  })
}

/** An archive brings these along; they do no harm where they lie. */
const SAMPLE = /Generic\.cnf$|^SIPmac|^(?:SIP|SEP|CTLSEP)(?:X{4,12}|<|\$|\{)/i
