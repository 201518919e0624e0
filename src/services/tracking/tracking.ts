import { readAsked, UNNAMED } from '../../clients/asked.ts'
import type { ConversionEngine } from '../../conversion/conversion-engine.ts'
import type { RegistrationSeen } from '../../conversion/evidence.ts'
import type { FileView } from '../../conversion/file-view.ts'
import type { DhcpEvent } from '../../dhcp/events.ts'
import type { FileAnswer, FileAnswerResult, FileRequest } from '../../files/file-answer.ts'
import type { Ipv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'
import { readRequestedFile } from '../../phones/requested-file.ts'
import type { SeenSoftware } from '../../phones/seen-software.ts'
import type { TftpEvent } from '../../tftp/events.ts'
import { Observers } from '../observers.ts'
import {
  type ClientLookup,
  type Enrolment,
  type NetworkOfClient,
  NO_ENROLMENT,
  type UnservedRequest,
} from './clients.ts'
import { addressEventOf, generationIn, transferEventOf } from './move-by-event.ts'

/** The enrolled phones, as far as they matter here. */
export interface EnrolledPhones {
  /** Undefined for any other device. */
  phone(mac: Mac): { readonly network: string | null } | undefined
}

/** What tracking is made of. */
export type TrackingParts = {
  readonly engine: ConversionEngine
  readonly view: FileView
  readonly clients: ClientLookup
  readonly inventory: EnrolledPhones
  /** Whether this appliance acts for the phone now; left out: for all. */
  readonly actsFor?: (mac: Mac) => boolean
  /** Left out: phones are not enrolled as they appear. */
  readonly enrolment?: Enrolment
}

const SILENCE: FileAnswerResult = { kind: 'silence' }

/** An event that concerns a client, and not another server. */
type DhcpExchangeEvent = Exclude<
  DhcpEvent,
  { readonly event: 'dhcp.rogue.seen' | 'dhcp.rogue.gone' }
>

/**
 * The one door for what phones do: DHCP events, file requests, transfers and registrations enter
 * here in the order in which they happened. Each moves its phone's conversion; a file request is
 * then looked up in a snapshot of that phone's files.
 *
 * Log, journal and metrics subscribe to what was seen and decide nothing. They are told of an event
 * before it moves a conversion, so that the cause is recorded before what follows from it.
 */
export class Tracking implements FileAnswer {
  /** Each DHCP event, and whether its client is an enrolled phone. */
  readonly dhcpEvents = new Observers<[event: DhcpEvent, isEnrolled: boolean, nowMs: number]>()
  /** Each TFTP event, the enrolled phone it is about, and the name of its network. */
  readonly tftpEvents = new Observers<
    [event: TftpEvent, phone: Mac | null, network: string | null]
  >()
  /** Each file request of a client that is not an enrolled phone and got no file. */
  readonly unserved = new Observers<[request: UnservedRequest]>()
  readonly #engine: ConversionEngine
  readonly #view: FileView
  readonly #clients: ClientLookup
  readonly #inventory: EnrolledPhones
  readonly #enrolment: Enrolment
  readonly #actsFor: (mac: Mac) => boolean

  constructor(parts: TrackingParts) {
    const { engine, view, clients, inventory } = parts
    const { enrolment = NO_ENROLMENT, actsFor = () => true } = parts
    this.#actsFor = actsFor
    this.#engine = engine
    this.#view = view
    this.#clients = clients
    this.#inventory = inventory
    this.#enrolment = enrolment
  }

  /**
   * A client asks for a file. One that is no enrolled phone gets nothing that could change it: shared
   * files where its network admits anyone, and nothing elsewhere.
   */
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
        return this.#answerOther(identity.mac, network, request)
      case 'unknown':
        return this.#answerOther(undefined, network, request)
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

  /** The DHCP server has done something with a message of a client. */
  onDhcpEvent(event: DhcpEvent, nowMs: number): void {
    const isOfServer = event.event === 'dhcp.rogue.seen' || event.event === 'dhcp.rogue.gone'
    const phone = isOfServer || event.mac === null ? undefined : this.#inventory.phone(event.mac)
    this.dhcpEvents.notify(event, phone !== undefined, nowMs)
    if (isOfServer || event.mac === null) return
    // A message of a wrong origin says nothing of the phone that it names.
    if ('reason' in event && event.reason === 'wrong-origin') return
    if (phone === undefined) this.#meet(event.mac, event)
    else this.#moveByDhcp(event.mac, event, { network: phone.network, nowMs })
  }

  /** The TFTP server has done something with a request or a transfer. */
  onTftpEvent(event: TftpEvent): void {
    const network = this.#clients.networkAt(event.client)?.name ?? null
    // A request belongs to the phone that it was admitted for, whichever device has the address now.
    const mac = 'mac' in event ? event.mac : this.ownerAt(event.client, event.atMs)
    const phone = mac !== null && this.#inventory.phone(mac) !== undefined ? mac : null
    this.tftpEvents.notify(event, phone, network)
    if (phone === null) return
    const transfer = transferEventOf(event)
    if (transfer !== null) this.#engine.onTransfer(phone, transfer, event.atMs)
    if (event.event === 'tftp.transfer.started' || event.event === 'tftp.request.absent') {
      this.#enrolment.onEnrolledSeen(phone)
    }
  }

  /** An enrolled phone has registered with this appliance. */
  onRegistration(mac: Mac, seen: RegistrationSeen): void {
    if (!this.#actsFor(mac)) return
    this.#engine.onRegistration(mac, seen)
    this.#enrolment.onEnrolledSeen(mac)
  }

  /** An enrolled phone that is known to be there has told by itself what it runs. */
  onSeen(mac: Mac, found: SeenSoftware): void {
    if (!this.#actsFor(mac)) return
    this.#engine.onSeen(mac, found)
    this.#enrolment.onEnrolledSeen(mac)
  }

  #answerPhone(mac: Mac, network: NetworkOfClient, request: FileRequest): FileAnswerResult {
    const { requestedName, clientPort, atMs } = request
    if (this.#inventory.phone(mac) === undefined) return this.#answerOther(mac, network, request)
    this.#engine.onRequest(mac, readRequestedFile(requestedName), atMs, clientPort)
    // Made after the conversion has moved: the request that ends a step is answered by the next one.
    const found = this.#view.filesOf(mac, network.address)?.find(requestedName)
    if (found !== undefined) return { kind: 'file', name: found.name, file: found.value.file, mac }
    const shared = this.#shared(requestedName, mac)
    if (shared.kind === 'absent') this.#engine.onAbsent(mac, requestedName, atMs)
    return shared
  }

  #answerOther(
    device: Mac | undefined,
    { name: network, admitsAnyone }: NetworkOfClient,
    { requestedName, atMs }: FileRequest,
  ): FileAnswerResult {
    const file = readRequestedFile(requestedName)
    const isWaiting = this.#enrolment.onRequest(network, device, file, atMs) === 'wait'
    const other: FileAnswerResult = admitsAnyone
      ? this.#shared(requestedName, null)
      : { kind: 'absent', mac: null }
    const answer = isWaiting ? SILENCE : other
    if (answer.kind !== 'file') {
      this.unserved.notify({ device, network, requestedName, atMs, isWaiting })
    }
    return answer
  }

  #shared(requestedName: string, mac: Mac | null): FileAnswerResult {
    const found = this.#view.sharedFiles().find(requestedName)
    if (found === undefined) return { kind: 'absent', mac }
    return { kind: 'file', name: found.name, file: found.value, mac }
  }

  /** On a network that is not served, because of another server, no phone is enrolled either. */
  #meet(mac: Mac, event: DhcpExchangeEvent): void {
    const isServed = !('reason' in event) || event.reason === 'not-a-phone'
    if (event.isBoot && isServed) this.#enrolment.onBoot(event.scope, mac, event.vendorClass)
  }

  /**
   * What a device does on a network that the phone does not belong to says nothing of the phone,
   * whatever hardware address it uses; but that it is refused there may be why the phone stands still.
   */
  #moveByDhcp(
    mac: Mac,
    event: DhcpExchangeEvent,
    { network, nowMs }: { readonly network: string | null; readonly nowMs: number },
  ): void {
    const address = addressEventOf(event)
    const belongs = network === null || network === event.scope
    if (address?.kind !== 'ignored' && !belongs) return
    if (event.event === 'dhcp.lease.released') {
      this.#clients.onLeaseGivenUp(mac, event.address, nowMs)
    }
    if (event.event === 'dhcp.address.declined') this.#clients.onLeaseGivenUp(mac, null, nowMs)
    if (event.isBoot && !event.event.endsWith('.ignored')) {
      this.#engine.onBoot(mac, generationIn(event.vendorClass), nowMs)
    }
    if (address !== null) this.#engine.onAddress(mac, address, nowMs)
  }
}
