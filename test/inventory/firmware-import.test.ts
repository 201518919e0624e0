import t from 'tap'
import { importFirmware } from '../../src/inventory/firmware-import.ts'
import { anInventory } from '../support/an-inventory.ts'
import { ascii, aUalSet } from '../support/synthetic-image.ts'

const LOAD = 'P0S3-8-12-00'
const aSet = () => aUalSet(LOAD, 'P003-8-12-00')

t.test('a whole set is imported, from a sub-folder and with papers beside it', async (t) => {
  const { inventory } = await anInventory()
  const files = new Map([...aSet()].map(([name, bytes]) => [`P0S3-8-12-00/${name}`, bytes]))
  files.set('P0S3-8-12-00/README.txt', ascii('read me'))
  const outcome = await importFirmware(inventory, { kind: 'ok', files }, 77)
  t.match(outcome, {
    kind: 'created',
    value: { load: LOAD, protocol: 'sip', loader: 'P003-8-12-00', addedAtMs: 77 },
    ignored: [{ file: 'P0S3-8-12-00/README.txt', why: 'is no firmware' }],
  })
  const set = inventory.firmware(LOAD)
  t.same(set?.files.map(({ name }) => name).sort(), [...aSet().keys()].sort())
  for (const { name, sha256 } of set?.files ?? []) {
    const wanted = aSet().get(name) ?? new Uint8Array()
    t.equal(Buffer.compare(inventory.content(sha256)?.bytes ?? wanted, wanted), 0, name)
    t.not(inventory.content(sha256), undefined)
  }
  const again = await importFirmware(inventory, { kind: 'ok', files: aSet() }, 78)
  t.match(again, { kind: 'unchanged', value: { addedAtMs: 77 } })
})

t.test('of a set that is not good nothing is stored', async (t) => {
  const { inventory, store, cache } = await anInventory()
  const files = aSet()
  files.delete(`${LOAD}.loads`)
  const outcome = await importFirmware(inventory, { kind: 'ok', files }, 77)
  t.match(outcome, { kind: 'refused', problems: [{ file: `${LOAD}.loads`, fault: /missing/ }] })
  t.same(store.committed, [])
  t.equal(cache.counters().files, 0)
})

t.test('an archive that cannot be read says so itself', async (t) => {
  const { inventory } = await anInventory()
  const refused = { kind: 'refused', problems: [{ file: 'a', fault: 'is encrypted' }] } as const
  t.same(await importFirmware(inventory, refused, 77), refused)
})

t.test(
  'a set that the cache has no room for is refused by the file that did not fit',
  async (t) => {
    const { inventory } = await anInventory({}, 400_000)
    const outcome = await importFirmware(inventory, { kind: 'ok', files: aSet() }, 77)
    t.match(outcome, {
      kind: 'refused',
      problems: [{ file: `${LOAD}.sb2`, fault: /does not fit/ }],
    })
  },
)

t.test('a set that must not be stored is refused by its load', async (t) => {
  const { inventory, store } = await anInventory()
  const asked: unknown[] = []
  const veto = (load: string, files: ReadonlyMap<string, Uint8Array>) => {
    asked.push([load, [...files.keys()].sort()])
    return 'is not for here'
  }
  const outcome = await importFirmware(inventory, { kind: 'ok', files: aSet() }, 77, veto)
  t.same(outcome, { kind: 'refused', problems: [{ file: LOAD, fault: 'is not for here' }] })
  t.same(asked, [[LOAD, [...aSet().keys()].sort()]])
  t.same(store.committed, [])
})
