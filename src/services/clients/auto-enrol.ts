import type { ConversionEngine } from '../../conversion/conversion-engine.ts'
import {
  type DeviceVerdict,
  judgeByRequest,
  judgeByVendorClass,
} from '../../conversion/device-verdict.ts'
import type { Inventory } from '../../inventory/inventory.ts'
import type { Phone } from '../../inventory/phone.ts'
import type { LeaseTable } from '../../leases/lease-table.ts'
import type { Mac } from '../../net/mac.ts'
import { PeerLimit } from '../../net/peer-limit.ts'
import { TokenBucket } from '../../net/token-bucket.ts'
import type { PhoneModel } from '../../phones/family/family.ts'
import type { RequestedFile } from '../../phones/requested-file.ts'
import type { EventLog } from '../event-log.ts'
import { levelOf } from '../events/event-catalogue.ts'
import type { Journal } from '../events/journal.ts'
import type { ServedNetwork } from '../served-network.ts'
import type { Enrolment } from '../tracking/clients.ts'
import type { EnrolmentTrouble } from './enrolment-trouble.ts'

/** What automatic enrolment needs. */
export type AutoEnrolParts = {
  /** The profile by the name of each network that enrols by itself. */
  readonly profiles: ReadonlyMap<string, string>
  readonly inventory: Inventory
  /** Who holds which address, and how it introduced itself. */
  readonly leaseTable: Pick<LeaseTable, 'leaseOf'>
  readonly engine: ConversionEngine
  readonly journal: Journal
  readonly log: EventLog
  /** Is told of each event, and keeps what could not be done. */
  readonly trouble: Pick<EnrolmentTrouble, 'note'>
  readonly nowMs: () => number
}

/** The profile by the name of each network that enrols by itself. */
export function autoEnrolProfiles({
  networks,
}: {
  readonly networks: readonly ServedNetwork[]
}): Map<string, string> {
  return new Map(
    networks.flatMap(({ name, autoEnrol }) => (autoEnrol === undefined ? [] : [[name, autoEnrol]])),
  )
}

/**
 * Enrolments on one network at once, and then in an hour: a day's work for a bench, and an end to
 * a device that invents phones. They come back one by one, so that a real phone waits for seconds and
 * not for the hour to end.
 */
const MAX_ENROLMENTS = 250
const HOUR_MS = 3_600_000
const ENROLMENTS = { burst: MAX_ENROLMENTS, perSecond: MAX_ENROLMENTS / 3_600 }

/**
 * Marks the entry of a phone that was not enrolled by hand, and so outlives a restart of the
 * appliance. Who writes another label there has taken the phone over.
 */
export const AUTOMATIC_LABEL = 'enrolled automatically'

/** Devices that are remembered as left alone, or as enrolled without a plan; the oldest go first. */
const MAX_REMEMBERED = 1_024

/** The last attempt at a conversion that found no plan. */
type Attempt = {
  /** All that the plan depended on: without news there it would end in the same way. */
  readonly basis: string
  /** The code of the refusal. */
  readonly outcome: string
}

/** What is left of the enrolments of one network. */
type EnrolmentsLeft = { readonly enrolments: TokenBucket; reportedAtMs: number }

/**
 * Enrols every 7940 and 7960 that appears on a network with `autoEnrol`, and begins its conversion to
 * the load of the profile. Anything else is left alone, which is said once.
 *
 * A DISCOVER is not enough: one device can send thousands of them, each with another MAC address. A phone
 * is enrolled when it asks for a file and holds a lease, of which the pool has only so many.
 *
 * Where what is known of the phone is not enough for a plan, it is tried again each time that more is
 * seen of it, or firmware was added. A phone that has had a conversion, though it was cancelled, and one
 * that an operator enrolled are left to the operator.
 *
 * Naming a profile there agrees to one-way steps: otherwise no old phone could be converted by it.
 */
export class AutoEnrol implements Enrolment {
  readonly #parts: AutoEnrolParts
  readonly #leftAlone = new Map<Mac, string>()
  readonly #underWay = new Set<Mac>()
  /** Enrolled, and still without a plan. */
  readonly #attempts = new Map<Mac, Attempt>()
  /** Events of one kind on one network, and on all. */
  readonly #reported = new PeerLimit({ burst: 60, perSecond: 0.1 }, { burst: 500, perSecond: 1 })
  readonly #allowances = new Map<string, EnrolmentsLeft>()

  constructor(parts: AutoEnrolParts) {
    this.#parts = parts
  }

