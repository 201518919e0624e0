import t from 'tap'
import {
  readRelayInformation,
  rememberedOverride,
  serverIdOverride,
  wasUnicast,
} from '../../src/dhcp/relay-information.ts'
import { aDiscover, ip, octetsOf, relayOptions } from '../support/a-dhcp-message.ts'

const relayed = (value: Uint8Array, giaddr = '10.30.0.1') =>
  aDiscover({ giaddr, options: [[82, value]] })

t.test('RFC 3046 section 2.1: option 82 decides something behind a relay agent only', async (t) => {
  const value = relayOptions([[1, Uint8Array.of(7)]])
  t.same([...(readRelayInformation(relayed(value)) ?? [])], [[1, Uint8Array.of(7)]])
  t.equal(readRelayInformation(relayed(value, '0.0.0.0'))?.size, 0, 'a switch without relay')
  t.equal(readRelayInformation(aDiscover({ giaddr: '10.30.0.1' }))?.size, 0, 'none sent')
})

t.test('an option 82 that cannot be taken apart is told from an absent one', async (t) => {
  for (const value of [[], [1], [1, 5, 0], [1, 1, 9, 2]]) {
    t.equal(readRelayInformation(relayed(Uint8Array.from(value))), undefined, `${value}`)
  }
})

t.test('RFC 5107 section 4: the override is an address', async (t) => {
  t.equal(serverIdOverride(new Map([[11, octetsOf('10.30.0.1')]])), ip('10.30.0.1'))
  for (const length of [0, 3, 5]) {
    t.equal(serverIdOverride(new Map([[11, new Uint8Array(length)]])), undefined)
  }
  t.equal(serverIdOverride(new Map()), undefined)
})

t.test('RFC 5107 section 4: the override is remembered with the lease', async (t) => {
  t.equal(rememberedOverride('0B040A1E0001'), ip('10.30.0.1'))
  t.equal(rememberedOverride('0101FF'), undefined, 'no override in it')
  t.equal(rememberedOverride('0B'), undefined, 'cut off')
  t.equal(rememberedOverride(''), undefined)
})

t.test('RFC 5010 section 5: only the first octet of the flags counts', async (t) => {
  t.ok(wasUnicast(new Map([[10, Uint8Array.of(0x80)]])))
  t.ok(wasUnicast(new Map([[10, Uint8Array.of(0x80, 0, 0)]])))
  t.notOk(wasUnicast(new Map([[10, Uint8Array.of(0, 0x80)]])))
  t.notOk(wasUnicast(new Map([[10, new Uint8Array(0)]])))
  t.notOk(wasUnicast(new Map()))
})
