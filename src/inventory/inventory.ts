import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import type { ByteCache, HeldBytes } from './byte-cache.ts'
import { ChangeQueue } from './change-queue.ts'
import type { SharedFile, StoredFirmware } from './firmware.ts'
import {
  type FirmwareDraft,
  FirmwareRepository,
  type FirmwareUsers,
} from './firmware-repository.ts'
import type { InventoryListener } from './inventory-notice.ts'
import type { DeleteOutcome, NotFound, PutOutcome, Refused, Stored } from './inventory-outcome.ts'
import type {
  InventoryChange,
  InventorySnapshot,
  InventoryStore,
  SharedInventoryStore,
} from './inventory-store.ts'
import type { Phone, Profile } from './phone.ts'
import type { PhoneDraft, PhonePatch } from './phone-draft.ts'
import type { ImportOutcome, PhoneRow } from './phone-import.ts'
import { type MisplacedPhone, PhoneRepository } from './phone-repository.ts'
import type { KnownNetwork, KnownSwitch } from './phone-rules.ts'
import { ProfileRepository } from './profile-repository.ts'
import type { ProfileDraft } from './profile-rules.ts'
import { SharedFileRepository } from './shared-file-repository.ts'

/** What the inventory stands on. */
export type InventoryParts = {
  readonly store: InventoryStore
  readonly cache: ByteCache
  readonly networks: readonly KnownNetwork[]
  readonly switches: readonly KnownSwitch[]
  /** Called with what another appliance has stored and this one cannot use. */
  readonly onFault?: (fault: string) => void
}

/**
 * Phones, profiles, firmware sets and shared files as the operator knows them, in memory.
 *
 * Looking up is immediate. A change is checked, stored, and only then seen and announced; changes
 * are made one after another. Where the store fails, a change rejects with the store's error and
 * nothing has happened.
 *
 * An `expectedRevision` is what the caller has read: undefined if it does not care, 0 if there
 * must be no such entry yet.
 */
export class Inventory {
  readonly #queue: ChangeQueue
  readonly #cache: ByteCache
  readonly #onFault: (fault: string) => void
  readonly #phones: PhoneRepository
  readonly #profiles: ProfileRepository
  readonly #firmware: FirmwareRepository
  readonly #files: SharedFileRepository

