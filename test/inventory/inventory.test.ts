import { createHash } from 'node:crypto'
import { join } from 'node:path'
import t from 'tap'
import { Database } from '../../src/adapters/sqlite/database.ts'
import { SqliteInventoryStore } from '../../src/adapters/sqlite/inventory-store.ts'
import { FileCache } from '../../src/files/file-cache.ts'
import { Inventory } from '../../src/inventory/inventory.ts'
import { phoneFromDraft } from '../../src/inventory/phone-draft.ts'
import { anInventory, ipOf, macOf, NETWORKS, SWITCHES } from '../support/an-inventory.ts'

const MAC = macOf('000E84C060A6')
const shaOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

t.test('everything is there again after a restart, bytes included', async (t) => {
  const file = join(t.testdir(), 'switchhook.db')
  const first = await Database.open(file)
  const before = await load(first)
  await before.putProfile({ name: 'to-sip', protocol: 'sip', load: 'P0S3-8-12-00' })
  await before.putPhone({ mac: MAC, profile: 'to-sip', address: ipOf('10.20.0.61') })
  const contents = new Map([['a', Uint8Array.of(1, 2)]])
  await before.putFirmware({
    load: 'P0S3-8-12-00',
    protocol: 'sip',
    loader: null,
    addedAtMs: 1,
    contents,
  })
  await before.putFile('bell.raw', Uint8Array.of(3), 2)
  await first.close()
  const second = await Database.open(file)
  const after = await load(second)
  t.same(after.phones(), before.phones())
  t.same(after.profiles(), before.profiles())
  t.same(after.firmwareSets(), before.firmwareSets())
  t.same(after.files(), before.files())
  t.equal(after.phoneAt(ipOf('10.20.0.61'))?.mac, MAC)
  t.same(after.content(shaOf(Uint8Array.of(1, 2)))?.bytes, Uint8Array.of(1, 2))
  t.same(after.content(shaOf(Uint8Array.of(3)))?.bytes, Uint8Array.of(3))
  await second.close()
})

async function load(database: Database): Promise<Inventory> {
  const parts = {
    store: new SqliteInventoryStore(database),
    cache: new FileCache(1e6),
    networks: NETWORKS,
    switches: SWITCHES,
  }
  return (await Inventory.load(parts)).inventory
}

t.test('a phone keeps its place when its network leaves the configuration', async (t) => {
  const phone = phoneFromDraft({ mac: MAC, network: 'gone' }, undefined)
  const { inventory, faults } = await anInventory({ phones: [phone] })
  t.same(inventory.phones(), [phone])
  t.same(faults, [])
})

t.test('what cannot be used is left out and named, with the faults of the store', async (t) => {
  const good = Uint8Array.of(1)
  const damaged = Uint8Array.of(2)
  const set = (load: string, ...hashes: string[]) => ({
    load,
    protocol: 'sip' as const,
    loader: null,
    addedAtMs: 1,
    files: hashes.map((sha256) => ({ name: 'image', bytes: 1, sha256 })),
  })
  const file = (name: string, sha256: string) => ({ name, bytes: 1, sha256, addedAtMs: 1 })
  const missing = 'f'.repeat(64)
  const { inventory, faults, cache } = await anInventory({
    firmware: [set('A', shaOf(good)), set('B', shaOf(good), missing), set('C', '0'.repeat(64))],
    files: [file('a', shaOf(good)), file('b', missing)],
    blobs: new Map([
      [shaOf(good), good],
      ['0'.repeat(64), damaged],
    ]),
    faults: ['phone 1 is left out: no record'],
  })
  t.same(inventory.firmwareLoads(), ['A'])
  t.same(
    inventory.files().map(({ name }) => name),
    ['a'],
  )
  t.same(faults, [
    'phone 1 is left out: no record',
    'firmware B is left out: image: its bytes are missing',
    'firmware C is left out: image: its bytes are damaged',
    'file b is left out: its bytes are missing',
  ])
  t.equal(cache.heldBytes, 2, 'by set A and by file a, and by nothing that is left out')
})

t.test('more firmware than the cache takes does not stop the start', async (t) => {
  const bytes = new Uint8Array(60)
  const more = new Uint8Array(61)
  const file = (name: string, of: Uint8Array) => ({
    name,
    bytes: of.length,
    sha256: shaOf(of),
    addedAtMs: 1,
  })
  const { inventory, faults } = await anInventory(
    {
      files: [file('a', bytes), file('b', more)],
      blobs: new Map([
        [shaOf(bytes), bytes],
        [shaOf(more), more],
      ]),
    },
    100,
  )
  t.same(
    inventory.files().map(({ name }) => name),
    ['a'],
  )
  t.match(faults, [/file b is left out: content of 61 bytes does not fit/])
})
