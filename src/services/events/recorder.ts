import { type Asked, UNNAMED } from '../../clients/asked.ts'
import type { ClientIdentity } from '../../clients/client-identities.ts'
import type { AddressSign } from '../../conversion/address-reading.ts'
import type { TransferEnd } from '../../conversion/boot-reading.ts'
import type { ConversionDesk } from '../../conversion/conversion-desk.ts'
import type { ConversionEvent } from '../../conversion/events.ts'
import type { RolloutEvent } from '../../conversion/rollout-events.ts'
import { type DhcpEvent, eventFields } from '../../dhcp/events.ts'
import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'
import { readVendorClass } from '../../phones/vendor-class.ts'
import type { TftpEvent, TransferOutcome } from '../../tftp/events.ts'
import type { EventLog } from '../event-log.ts'
import { LineLimit } from '../line-limit.ts'
import type { Counters } from './counters.ts'
import { EventLimits } from './event-limits.ts'
import type { Journal } from './journal.ts'
import { tellOfLeftOut } from './tell-of-left-out.ts'

/** What the recorder asks to tell enrolled phones from bystanders. */
export type Whereabouts = {
  readonly isEnrolled: (mac: Mac) => boolean
  /** Whether the phone may be on the network; one that is enrolled for another is unknown there. */
  readonly belongsTo: (mac: Mac, network: string | null) => boolean
  /** Asked of clients whose packets led to no request that was identified. */
  readonly identify: (address: Ipv4, asked: Asked, nowMs: number) => ClientIdentity
  /** A phone's lease has ended by RELEASE, or by DECLINE: then `address` is null. */
  readonly onLeaseGivenUp: (mac: Mac, address: Ipv4 | null, nowMs: number) => void
  readonly networkAt: (address: Ipv4) => string | null
}

/** What concerns a client, and not another server. */
type DhcpExchangeEvent = Exclude<
  DhcpEvent,
  { readonly event: 'dhcp.rogue.seen' | 'dhcp.rogue.gone' }
>

/** Whoever enrols phones by itself. */
export type Newcomers = {
  /** A device that nobody enrolled has started. */
  onBoot(network: string | null, mac: Mac, vendorClass: string): void
  /** An enrolled phone has asked for a file. */
  onEnrolledRequest(mac: Mac): void
}

/**
 * Joins the engines: what DHCP and TFTP report is logged, counted, kept in the journal where it
 * concerns an enrolled phone, and moves that phone's conversion.
 */
export class Recorder {
  readonly #log: EventLog
  readonly #journal: Journal
  readonly #counters: Counters
  readonly #desk: ConversionDesk
  readonly #where: Whereabouts
  readonly #newcomers: Newcomers | undefined
  readonly #limits = new EventLimits()
  readonly #newLeases = new LineLimit()
  readonly #forged = new LineLimit()

  constructor(
    log: EventLog,
    journal: Journal,
    counters: Counters,
    joined: {
      readonly desk: ConversionDesk
      readonly where: Whereabouts
      readonly newcomers?: Newcomers
    },
  ) {
    this.#log = log
    this.#journal = journal
    this.#counters = counters
    this.#desk = joined.desk
    this.#where = joined.where
    this.#newcomers = joined.newcomers
  }

