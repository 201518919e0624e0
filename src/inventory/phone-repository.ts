import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import type { SwitchPort } from '../net/switch-port.ts'
import {
  type ChangeQueue,
  findConflict,
  findCrowding,
  findRoomProblems,
  findUnchanged,
  sortedEntries,
  storedOver,
} from './change-queue.ts'
import type { DeleteOutcome, NotFound, PutOutcome } from './inventory-outcome.ts'
import type { Phone } from './phone.ts'
import { draftFromPatch, type PhoneDraft, type PhonePatch, phoneFromDraft } from './phone-draft.ts'
import { type ImportOutcome, type PhoneRow, planImport, type RowChange } from './phone-import.ts'
import {
  findPhoneProblems,
  findPlaceProblems,
  type KnownNetwork,
  type KnownSwitch,
} from './phone-rules.ts'

/** What a phone's entry may refer to. */
export type PhoneReferences = {
  readonly networks: readonly KnownNetwork[]
  readonly switches: readonly KnownSwitch[]
  hasProfile(name: string): boolean
}

/** A phone that is stored and has no place in the networks, and why. */
export type MisplacedPhone = { readonly mac: Mac; readonly message: string }

/** The phones of the inventory, by MAC address and by fixed address. */
export class PhoneRepository {
  readonly #queue: ChangeQueue
  #references: PhoneReferences
  readonly #byMac = new Map<Mac, Phone>()
  readonly #byAddress = new Map<Ipv4, Phone>()
  readonly #byPort = new Map<SwitchPort, Phone>()
  #sorted: readonly Phone[] | undefined

  constructor(queue: ChangeQueue, references: PhoneReferences) {
    this.#queue = queue
    this.#references = references
  }

  /** In the order of their MAC addresses; sorted again only after a change. */
  all(): readonly Phone[] {
    this.#sorted ??= sortedEntries(this.#byMac)
    return this.#sorted
  }

  get(mac: Mac): Phone | undefined {
    return this.#byMac.get(mac)
  }

  at(address: Ipv4): Phone | undefined {
    return this.#byAddress.get(address)
  }

  /** New entries are checked against these networks; those that are there stay. */
  replaceNetworks(networks: readonly KnownNetwork[]): void {
    this.#references = { ...this.#references, networks }
  }

  /** The same for switches. */
  replaceSwitches(switches: readonly KnownSwitch[]): void {
    this.#references = { ...this.#references, switches }
  }

  /** What the networks, as they are now, no longer allow of phones that are stored. */
  misplacedPhones(): readonly MisplacedPhone[] {
    const found: MisplacedPhone[] = []
    const surroundings = this.#surroundings()
    for (const phone of this.#byMac.values()) {
      for (const { message } of findPlaceProblems(phone, surroundings)) {
        found.push({ mac: phone.mac, message })
      }
    }
    return found
  }

  /** Takes over an entry that is stored already. */
  restore(phone: Phone): void {
    this.#sorted = undefined
    this.#byMac.set(phone.mac, phone)
    if (phone.address !== null) this.#byAddress.set(phone.address, phone)
    if (phone.switchPort !== undefined) this.#byPort.set(phone.switchPort, phone)
  }

  put(draft: PhoneDraft, expectedRevision?: number): Promise<PutOutcome<Phone>> {
    return this.#queue.inTurn(async () => {
      const current = this.#byMac.get(draft.mac)
      return findConflict(current, expectedRevision) ?? this.#store(draft, current)
    })
  }

  patch(
    mac: Mac,
    patch: PhonePatch,
    expectedRevision?: number,
  ): Promise<PutOutcome<Phone> | NotFound> {
    return this.#queue.inTurn(async () => {
      const current = this.#byMac.get(mac)
      if (current === undefined) return { kind: 'not-found' }
      const conflict = findConflict(current, expectedRevision)
      return conflict ?? this.#store(draftFromPatch(current, patch), current)
    })
  }

  delete(mac: Mac, expectedRevision?: number): Promise<DeleteOutcome> {
    return this.#queue.inTurn(async () => {
      const phone = this.#byMac.get(mac)
      if (phone === undefined) return { kind: 'not-found' }
      const conflict = findConflict(phone, expectedRevision)
      if (conflict !== undefined) return conflict
      await this.#queue.commit({ kind: 'delete-phone', mac })
      this.applyDeleted(mac)
      return { kind: 'deleted' }
    })
  }

  /** Shows and announces an entry that is stored. */
  apply(phone: Phone): undefined {
    const current = this.#byMac.get(phone.mac)
    if (current !== undefined) this.#forget(current)
    this.restore(phone)
    this.#queue.announce({ kind: 'phone-stored', phone, before: current ?? null })
  }

  /** Forgets an entry that is stored no more, and announces it. */
  applyDeleted(mac: Mac): undefined {
    const phone = this.#byMac.get(mac)
    if (phone === undefined) return
    this.#forget(phone)
    this.#queue.announce({ kind: 'phone-deleted', phone })
  }

  /**
   * Enrols and changes the phones of a list in one turn: all of them, or none.
   *
   * @param isDryRun - Says what would be done, and does nothing.
   */
  import(rows: readonly PhoneRow[], isDryRun: boolean): Promise<ImportOutcome> {
    return this.#queue.inTurn(async () => {
      const indexes = { byMac: this.#byMac, byAddress: this.#byAddress, byPort: this.#byPort }
      const outcome = planImport(rows, indexes, this.#references)
      if (outcome.kind !== 'imported') return outcome
      const changes = outcome.changes.filter((change) => change.outcome !== 'unchanged')
      const added = changes.filter(({ before }) => before === undefined).length
      const [crowding] = added === 0 ? [] : findCrowding(this.#byMac.size + added)
      if (crowding !== undefined) return { kind: 'refused', problems: [{ ...crowding, index: 0 }] }
      if (!isDryRun && changes.length > 0) await this.#storeAll(changes)
      return outcome
    })
  }

  async #storeAll(changes: readonly RowChange[]): Promise<void> {
    await this.#queue.commitAll(changes.map(({ phone }) => ({ kind: 'put-phone', phone })))
    // All of the old ones first: phones may have exchanged their addresses.
    for (const { before } of changes) if (before !== undefined) this.#forget(before)
    for (const { phone } of changes) this.restore(phone)
    for (const { phone, before = null } of changes) {
      this.#queue.announce({ kind: 'phone-stored', phone, before })
    }
  }

  async #store(draft: PhoneDraft, current: Phone | undefined): Promise<PutOutcome<Phone>> {
    const phone = phoneFromDraft(draft, current)
    const unchanged = findUnchanged(phone, current)
    if (unchanged !== undefined) return unchanged
    const problems = [
      ...findRoomProblems(this.#byMac, current),
      ...findPhoneProblems(phone, this.#surroundings()),
    ]
    if (problems.length > 0) return { kind: 'refused', problems }
    await this.#queue.commit({ kind: 'put-phone', phone })
    this.apply(phone)
    return storedOver(phone, current)
  }

  #forget({ mac, address, switchPort }: Phone): void {
    this.#sorted = undefined
    this.#byMac.delete(mac)
    // Another phone may have taken them over in the same change.
    if (address !== null && this.#byAddress.get(address)?.mac === mac) {
      this.#byAddress.delete(address)
    }
    if (switchPort !== undefined && this.#byPort.get(switchPort)?.mac === mac) {
      this.#byPort.delete(switchPort)
    }
  }

  #surroundings() {
    return {
      ...this.#references,
      phoneAt: (address: Ipv4) => this.at(address),
      phoneOnPort: (port: SwitchPort) => this.#byPort.get(port),
    }
  }
}
