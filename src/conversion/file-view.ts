import type { CachedFile } from '../files/file-cache.ts'
import { FileNames, type NamedValue } from '../files/file-name.ts'
import type { StoredFirmware } from '../inventory/firmware.ts'
import type { Phone, Profile } from '../inventory/phone.ts'
import { formatIpv4, type Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import type { ConversionEngine, FileState } from './conversion-engine.ts'
import { nameLoads } from './load-naming.ts'
import {
  type CallControlHere,
  firmwareFiles,
  makePhoneFiles,
  type ViewedFile,
} from './phone-files.ts'
import { type Target, targetOf } from './target.ts'

/** What file views are made of. */
export interface ViewMaterial {
  phone(mac: Mac): Phone | undefined
  profile(name: string): Profile | undefined
  firmware(load: string): StoredFirmware | undefined
  /** The cached bytes with this hash. */
  cached(sha256: string): CachedFile | undefined
  /** Shared files, without those that could convert a phone. */
  sharedFiles(): FileNames<CachedFile>
  sharedNames(): readonly string[]
  /** What phones can register with at this address of ours; left out: nothing, anywhere. */
  callControlAt?(serverAddress: Ipv4): CallControlHere | null
  /** Counts changes to profiles, firmware and shared files. */
  revision(): number
}

/** What a phone's files were made from; the same again means the same files. */
type MadeFrom = {
  readonly revision: number
  readonly serverAddress: Ipv4
  readonly callControl: CallControlHere | null
  readonly state: FileState
}

type CachedFiles = { readonly from: MadeFrom; readonly names: FileNames<ViewedFile> }

/**
 * The files of each phone, as its conversion stands. A query without side effects: what moves a
 * conversion has moved it before (`services/tracking`).
 *
 * A phone's own files, which hold passwords, exist in its own view alone.
 */
export class FileView {
  readonly #material: ViewMaterial
  readonly #engine: Pick<ConversionEngine, 'fileState'>
  /** By the entry itself: an edit makes another one, and what is gone leaves nothing behind. */
  readonly #views = new WeakMap<Phone, CachedFiles>()

  constructor(material: ViewMaterial, engine: Pick<ConversionEngine, 'fileState'>) {
    this.#material = material
    this.#engine = engine
  }

  /** What this phone would get now, by name, shared files left out. Undefined if not enrolled. */
  list(mac: Mac, serverAddress: Ipv4): readonly NamedValue<ViewedFile>[] | undefined {
    const phone = this.#material.phone(mac)
    return phone === undefined ? undefined : this.#entriesOf(phone, this.#from(mac, serverAddress))
  }

  /** A snapshot of this phone's own files, to look names up in. Undefined if not enrolled. */
  filesOf(mac: Mac, serverAddress: Ipv4): FileNames<ViewedFile> | undefined {
    const phone = this.#material.phone(mac)
    if (phone === undefined) return undefined
    const from = this.#from(mac, serverAddress)
    const known = this.#views.get(phone)
    if (known !== undefined && isSame(known.from, from)) return known.names
    const entries = this.#entriesOf(phone, from)
    const names = new FileNames(entries.map(({ name, value }) => [name, value] as const))
    this.#views.set(phone, { from, names })
    return names
  }

  /** Files that any client of an admitting network may have, to look names up in. */
  sharedFiles(): FileNames<CachedFile> {
    return this.#material.sharedFiles()
  }

  #from(mac: Mac, serverAddress: Ipv4): MadeFrom {
    return {
      revision: this.#material.revision(),
      serverAddress,
      callControl: this.#material.callControlAt?.(serverAddress) ?? null,
      state: this.#engine.fileState(mac),
    }
  }

  /** A phone that is not where its conversion assumes it gets nothing that leads over 5.0. */
  #imagesFor(state: FileState, firmware: StoredFirmware | undefined) {
    if (firmware === undefined || state.barred) return []
    const images = firmwareFiles(firmware, (sha) => this.#material.cached(sha))
    return state.signedAlone ? images.filter(([name]) => !/\.bin$/i.test(name)) : images
  }

  #entriesOf(phone: Phone, from: MadeFrom): readonly NamedValue<ViewedFile>[] {
    const { state, callControl, serverAddress } = from
    const { running, barred, generation } = state
    const load = state.target?.load ?? running
    const firmware = load === null ? undefined : this.#material.firmware(load)
    const target = state.target ?? (load === null ? undefined : targetOf(load, firmware)) ?? null
    const converting = state.target !== undefined
    const naming = nameLoads({ target, converting, generation, running, barred })
    const generated = makePhoneFiles({
      phone,
      profile: phone.profile === null ? null : (this.#material.profile(phone.profile) ?? null),
      naming,
      emptyCtlsep: state.looping,
      serverAddress: formatIpv4(serverAddress),
      callControl,
      sharedNames: this.#material.sharedNames(),
    })
    const images = this.#imagesFor(state, firmware)
    const renamed = underShortName(images, target, naming.os79xx)
    return [...generated, ...images, ...renamed].map(([name, value]) => ({ name, value }))
  }
}

function isSame(a: MadeFrom, b: MadeFrom): boolean {
  return (
    a.revision === b.revision &&
    a.serverAddress === b.serverAddress &&
    a.callControl?.sipPort === b.callControl?.sipPort &&
    a.callControl?.sccp === b.callControl?.sccp &&
    isSameState(a.state, b.state)
  )
}

/** Targets belong to one step of one conversion: the same object is the same step. */
function isSameState(a: FileState, b: FileState): boolean {
  return (
    a.target === b.target &&
    a.running === b.running &&
    a.barred === b.barred &&
    a.signedAlone === b.signedAlone &&
    a.generation === b.generation &&
    a.looping === b.looping
  )
}

/** The image again, under the name of 8.3 that OS79XX.TXT gives it. */
function underShortName(
  images: readonly (readonly [string, ViewedFile])[],
  target: Target | null,
  named: string | null,
): readonly (readonly [string, ViewedFile])[] {
  if (target === null || target.shortName === null || named !== target.shortName) return []
  return images
    .filter(([name]) => name === `${target.load}.bin`)
    .map(([, file]) => [`${named}.bin`, file] as const)
}