  onDhcpEvent(event: DhcpEvent, nowMs: number): void {
    const network = event.scope
    this.#counters.add('dhcp_events', {
      network: network ?? '',
      event: event.event,
      reason: reasonOf(event),
    })
    if (event.event === 'dhcp.rogue.seen' || event.event === 'dhcp.rogue.gone') {
      this.#keep(event, { mac: null, network, atMs: nowMs })
      return
    }
    const { mac } = event
    if ('reason' in event && event.reason === 'wrong-origin') {
      // It says nothing of the phone that it names, and anybody can send it without end.
      const leftOut = this.#forged.take(nowMs)
      if (leftOut !== null) this.#log.debug({ ...eventFields(event), leftOut })
      return
    }
    const enrolled = mac !== null && this.#where.isEnrolled(mac)
    const trouble =
      event.event === 'dhcp.address.declined' || event.event === 'dhcp.address.conflict'
    if (enrolled || trouble) this.#keep(event, { mac, network, atMs: nowMs })
    else this.#tellOfBystander(event, nowMs)
    if (!enrolled) {
      // On a network that is not served, because of another server, nobody is enrolled either.
      const isServed = !('reason' in event) || event.reason === 'not-a-phone'
      if (mac !== null && event.isBoot && isServed) {
        this.#newcomers?.onBoot(network, mac, event.vendorClass)
      }
      return
    }
    this.#moveByDhcp(mac, event, nowMs)
  }

  /**
   * What a device does on a network that the phone does not belong to says nothing of the phone,
   * whatever hardware address it uses; but that it is refused there may be why the phone stands still.
   */
  #moveByDhcp(mac: Mac, event: DhcpExchangeEvent, nowMs: number): void {
    const sign = addressSignOf(event)
    if (sign?.kind !== 'ignored' && !this.#where.belongsTo(mac, event.scope)) return
    if (event.event === 'dhcp.lease.released') {
      this.#where.onLeaseGivenUp(mac, event.address, nowMs)
    }
    if (event.event === 'dhcp.address.declined') this.#where.onLeaseGivenUp(mac, null, nowMs)
    if (event.isBoot && !event.event.endsWith('.ignored')) {
      this.#desk.onBoot(mac, generationIn(event.vendorClass), nowMs)
    }
    if (sign !== null) this.#desk.onAddress(mac, sign, nowMs)
  }

  onTftpEvent(event: TftpEvent): void {
    const reason = 'reason' in event ? event.reason : 'outcome' in event ? event.outcome : ''
    const network = this.#where.networkAt(event.client)
    this.#counters.add('tftp_events', { network: network ?? '', event: event.event, reason })
    const mac = this.#phoneOf(event)
    const enrolled = mac !== null && this.#where.isEnrolled(mac)
    if (enrolled && event.event !== 'tftp.transfer.progress') {
      this.#keep(tftpFields(event), { mac, network, atMs: event.atMs })
    } else if (this.#log.isLevelEnabled('debug')) {
      // Asked first: twenty thousand packets a second of bystanders must not build as many objects.
      this.#log.debug(tftpFields(event))
    }
    if (enrolled) {
      this.#moveByTransfer(mac, event)
      const asks = event.event === 'tftp.transfer.started' || event.event === 'tftp.request.absent'
      if (asks) this.#newcomers?.onEnrolledRequest(mac)
    }
    if (event.event === 'tftp.transfer.ended') {
      this.#counters.add('tftp_bytes', { network: network ?? '' }, event.bytes)
      this.#counters.add('tftp_repeats', { network: network ?? '' }, event.repeats)
    }
  }

  onConversionEvent(event: ConversionEvent, nowMs: number): void {
    this.#counters.add('conversion_events', { event: event.event })
    this.#keep(event, { mac: event.mac, network: null, atMs: nowMs })
  }

  onRolloutEvent(event: RolloutEvent, nowMs: number): void {
    this.#counters.add('rollout_events', { event: event.event })
    this.#keep(event, { mac: 'mac' in event ? event.mac : null, network: null, atMs: nowMs })
  }

  /** Tells of what was left out where nothing of its kind followed; to be called from time to time. */
  tellOfLeftOut(nowMs: number): void {
    tellOfLeftOut(this.#limits, { journal: this.#journal, log: this.#log }, nowMs)
  }

  /**
   * The phone that a request was admitted for, whoever holds the address by now; of packets that led
   * to no request, whose address it is.
   */
  #phoneOf(event: TftpEvent): Mac | null {
    if ('mac' in event) return event.mac
    const identity = this.#where.identify(event.client, UNNAMED, event.atMs)
    return identity.kind === 'phone' ? identity.mac : null
  }

  #moveByTransfer(mac: Mac, event: TftpEvent): void {
    const { atMs } = event
    switch (event.event) {
      case 'tftp.transfer.started':
        this.#desk.onTransfer(mac, signOf(event, 0, 'progress'), atMs)
        break
      case 'tftp.transfer.progress':
        this.#desk.onTransfer(mac, signOf(event, event.bytes, 'progress'), atMs)
        break
      case 'tftp.transfer.ended': {
        const outcome = WHAT_IT_MEANS[event.outcome]
        if (outcome === null) break
        const bytes = outcome === 'completed' ? event.sizeBytes : event.bytes
        this.#desk.onTransfer(mac, signOf(event, bytes, outcome), atMs)
        break
      }
      case 'tftp.request.absent':
      case 'tftp.request.refused':
      case 'tftp.request.ignored':
      case 'tftp.packet.dropped':
        break
      default:
        event satisfies never
    }
  }

  /** Who got a lease is for every operator to see, the rest for who looks for a fault. */
  #tellOfBystander(event: DhcpEvent, nowMs: number): void {
    const leftOut = beginsLease(event) ? this.#newLeases.take(nowMs) : null
    // Asked first: twenty thousand packets a second of bystanders must not build as many objects.
    if (leftOut !== null && this.#log.isLevelEnabled('info')) {
      this.#log.info(leftOut === 0 ? eventFields(event) : { ...eventFields(event), leftOut })
    } else if (this.#log.isLevelEnabled('debug')) this.#log.debug(eventFields(event))
  }

  #keep(
    event: { readonly event: string },
    about: { readonly mac: Mac | null; readonly network: string | null; readonly atMs: number },
  ): void {
    const shown = event.event.startsWith('dhcp.') ? eventFields(event as DhcpEvent) : { ...event }
    const { event: name, ...fields } = withoutKeys(shown) as { event: string }
    const { mac, network, atMs } = about
    // A device that is no phone of ours can take any hardware address: its network speaks for it.
    const peer = mac !== null && this.#where.isEnrolled(mac) ? mac : `network ${network ?? ''}`
    const unkept = this.#limits.forJournal(name, peer, atMs)
    if (unkept !== null) {
      this.#journal.record({ ...about, event: name, fields: withLeftOut(fields, unkept) })
    }
    const level = LEVELS[name] ?? 'debug'
    const unsaid = level === 'debug' ? 0 : this.#limits.forLine(name, peer, atMs)
    // Asked first: a flood must not build as many objects.
    if (!this.#log.isLevelEnabled(unsaid === null ? 'debug' : level)) return
    this.#log[unsaid === null ? 'debug' : level]({
      ...withLeftOut(shown, unsaid ?? 0),
      network,
      mac,
    })
  }
}