  /** A device that is not enrolled has started. */
  onBoot(network: string | null, mac: Mac, vendorClass: string): void {
    if (network === null || !this.#parts.profiles.has(network)) return
    const verdict = judgeByVendorClass(vendorClass)
    if (verdict.kind === 'other') this.#leaveAlone(network, mac, verdict.why)
  }

  onRequest(network: string, mac: Mac | undefined, file: RequestedFile): 'wait' | 'absent' {
    if (mac === undefined || !this.#parts.profiles.has(network)) return 'absent'
    if (!this.#underWay.has(mac)) this.#judge(network, mac, file)
    return this.#underWay.has(mac) ? 'wait' : 'absent'
  }

  /** An enrolled phone has shown something: it may be enough by now for a plan. */
  onEnrolledSeen(mac: Mac): void {
    const { inventory, engine, profiles } = this.#parts
    const phone = inventory.phone(mac)
    const network = phone?.network ?? null
    if (phone?.label !== AUTOMATIC_LABEL || network === null || !profiles.has(network)) return
    // A cancelled one too: an operator has decided.
    if (engine.conversion(mac) === undefined) this.#convert(network, phone)
  }

  #judge(network: string, mac: Mac, file: RequestedFile): void {
    const lease = this.#parts.leaseTable.leaseOf(network, mac, this.#parts.nowMs())
    if (lease === undefined) return
    const verdict = judgeBoth(judgeByVendorClass(lease.vendorClass), judgeByRequest(file))
    switch (verdict.kind) {
      case 'phone':
        void this.#enrol(network, mac, verdict.model)
        break
      case 'perhaps':
        break
      case 'other':
        this.#leaveAlone(network, mac, verdict.why)
        break
      /* c8 ignore next 2 -- the compiler proves that there is no other value */
      default:
        verdict satisfies never
    }
  }

  #leaveAlone(network: string, mac: Mac, why: string): void {
    if (this.#leftAlone.get(mac) === why) return
    remember(this.#leftAlone, mac, why)
    this.#report('enrol.device.left', mac, network, { why })
  }

  async #enrol(network: string, mac: Mac, model: PhoneModel | null): Promise<void> {
    if (this.#underWay.has(mac) || !this.#hasRoom(network, mac)) return
    this.#underWay.add(mac)
    const profile = this.#parts.profiles.get(network) ?? null
    try {
      const draft = { mac, model, network, profile, label: AUTOMATIC_LABEL }
      // Revision 0: an operator who enrols the phone at this moment goes first.
      const outcome = await this.#parts.inventory.putPhone(draft, 0)
      if (outcome.kind === 'refused') {
        const why = outcome.problems.map(({ path, message }) => `${path} ${message}`).join('; ')
        this.#report('enrol.phone.refused', mac, network, { why })
      } else if (outcome.kind !== 'conflict') {
        this.#report('enrol.phone.enrolled', mac, network, { profile, model })
        // The model stands in the vendor class of phones with a loader alone.
        this.#parts.engine.onBoot(mac, model === null ? 'pre-ual' : 'ual', this.#parts.nowMs())
        this.#convert(network, outcome.value)
      }
    } catch (error) {
      this.#parts.log.error({ event: 'enrol.store.failed', mac, err: error })
    } finally {
      this.#underWay.delete(mac)
    }
  }

  #convert(network: string, phone: Phone): void {
    const { inventory, engine, nowMs } = this.#parts
    const { mac } = phone
    const profile = inventory.profile(phone.profile ?? '')
    if (profile === undefined) return
    const basis = this.#basisOf(mac, profile.load)
    const before = this.#attempts.get(mac)
    if (before?.basis === basis) return
    const outcome = engine.start(phone, { to: profile.load, acceptOneWay: true }, nowMs())
    this.#attempts.delete(mac)
    if (outcome.kind !== 'refused') return
    remember(this.#attempts, mac, { basis, outcome: outcome.code })
    if (before?.outcome === outcome.code) return
    const why = `${outcome.reason}. ${outcome.remedy}`
    this.#report('enrol.conversion.refused', mac, network, { why })
  }

  #basisOf(mac: Mac, to: string): string {
    const { inventory, engine } = this.#parts
    const { load, protocol, generation, major } = engine.seen(mac) ?? {}
    const seen = [load, protocol, generation, major, engine.generation(mac)]
    return [...seen, to, ...inventory.firmwareLoads()].join(' ')
  }

  #hasRoom(network: string, mac: Mac): boolean {
    const atMs = this.#parts.nowMs()
    const known = this.#allowances.get(network)
    const allowance = known ?? {
      enrolments: new TokenBucket(ENROLMENTS),
      reportedAtMs: Number.NEGATIVE_INFINITY,
    }
    this.#allowances.set(network, allowance)
    if (allowance.enrolments.take(atMs)) return true
    if (atMs - allowance.reportedAtMs >= HOUR_MS) {
      allowance.reportedAtMs = atMs
      const why = `the limit of ${MAX_ENROLMENTS} phones an hour is reached`
      this.#report('enrol.limit.reached', mac, network, { why })
    }
    return false
  }

  #report(
    event: string,
    mac: Mac,
    network: string,
    fields: Readonly<Record<string, unknown>>,
  ): void {
    const { journal, log, trouble, nowMs } = this.#parts
    const atMs = nowMs()
    trouble.note({ atMs, event, mac, network, fields })
    // Whom we enrol is bounded already. The rest can be caused by any device that invents hardware addresses.
    const isBounded = event === 'enrol.phone.enrolled'
    const leftOut = isBounded ? 0 : this.#reported.take(`${event} ${network}`, atMs)
    if (leftOut === null) return
    const all = leftOut === 0 ? fields : { ...fields, leftOut }
    journal.record({ atMs, event, mac, network, fields: all })
    log[levelOf(event)]({ event, mac, network, ...all })
  }
}

/** What names no phone of ours says so first; then what names one. */
function judgeBoth(byClass: DeviceVerdict, byRequest: DeviceVerdict): DeviceVerdict {
  if (byClass.kind === 'other' || byRequest.kind === 'perhaps') return byClass
  return byRequest.kind === 'other' || byClass.kind === 'perhaps' ? byRequest : byClass
}

/** Keeps the newest; a Map lists its keys in the order in which they came. */
function remember<Value>(table: Map<Mac, Value>, mac: Mac, value: Value): void {
  table.delete(mac)
  table.set(mac, value)
  const [oldest] = table.keys()
  if (table.size > MAX_REMEMBERED && oldest !== undefined) table.delete(oldest)
}
