import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import type { SwitchPort } from '../net/switch-port.ts'
import {
  type ChangeQueue,
  findConflict,
  findRoomProblems,
  findUnchanged,
  sortedEntries,
  storedOver,
} from './change-queue.ts'
import type { DeleteOutcome, NotFound, PutOutcome } from './inventory-outcome.ts'
import type { Phone } from './phone.ts'
import { draftFromPatch, type PhoneDraft, type PhonePatch, phoneFromDraft } from './phone-draft.ts'
import { findPhoneProblems, type KnownNetwork, type KnownSwitch } from './phone-rules.ts'

/** What a phone's entry may refer to. */
export type PhoneReferences = {
  readonly networks: readonly KnownNetwork[]
  readonly switches: readonly KnownSwitch[]
  hasProfile(name: string): boolean
}

/** A phone that is stored and has no place in the networks, and why. */
export type Misfit = { readonly mac: Mac; readonly message: string }

/** What an edited configuration can take the ground from. */
const PLACES = ['/network', '/address', '/switchPort']

/** The phones of the inventory, by MAC address and by fixed address. */
export class PhoneBook {
  readonly #queue: ChangeQueue
  #references: PhoneReferences
  readonly #byMac = new Map<Mac, Phone>()
  readonly #byAddress = new Map<Ipv4, Phone>()
  readonly #byPort = new Map<SwitchPort, Phone>()

  constructor(queue: ChangeQueue, references: PhoneReferences) {
    this.#queue = queue
    this.#references = references
  }

  all(): readonly Phone[] {
    return sortedEntries(this.#byMac)
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
  misfits(): readonly Misfit[] {
    const found: Misfit[] = []
    for (const phone of this.#byMac.values()) {
      for (const { path, message } of findPhoneProblems(phone, this.#surroundings())) {
        if (PLACES.includes(path)) found.push({ mac: phone.mac, message })
      }
    }
    return found
  }

  /** Takes over an entry that is stored already. */
  restore(phone: Phone): void {
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
    this.#byMac.delete(mac)
    if (address !== null) this.#byAddress.delete(address)
    if (switchPort !== undefined) this.#byPort.delete(switchPort)
  }

  #surroundings() {
    return {
      ...this.#references,
      phoneAt: (address: Ipv4) => this.at(address),
      phoneOnPort: (port: SwitchPort) => this.#byPort.get(port),
    }
  }
}
