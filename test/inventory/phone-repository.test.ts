import t from 'tap'
import { parseSwitchPort, type SwitchPort } from '../../src/net/switch-port.ts'
import { anInventory, ipOf, macOf } from '../support/an-inventory.ts'

const MAC = macOf('000E84C060A6')
const OTHER = macOf('0015FA000001')
const LINE = { name: '1201', authName: 'auth', password: 's3cret' }

t.test('a phone is stored, then seen, then announced', async (t) => {
  const { inventory, store, notices } = await anInventory()
  const putting = inventory.putPhone({ mac: MAC, model: '7960', network: 'bench', lines: [LINE] })
  t.equal(inventory.phone(MAC), undefined, 'not before it is stored')
  const phone = {
    mac: MAC,
    model: '7960',
    label: null,
    network: 'bench',
    profile: null,
    address: null,
    lines: [LINE],
    settings: {},
    revision: 1,
  }
  t.same(await putting, { kind: 'created', value: phone })
  t.same(inventory.phone(MAC), phone)
  t.same(store.committed, [{ kind: 'put-phone', phone }])
  t.same(notices, [{ kind: 'phone-stored', phone, before: null }])
})

t.test('what the store refuses has not happened, and the next change goes on', async (t) => {
  const { inventory, store, notices } = await anInventory()
  store.failure = new Error('disk full')
  const first = inventory.putPhone({ mac: MAC })
  const second = inventory.putPhone({ mac: OTHER })
  await t.rejects(first, /disk full/)
  t.match(await second, { kind: 'created' })
  t.same(
    inventory.phones().map(({ mac }) => mac),
    [OTHER],
  )
  t.equal(notices.length, 1)
})

t.test('the same again changes nothing; something else counts the revision', async (t) => {
  const { inventory, store } = await anInventory()
  await inventory.putPhone({ mac: MAC, settings: { phone_label: 'Lab', time_zone: 'CET' } })
  const again = { mac: MAC, settings: { time_zone: 'CET', phone_label: 'Lab' } }
  t.match(await inventory.putPhone(again), { kind: 'unchanged', value: { revision: 1 } })
  t.equal(store.committed.length, 1)
  const other = await inventory.putPhone({ mac: MAC, label: 'desk' })
  t.match(other, { kind: 'replaced', value: { revision: 2, settings: {} } })
})

t.test('a revision that is no longer current is a conflict', async (t) => {
  const { inventory } = await anInventory()
  t.same(await inventory.putPhone({ mac: MAC }, 1), { kind: 'conflict', revision: 0 })
  t.match(await inventory.putPhone({ mac: MAC }, 0), { kind: 'created' })
  t.same(await inventory.putPhone({ mac: MAC }, 0), { kind: 'conflict', revision: 1 })
  const both = await Promise.all([
    inventory.putPhone({ mac: MAC, label: 'mine' }, 1),
    inventory.putPhone({ mac: MAC, label: 'yours' }, 1),
  ])
  t.match(both, [{ kind: 'replaced' }, { kind: 'conflict', revision: 2 }])
  t.equal(inventory.phone(MAC)?.label, 'mine')
  t.same(await inventory.patchPhone(MAC, {}, 1), { kind: 'conflict', revision: 2 })
  t.same(await inventory.deletePhone(MAC, 1), { kind: 'conflict', revision: 2 })
  t.same(await inventory.deletePhone(MAC, 2), { kind: 'deleted' })
})

t.test('two phones never get one address, even when asked for at once', async (t) => {
  const { inventory } = await anInventory()
  const address = ipOf('10.20.0.61')
  const [first, second] = await Promise.all([
    inventory.putPhone({ mac: MAC, address }),
    inventory.putPhone({ mac: OTHER, address }),
  ])
  t.match(first, { kind: 'created' })
  t.same(second, {
    kind: 'refused',
    problems: [{ path: '/address', message: '10.20.0.61 is the address of phone 000E84C060A6' }],
  })
  t.equal(inventory.phoneAt(address)?.mac, MAC)
  t.match(await inventory.putPhone({ mac: MAC, address: ipOf('10.20.0.62') }), { kind: 'replaced' })
  t.match(await inventory.putPhone({ mac: OTHER, address }), { kind: 'created' }, 'it is free now')
  t.equal(inventory.phoneAt(address)?.mac, OTHER)
  await inventory.deletePhone(OTHER)
  t.equal(inventory.phoneAt(address), undefined)
})

