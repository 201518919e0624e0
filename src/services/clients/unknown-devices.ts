import { readAsked } from '../../clients/asked.ts'
import type { DropReason } from '../../dhcp/drop-reason.ts'
import type { DhcpEvent, MessageFacts, MessageIgnored } from '../../dhcp/events.ts'
import type { LeaseTable } from '../../leases/lease-table.ts'
import type { Mac } from '../../net/mac.ts'
import { PeerLimit } from '../../net/peer-limit.ts'
import type { EventLog } from '../event-log.ts'
import type { Journal, RecordedEvent } from '../events/journal.ts'
import type { UnservedRequest } from '../tracking/clients.ts'
import type { Tracking } from '../tracking/tracking.ts'
import { DeviceTable } from './device-table.ts'

/**
 * The reasons of DHCP that a device can do something about by being enrolled, or an operator by changing
 * a network. Left out is what is no request to us: another server's client, a broken message, a network
 * that is left to another server.
 */
const OF_DHCP = [
  'not-enrolled',
  'not-a-phone',
  'no-scope',
  'unknown-link',
  'pool-exhausted',
  'all-in-use',
] as const satisfies readonly DropReason[]

/**
 * Why devices were not served: the reasons of DHCP; `not-enrolled` also over TFTP; `enrolment-failed`
 * where automatic enrolment tried and could not.
 */
export const UNSERVED_REASONS = [...OF_DHCP, 'enrolment-failed'] as const

/** One of them. */
export type UnservedReason = (typeof UNSERVED_REASONS)[number]

/** A device that asked for an address or a file, is not an enrolled phone, and was not served. */
export type UnknownDevice = {
  readonly mac: Mac
  /** Null where it is on none of the configured networks. */
  readonly network: string | null
  /** DHCP option 60, printable; empty if none was seen. */
  readonly vendorClass: string
  /** DHCP option 12, printable; empty if none was seen. */
  readonly hostName: string
  readonly firstSeenAtMs: number
  readonly lastSeenAtMs: number
  /** Requests that were not answered with what was asked for. */
  readonly count: number
  readonly reason: UnservedReason
}

/** What the list of unknown devices needs. */
export type UnknownDevicesParts = {
  readonly isEnrolled: (mac: Mac) => boolean
  /** Whether automatic enrolment has tried to enrol it and could not. */
  readonly enrolmentFailed: (mac: Mac, nowMs: number) => boolean
  readonly leaseTable: Pick<LeaseTable, 'leaseOf'>
  readonly journal: Pick<Journal, 'record'>
  readonly log: EventLog
  /** Devices that are listed at most. */
  readonly most?: number
}

/** The event by which a device is told of; the list is made of these again after a restart. */
const EVENT = 'device.unknown.seen'

/** A device is told of once in so many milliseconds. */
const HOUR_MS = 3_600_000

const LISTED: ReadonlySet<DropReason> = new Set(OF_DHCP)

/**
 * One object for each device, written again with each request: a device that asks thousands of times
 * leaves nothing behind, where objects that replace each other in a map stay until a full collection.
 */
type Listed = { -readonly [Key in keyof UnknownDevice]: UnknownDevice[Key] } & {
  by: 'dhcp' | 'tftp'
  /** When it was told of; null: not yet. */
  reportedAtMs: number | null
}

type Sighting = Readonly<
  Pick<Listed, 'mac' | 'network' | 'reason' | 'by' | 'vendorClass' | 'hostName'>
> & { readonly atMs: number }

/**
 * Lists every device that asked over DHCP or TFTP, is not an enrolled phone, and was not served. The
 * table is bounded (`DeviceTable`); one event for each device and hour is written, within bounds for
 * those who make hardware addresses up. It decides nothing.
 *
 * A restart keeps what the last event of each device says, as far as the newest events reach.
 */
export class UnknownDevices {
  readonly #parts: UnknownDevicesParts
  readonly #table: DeviceTable<Listed>
  /** Events of one network, and of all. */
  readonly #reported = new PeerLimit({ burst: 60, perSecond: 0.1 }, { burst: 500, perSecond: 1 })

  constructor(parts: UnknownDevicesParts) {
    this.#parts = parts
    this.#table = new DeviceTable(parts.most)
  }

  /** Subscribes to what tracking reports. */
  follow({ dhcpEvents, unserved }: Pick<Tracking, 'dhcpEvents' | 'unserved'>): void {
    dhcpEvents.subscribe((event, isEnrolled, nowMs) => {
      if (!isEnrolled) this.#onDhcp(event, nowMs)
    })
    unserved.subscribe((request) => this.#onRequest(request))
  }

  /** Lists again what events say; to be called once, before anything is followed. Ascending order. */
  restore(events: readonly RecordedEvent[]): void {
    for (const { event, mac, network, atMs, fields } of events) {
      if (mac === null) continue
      // An operator has enrolled it, or deleted its entry.
      if (event === 'audit.change') this.#table.delete(mac)
      const reported = event === EVENT ? readFields(fields) : undefined
      if (reported === undefined || this.#parts.isEnrolled(mac)) continue
      this.#keep({ ...reported, mac, network, lastSeenAtMs: atMs, reportedAtMs: atMs })
    }
  }

  /** The last seen first. */
  list(nowMs: number): readonly UnknownDevice[] {
    return this.#table.list(nowMs).map((device) => ({ ...device }))
  }

  /** Removes its entry; whether there was one. It is listed again when it asks again. */
  forget(mac: Mac): boolean {
    return this.#table.delete(mac)
  }

  #onDhcp(event: DhcpEvent, atMs: number): void {
    switch (event.event) {
      case 'dhcp.discover.ignored':
      case 'dhcp.request.ignored':
        this.#onIgnored(event, atMs)
        break
      case 'dhcp.ack.sent':
        if (event.requestKind !== 'inform') this.#onServed(event)
        break
      default:
        break
    }
  }

  #onIgnored({ mac, scope, reason, vendorClass, hostName }: MessageIgnored, atMs: number): void {
    if (mac === null || !LISTED.has(reason)) return
    const listed = reason as UnservedReason
    this.#see({ mac, network: scope, reason: listed, by: 'dhcp', vendorClass, hostName, atMs })
  }

