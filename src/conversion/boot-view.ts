import { type Asked, readAsked, UNNAMED } from '../clients/asked.ts'
import type { ClientIdentity } from '../clients/client-identities.ts'
import type { FileAnswer, FileAnswerResult, FileRequest } from '../files/file-answer.ts'
import type { CachedFile } from '../files/file-cache.ts'
import { FileNames, type NamedValue } from '../files/file-name.ts'
import type { StoredFirmware } from '../inventory/firmware.ts'
import type { Phone, Profile } from '../inventory/phone.ts'
import { formatIpv4, type Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import { type RequestedFile, readRequestedFile } from '../phones/requested-file.ts'
import type { ConversionDesk } from './conversion-desk.ts'
import { nameLoads } from './load-naming.ts'
import {
  type CallControlHere,
  firmwareFiles,
  makePhoneFiles,
  type ViewedFile,
} from './phone-files.ts'
import { type Target, targetOf } from './target.ts'

/** A configured network, as far as an answer depends on it. */
export type NetworkOfClient = {
  readonly name: string
  /** Ours on it. */
  readonly address: Ipv4
  readonly admitsAnyone: boolean
}

/** Who asks. */
export interface ClientLookup {
  /** The configured network that the address belongs to; undefined for none of ours. */
  networkAt(address: Ipv4): NetworkOfClient | undefined
  /** Who the client is that asks from an address of a configured network. */
  identify(address: Ipv4, asked: Asked, nowMs: number): ClientIdentity
}

/** Looks at clients that are no enrolled phones. */
export interface StrangerWatch {
  /** `wait`: it is being enrolled; without an answer it asks again in a moment. */
  onRequest(
    network: string,
    mac: Mac | undefined,
    file: RequestedFile,
    nowMs: number,
  ): 'wait' | 'absent'
}

const NO_WATCH: StrangerWatch = { onRequest: () => 'absent' }

/** What boot views are made of. */
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

/** A loader asks for its trust list once a boot; one that asks a fourth time in a row loops. */
const CTLSEP_PATIENCE = 3

const SILENCE: FileAnswerResult = { kind: 'silence' }

type CachedView = { readonly key: string; readonly names: FileNames<ViewedFile> }

/**
 * Every name, answered per phone and per step.
 *
 * A client that is no enrolled phone gets nothing that could change it: shared files where its
 * network admits anyone, and nothing elsewhere. A phone's own files, which hold passwords, exist
 * in its own view alone.
 */
export class BootView implements FileAnswer {
  readonly #clients: ClientLookup
  readonly #material: ViewMaterial
  readonly #desk: ConversionDesk
  readonly #strangers: StrangerWatch
  /** By the entry itself: an edit makes another one, and what is gone leaves nothing behind. */
  readonly #views = new WeakMap<Phone, CachedView>()

  constructor(
    clients: ClientLookup,
    material: ViewMaterial,
    desk: ConversionDesk,
    strangers: StrangerWatch = NO_WATCH,
  ) {
    this.#clients = clients
    this.#material = material
    this.#desk = desk
    this.#strangers = strangers
  }

  answer(request: FileRequest): FileAnswerResult {
    const { client, requestedName, atMs } = request
    const network = this.#clients.networkAt(client)
    if (network === undefined) return SILENCE
    const identity = this.#clients.identify(client, readAsked(requestedName), atMs)
    switch (identity.kind) {
      case 'wait':
        return SILENCE
      case 'phone':
        return this.#answerPhone(identity.mac, network, request)
      case 'device':
        return this.#answerOther(identity.mac, network, requestedName, atMs)
      case 'unknown':
        return this.#answerOther(undefined, network, requestedName, atMs)
      /* c8 ignore next 2 -- the compiler proves that there is no other value */
      default:
        return identity satisfies never
    }
  }

  ownerAt(client: Ipv4, atMs: number): Mac | null {
    if (this.#clients.networkAt(client) === undefined) return null
    const identity = this.#clients.identify(client, UNNAMED, atMs)
    return identity.kind === 'phone' ? identity.mac : null
  }

  /** What this phone would get now, by name, shared files left out. Undefined for a stranger. */
  list(mac: Mac, serverAddress: Ipv4): readonly NamedValue<ViewedFile>[] | undefined {
    const phone = this.#material.phone(mac)
    return phone === undefined ? undefined : [...this.#entriesOf(phone, serverAddress)]
  }

  #answerPhone(
    mac: Mac,
    network: NetworkOfClient,
    { requestedName, clientPort, atMs }: FileRequest,
  ): FileAnswerResult {
    const phone = this.#material.phone(mac)
    if (phone === undefined) return this.#answerOther(mac, network, requestedName, atMs)
    this.#desk.onRequest(mac, readRequestedFile(requestedName), atMs, clientPort)
    const found = this.#namesOf(phone, network.address).find(requestedName)
    if (found !== undefined) return { kind: 'file', name: found.name, file: found.value.file, mac }
    const shared = this.#shared(requestedName, mac)
    if (shared.kind === 'absent') this.#desk.onAbsent(mac, requestedName, atMs)
    return shared
  }

  #answerOther(
    mac: Mac | undefined,
    { name, admitsAnyone }: NetworkOfClient,
    requestedName: string,
    atMs: number,
  ): FileAnswerResult {
    const file = readRequestedFile(requestedName)
    if (this.#strangers.onRequest(name, mac, file, atMs) === 'wait') return SILENCE
    return admitsAnyone ? this.#shared(requestedName, null) : { kind: 'absent', mac: null }
  }

  #shared(requestedName: string, mac: Mac | null): FileAnswerResult {
    const found = this.#material.sharedFiles().find(requestedName)
    if (found === undefined) return { kind: 'absent', mac }
    return { kind: 'file', name: found.name, file: found.value, mac }
  }

  #namesOf(phone: Phone, serverAddress: Ipv4): FileNames<ViewedFile> {
    const key = this.#keyOf(phone, serverAddress)
    const known = this.#views.get(phone)
    if (known?.key === key) return known.names
    const entries = this.#entriesOf(phone, serverAddress)
    const names = new FileNames(entries.map(({ name, value }) => [name, value] as const))
    this.#views.set(phone, { key, names })
    return names
  }

  /** Whatever a view depends on; equal keys mean equal views. */
  #keyOf(phone: Phone, serverAddress: Ipv4): string {
    const conversion = this.#desk.conversion(phone.mac)
    return JSON.stringify([
      this.#material.revision(),
      serverAddress,
      this.#material.callControlAt?.(serverAddress) ?? null,
      this.#desk.targetFor(phone.mac)?.load ?? null,
      conversion?.step ?? null,
      conversion?.startedAtMs ?? null,
      this.#desk.takenToRun(phone.mac),
      this.#desk.isBarred(phone.mac),
      this.#desk.generation(phone.mac),
      this.#isLooping(phone.mac),
    ])
  }

  #isLooping(mac: Mac): boolean {
    return (this.#desk.reading(mac)?.ctlsepInARow ?? 0) > CTLSEP_PATIENCE
  }

  /** A phone that is not where its conversion assumes it gets nothing that leads over 5.0. */
  #imagesFor(mac: Mac, firmware: StoredFirmware | undefined) {
    if (firmware === undefined || this.#desk.isBarred(mac)) return []
    const images = firmwareFiles(firmware, (sha) => this.#material.cached(sha))
    if (!this.#desk.takesSignedAlone(mac)) return images
    return images.filter(([name]) => !/\.bin$/i.test(name))
  }

  #entriesOf(phone: Phone, serverAddress: Ipv4): readonly NamedValue<ViewedFile>[] {
    const running = this.#desk.takenToRun(phone.mac)
    const barred = this.#desk.isBarred(phone.mac)
    const underWay = this.#desk.targetFor(phone.mac)
    const load = underWay?.load ?? running
    const firmware = load === null ? undefined : this.#material.firmware(load)
    const target = underWay ?? (load === null ? undefined : targetOf(load, firmware)) ?? null
    const generation = this.#desk.generation(phone.mac)
    const converting = underWay !== undefined
    const naming = nameLoads({ target, converting, generation, running, barred })
    const generated = makePhoneFiles({
      phone,
      profile: phone.profile === null ? null : (this.#material.profile(phone.profile) ?? null),
      naming,
      emptyCtlsep: this.#isLooping(phone.mac),
      serverAddress: formatIpv4(serverAddress),
      callControl: this.#material.callControlAt?.(serverAddress) ?? null,
      sharedNames: this.#material.sharedNames(),
    })
    const images = this.#imagesFor(phone.mac, firmware)
    const renamed = underShortName(images, target, naming.os79xx)
    return [...generated, ...images, ...renamed].map(([name, value]) => ({ name, value }))
  }
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
