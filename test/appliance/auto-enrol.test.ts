import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import type { Mac } from '../../src/net/mac.ts'
import { ConversionBench } from '../support/conversion-bench.ts'
import { MAC } from '../support/conversion-builders.ts'

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
  bench.newcomers.onBoot('bench', old, 'Cisco Systems, Inc. IP Phone')
  const asks = { kind: 'other-model', model: '7905', why: 'asks for ld…' } as const
  t.equal(bench.newcomers.onRequest('bench', old, asks), 'absent')
  t.equal(bench.newcomers.onRequest('bench', undefined, asks), 'absent')
  bench.newcomers.onBoot('elsewhere', MAC, 'Cisco Systems, Inc. IP Phone CP-7960G')
  bench.newcomers.onBoot(null, MAC, 'Cisco Systems, Inc. IP Phone CP-7960G')
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

t.test('without a plan it is enrolled, and told why nothing happens', async (t) => {
  const bench = await aBench('P0S3-8-12-00', [])
  bench.plugIn(MAC, { load: 'P00308000500' })
  await play(bench, 60_000)
  t.equal(bench.inventory.phones().length, 1)
  t.match(told(bench), [
    { event: 'enrol.phone.enrolled' },
    { event: 'enrol.conversion.refused', fields: { why: /not at hand: P0S3-8-12-00/ } },
  ])
})

t.test('without its profile a phone is not enrolled', async (t) => {
  const bench = await ConversionBench.open([], NETWORK)
  bench.plugIn(MAC, { load: 'P00308000500' })
  await play(bench, 20_000)
  t.same(bench.inventory.phones(), [])
  t.match(told(bench)[0], { event: 'enrol.phone.refused', fields: { why: /no profile to-sip/ } })
})

t.test('somebody who invents phones comes to an end', async (t) => {
  const bench = await aBench('P0S3-8-12-00')
  for (let index = 0; index < 260; index++) {
    const mac = `0200000${index.toString(16).toUpperCase().padStart(5, '0')}` as Mac
    bench.newcomers.onBoot('bench', mac, 'Cisco Systems, Inc. IP Phone CP-7960G')
  }
  for (let count = 0; count < 2_000; count++) await turn()
  t.equal(bench.inventory.phones().length, 250)
  t.equal(told(bench).filter(({ event }) => event === 'enrol.limit.reached').length, 1)
})

t.test('where another DHCP server keeps the network unserved, nobody is enrolled', async (t) => {
  const bench = await ConversionBench.open(['P0S3-8-12-00'], { autoEnrol: 'to-sip' })
  await bench.inventory.putProfile({ ...TO_SIP, load: 'P0S3-8-12-00' })
  bench.plugIn(MAC, { load: 'P00308000500' })
  await play(bench, 60_000)
  t.same(bench.inventory.phones(), [])
})
