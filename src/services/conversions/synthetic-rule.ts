import type { CachedFile } from '../../files/file-cache.ts'
import type { StoredFirmware } from '../../inventory/firmware.ts'
import type { Inventory } from '../../inventory/inventory.ts'
import type { Ipv4 } from '../../net/ipv4.ts'
import type { Subnet } from '../../net/subnet.ts'

/** A network, as far as it matters here. */
type Place = { readonly name: string; readonly subnet: Subnet }

/** How synthetic firmware is told from Cisco's; the simulator, which makes it, knows its mark. */
export type SyntheticMark = {
  readonly isImage: (bytes: Uint8Array) => boolean
  readonly isSet: (
    set: StoredFirmware,
    content: (sha256: string) => { readonly bytes: Uint8Array } | undefined,
  ) => boolean
}

/** What the rule is made of. */
export type SyntheticRuleParts = {
  readonly networks: readonly Place[]
  readonly inventory: Pick<Inventory, 'firmware' | 'firmwareSets' | 'content'>
  readonly mark: SyntheticMark
  /** `serve --rehearsal`: simulated phones stand on the networks, and may have it everywhere. */
  readonly rehearsal: boolean
}

/**
 * Where synthetic firmware may go. A real phone on unsigned firmware takes any image and would have
 * filling for its loader, so synthetic firmware stays on loopback, where no real phone can be; other
 * networks get it in a rehearsal only.
 */
export class SyntheticRule {
  readonly rehearsal: boolean
  readonly #inventory: SyntheticRuleParts['inventory']
  readonly #mark: SyntheticMark
  readonly #seen = new WeakMap<CachedFile, boolean>()
  #loopback: ReadonlyMap<string, boolean>

  constructor({ networks, inventory, mark, rehearsal }: SyntheticRuleParts) {
    this.rehearsal = rehearsal
    this.#inventory = inventory
    this.#mark = mark
    this.#loopback = loopbackByName(networks)
  }

  /** The networks in force have been edited. */
  replaceNetworks(networks: readonly Place[]): void {
    this.#loopback = loopbackByName(networks)
  }

  /** Whether the set of this load is synthetic; false where there is none. */
  isSynthetic(load: string): boolean {
    const set = this.#inventory.firmware(load)
    if (set === undefined) return false
    return this.#mark.isSet(set, (sha256) => this.#inventory.content(sha256))
  }

  /**
   * Why phones of a network may not be converted to a load; undefined where they may.
   *
   * @param network - Null: any of them, for a phone that is not tied to one.
   */
  vetoOn(network: string | null, load: string): string | undefined {
    if (this.#isAllowedOn(network) || !this.isSynthetic(load)) return undefined
    const where = network === null ? 'a network' : `network ${network}, which is one`
    return `the firmware of ${load} is synthetic, made for simulated phones; it is not served to ${where} where real phones may be`
  }

  /** Why no network here may have the load; undefined where one of them may. */
  vetoEverywhere(load: string): string | undefined {
    const names = [...this.#loopback.keys()]
    return names.some((name) => this.#isAllowedOn(name)) ? undefined : this.vetoOn(null, load)
  }

  /** Loads whose firmware is not synthetic. */
  shippedLoads(): readonly string[] {
    return this.#inventory
      .firmwareSets()
      .map(({ load }) => load)
      .filter((load) => !this.isSynthetic(load))
  }

  /**
   * Why the files of a load must not be stored; undefined where they may. A rehearsal takes nothing that
   * a real phone could run, and synthetic firmware never replaces what Cisco ships.
   */
  vetoStoring(load: string, files: ReadonlyMap<string, Uint8Array>): string | undefined {
    const isSynthetic = [...files.values()].some((bytes) => this.#mark.isImage(bytes))
    if (this.rehearsal && !isSynthetic) {
      return 'is not synthetic; a rehearsal takes synthetic firmware alone (switchhook simulate --make-firmware)'
    }
    if (isSynthetic && this.#inventory.firmware(load) !== undefined && !this.isSynthetic(load)) {
      return `is synthetic and would replace ${load} as Cisco ships it; remove that first if it is to be replaced`
    }
    return undefined
  }

  /** Whether a client may have a file, by its content: whatever it is called, and wherever it is kept. */
  mayHave(client: Ipv4, file: CachedFile): boolean {
    if (this.rehearsal || isLoopbackAddress(client)) return true
    const before = this.#seen.get(file)
    if (before !== undefined) return !before
    const synthetic = this.#mark.isImage(file.bytes)
    this.#seen.set(file, synthetic)
    return !synthetic
  }

  #isAllowedOn(network: string | null): boolean {
    if (this.rehearsal) return true
    if (network !== null) return this.#loopback.get(network) === true
    return [...this.#loopback.values()].every(Boolean)
  }
}

function loopbackByName(networks: readonly Place[]): ReadonlyMap<string, boolean> {
  return new Map(
    networks.map(({ name, subnet }) => [
      name,
      subnet.prefixLength >= LOOPBACK_PREFIX && isLoopbackAddress(subnet.base),
    ]),
  )
}

/** 127.0.0.0/8 (RFC 1122 section 3.2.1.3): the kernel takes no packet from it off a wire. */
const LOOPBACK_PREFIX = 8
const LOOPBACK = 127

function isLoopbackAddress(address: Ipv4): boolean {
  return address >>> 24 === LOOPBACK
}
