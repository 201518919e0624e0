import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import type { Mac } from '../../../src/net/mac.ts'
import { ip } from '../../support/a-dhcp-message.ts'
import { ConversionBench } from '../../support/conversion-bench.ts'
import { MAC } from '../../support/conversion-builders.ts'

/** There is nobody else on the bench, and nobody looks for one. */
const NETWORK = { autoEnrol: 'to-sip', onRogueServer: 'warn' }

const TO_SIP = { name: 'to-sip', protocol: 'sip' } as const

async function aBench(load: string, loads: readonly string[] = [load]) {
  const bench = await ConversionBench.open(loads, NETWORK)
  await bench.inventory.putProfile({ ...TO_SIP, load })
  return bench
}

/** Plays for so long, with turns between for what is stored meanwhile. */
async function play(bench: ConversionBench, forMs: number): Promise<void> {
  for (let playedMs = 0; playedMs < forMs; playedMs += 1_000) {
    bench.run(1_000)
    await turn()
  }
}

/** A device gets a lease, as DHCP would give it one. */
function lease(bench: ConversionBench, mac: Mac, vendorClass: string, last = 70): void {
  const address = ip(`10.20.0.${last}`)
  const expiresAtMs = bench.time.nowMs + 300_000
  const grant = { address, expiresAtMs, vendorClass, hostName: '', relayAgent: '' }
  const client = { key: `hw:01${mac}`, mac, fixedAddress: null }
  bench.book.bind('bench', client, grant, bench.time.nowMs)
}

const UAL = 'Cisco Systems, Inc. IP Phone CP-7960G'

const told = (bench: ConversionBench) =>
  bench.journal.recent().filter(({ event }) => event.startsWith('enrol.'))

t.test('a phone with a loader is enrolled as it appears, and converted', async (t) => {
  const bench = await aBench('P0S3-8-12-00')
  bench.plugIn(MAC, { load: 'P00308000500' })
  await play(bench, 240_000)
  t.match(bench.inventory.phone(MAC), { model: '7960', network: 'bench', profile: 'to-sip' })
  t.equal(bench.conversion(MAC)?.state, 'confirmed')
  t.equal(bench.phones.get(MAC)?.phone.flash.load, 'P0S3-8-12-00')
  t.match(told(bench), [{ event: 'enrol.phone.enrolled', fields: { profile: 'to-sip' } }])
})

t.test('an old phone is known by its first file, and converted in the same boot', async (t) => {
  const bench = await aBench('P0S3-06-3-00', ['P0S3-06-3-00', 'P00305000500'])
  bench.plugIn(MAC, { load: 'P00305000300' })
  await play(bench, 600_000)
  if (bench.conversion(MAC)?.state !== 'confirmed') {
    bench.powerCycle(MAC)
    await play(bench, 600_000)
  }
  t.equal(bench.conversion(MAC)?.state, 'confirmed')
  t.equal(bench.phones.get(MAC)?.phone.flash.load, 'P0S3-06-3-00')
})

t.test('a 7941, a 7905 and a laptop are left alone, which is said once', async (t) => {
  const bench = await aBench('P0S3-8-12-00')
  const devices = [
    { mac: '000E84000001' as Mac, vendorClass: 'Cisco Systems, Inc. IP Phone CP-7941G' },
    { mac: '000E84000002' as Mac, vendorClass: 'MSFT 5.0' },
  ]
  for (const { mac, vendorClass } of [...devices, ...devices]) {
    bench.newcomers.onBoot('bench', mac, vendorClass)
  }
  const old = '000E84000003' as Mac
  lease(bench, old, 'Cisco Systems, Inc. IP Phone')
  const asks = { kind: 'other-model', model: '7905', why: 'asks for ld…' } as const
  t.equal(bench.newcomers.onRequest('bench', old, asks), 'absent')
  t.equal(bench.newcomers.onRequest('bench', undefined, asks), 'absent')
  t.equal(bench.newcomers.onRequest('bench', old, asks), 'absent')
  bench.newcomers.onBoot('elsewhere', MAC, 'MSFT 5.0')
  bench.newcomers.onBoot(null, MAC, 'MSFT 5.0')
  lease(bench, MAC, UAL, 71)
  t.equal(bench.newcomers.onRequest('elsewhere', MAC, { kind: 'os79xx' }), 'absent')
  lease(bench, '000E84000001' as Mac, 'Cisco Systems, Inc. IP Phone CP-7941G', 72)
  const first = { kind: 'os79xx' } as const
  t.equal(bench.newcomers.onRequest('bench', '000E84000001' as Mac, first), 'absent')
  await turn()
  t.same(bench.inventory.phones(), [])
  t.match(
    told(bench).map(({ event, fields }) => [event, fields['why']]),
    [
      ['enrol.device.left', /7941/],
      ['enrol.device.left', /no phone/],
      ['enrol.device.left', /7905/],
    ],
  )
})

