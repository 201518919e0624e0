import t from 'tap'
import { FileCache } from '../../src/files/file-cache.ts'
import { Inventory } from '../../src/inventory/inventory.ts'
import type { InventoryChange } from '../../src/inventory/inventory-store.ts'
import { mergeLines } from '../../src/inventory/line-patch.ts'
import type { Phone } from '../../src/inventory/phone.ts'
import { changedFields } from '../../src/inventory/phone-changes.ts'
import { anInventory, ipOf, macOf, NETWORKS } from '../support/an-inventory.ts'
import { MemoryInventoryStore } from '../support/memory-inventory-store.ts'

const A = macOf('000E84C060A6')
const B = macOf('000E84C060A7')

t.test('a list is one change of the store: all phones, or none', async (t) => {
  const { inventory, store, notices } = await anInventory()
  await inventory.putPhone({ mac: A, label: 'one' })
  const rows = [
    { mac: A, patch: { label: 'two' } },
    { mac: B, patch: { address: ipOf('10.20.0.61') } },
  ]
  store.failure = new Error('disk full')
  await t.rejects(inventory.importPhones(rows, false), /disk full/)
  t.equal(inventory.phone(A)?.label, 'one')
  t.equal(inventory.phone(B), undefined)
  const before = notices.length
  t.match(await inventory.importPhones(rows, true), { kind: 'imported' })
  t.equal(notices.length, before, 'a dry run announces nothing')
  await inventory.importPhones(rows, false)
  t.match(notices.slice(before), [
    {
      kind: 'phone-stored',
      phone: { mac: A, label: 'two', revision: 2 },
      before: { label: 'one' },
    },
    { kind: 'phone-stored', phone: { mac: B, revision: 1 }, before: null },
  ])
  t.match(inventory.phones(), [{ label: 'two' }, { mac: B }])
  t.match(inventory.phoneAt(ipOf('10.20.0.61')), { mac: B })
})

t.test('a revision that is not there any more is a conflict', async (t) => {
  const { inventory } = await anInventory()
  await inventory.putPhone({ mac: A })
  const rows = [
    { mac: B, patch: {}, expectedRevision: 0 },
    { mac: A, patch: {}, expectedRevision: 0 },
  ]
  const outcome = await inventory.importPhones(rows, false)
  t.same(outcome, { kind: 'conflict', mac: A, revision: 1 })
  t.equal(inventory.phone(B), undefined)
})

t.test('more phones than there may be are refused as a whole', async (t) => {
  const many = Array.from({ length: 50_000 }, (_, number) => ({
    mac: macOf(`0200${number.toString(16).padStart(8, '0')}`),
    patch: {},
  }))
  const { inventory } = await anInventory()
  t.match(await inventory.importPhones(many, false), { kind: 'imported' })
  const outcome = await inventory.importPhones([{ mac: A, patch: {} }], false)
  t.match(outcome, { kind: 'refused', problems: [{ index: 0, message: /50000/ }] })
  const known = await inventory.importPhones(
    [{ ...many[0], patch: { label: 'x' } } as never],
    false,
  )
  t.match(known, { kind: 'imported' })
})

t.test('what a row does not change is not checked again', async (t) => {
  const { inventory } = await anInventory()
  await inventory.putPhone({ mac: A, network: 'lab' })
  inventory.replaceNetworks([])
  t.match(await inventory.importPhones([{ mac: A, patch: {} }], false), { kind: 'imported' })
  t.match(await inventory.importPhones([{ mac: A, patch: { label: 'x' } }], false), {
    kind: 'refused',
    problems: [{ path: '/network' }],
  })
})

t.test('lines are changed by their places', async (t) => {
  const stored = [{ name: '1201', password: 'one', contact: 'c' }, { name: '1202' }] as const
  const merge = (...patches: Parameters<typeof mergeLines>[1]) => mergeLines(stored, patches)
  t.same(merge(), {
    lines: [stored[0], { name: '1202', password: null }].map(asDraft),
    problems: [],
  })
  t.same(merge({ name: '1299' }).lines[0], { ...stored[0], name: '1299' }, 'the password stays')
  t.same(merge({ password: null }).lines[0]?.password, null)
  t.same(merge({ displayName: 'Desk' }).lines[0]?.displayName, 'Desk')
  t.same(merge(undefined, { name: null }).lines.length, 1)
  t.same(
    merge(undefined, undefined, undefined, { authName: null }).problems,
    [],
    'nothing to clear',
  )
  const places = (...patches: Parameters<typeof mergeLines>[1]) =>
    merge(...patches).problems.map(({ path, message }) => `${path} ${message}`)
  t.same(places({ name: null }), ['/lines/0/name line 1 cannot be removed while line 2 stays'])
  t.same(places(undefined, undefined, { password: 'x' }), [
    '/lines/2/name line 3 has no name; give it one',
  ])
  t.same(places(undefined, undefined, undefined, { name: '1204' }), [
    '/lines/2/name line 3 has no name, but line 4 has one',
  ])
})

const asDraft = (line: object) => ({ password: null, ...line })

t.test('changes are named, without their values', async (t) => {
  const { inventory } = await anInventory()
  const put = await inventory.putPhone({
    mac: A,
    label: 'x',
    lines: [{ name: '1', password: 'hush' }],
    settings: { phone_label: 'a', phone_password: 'b' },
  })
  const phone = put.kind === 'created' ? put.value : t.fail()
  t.same(changedFields(undefined, phone as never), [
    'label',
    'line1_name',
    'line1_password',
    'settings.phone_label',
    'settings.phone_password',
  ])
  const other = {
    ...(phone as object),
    trustAddress: true,
    lines: [],
    settings: { phone_label: 'a' },
  }
  t.same(changedFields(phone as never, other as never), [
    'trustAddress',
    'line1_name',
    'line1_password',
    'settings.phone_password',
  ])
})

t.test('another appliance follows phones that exchange their addresses', async (t) => {
  let others: InventoryChange[] = []
  let report = () => {}
  const store = Object.assign(new MemoryInventoryStore(), {
    catchUp: async () => others,
    follow: (listener: () => void) => {
      report = listener
    },
  })
  const cache = new FileCache(1e6)
  const { inventory } = await Inventory.load({ store, cache, networks: NETWORKS, switches: [] })
  const [one, two] = [ipOf('10.20.0.61'), ipOf('10.20.0.62')]
  await inventory.putPhone({ mac: A, address: one })
  await inventory.putPhone({ mac: B, address: two })
  const changed = (mac: typeof A, address: typeof one): InventoryChange => {
    const phone = inventory.phone(mac) as Phone
    return { kind: 'put-phone', phone: { ...phone, address, revision: 2 } }
  }
  others = [changed(A, two), changed(B, one)]
  report()
  await inventory.importPhones([], true)
  t.equal(inventory.phoneAt(two)?.mac, A)
  t.equal(inventory.phoneAt(one)?.mac, B)
})
