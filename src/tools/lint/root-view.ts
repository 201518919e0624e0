import { parseFirmwareName } from '../../phones/firmware-name.ts'
import type { FoundImage } from '../../phones/found-images.ts'
import { readRequestedFile } from '../../phones/requested-file.ts'
import { fileText, LARGEST_TEXT_BYTES } from './file-text.ts'
import { readXmlConfiguration, type XmlConfiguration } from './read-load-information.ts'
import { type ParameterFile, readParameters } from './read-parameters.ts'
import { readXml, type XmlDocument } from './read-xml.ts'
import { isAtTop, type RootFile, type TftpRoot } from './tftp-root.ts'

/** A file whose bytes are known. */
export type ReadFile = RootFile & { readonly bytes: Uint8Array }

/** A configuration file in the root, read. `mac` is null for the one that all phones share. */
export type ReadConfiguration<Content> = {
  readonly file: ReadFile
  readonly mac: string | null
  readonly content: Content
}

/** A file of XML in the root, read. */
export type ReadXml = { readonly file: ReadFile; readonly document: XmlDocument }

/** A TFTP root, read once for all rules. */
export type RootView = {
  readonly root: TftpRoot
  /** Files in the root itself, by their exact name. */
  readonly top: ReadonlyMap<string, RootFile>
  readonly os79xx: ReadFile | null
  readonly sip: readonly ReadConfiguration<ParameterFile>[]
  /** The same in another letter case: no phone reads them until they are renamed. */
  readonly misspeltSip: readonly ReadConfiguration<ParameterFile>[]
  readonly xml: readonly (ReadConfiguration<XmlConfiguration> & ReadXml)[]
  /** Further files of XML in the root itself. */
  readonly otherXml: readonly ReadXml[]
  /** Names in the root itself in lower case: some servers look in no other way. */
  readonly anyCase: ReadonlySet<string>
  /** Images in the root with names that phones ask for. */
  readonly images: readonly FoundImage[]
}

/**
 * Reads the files that decide what phones load. Only exact names count, as on a Unix server; what
 * else is wrong with a file in another letter case is told together with its name.
 */
export function viewRoot(root: TftpRoot): RootView {
  const atTop = root.files.filter(isAtTop)
  const read = atTop.filter((file): file is ReadFile => file.bytes !== null)
  return {
    root,
    top: new Map(atTop.map((file) => [file.path, file])),
    os79xx: read.find(({ path }) => path === 'OS79XX.TXT') ?? null,
    sip: readAll(read, SIP_NAME, readParameters),
    misspeltSip: readAll(
      read.filter(({ path }) => !SIP_NAME.test(path)),
      RegExp(SIP_NAME, 'i'),
      readParameters,
    ),
    xml: readAll(read, XML_NAME, readXml).map(({ file, mac, content }) => ({
      file,
      mac,
      document: content,
      content: readXmlConfiguration(content),
    })),
    otherXml: readAll(read, OTHER_XML_NAME, readXml).map(({ file, content }) => ({
      file,
      document: content,
    })),
    anyCase: new Set(atTop.map(({ path }) => path.toLowerCase())),
    images: read.flatMap(imageIn),
  }
}

const SIP_NAME = /^SIP(?:Default|([0-9A-F]{12}))\.cnf$/

/** Some 7.x loads ask for the second spelling of the default file. */
const XML_NAME = /^(?:SEP([0-9A-F]{12})\.cnf\.xml|XMLDefault\.cnf\.xml|xmlDefault\.CNF\.XML)$/

/** Lists, dial plans, and what `dial_template` may name. */
const OTHER_XML_NAME = /^(?!(?:SEP[0-9A-F]{12}|XMLDefault)\.cnf\.xml$).+\.xml$/i

function readAll<Content>(
  files: readonly ReadFile[],
  name: RegExp,
  read: (text: string) => Content,
): readonly ReadConfiguration<Content>[] {
  return files.flatMap((file) => {
    const match = name.exec(file.path)
    if (match === null || file.sizeBytes > LARGEST_TEXT_BYTES) return []
    return [{ file, mac: match[1] ?? null, content: read(fileText(file.bytes)) }]
  })
}

function imageIn(file: ReadFile): readonly FoundImage[] {
  const match = /^(.+)\.(bin|sbn|sb2|loads)$/.exec(file.path)
  const [, stem = '', extension = ''] = match ?? []
  const parsed = parseFirmwareName(stem)
  if (match === null || parsed.kind === 'bad') return []
  return [{ path: file.path, base: file.path, name: parsed.name, extension, bytes: file.bytes }]
}

/** The largest image on record has 756 524 bytes; larger ones are listed and not read. */
const LARGEST_IMAGE_BYTES = 2 * 1024 * 1024

/** Whether the rules want to see the bytes of a file, by its path and size. */
export function wantsBytes(path: string, sizeBytes: number): boolean {
  if (path.includes('/') || sizeBytes > LARGEST_IMAGE_BYTES) return false
  const { kind } = readRequestedFile(path)
  if (kind === 'image' || kind === 'loads') return true
  if (sizeBytes > LARGEST_TEXT_BYTES || kind === 'other-model') return false
  return kind !== 'other' || /\.xml$/i.test(path)
}
