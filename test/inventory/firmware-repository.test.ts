import t from 'tap'
import { anInventory } from '../support/an-inventory.ts'

const bytes = (...octets: number[]) => Uint8Array.from(octets)
const aDraft = (contents: Record<string, Uint8Array>, load = 'P0S3-8-12-00', addedAtMs = 5) => ({
  load,
  protocol: 'sip' as const,
  loader: 'P003-8-12-00',
  addedAtMs,
  contents: new Map(Object.entries(contents)),
})
// printf '\1\2\3' | sha256sum
const SHA_123 = '039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81'

t.test('a set is stored with its bytes, held in the cache, and announced', async (t) => {
  const { inventory, store, cache, notices } = await anInventory()
  const outcome = await inventory.putFirmware(aDraft({ 'a.sb2': bytes(1, 2, 3), 'b.sbn': bytes() }))
  const set = inventory.firmware('P0S3-8-12-00')
  t.same(outcome, { kind: 'created', value: set })
  t.match(set, {
    load: 'P0S3-8-12-00',
    protocol: 'sip',
    loader: 'P003-8-12-00',
    addedAtMs: 5,
    files: [
      { name: 'a.sb2', bytes: 3, sha256: SHA_123 },
      { name: 'b.sbn', bytes: 0 },
    ],
  })
  t.notOk('contents' in (set ?? {}), 'the bytes are in the cache alone')
  t.same(inventory.content(SHA_123)?.bytes, bytes(1, 2, 3))
  t.equal(cache.heldBytes, 3)
  t.match(store.committed, [{ kind: 'put-firmware', firmware: { load: 'P0S3-8-12-00' } }])
  t.same(notices, [{ kind: 'firmware-stored', firmware: set, before: null }])
  t.same(inventory.firmwareLoads(), ['P0S3-8-12-00'])
  t.same(inventory.firmwareSets(), [set])
})

t.test('the same bytes again are the same set, whatever the day', async (t) => {
  const { inventory, store, cache } = await anInventory()
  await inventory.putFirmware(aDraft({ a: bytes(1, 2, 3) }))
  const again = await inventory.putFirmware(aDraft({ a: bytes(1, 2, 3) }, undefined, 99))
  t.match(again, { kind: 'unchanged', value: { addedAtMs: 5 } })
  t.equal(store.committed.length, 1)
  await inventory.deleteFirmware('P0S3-8-12-00')
  t.equal(cache.heldBytes, 0, 'nothing stays held twice')
})

t.test('other bytes for a load replace its set and let go of the old ones', async (t) => {
  const { inventory, cache, notices } = await anInventory()
  await inventory.putFirmware(aDraft({ a: bytes(1, 2, 3), b: bytes(4) }))
  const before = inventory.firmware('P0S3-8-12-00')
  const outcome = await inventory.putFirmware(aDraft({ a: bytes(1, 2, 3), b: bytes(5, 6) }))
  t.match(outcome, { kind: 'replaced' })
  t.equal(cache.heldBytes, 5)
  t.same(notices.at(-1), {
    kind: 'firmware-stored',
    firmware: inventory.firmware('P0S3-8-12-00'),
    before,
  })
})

t.test('bytes that two sets share are held until both are gone', async (t) => {
  const { inventory, cache } = await anInventory()
  await inventory.putFirmware(aDraft({ a: bytes(1, 2, 3) }, 'P0S3-8-12-00'))
  await inventory.putFirmware(aDraft({ a: bytes(1, 2, 3) }, 'P0S3-8-11-00'))
  t.equal(cache.heldBytes, 6, 'once for each')
  await inventory.deleteFirmware('P0S3-8-12-00')
  t.equal(cache.heldBytes, 3)
  await inventory.deleteFirmware('P0S3-8-11-00')
  t.equal(cache.heldBytes, 0)
})

t.test('a set that the store or the cache has no room for leaves nothing behind', async (t) => {
  const { inventory, store, cache, notices } = await anInventory({}, 100)
  store.failure = new Error('disk full')
  await t.rejects(inventory.putFirmware(aDraft({ a: bytes(1, 2, 3) })), /disk full/)
  t.equal(cache.heldBytes, 0)
  const large = await inventory.putFirmware(aDraft({ a: bytes(1), b: new Uint8Array(200) }))
  t.match(large, { kind: 'refused', problems: [{ path: 'b', message: /200 bytes does not fit/ }] })
  t.equal(cache.heldBytes, 0)
  t.same(inventory.firmwareSets(), [])
  t.same(notices, [])
})

t.test('a load that profiles name stays', async (t) => {
  const { inventory, notices } = await anInventory()
  t.same(await inventory.deleteFirmware('P0S3-8-12-00'), { kind: 'not-found' })
  await inventory.putFirmware(aDraft({ a: bytes(1) }))
  await inventory.putProfile({ name: 'to-sip', protocol: 'sip', load: 'P0S3-8-12-00' })
  t.same(await inventory.deleteFirmware('P0S3-8-12-00'), { kind: 'in-use', by: ['profile to-sip'] })
  await inventory.deleteProfile('to-sip')
  t.same(await inventory.deleteFirmware('P0S3-8-12-00'), { kind: 'deleted' })
  t.match(notices.at(-1), { kind: 'firmware-deleted', firmware: { load: 'P0S3-8-12-00' } })
})

t.test('a load that is needed stays, and both that need it are named', async (t) => {
  const { inventory } = await anInventory()
  const converting = ['phone 000E84C060A6']
  inventory.keepFirmwareFor((load) => (load === 'P0S3-8-12-00' ? converting : []))
  await inventory.putFirmware(aDraft({ a: bytes(1) }))
  await inventory.putFirmware(aDraft({ a: bytes(2) }, 'P0S3-8-11-00'))
  await inventory.putProfile({ name: 'to-sip', protocol: 'sip', load: 'P0S3-8-12-00' })
  const by = ['profile to-sip', 'phone 000E84C060A6']
  t.same(await inventory.deleteFirmware('P0S3-8-12-00'), { kind: 'in-use', by })
  t.same(await inventory.deleteFirmware('P0S3-8-11-00'), { kind: 'deleted' })
  await inventory.deleteProfile('to-sip')
  t.same(await inventory.deleteFirmware('P0S3-8-12-00'), { kind: 'in-use', by: converting })
  converting.pop()
  t.same(await inventory.deleteFirmware('P0S3-8-12-00'), { kind: 'deleted' })
})