t.test('a patch changes what it names (RFC 7396)', async (t) => {
  const { inventory } = await anInventory()
  t.same(await inventory.patchPhone(MAC, {}), { kind: 'not-found' })
  await inventory.putPhone({
    mac: MAC,
    model: '7960',
    label: 'desk',
    address: ipOf('10.20.0.61'),
    lines: [LINE],
    settings: { phone_label: 'Lab', time_zone: 'CET' },
  })
  t.match(await inventory.patchPhone(MAC, {}), { kind: 'unchanged' })
  await inventory.patchPhone(MAC, {
    label: null,
    settings: { time_zone: null, language: 'english' },
  })
  t.same(inventory.phone(MAC), {
    mac: MAC,
    model: '7960',
    label: null,
    network: null,
    profile: null,
    address: ipOf('10.20.0.61'),
    lines: [LINE],
    settings: { phone_label: 'Lab', language: 'english' },
    revision: 2,
  })
  await inventory.patchPhone(MAC, { lines: [{ name: '1201' }, { name: '1202' }], address: null })
  t.match(inventory.phone(MAC), {
    lines: [{ name: '1201', password: 's3cret' }, { name: '1202' }],
    address: null,
  })
  t.equal(inventory.phoneAt(ipOf('10.20.0.61')), undefined)
  await inventory.patchPhone(MAC, { lines: null, settings: null })
  t.match(inventory.phone(MAC), { lines: [], settings: {} })
})

t.test('a phone that is deleted is gone and announced', async (t) => {
  const { inventory, notices, stopListening } = await anInventory()
  t.same(await inventory.deletePhone(MAC), { kind: 'not-found' })
  await inventory.putPhone({ mac: MAC })
  const phone = inventory.phone(MAC)
  t.same(await inventory.deletePhone(MAC), { kind: 'deleted' })
  t.same(inventory.phones(), [])
  t.same(notices.at(-1), { kind: 'phone-deleted', phone })
  stopListening()
  await inventory.putPhone({ mac: MAC })
  t.equal(notices.length, 2, 'who stops listening hears no more')
})

t.test('phones are listed in the order of their addresses', async (t) => {
  const { inventory } = await anInventory()
  for (const mac of ['0015FA000001', '000E84C060A6', '001111111111']) {
    await inventory.putPhone({ mac: macOf(mac) })
  }
  const macs = inventory.phones().map(({ mac }) => mac)
  t.same(macs, ['000E84C060A6', '001111111111', '0015FA000001'])
})

t.test('edited networks leave some phones without a place, and these are named', async (t) => {
  const { inventory } = await anInventory()
  const address = ipOf('10.20.0.60')
  await inventory.putPhone({ mac: MAC, network: 'bench', address, settings: {} })
  await inventory.putPhone({ mac: OTHER })
  t.same(inventory.misplacedPhones(), [])
  inventory.replaceNetworks([])
  t.same(inventory.misplacedPhones(), [
    { mac: MAC, message: 'there is no network bench, nor any other' },
  ])
})

t.test('two phones are not on one port, and a port that is given back may be taken', async (t) => {
  const { inventory } = await anInventory()
  const switchPort = parseSwitchPort('sw1/7') as SwitchPort
  await inventory.putPhone({ mac: MAC, switchPort })
  const message = `sw1/7 is the port of phone ${MAC}`
  const refused = { kind: 'refused', problems: [{ path: '/switchPort', message }] }
  t.same(await inventory.putPhone({ mac: OTHER, switchPort }), refused)
  await inventory.patchPhone(MAC, { switchPort: null })
  t.match(await inventory.putPhone({ mac: OTHER, switchPort }), { kind: 'created' })
  t.same(inventory.misplacedPhones(), [])
  inventory.replaceSwitches([])
  t.same(inventory.misplacedPhones(), [
    { mac: OTHER, message: 'there is no switch sw1; there is none' },
  ])
})
