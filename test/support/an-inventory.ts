import { type CachedFile, FileCache } from '../../src/files/file-cache.ts'
import { Inventory } from '../../src/inventory/inventory.ts'
import type { InventoryNotice } from '../../src/inventory/inventory-notice.ts'
import type { InventorySnapshot } from '../../src/inventory/inventory-store.ts'
import type { KnownNetwork } from '../../src/inventory/phone-rules.ts'
import { type Ipv4, parseIpv4 } from '../../src/net/ipv4.ts'
import { type Mac, parseMac } from '../../src/net/mac.ts'
import { parseSubnet, type Subnet } from '../../src/net/subnet.ts'
import { MemoryInventoryStore } from './memory-inventory-store.ts'

const aNetwork = (name: string, subnet: string, router: string): KnownNetwork => ({
  name,
  subnet: parseSubnet(subnet) as Subnet,
  taken: new Map([[parseIpv4(router) as Ipv4, 'the router of the network']]),
})

/** `bench` is 10.20.0.0/24, `lab` 10.30.0.0/24; 1 is the router of each. */
export const NETWORKS = [
  aNetwork('bench', '10.20.0.0/24', '10.20.0.1'),
  aNetwork('lab', '10.30.0.0/24', '10.30.0.1'),
]

/** One switch, whose ports are in group 1 unless they say otherwise. */
export const SWITCHES = [{ name: 'sw1', portGroup: 1 }]

/** A file cache that tells how many octets are held, each hold counted. */
class CountingCache extends FileCache {
  heldBytes = 0

  override retain(file: CachedFile): void {
    this.heldBytes += file.bytes.length
    super.retain(file)
  }

  override release(file: CachedFile): void {
    this.heldBytes -= file.bytes.length
    super.release(file)
  }
}

/** An inventory over stores in memory, and what it has announced. */
export async function anInventory(snapshot: Partial<InventorySnapshot> = {}, cacheBytes = 8e6) {
  const store = new MemoryInventoryStore(snapshot)
  const cache = new CountingCache(cacheBytes)
  const { inventory, faults } = await Inventory.load({
    store,
    cache,
    networks: NETWORKS,
    switches: SWITCHES,
  })
  const notices: InventoryNotice[] = []
  const stopListening = inventory.onChange((notice) => notices.push(notice))
  return { inventory, faults, store, cache, notices, stopListening }
}

export const macOf = (text: string) => parseMac(text) as Mac
export const ipOf = (text: string) => parseIpv4(text) as Ipv4
