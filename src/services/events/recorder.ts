import type { RestartEvent } from '../../call-control/restart/events.ts'
import type { ConversionEvent } from '../../conversion/events.ts'
import type { RolloutEvent } from '../../conversion/rollout-events.ts'
import { type DhcpEvent, eventFields } from '../../dhcp/events.ts'
import { formatIpv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'
import type { OwnershipEvent } from '../../ownership/network-ownership.ts'
import type { TftpEvent } from '../../tftp/events.ts'
import type { EventLog } from '../event-log.ts'
import { LineLimit } from '../line-limit.ts'
import type { SurveyEvent } from '../survey/survey-events.ts'
import type { Tracking } from '../tracking/tracking.ts'
import type { Counters } from './counters.ts'
import { levelOf } from './event-catalogue.ts'
import { EventLimits } from './event-limits.ts'
import type { Journal } from './journal.ts'
import { reportLeftOut } from './report-left-out.ts'

/**
 * Writes down what happened: each event is counted, logged, and kept in the journal where it concerns
 * an enrolled phone. It decides nothing.
 */
export class Recorder {
  readonly #log: EventLog
  readonly #journal: Journal
  readonly #counters: Counters
  readonly #isEnrolled: (mac: Mac) => boolean
  readonly #limits = new EventLimits()
  readonly #newLeases = new LineLimit()
  readonly #forged = new LineLimit()

  constructor(
    log: EventLog,
    journal: Journal,
    counters: Counters,
    isEnrolled: (mac: Mac) => boolean,
  ) {
    this.#log = log
    this.#journal = journal
    this.#counters = counters
    this.#isEnrolled = isEnrolled
  }

  /** Subscribes to what tracking reports. */
  follow({ dhcpEvents, tftpEvents }: Pick<Tracking, 'dhcpEvents' | 'tftpEvents'>): void {
    dhcpEvents.subscribe((event, isEnrolled, nowMs) => this.#onDhcp(event, isEnrolled, nowMs))
    tftpEvents.subscribe((event, phone, network) => this.#onTftp(event, phone, network))
  }

  onConversionEvent(event: ConversionEvent, nowMs: number): void {
    this.#counters.add('conversion_events', { event: event.event })
    this.#keep(event, { mac: event.mac, network: null, atMs: nowMs })
  }

  onRestartEvent(event: RestartEvent, nowMs: number): void {
    const method = 'method' in event ? event.method : ''
    this.#counters.add('restart_events', { event: event.event, method })
    this.#keep(event, { mac: event.mac, network: null, atMs: nowMs })
  }

  onRolloutEvent(event: RolloutEvent, nowMs: number): void {
    this.#counters.add('rollout_events', { event: event.event })
    this.#keep(event, { mac: 'mac' in event ? event.mac : null, network: null, atMs: nowMs })
  }

  onSurveyEvent({ network, mac, ...event }: SurveyEvent, nowMs: number): void {
    this.#counters.add('survey_events', { event: event.event })
    this.#keep(event, { mac, network, atMs: nowMs })
  }

  onOwnershipEvent(network: string, { name, ...fields }: OwnershipEvent, nowMs: number): void {
    this.#counters.add('ownership_events', { network, event: name })
    this.#keep({ event: name, ...fields }, { mac: null, network, atMs: nowMs })
  }

  /** Tells of what was left out where nothing of its kind followed; to be called from time to time. */
  reportLeftOut(nowMs: number): void {
    reportLeftOut(this.#limits, { journal: this.#journal, log: this.#log }, nowMs)
  }

  #onDhcp(event: DhcpEvent, isEnrolled: boolean, nowMs: number): void {
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
    if ('reason' in event && event.reason === 'wrong-origin') {
      // It says nothing of the phone that it names, and any device can send it without end.
      const leftOut = this.#forged.take(nowMs)
      if (leftOut !== null) this.#log.debug({ ...eventFields(event), leftOut })
      return
    }
    const { mac } = event
    const trouble =
      event.event === 'dhcp.address.declined' || event.event === 'dhcp.address.conflict'
    if (isEnrolled || trouble) this.#keep(event, { mac, network, atMs: nowMs })
    else this.#reportUnknownDevice(event, nowMs)
  }

  #onTftp(event: TftpEvent, phone: Mac | null, network: string | null): void {
    const reason = 'reason' in event ? event.reason : 'outcome' in event ? event.outcome : ''
    this.#counters.add('tftp_events', { network: network ?? '', event: event.event, reason })
    if (phone !== null && event.event !== 'tftp.transfer.progress') {
      this.#keep(tftpFields(event), { mac: phone, network, atMs: event.atMs })
    } else if (this.#log.isLevelEnabled('debug')) {
      // Asked first: twenty thousand packets a second of unknown devices must not build as many objects.
      this.#log.debug(tftpFields(event))
    }
    if (event.event !== 'tftp.transfer.ended') return
    this.#counters.add('tftp_bytes', { network: network ?? '' }, event.bytes)
    this.#counters.add('tftp_repeats', { network: network ?? '' }, event.repeats)
  }

  /** Who got a lease is for every operator to see, the rest for who looks for a fault. */
  #reportUnknownDevice(event: DhcpEvent, nowMs: number): void {
    const leftOut = beginsLease(event) ? this.#newLeases.take(nowMs) : null
    // Asked first: twenty thousand packets a second of unknown devices must not build as many objects.
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
    const peer = mac !== null && this.#isEnrolled(mac) ? mac : `network ${network ?? ''}`
    const unkept = this.#limits.forJournal(name, peer, atMs)
    if (unkept !== null) {
      this.#journal.record({ ...about, event: name, fields: withLeftOut(fields, unkept) })
    }
    const level = levelOf(name)
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

/** Whether a client that was looking for an address got one; renewals and restarts begin nothing. */
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

function reasonOf(event: DhcpEvent): string {
  if ('reason' in event) return event.reason
  return 'requestKind' in event ? event.requestKind : ''
}
