import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import type { SwitchPort } from '../net/switch-port.ts'
import { findConflict, findUnchanged } from './change-queue.ts'
import type { EntryProblem } from './inventory-outcome.ts'
import { type LinePatch, mergeLines } from './line-patch.ts'
import type { Phone } from './phone.ts'
import { changedFields } from './phone-changes.ts'
import { draftFromPatch, type PhoneDraft, type PhonePatch, phoneFromDraft } from './phone-draft.ts'
import { findPhoneProblems, type PhoneSurroundings } from './phone-rules.ts'

/** One phone of a list: enrolled where it is not, changed where it is. */
export type PhoneRow = {
  readonly mac: Mac
  readonly patch: PhonePatch
  /** Changes to lines by their place; instead of `lines` of the patch, which replaces them all. */
  readonly lines?: readonly (LinePatch | undefined)[]
  /** The revision that it must still have: 0 for none. Left out: any. */
  readonly expectedRevision?: number
}

/** What a row comes to. */
export type RowChange = {
  readonly outcome: 'created' | 'changed' | 'unchanged'
  readonly phone: Phone
  /** Undefined for a phone that was not enrolled. */
  readonly before: Phone | undefined
  /** Names of the fields that differ: `label`, `line1_password`, `settings.phone_label`. */
  readonly fields: readonly string[]
}

/** A problem of one row, by its index from 0. */
export type RowProblem = EntryProblem & { readonly index: number }

/** What came of a list. All of it is on disk, or nothing is. */
export type ImportOutcome =
  | { readonly kind: 'imported'; readonly changes: readonly RowChange[] }
  | { readonly kind: 'refused'; readonly problems: readonly RowProblem[] }
  /** A phone is not at the revision that was expected. */
  | { readonly kind: 'conflict'; readonly mac: Mac; readonly revision: number }

/** The phones as they are, by what must be theirs alone. */
export type PhoneIndexes = {
  readonly byMac: ReadonlyMap<Mac, Phone>
  readonly byAddress: ReadonlyMap<Ipv4, Phone>
  readonly byPort: ReadonlyMap<SwitchPort, Phone>
}

/**
 * What a list would make of the phones. Each row is checked against the phones as all rows leave them,
 * so that two of them may exchange their addresses. What a row does not change is not checked again.
 */
export function planImport(
  rows: readonly PhoneRow[],
  now: PhoneIndexes,
  around: Omit<PhoneSurroundings, 'phoneAt' | 'phoneOnPort'>,
): ImportOutcome {
  const changes: RowChange[] = []
  const problems: RowProblem[] = []
  for (const [index, row] of rows.entries()) {
    const before = now.byMac.get(row.mac)
    const conflict = findConflict(before, row.expectedRevision)
    if (conflict !== undefined) return { ...conflict, mac: row.mac }
    const { draft, faults } = draftOf(row, before)
    problems.push(...faults.map((fault) => ({ ...fault, index })))
    changes.push(changeOf(phoneFromDraft(draft, before), before))
  }
  const surroundings = { ...around, ...indexesAfter(changes, now) }
  for (const [index, { outcome, phone }] of changes.entries()) {
    if (outcome === 'unchanged') continue
    const found = findPhoneProblems(phone, surroundings)
    problems.push(...found.map((problem) => ({ ...problem, index })))
  }
  if (problems.length === 0) return { kind: 'imported', changes }
  return { kind: 'refused', problems: problems.sort((a, b) => a.index - b.index) }
}

function changeOf(phone: Phone, before: Phone | undefined): RowChange {
  const unchanged = findUnchanged(phone, before)
  if (unchanged !== undefined) {
    return { outcome: 'unchanged', phone: unchanged.value, before, fields: [] }
  }
  const outcome = before === undefined ? 'created' : 'changed'
  return { outcome, phone, before, fields: changedFields(before, phone) }
}

function draftOf(
  { mac, patch, lines }: PhoneRow,
  before: Phone | undefined,
): { readonly draft: PhoneDraft; readonly faults: readonly EntryProblem[] } {
  const current = before ?? phoneFromDraft({ mac }, undefined)
  const draft = draftFromPatch(current, patch)
  if (lines === undefined) return { draft, faults: [] }
  const merged = mergeLines(current.lines, lines)
  return { draft: { ...draft, lines: merged.lines }, faults: merged.problems }
}

/** Who has which address and port once all rows are stored; of two that want one, the first. */
function indexesAfter(changes: readonly RowChange[], { byAddress, byPort }: PhoneIndexes) {
  const atAddress = new Map(byAddress)
  const onPort = new Map(byPort)
  for (const { before } of changes) {
    if (before?.address != null) atAddress.delete(before.address)
    if (before?.switchPort !== undefined) onPort.delete(before.switchPort)
  }
  for (const { phone } of changes) {
    const { address, switchPort } = phone
    if (address !== null && !atAddress.has(address)) atAddress.set(address, phone)
    if (switchPort !== undefined && !onPort.has(switchPort)) onPort.set(switchPort, phone)
  }
  return {
    phoneAt: (address: Ipv4) => atAddress.get(address),
    phoneOnPort: (port: SwitchPort) => onPort.get(port),
  }
}