  /** It has an address now; what it was not served over TFTP stays. */
  #onServed({ mac }: MessageFacts): void {
    if (mac !== null && this.#table.get(mac)?.by === 'dhcp') this.#table.delete(mac)
  }

  #onRequest({ device, network, requestedName, atMs, isWaiting }: UnservedRequest): void {
    const mac = device ?? macNamedIn(requestedName)
    if (mac === undefined || this.#parts.isEnrolled(mac)) return
    const hasFailed = this.#parts.enrolmentFailed(mac, atMs)
    // It is being enrolled, and asks again in a moment.
    if (isWaiting && !hasFailed) return
    const known = this.#table.get(mac)
    const lease =
      known === undefined ? this.#parts.leaseTable.leaseOf(network, mac, atMs) : undefined
    const { vendorClass = '', hostName = '' } = lease ?? {}
    const reason = hasFailed ? 'enrolment-failed' : 'not-enrolled'
    this.#see({ mac, network, reason, by: 'tftp', vendorClass, hostName, atMs })
  }

  /** Lists a device as it was told of. */
  #keep(device: Listed): void {
    if (this.#table.get(device.mac) !== undefined) this.#table.update(device)
    else if (this.#table.makeRoom(device.mac, device.lastSeenAtMs)) this.#table.add(device)
  }

  #see(seen: Sighting): void {
    const { mac, atMs } = seen
    const listed = this.#table.get(mac)
    if (listed !== undefined) {
      seeAgain(listed, seen)
      this.#report(listed)
      this.#table.update(listed)
    } else if (this.#table.makeRoom(mac, atMs)) {
      const { network, reason, by, vendorClass, hostName } = seen
      const first = { mac, network, reason, by, vendorClass, hostName }
      const device = {
        ...first,
        firstSeenAtMs: atMs,
        lastSeenAtMs: atMs,
        count: 1,
        reportedAtMs: null,
      }
      this.#report(device)
      this.#table.add(device)
    }
  }

  /** Writes the event of a device that was last seen now, where one is due. */
  #report(device: Listed): void {
    const { lastSeenAtMs: atMs, reportedAtMs } = device
    if (reportedAtMs !== null && atMs - reportedAtMs < HOUR_MS) return
    const { mac, network, reason, by, vendorClass, hostName, firstSeenAtMs, count } = device
    const leftOut = this.#reported.take(network ?? '', atMs)
    if (leftOut === null) return
    device.reportedAtMs = atMs
    const reported = { reason, by, vendorClass, hostName, firstSeenAtMs, count }
    const fields = leftOut === 0 ? reported : { ...reported, leftOut }
    this.#parts.journal.record({ atMs, event: EVENT, mac, network, fields })
    this.#parts.log.info({ event: EVENT, mac, network, ...fields })
  }
}

/** What a device said once is not taken back by a message that leaves it out. */
function seeAgain(listed: Listed, seen: Sighting): void {
  listed.network = seen.network
  listed.reason = seen.reason
  listed.by = seen.by
  if (seen.vendorClass !== '') listed.vendorClass = seen.vendorClass
  if (seen.hostName !== '') listed.hostName = seen.hostName
  listed.lastSeenAtMs = seen.atMs
  listed.count++
}

/** A relayed device without a lease is known by a name that only a phone uses for its own. */
function macNamedIn(requestedName: string): Mac | undefined {
  const asked = readAsked(requestedName)
  return asked.kind === 'named' && asked.isPhoneForm ? asked.mac : undefined
}

type Reported = Omit<Listed, 'mac' | 'network' | 'lastSeenAtMs' | 'reportedAtMs'>

/** Undefined where a row of the store makes no sense. */
function readFields(fields: Readonly<Record<string, unknown>>): Reported | undefined {
  const { reason, by, vendorClass, hostName, firstSeenAtMs, count } = fields
  const isWhole =
    typeof reason === 'string' &&
    (by === 'dhcp' || by === 'tftp') &&
    typeof vendorClass === 'string' &&
    typeof hostName === 'string' &&
    typeof firstSeenAtMs === 'number' &&
    typeof count === 'number'
  if (!isWhole) return undefined
  return { reason: reason as UnservedReason, by, vendorClass, hostName, firstSeenAtMs, count }
}