t.test('devices without number that are left alone are told of within bounds', async (t) => {
  const bench = await aBench('P0S3-8-12-00')
  for (let index = 0; index < 5_000; index++) {
    bench.newcomers.onBoot('bench', macOf(index), `MSFT ${index}`)
  }
  await turn()
  t.equal(told(bench).length, 60)
})

t.test('without a plan it is enrolled, and told why nothing happens', async (t) => {
  const bench = await aBench('P0S3-8-12-00', [])
  bench.plugIn(MAC, { load: 'P00308000500' })
  await play(bench, 60_000)
  t.equal(bench.inventory.phones().length, 1)
  t.match(told(bench), [
    { event: 'enrol.phone.enrolled' },
    { event: 'enrol.conversion.refused', fields: { why: /not available: P0S3-8-12-00/ } },
  ])
})

t.test('without its profile a phone is not enrolled', async (t) => {
  const bench = await ConversionBench.open([], NETWORK)
  bench.plugIn(MAC, { load: 'P00308000500' })
  await play(bench, 20_000)
  t.same(bench.inventory.phones(), [])
  t.match(told(bench)[0], { event: 'enrol.phone.refused', fields: { why: /no profile to-sip/ } })
})

const macOf = (index: number) =>
  `0200000${index.toString(16).toUpperCase().padStart(5, '0')}` as Mac

/** Waits until what is stored meanwhile is stored. */
async function settle(): Promise<void> {
  for (let count = 0; count < 2_000; count++) await turn()
}

t.test('made-up DISCOVERs enrol nobody, however many they are', async (t) => {
  const bench = await aBench('P0S3-8-12-00')
  for (let index = 0; index < 5_000; index++) bench.newcomers.onBoot('bench', macOf(index), UAL)
  const asks = { kind: 'os79xx' } as const
  t.equal(bench.newcomers.onRequest('bench', macOf(0), asks), 'absent', 'without a lease')
  await settle()
  t.same(bench.inventory.phones(), [])
  t.same(told(bench), [])
  bench.plugIn(MAC, { load: 'P00308000500' })
  await play(bench, 240_000)
  t.equal(bench.conversion(MAC)?.state, 'confirmed', 'a real phone is converted all the same')
})

t.test('who invents phones that take leases and ask for files comes to an end', async (t) => {
  const bench = await aBench('P0S3-8-12-00')
  const invent = (index: number) => {
    lease(bench, macOf(index), UAL, 60 + (index % 30))
    return bench.newcomers.onRequest('bench', macOf(index), { kind: 'os79xx' })
  }
  for (let index = 0; index < 260; index++) {
    t.equal(invent(index), index < 250 ? 'wait' : 'absent', `${index}`)
  }
  await settle()
  t.equal(bench.inventory.phones().length, 250)
  t.equal(told(bench).filter(({ event }) => event === 'enrol.limit.reached').length, 1)
  bench.run(15_000)
  t.equal(invent(300), 'wait', 'seconds later a phone is enrolled again')
  t.equal(invent(301), 'absent', 'one')
  bench.run(3_600_000)
  for (let index = 400; index < 660; index++) invent(index)
  await settle()
  t.equal(bench.inventory.phones().length, 501)
  t.equal(told(bench).filter(({ event }) => event === 'enrol.limit.reached').length, 2)
})

t.test('where another DHCP server keeps the network unserved, nobody is enrolled', async (t) => {
  const bench = await ConversionBench.open(['P0S3-8-12-00'], { autoEnrol: 'to-sip' })
  await bench.inventory.putProfile({ ...TO_SIP, load: 'P0S3-8-12-00' })
  bench.plugIn(MAC, { load: 'P00308000500' })
  await play(bench, 60_000)
  t.same(bench.inventory.phones(), [])
})
