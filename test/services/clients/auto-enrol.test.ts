import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import type { Mac } from '../../../src/net/mac.ts'
import { readRequestedFile } from '../../../src/phones/requested-file.ts'
import { seenLoad, seenVersion } from '../../../src/phones/seen-software.ts'
import { AutoEnrol } from '../../../src/services/clients/auto-enrol.ts'
import { ip } from '../../support/a-dhcp-message.ts'
import { aLog } from '../../support/a-log.ts'
import { ConversionBench } from '../../support/conversion-bench.ts'
import { MAC } from '../../support/conversion-builders.ts'
import { HandsFreeBench } from '../../support/hands-free-bench.ts'

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
  bench.leaseTable.bind('bench', client, grant, bench.time.nowMs)
}

const UAL = 'Cisco Systems, Inc. IP Phone CP-7960G'

const reported = (bench: ConversionBench) =>
  bench.journal.recent().filter(({ event }) => event.startsWith('enrol.'))

t.test('a phone with a loader is enrolled as it appears, and converted', async (t) => {
  const bench = await aBench('P0S3-8-12-00')
  bench.plugIn(MAC, { load: 'P00308000500' })
  await play(bench, 240_000)
  t.match(bench.inventory.phone(MAC), { model: '7960', network: 'bench', profile: 'to-sip' })
  t.equal(bench.conversion(MAC)?.state, 'confirmed')
  t.equal(bench.phones.get(MAC)?.phone.flash.load, 'P0S3-8-12-00')
  t.match(reported(bench), [{ event: 'enrol.phone.enrolled', fields: { profile: 'to-sip' } }])
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

t.test('a 7941, a 7905 and a laptop are left alone, and that is logged once', async (t) => {
  const bench = await aBench('P0S3-8-12-00')
  const devices = [
    { mac: '000E84000001' as Mac, vendorClass: 'Cisco Systems, Inc. IP Phone CP-7941G' },
    { mac: '000E84000002' as Mac, vendorClass: 'MSFT 5.0' },
  ]
  for (const { mac, vendorClass } of [...devices, ...devices]) {
    bench.enrolment.onBoot('bench', mac, vendorClass)
  }
  const old = '000E84000003' as Mac
  lease(bench, old, 'Cisco Systems, Inc. IP Phone')
  const asks = { kind: 'other-model', model: '7905', why: 'asks for ld…' } as const
  t.equal(bench.enrolment.onRequest('bench', old, asks), 'absent')
  t.equal(bench.enrolment.onRequest('bench', undefined, asks), 'absent')
  t.equal(bench.enrolment.onRequest('bench', old, asks), 'absent')
  bench.enrolment.onBoot('elsewhere', MAC, 'MSFT 5.0')
  bench.enrolment.onBoot(null, MAC, 'MSFT 5.0')
  lease(bench, MAC, UAL, 71)
  t.equal(bench.enrolment.onRequest('elsewhere', MAC, { kind: 'os79xx' }), 'absent')
  lease(bench, '000E84000001' as Mac, 'Cisco Systems, Inc. IP Phone CP-7941G', 72)
  const first = { kind: 'os79xx' } as const
  t.equal(bench.enrolment.onRequest('bench', '000E84000001' as Mac, first), 'absent')
  await turn()
  t.same(bench.inventory.phones(), [])
  t.match(
    reported(bench).map(({ event, fields }) => [event, fields['why']]),
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
    bench.enrolment.onBoot('bench', macOf(index), `MSFT ${index}`)
  }
  await turn()
  t.equal(reported(bench).length, 60)
})

t.test('without a plan it is enrolled, and told why nothing happens', async (t) => {
  const bench = await aBench('P0S3-8-12-00', [])
  bench.plugIn(MAC, { load: 'P00308000500' })
  await play(bench, 60_000)
  t.equal(bench.inventory.phones().length, 1)
  t.match(reported(bench), [
    { event: 'enrol.phone.enrolled' },
    { event: 'enrol.conversion.refused', fields: { why: /not available: P0S3-8-12-00/ } },
  ])
})

t.test('without its profile a phone is not enrolled', async (t) => {
  const bench = await ConversionBench.open([], NETWORK)
  bench.plugIn(MAC, { load: 'P00308000500' })
  await play(bench, 20_000)
  t.same(bench.inventory.phones(), [])
  t.match(reported(bench)[0], {
    event: 'enrol.phone.refused',
    fields: { why: /no profile to-sip/ },
  })
  t.match(bench.trouble.list(bench.time.nowMs), [{ mac: MAC, why: /no profile to-sip/ }])
})

const macOf = (index: number) =>
  `0200000${index.toString(16).toUpperCase().padStart(5, '0')}` as Mac

/** Waits until what is stored meanwhile is stored. */
async function settle(): Promise<void> {
  for (let count = 0; count < 2_000; count++) await turn()
}

t.test('forged DISCOVERs enrol no phone, however many they are', async (t) => {
  const bench = await aBench('P0S3-8-12-00')
  for (let index = 0; index < 5_000; index++) bench.enrolment.onBoot('bench', macOf(index), UAL)
  const asks = { kind: 'os79xx' } as const
  t.equal(bench.enrolment.onRequest('bench', macOf(0), asks), 'absent', 'without a lease')
  await settle()
  t.same(bench.inventory.phones(), [])
  t.same(reported(bench), [])
  bench.plugIn(MAC, { load: 'P00308000500' })
  await play(bench, 240_000)
  t.equal(bench.conversion(MAC)?.state, 'confirmed', 'a real phone is converted all the same')
})

t.test('who invents phones that take leases and ask for files comes to an end', async (t) => {
  const bench = await aBench('P0S3-8-12-00')
  const invent = (index: number) => {
    lease(bench, macOf(index), UAL, 60 + (index % 30))
    return bench.enrolment.onRequest('bench', macOf(index), { kind: 'os79xx' })
  }
  for (let index = 0; index < 260; index++) {
    t.equal(invent(index), index < 250 ? 'wait' : 'absent', `${index}`)
  }
  await settle()
  t.equal(bench.inventory.phones().length, 250)
  t.equal(reported(bench).filter(({ event }) => event === 'enrol.limit.reached').length, 1)
  bench.run(15_000)
  t.equal(invent(300), 'wait', 'seconds later a phone is enrolled again')
  t.equal(invent(301), 'absent', 'one')
  bench.run(3_600_000)
  for (let index = 400; index < 660; index++) invent(index)
  await settle()
  t.equal(bench.inventory.phones().length, 501)
  t.equal(reported(bench).filter(({ event }) => event === 'enrol.limit.reached').length, 2)
})

t.test('where another DHCP server keeps the network unserved, no phone is enrolled', async (t) => {
  const bench = await ConversionBench.open(['P0S3-8-12-00'], { autoEnrol: 'to-sip' })
  await bench.inventory.putProfile({ ...TO_SIP, load: 'P0S3-8-12-00' })
  bench.plugIn(MAC, { load: 'P00308000500' })
  await play(bench, 60_000)
  t.same(bench.inventory.phones(), [])
})

const TO_SCCP = 'P00308000500'
const PATH = ['P0S3-04-4-00', 'P0S3-05-3-00', 'P0S3-06-3-00', 'P0S3-07-4-00', TO_SCCP]
const SIP_23 = 'P0S30203'

/** A bench with call control whose phones become SCCP 8.0. */
async function aHandsFreeBench(loads: readonly string[]): Promise<HandsFreeBench> {
  const free = await HandsFreeBench.open(loads, { poe: true }, { ...NETWORK, autoEnrol: 'to-sccp' })
  await free.bench.inventory.putProfile({ name: 'to-sccp', protocol: 'sccp', load: TO_SCCP })
  return free
}

t.test('SIP 2.3 of which nothing is known is converted once it has registered', async (t) => {
  const { bench } = await aHandsFreeBench([SIP_23, ...PATH])
  const { phone } = bench.plugIn(MAC, { load: SIP_23, quirks: { callControl: true } })
  await play(bench, 5_400_000)
  t.equal(bench.conversion(MAC)?.state, 'confirmed')
  t.same(
    bench.conversion(MAC)?.steps.map(({ load }) => load),
    [SIP_23, ...PATH],
    '1.x says the same of itself, and needs 2.3 first',
  )
  t.equal(phone.flash.load, TO_SCCP)
  t.match(
    reported(bench).map(({ event }) => event),
    ['enrol.phone.enrolled', 'enrol.conversion.refused'],
    'each outcome is told once',
  )
})

t.test('SIP 2.3 that drops long files never registers, and waits for an operator', async (t) => {
  const { bench } = await aHandsFreeBench([SIP_23, ...PATH])
  const quirks = { callControl: true, sipDefaultLimitBytes: 40 }
  const { phone } = bench.plugIn(MAC, { load: SIP_23, quirks })
  await play(bench, 900_000)
  t.equal(bench.conversion(MAC), undefined)
  t.equal(phone.flash.load, SIP_23)
  t.equal(reported(bench).filter(({ event }) => event === 'enrol.conversion.refused').length, 1)
  bench.start(MAC, { to: TO_SCCP, from: SIP_23 })
  t.equal(bench.runConversion(MAC)?.state, 'confirmed', 'who says what it runs gets it converted')
})

/** A phone that was enrolled by itself, and that has shown too little for a plan. */
async function anUndecided(loads: readonly string[] = [SIP_23, ...PATH]) {
  const bench = await ConversionBench.open(loads, { ...NETWORK, autoEnrol: 'to-sccp' })
  await bench.inventory.putProfile({ name: 'to-sccp', protocol: 'sccp', load: TO_SCCP })
  lease(bench, MAC, 'Cisco Systems, Inc. IP Phone')
  bench.enrolment.onRequest('bench', MAC, { kind: 'os79xx' })
  await settle()
  t.match(reported(bench).at(-1), { event: 'enrol.conversion.refused', fields: { why: /depends/ } })
  return bench
}

const REGISTERED = { protocol: 'sip', version: null } as const

t.test('it is tried again when there is news, and each outcome is told once', async (t) => {
  const bench = await anUndecided(PATH)
  let attempts = 0
  const { start } = bench.engine
  bench.engine.start = (...args) => {
    attempts++
    return start.apply(bench.engine, args)
  }
  for (let atMs = 1; atMs <= 50; atMs++) {
    bench.tracking.onRegistration(MAC, { ...REGISTERED, atMs: bench.time.nowMs + atMs })
  }
  t.equal(attempts, 1, 'the same again is no news')
  t.equal(reported(bench).length, 3)
  t.match(reported(bench).at(-1), { fields: { why: /not available: P0S30203/ } })
  await bench.addFirmware(SIP_23)
  bench.tracking.onRegistration(MAC, { ...REGISTERED, atMs: bench.time.nowMs + 60 })
  t.equal(attempts, 2, 'firmware that was added is')
  t.equal(bench.conversion(MAC)?.state, 'waiting')
})

t.test('what a survey has found is enough as well', async (t) => {
  const bench = await anUndecided()
  bench.tracking.onSeen(MAC, seenVersion('sip', '6', 'options', bench.time.nowMs + 1))
  t.match(bench.conversion(MAC), { to: TO_SCCP, steps: [{ load: 'P0S3-07-4-00' }, {}] })
})

t.test('a conversion that an operator cancelled does not begin by itself again', async (t) => {
  const bench = await anUndecided()
  bench.start(MAC, { to: 'P0S3-04-4-00', from: SIP_23 })
  bench.engine.cancel(MAC, bench.time.nowMs)
  bench.tracking.onRegistration(MAC, { ...REGISTERED, atMs: bench.time.nowMs + 1 })
  bench.tracking.onSeen(MAC, seenLoad(SIP_23, 'web-page', bench.time.nowMs + 2))
  t.match(bench.conversion(MAC), { state: 'cancelled', to: 'P0S3-04-4-00' })
})

t.test('a phone that an operator enrolled, or has moved, is left to the operator', async (t) => {
  const draft = { network: 'bench', profile: 'to-sccp', label: 'mine' }
  const bench = await anUndecided()
  const registers = () =>
    bench.tracking.onRegistration(MAC, { ...REGISTERED, atMs: bench.time.nowMs + 1 })
  const automatic = bench.inventory.phone(MAC)
  await bench.inventory.deletePhone(MAC)
  registers()
  await bench.enrol(MAC, draft)
  registers()
  t.equal(bench.conversion(MAC), undefined, 'enrolled by hand since')
  const { label = '' } = automatic ?? {}
  await bench.inventory.putPhone({ mac: MAC, network: null, profile: 'to-sccp', label })
  registers()
  t.equal(bench.conversion(MAC), undefined, 'on no network that enrols by itself')
  await bench.inventory.putPhone({ mac: MAC, network: 'bench', profile: null, label })
  registers()
  t.equal(bench.conversion(MAC), undefined, 'without a profile')
})

t.test('a phone is tried again after a restart of the appliance', async (t) => {
  const bench = await anUndecided()
  const { inventory, leaseTable, engine, journal, time } = bench
  const again = new AutoEnrol({
    profiles: new Map([['bench', 'to-sccp']]),
    inventory,
    leaseTable,
    engine,
    journal,
    log: aLog('silent').log,
    trouble: bench.trouble,
    nowMs: () => time.nowMs,
  })
  engine.onRegistration(MAC, { ...REGISTERED, atMs: time.nowMs + 1 })
  again.onEnrolledSeen(MAC)
  t.equal(bench.conversion(MAC)?.state, 'waiting')
})

t.test(
  'a phone that cannot be stored is a line in the log, and may be enrolled later',
  async (t) => {
    const bench = await aBench('P0S3-8-12-00')
    const { log, lines } = aLog()
    const enrolment = new AutoEnrol({
      trouble: bench.trouble,
      profiles: new Map([['bench', 'to-sip']]),
      inventory: bench.inventory,
      leaseTable: bench.leaseTable,
      engine: bench.engine,
      journal: bench.journal,
      log,
      nowMs: () => bench.time.nowMs,
    })
    lease(bench, MAC, UAL)
    t.intercept(bench.inventory, 'putPhone', {
      value: () => Promise.reject(new Error('disk full')),
    })
    const file = readRequestedFile(`SIP${MAC}.cnf`)
    enrolment.onBoot('bench', MAC, UAL)
    t.equal(enrolment.onRequest('bench', MAC, file), 'wait')
    await turn()
    t.match(
      lines.filter(({ event }) => event === 'enrol.store.failed'),
      [{ level: 'error', mac: MAC, err: { message: 'disk full' } }],
    )
  },
)