/** Says beside a thing how many of its kind were left out before it. */
function withLeftOut(
  fields: Readonly<Record<string, unknown>>,
  leftOut: number,
): Readonly<Record<string, unknown>> {
  return leftOut === 0 ? fields : { ...fields, leftOut }
}

/** Whether somebody who was looking for an address got one; renewals and restarts begin nothing. */
function beginsLease(event: DhcpEvent): boolean {
  if (event.event !== 'dhcp.ack.sent') return false
  return event.requestKind === 'selecting' || event.requestKind === 'rapid-commit'
}

function tftpFields(event: TftpEvent) {
  return { ...event, client: formatIpv4(event.client) }
}

/** The journal has these of every event, in places of their own. */
function withoutKeys(shown: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { atMs: _atMs, mac: _mac, ...others } = shown
  return others
}

/** One line at `info` for each finished thing, `warn` for what wants an operator. */
const LEVELS: Readonly<Record<string, 'info' | 'warn'>> = {
  'dhcp.ack.sent': 'info',
  'dhcp.nak.sent': 'info',
  'dhcp.lease.released': 'info',
  'dhcp.lease.reclaimed': 'info',
  'dhcp.address.declined': 'warn',
  'dhcp.address.conflict': 'warn',
  'dhcp.rogue.seen': 'warn',
  'dhcp.rogue.gone': 'info',
  'tftp.transfer.ended': 'info',
  'tftp.request.refused': 'warn',
  'conversion.started': 'info',
  'conversion.step.confirmed': 'info',
  'conversion.confirmed': 'info',
  'conversion.stalled': 'warn',
  'conversion.replanned': 'warn',
  'conversion.resumed': 'info',
  'conversion.cancelled': 'info',
  'phone.seen': 'info',
  'rollout.started': 'info',
  'rollout.canaries.confirmed': 'info',
  'rollout.paused': 'info',
  'rollout.resumed': 'info',
  'rollout.stopped': 'warn',
  'rollout.finished': 'info',
  'rollout.deleted': 'info',
}

/** Null where the end says nothing about the phone: it was ours, or another transfer follows. */
const WHAT_IT_MEANS: Readonly<Record<TransferOutcome, TransferEnd | null>> = {
  complete: 'completed',
  'timed-out': 'failed',
  'never-acknowledged': 'unheard',
  'client-error': 'failed',
  restarted: null,
  displaced: null,
  stopped: null,
}

function signOf(
  { name, sizeBytes }: { readonly name: string; readonly sizeBytes: number },
  bytes: number,
  outcome: 'progress' | TransferEnd,
) {
  return { file: name, bytes, of: sizeBytes, outcome }
}

/** Null for what tells nothing about whether the phone gets an address. */
function addressSignOf(event: DhcpEvent): AddressSign | null {
  switch (event.event) {
    case 'dhcp.offer.sent':
      return { kind: 'offered' }
    case 'dhcp.ack.sent':
      return event.requestKind === 'inform' ? null : { kind: 'granted' }
    case 'dhcp.address.declined':
      return { kind: 'declined' }
    case 'dhcp.discover.ignored':
    case 'dhcp.request.ignored':
      return { kind: 'ignored', reason: event.reason }
    default:
      return null
  }
}

function reasonOf(event: DhcpEvent): string {
  if ('reason' in event) return event.reason
  return 'requestKind' in event ? event.requestKind : ''
}

function generationIn(vendorClass: string): 'pre-ual' | 'ual' | null {
  const read = readVendorClass(vendorClass)
  return read.kind === '7940-7960' ? read.generation : null
}
