import { type CachedFile, makeCachedFile } from '../files/file-cache.ts'
import type { StoredFirmware } from '../inventory/firmware.ts'
import type { Phone, Profile } from '../inventory/phone.ts'
import { phoneOctets } from '../phones/config-files/phone-text.ts'
import {
  renderCtlsep,
  renderDefaultXml,
  renderOs79xx,
  renderSepXml,
} from '../phones/config-files/sccp-files.ts'
import {
  DIAL_ANYTHING,
  renderDialplan,
  renderRinglistDat,
  renderSipDefault,
  renderSipPhone,
} from '../phones/config-files/sip-files.ts'
import { DEFAULT_SYNC, renderSyncinfo } from '../phones/config-files/syncinfo.ts'
import type { LoadNaming } from './load-naming.ts'

/** Where a file that a phone sees comes from, in the order in which sources are asked. */
export type FileOrigin = 'step' | 'generated' | 'firmware' | 'shared'

/** A file as a phone would get it. */
export type ViewedFile = { readonly origin: FileOrigin; readonly file: CachedFile }

/** What the generated files of one phone are made of. */
export type PhoneFilesInput = {
  readonly phone: Phone
  readonly profile: Profile | null
  readonly naming: LoadNaming
  /** Whether an empty trust list is served, for a loader that loops until it gets one. */
  readonly emptyCtlsep: boolean
  /** Ours on the phone's network, as a dotted quad: the node name where no call manager is set. */
  readonly serverAddress: string
  /** Left out or null: the phone's network has no call control, and it is pointed to none. */
  readonly callControl?: CallControlHere | null
  /** Names of shared files; those that are ring tones go into the ring list. */
  readonly sharedNames: readonly string[]
}

/** What a phone can register with at our address, if no other server is named for it. */
export type CallControlHere = {
  /** The port of the SIP registrar; null where there is none. */
  readonly sipPort: number | null
  /** Whether a call manager listens on port 2000: phones know no other. */
  readonly sccp: boolean
}

type NamedText = readonly [name: string, origin: FileOrigin, text: string]

/**
 * Makes the files that exist for this phone alone, byte for byte as it must read them.
 *
 * A name that is missing here and everywhere else does not exist for the phone, and that is half
 * of the work: the first matching file decides a loader's protocol.
 */
export function makePhoneFiles(input: PhoneFilesInput): readonly (readonly [string, ViewedFile])[] {
  const texts = [...xmlFiles(input), ...sipFiles(input)]
  const { naming, phone } = input
  if (naming.os79xx !== null) texts.push(['OS79XX.TXT', 'step', renderOs79xx(naming.os79xx)])
  if (input.emptyCtlsep) texts.push([`CTLSEP${phone.mac}.tlv`, 'step', renderCtlsep()])
  return texts.map(([name, origin, text]) => [
    name,
    { origin, file: makeCachedFile(phoneOctets(text)) },
  ])
}

/** The files of a firmware set, as the cache holds them. One that is not cached is left out. */
export function firmwareFiles(
  firmware: StoredFirmware,
  cached: (sha256: string) => CachedFile | undefined,
): readonly (readonly [string, ViewedFile])[] {
  return firmware.files.flatMap(({ name, sha256 }) => {
    const file = cached(sha256)
    return file === undefined ? [] : [[name, { origin: 'firmware', file }] as const]
  })
}

function xmlFiles(input: PhoneFilesInput): NamedText[] {
  const { phone, profile, naming, serverAddress, callControl } = input
  const load = naming.xml
  if (load === null) return []
  const callManagers = profile?.sccp.callManagers ?? []
  const [first = serverAddress, ...others] = callManagers
  const isOurs = callManagers.length === 0 && callControl?.sccp === true
  const nodes = isOurs ? [serverAddress] : callManagers
  const own = renderSepXml({ load, model: phone.model, callManagers: nodes })
  return [
    [`SEP${phone.mac}.cnf.xml`, 'generated', own],
    [
      'XMLDefault.cnf.xml',
      'generated',
      renderDefaultXml({ load, callManagers: [first, ...others] }),
    ],
  ]
}

function sipFiles(input: PhoneFilesInput): NamedText[] {
  const { phone, naming, sharedNames } = input
  const { imageVersion, oneLine, sip } = naming
  if (!sip) return []
  const parameters = sipParameters(input)
  const lines = sipLines(input)
  // One value for the phone, in both files: its own file is read last.
  const sync = phone.settings['sync'] ?? parameters['sync'] ?? DEFAULT_SYNC
  const byDefault = renderSipDefault({
    imageVersion,
    parameters: withSync(parameters, sync),
    oneLine,
  })
  const settings = lines.length > 0 ? { ...phone.settings, sync } : withSync(phone.settings, sync)
  const own = oneLine
    ? renderSipDefault({ imageVersion, parameters: {}, oneLine })
    : renderSipPhone({ imageVersion, lines, parameters: settings })
  return [
    ['SIPDefault.cnf', 'generated', byDefault],
    [`SIP${phone.mac}.cnf`, 'generated', own],
    ['RINGLIST.DAT', 'generated', renderRinglistDat(tonesOf(sharedNames))],
    ['dialplan.xml', 'generated', renderDialplan(DIAL_ANYTHING)],
    ['syncinfo.xml', 'generated', renderSyncinfo(sync)],
  ]
}

/**
 * A file that has nothing but the load stays so, because the phone that reads it may run SIP 2.x, which
 * drops more than one line. Any other takes its default, and that is the value then.
 */
function withSync(parameters: Readonly<Record<string, string>>, sync: string) {
  return Object.keys(parameters).length === 0 ? parameters : { ...parameters, sync }
}

/** A proxy of the operator's goes before ours, wherever it is named. */
function sipParameters(input: PhoneFilesInput): Readonly<Record<string, string>> {
  const { phone, profile, serverAddress, callControl } = input
  const parameters = profile?.protocol === 'sip' ? profile.sip : {}
  const port = callControl?.sipPort ?? null
  const named = [...Object.keys(parameters), ...Object.keys(phone.settings)]
  if (port === null || named.some((name) => /^proxy\d_address$/i.test(name))) return parameters
  const ours = { proxy1_address: serverAddress, proxy1_port: String(port), proxy_register: '1' }
  return { ...ours, ...parameters }
}

/** Without a line a phone registers nowhere and takes no NOTIFY: line 1 has the name of its MAC. */
function sipLines({ phone, callControl }: PhoneFilesInput): Phone['lines'] {
  const isOurs = callControl?.sipPort != null
  return phone.lines.length === 0 && isOurs ? [{ name: phone.mac }] : phone.lines
}

function tonesOf(names: readonly string[]): { readonly name: string; readonly file: string }[] {
  return names
    .filter((name) => /\.(?:pcm|raw)$/i.test(name))
    .map((file) => ({ file, name: file.replace(/^.*\//, '').replace(/\.[^.]*$/, '') }))
}
