import t from 'tap'
import { PoeSwitch, type SwitchFault } from '../../src/simulator/poe-switch.ts'

const aSwitch = (fault: SwitchFault = 'none') =>
  new PoeSwitch({ community: 'private', group: 1, ports: [7, 12], fault })

const octets = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'))
const hexOf = (bytes: Uint8Array | null) =>
  bytes === null ? null : Buffer.from(bytes).toString('hex')

/** `snmpset -v2c -c private … 1.3.6.1.2.1.105.1.1.1.3.1.7 i VALUE`, as Net-SNMP 5.9 sends it. */
const set = (port: number, value: number) =>
  octets(`302f 020101 0407 70726976617465 a321 0204 1a2b3c4d 020100 020100
    3013 3011 060c 2b06010201690101010301 ${port.toString(16).padStart(2, '0')} 0201 ${value.toString(16).padStart(2, '0')}`)
/** `snmpget` of the same. */
const get = (column: number, port: number) =>
  octets(`302e 020101 0407 70726976617465 a020 0204 1a2b3c4d 020100 020100
    3012 3010 060c 2b060102016901010 1 0${column} 01 ${port.toString(16).padStart(2, '0')} 0500`)

/** The error status of a response, and its last octet, which is that of the value. */
function read(bytes: Uint8Array | null) {
  const hex = hexOf(bytes) ?? ''
  const [, error] = /02041a2b3c4d0201(..)0201/.exec(hex) ?? []
  return { error: Number.parseInt(error ?? 'ff', 16), value: Number.parseInt(hex.slice(-2), 16) }
}

t.test('a port is switched off and on, and says so', async (t) => {
  const one = aSwitch()
  t.same(read(one.onDatagram(get(3, 7)).reply), { error: 0, value: 1 })
  t.same(read(one.onDatagram(get(6, 7)).reply), { error: 0, value: 3 })
  const off = one.onDatagram(set(7, 2))
  t.same(off.changes, [{ port: 7, isOn: false }])
  t.same(read(off.reply), { error: 0, value: 2 })
  t.equal(
    hexOf(off.reply),
    hexOf(set(7, 2))?.replace('a321', 'a221'),
    'the same as was asked, as a response',
  )
  t.notOk(one.isOn(7))
  t.ok(one.isOn(12))
  t.same(read(one.onDatagram(get(6, 7)).reply), { error: 0, value: 1 })
  t.same(one.onDatagram(set(7, 2)).changes, [], 'it is off already')
  t.same(one.onDatagram(set(7, 1)).changes, [{ port: 7, isOn: true }])
})

t.test('what cannot be set', async (t) => {
  const one = aSwitch()
  t.match(read(one.onDatagram(set(8, 2)).reply), { error: 17 }, 'no such port')
  t.match(read(one.onDatagram(set(7, 3)).reply), { error: 10 }, 'no truth value')
  t.match(read(aSwitch('refuses').onDatagram(set(7, 2)).reply), { error: 6 })
  const stays = aSwitch('stays-off')
  t.match(read(stays.onDatagram(set(7, 2)).reply), { error: 0 })
  t.match(read(stays.onDatagram(set(7, 1)).reply), { error: 6 })
  t.notOk(stays.isOn(7))
})

t.test('messages that get no answer', async (t) => {
  const one = aSwitch()
  const other = hexOf(set(7, 2))?.replace('70726976617465', '70726976617466') ?? ''
  t.equal(one.onDatagram(octets(other)).reply, null, 'another community')
  t.equal(aSwitch('silent').onDatagram(set(7, 2)).reply, null)
  for (const hex of ['', '30', '3003020101', '308200', '3080', '0500', '300702010104007000']) {
    t.equal(one.onDatagram(octets(hex)).reply, null, hex)
  }
  const whole = set(7, 2)
  for (let length = 0; length < whole.length; length++) {
    t.same(one.onDatagram(whole.subarray(0, length)).changes, [], `cut to ${length}`)
  }
  const version1 = hexOf(whole)?.replace('020101', '020100') ?? ''
  t.equal(one.onDatagram(octets(version1)).reply, null, 'SNMPv1')
})

t.test('an instance that is not there, and the way through the table', async (t) => {
  const one = aSwitch()
  t.match(hexOf(one.onDatagram(get(3, 8)).reply), /8100$/)
  const walk = (from: Uint8Array) => {
    const request = Uint8Array.from(from)
    request[14] = 0xa1
    return hexOf(one.onDatagram(request).reply) ?? ''
  }
  t.match(walk(get(3, 7)), /030[1]0c020101$/, 'port 12 behind port 7')
  t.match(walk(get(3, 12)), /06010[7]020103$/, 'then the next column')
  t.match(walk(get(6, 12)), /8200$/, 'then the end')
})
