import type { Ipv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'
import type { PhonePage } from '../../phones/phone-page.ts'
import { mergeSeen, type SeenSoftware, seenOfVendorClass } from '../../phones/seen-software.ts'
import { readVendorClass } from '../../phones/vendor-class.ts'
import type { SurveyRow } from '../services.ts'

/** What is known of an address without asking it. */
export type KnownAt = {
  readonly lease: {
    readonly mac: Mac | null
    readonly vendorClass: string
    readonly grantedAtMs: number
  } | null
  /** By hardware address or recognition: this goes before the lease. */
  readonly there: Mac | null
  readonly isEnrolled: (mac: Mac) => boolean
  readonly seen: (mac: Mac) => SeenSoftware | undefined
  readonly model: (mac: Mac) => string | null
}

/** What asking has told. */
export type AnswerAt = {
  readonly found: SeenSoftware | null
  readonly model: string | null
  /** The page that was believed. */
  readonly page: PhonePage | null
}

/** Before the address was asked. */
export const NO_ANSWER: AnswerAt = { found: null, model: null, page: null }

/** The row of an address. */
export function surveyRow(address: Ipv4, known: KnownAt, answer: AnswerAt): SurveyRow {
  const { lease, there, isEnrolled } = known
  const { found, page } = answer
  const mac = there ?? lease?.mac ?? (page?.mac as Mac | null | undefined) ?? null
  // The lease of a device that is no longer there says nothing of the one that is.
  const ofLease = lease !== null && (there === null || lease.mac === there) ? lease : null
  const kept = mac === null ? null : { seen: known.seen(mac), model: known.model(mac) }
  const software = merged(kept?.seen ?? softwareOf(ofLease), found)
  return {
    mac,
    address,
    model: page?.model ?? answer.model ?? modelOf(ofLease) ?? kept?.model ?? null,
    protocol: software?.protocol ?? null,
    load: software?.load ?? null,
    serial: page?.serial ?? null,
    by: software?.by ?? null,
    enrolled: mac !== null && isEnrolled(mac),
  }
}

function merged(before: SeenSoftware | null, found: SeenSoftware | null): SeenSoftware | null {
  return before === null || found === null ? (found ?? before) : mergeSeen(before, found)
}

function softwareOf(lease: KnownAt['lease']): SeenSoftware | null {
  return lease === null ? null : seenOfVendorClass(lease.vendorClass, lease.grantedAtMs)
}

function modelOf(lease: KnownAt['lease']): string | null {
  const read = readVendorClass(lease?.vendorClass ?? '')
  return read.kind === 'not-a-phone' ? null : read.model
}
