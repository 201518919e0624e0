import t from 'tap'
import { ReplyOptions } from '../../src/dhcp/reply-options.ts'
import { octetsOf } from '../support/a-dhcp-message.ts'
import { aScope } from '../support/dhcp-lab.ts'

const OTHER_NTP = octetsOf('10.20.0.3')
const scope = aScope({
  classes: new Map([
    [
      'Acme Phone 9',
      [
        [42, OTHER_NTP],
        [43, Uint8Array.of(1)],
      ],
    ],
  ]),
})

const codes = (list: readonly number[] | undefined, vendorClass = '') =>
  new ReplyOptions(scope)
    .choose(list === undefined ? undefined : Uint8Array.from(list), vendorClass)
    .map(([code]) => code)

t.test('RFC 2131 section 4.3.1: what is asked for and configured is returned once', async (t) => {
  t.same(codes([6, 6, 15, 6]), [66, 150, 6, 15])
  t.same(codes([2, 77, 254]), [66, 150], 'what we have no value for is left out')
  t.same(codes([]), [66, 150], 'an empty list asks for nothing')
  t.same(codes(undefined), [1, 3, 66, 150, 6, 15, 42], 'no list: everything')
})

t.test('RFC 2132 section 3.3: the mask stands before the routers', async (t) => {
  for (const list of [
    [3, 1],
    [1, 3],
  ]) {
    t.same(codes(list).slice(0, 2), [1, 3])
  }
})

t.test('RFC 2131 table 3: what the server says itself cannot be configured', async (t) => {
  const own = [0, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 61, 80, 82, 90, 118, 255]
  const options = own.map((code) => [code, Uint8Array.of(1)] as const)
  const chosen = new ReplyOptions(aScope({ options, forcedCodes: own }))
  t.same(chosen.choose(undefined, ''), [])
  t.same(chosen.choose(Uint8Array.from(own), ''), [])
})

t.test('RFC 2131 section 4.3.1: class options go by the exact class', async (t) => {
  t.same(codes([42, 43], 'Acme Phone 9'), [66, 150, 42, 43])
  const options = new ReplyOptions(scope)
  const ntp = (vendorClass: string) => {
    const chosen = options.choose(Uint8Array.of(42), vendorClass)
    return chosen.find(([code]) => code === 42)?.[1]
  }
  t.equal(ntp('Acme Phone 9'), OTHER_NTP)
  for (const other of ['', 'Acme Phone', 'Acme Phone 99', 'acme phone 9']) {
    t.not(ntp(other), OTHER_NTP, other)
    t.same(codes([43], other), [66, 150])
  }
})

t.test('a choice is made once, and the number kept is bounded', async (t) => {
  const options = new ReplyOptions(scope)
  const first = options.choose(Uint8Array.of(1, 3), '')
  t.equal(options.choose(Uint8Array.of(1, 3), 'no class of ours'), first, 'kept')
  for (let index = 0; index < 300; index++) {
    options.choose(Uint8Array.of(1, index & 255, index >> 8), '')
  }
  const again = options.choose(Uint8Array.of(1, 3), '')
  t.not(again, first, 'forgotten in a flood of lists')
  t.same(again, first, 'and made again')
})

t.test('a list of any length is taken', async (t) => {
  const options = new ReplyOptions(scope)
  const long = new Uint8Array(60_000).fill(6)
  t.same(
    options.choose(long, '').map(([code]) => code),
    [66, 150, 6],
  )
})