  private constructor({ store, cache, networks, switches, onFault }: InventoryParts) {
    this.#onFault = onFault ?? (() => {})
    const shared = isShared(store) ? store : null
    const queue = new ChangeQueue(store, () => this.#catchUp(shared))
    shared?.follow(() => queue.inTurn(() => this.#catchUp(shared)).catch(() => {}))
    this.#queue = queue
    this.#cache = cache
    const hasProfile = (name: string) => this.profile(name) !== undefined
    this.#phones = new PhoneRepository(queue, { networks, switches, hasProfile })
    this.#profiles = new ProfileRepository(queue, () => this.phones())
    this.#firmware = new FirmwareRepository(queue, cache, () => this.profiles())
    this.#files = new SharedFileRepository(queue, cache)
  }

  /** Reads the store. What cannot be used is left out and named in `faults`. */
  static async load(
    parts: InventoryParts,
  ): Promise<{ readonly inventory: Inventory; readonly faults: readonly string[] }> {
    const snapshot = await parts.store.load()
    const inventory = new Inventory(parts)
    return { inventory, faults: [...snapshot.faults, ...inventory.#restore(snapshot)] }
  }

  /** In the order of their MAC addresses. */
  phones(): readonly Phone[] {
    return this.#phones.all()
  }

  phone(mac: Mac): Phone | undefined {
    return this.#phones.get(mac)
  }

  /** The phone that has this fixed address. */
  phoneAt(address: Ipv4): Phone | undefined {
    return this.#phones.at(address)
  }

  profiles(): readonly Profile[] {
    return this.#profiles.all()
  }

  profile(name: string): Profile | undefined {
    return this.#profiles.get(name)
  }

  firmwareSets(): readonly StoredFirmware[] {
    return this.#firmware.all()
  }

  firmwareLoads(): readonly string[] {
    return this.#firmware.all().map(({ load }) => load)
  }

  firmware(load: string): StoredFirmware | undefined {
    return this.#firmware.get(load)
  }

  files(): readonly SharedFile[] {
    return this.#files.all()
  }

  file(name: string): SharedFile | undefined {
    return this.#files.get(name)
  }

  /** The bytes of a firmware or shared file by their SHA-256: shared, not to be changed. */
  content(sha256: string): HeldBytes | undefined {
    return this.#cache.get(sha256)
  }

  /** Tells the listener of each change from now on, until the function that comes back is called. */
  onChange(listener: InventoryListener): () => void {
    return this.#queue.onChange(listener)
  }

  /** Loads edited networks. Phones stay as they were entered. */
  replaceNetworks(networks: readonly KnownNetwork[]): void {
    this.#phones.replaceNetworks(networks)
  }

  /** Loads edited switches. Phones stay as they were entered. */
  replaceSwitches(switches: readonly KnownSwitch[]): void {
    this.#phones.replaceSwitches(switches)
  }

  /** Phones that the networks no longer have a place for, in words. */
  misplacedPhones(): readonly MisplacedPhone[] {
    return this.#phones.misplacedPhones()
  }

  putPhone(draft: PhoneDraft, expectedRevision?: number): Promise<PutOutcome<Phone>> {
    return this.#phones.put(draft, expectedRevision)
  }

  patchPhone(
    mac: Mac,
    patch: PhonePatch,
    expectedRevision?: number,
  ): Promise<PutOutcome<Phone> | NotFound> {
    return this.#phones.patch(mac, patch, expectedRevision)
  }

  /** Enrols and changes the phones of a list, all or none; a dry run says what would be done. */
  importPhones(rows: readonly PhoneRow[], isDryRun: boolean): Promise<ImportOutcome> {
    return this.#phones.import(rows, isDryRun)
  }

  deletePhone(mac: Mac, expectedRevision?: number): Promise<DeleteOutcome> {
    return this.#phones.delete(mac, expectedRevision)
  }

  putProfile(draft: ProfileDraft, expectedRevision?: number): Promise<PutOutcome<Profile>> {
    return this.#profiles.put(draft, expectedRevision)
  }

  /** `in-use` while phones have the profile. */
  deleteProfile(name: string, expectedRevision?: number): Promise<DeleteOutcome> {
    return this.#profiles.delete(name, expectedRevision)
  }

  /** Stores a set that has been checked; one of the same load is replaced as a whole. */
  putFirmware(draft: FirmwareDraft): Promise<Stored<StoredFirmware> | Refused> {
    return this.#firmware.put(draft)
  }

  /** Keeps firmware from being deleted while it is needed by more than profiles. */
  keepFirmwareFor(users: FirmwareUsers): void {
    this.#firmware.keepFor(users)
  }

  /** `in-use` while profiles name the load, or something else is known to need it. */
  deleteFirmware(load: string): Promise<DeleteOutcome> {
    return this.#firmware.delete(load)
  }

  /** Adds or replaces a shared file. `content` is copied. */
  putFile(name: string, content: Uint8Array, nowMs: number): Promise<Stored<SharedFile> | Refused> {
    return this.#files.put(name, content, nowMs)
  }

  deleteFile(name: string): Promise<DeleteOutcome> {
    return this.#files.delete(name)
  }

  /** Shows what other appliances have changed; it was checked where it was entered. */
  async #catchUp(store: SharedInventoryStore | null): Promise<void> {
    for (const change of (await store?.catchUp()) ?? []) {
      const fault = this.#apply(change)
      if (fault !== undefined) this.#onFault(`${change.kind}: ${fault}`)
    }
  }

  /** @returns Why it cannot be used here; it is left as it was. */
  #apply(change: InventoryChange): string | undefined {
    switch (change.kind) {
      case 'put-phone':
        return this.#phones.apply(change.phone)
      case 'delete-phone':
        return this.#phones.applyDeleted(change.mac)
      case 'put-profile':
        return this.#profiles.apply(change.profile)
      case 'delete-profile':
        return this.#profiles.applyDeleted(change.name)
      case 'put-firmware':
        return this.#firmware.apply(change.firmware, change.blobs)
      case 'delete-firmware':
        return this.#firmware.applyDeleted(change.load)
      case 'put-file':
        return this.#files.apply(change.file, change.content)
      case 'delete-file':
        return this.#files.applyDeleted(change.name)
      default:
        return change satisfies never
    }
  }

  #restore({ phones, profiles, firmware, files, blobs }: InventorySnapshot): string[] {
    const faults: string[] = []
    for (const phone of phones) this.#phones.restore(phone)
    for (const profile of profiles) this.#profiles.restore(profile)
    for (const set of firmware) {
      const fault = this.#firmware.restore(set, blobs)
      if (fault !== undefined) faults.push(`firmware ${set.load} is left out: ${fault}`)
    }
    for (const file of files) {
      const fault = this.#files.restore(file, blobs)
      if (fault !== undefined) faults.push(`file ${file.name} is left out: ${fault}`)
    }
    return faults
  }
}

function isShared(store: InventoryStore): store is SharedInventoryStore {
  return 'catchUp' in store
}
