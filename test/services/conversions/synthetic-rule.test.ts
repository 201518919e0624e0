import t from 'tap'
import type { FileAnswer } from '../../../src/files/file-answer.ts'
import { makeCachedFile } from '../../../src/files/file-cache.ts'
import { importFirmware } from '../../../src/inventory/firmware-import.ts'
import { parseSubnet, type Subnet } from '../../../src/net/subnet.ts'
import { reportSynthetic } from '../../../src/services/conversions/report-synthetic.ts'
import {
  guardSynthetic,
  type SyntheticRefusal,
} from '../../../src/services/conversions/synthetic-guard.ts'
import { SyntheticRule } from '../../../src/services/conversions/synthetic-rule.ts'
import { makeFirmwareSet } from '../../../src/simulator/synthetic-firmware.ts'
import { isSyntheticImage, isSyntheticSet } from '../../../src/simulator/synthetic-mark.ts'
import { aLog } from '../../support/a-log.ts'
import { anInventory, ipOf } from '../../support/an-inventory.ts'
import { aUalSet } from '../../support/synthetic-image.ts'

const MARK = { isImage: isSyntheticImage, isSet: isSyntheticSet }
const MADE = 'P00308000500'
const REAL = 'P0S3-8-12-00'
const network = (name: string, subnet: string) => ({ name, subnet: parseSubnet(subnet) as Subnet })
const LOOP = network('demo', '127.83.0.0/24')
const BENCH = network('bench', '10.20.0.0/24')

async function aRule(networks = [LOOP, BENCH], rehearsal = false) {
  const { inventory } = await anInventory()
  await importFirmware(inventory, { kind: 'ok', files: makeFirmwareSet(MADE) }, 1)
  const real = aUalSet(REAL, 'P003-8-12-00')
  await importFirmware(inventory, { kind: 'ok', files: real }, 1)
  return { inventory, rule: new SyntheticRule({ networks, inventory, mark: MARK, rehearsal }) }
}

t.test('synthetic firmware is for loopback networks, real firmware for all', async (t) => {
  const { rule } = await aRule()
  t.equal(rule.isSynthetic(MADE), true)
  t.equal(rule.isSynthetic(REAL), false)
  t.equal(rule.isSynthetic('P0S30203'), false, 'not there')
  t.equal(rule.vetoOn('demo', MADE), undefined)
  t.match(rule.vetoOn('bench', MADE), /P00308000500 is synthetic.* network bench,/)
  t.match(rule.vetoOn(null, MADE), /where real phones may be/, 'a phone that may be anywhere')
  t.match(rule.vetoOn('gone', MADE), /synthetic/, 'a network that is no more')
  for (const name of ['demo', 'bench', null]) t.equal(rule.vetoOn(name, REAL), undefined)
  t.equal(rule.vetoEverywhere(MADE), undefined, 'phones of demo may have it')
  rule.replaceNetworks([BENCH])
  t.match(rule.vetoEverywhere(MADE), /synthetic/)
  rule.replaceNetworks([LOOP])
  t.equal(rule.vetoOn(null, MADE), undefined, 'nothing but loopback is left')
  rule.replaceNetworks([network('all', '0.0.0.0/0'), network('wide', '126.0.0.0/7')])
  for (const name of ['all', 'wide']) t.match(rule.vetoOn(name, MADE), /synthetic/, name)
})

t.test('in a rehearsal it may go everywhere', async (t) => {
  const { rule } = await aRule([BENCH], true)
  t.equal(rule.vetoOn('bench', MADE), undefined)
  t.equal(rule.vetoEverywhere(MADE), undefined)
  const [made] = makeFirmwareSet(MADE).values()
  t.ok(rule.mayHave(ipOf('10.20.0.50'), makeCachedFile(made as Uint8Array)))
})

t.test('no client beyond loopback is given a synthetic image, whatever its name', async (t) => {
  const { rule } = await aRule()
  const [made] = makeFirmwareSet(MADE).values()
  const files = new Map([
    ['ring.raw', makeCachedFile(made as Uint8Array)],
    ['SIPDefault.cnf', makeCachedFile(new TextEncoder().encode('x'))],
  ])
  const inner: FileAnswer = {
    answer: ({ requestedName: name }) => {
      const file = files.get(name)
      return file === undefined ? { kind: 'silence' } : { kind: 'file', name, file, mac: null }
    },
    ownerAt: () => null,
  }
  t.equal(guardSynthetic(inner, rule, () => undefined).ownerAt(ipOf('10.20.0.50'), 0), null)
  const refusals: SyntheticRefusal[] = []
  const guarded = guardSynthetic(inner, rule, (refusal) => refusals.push(refusal))
  const kinds = (client: string) =>
    ['ring.raw', 'ring.raw', 'SIPDefault.cnf', 'none'].map(
      (requestedName) =>
        guarded.answer({ client: ipOf(client), clientPort: 1, requestedName, atMs: 7 }).kind,
    )
  t.same(kinds('10.20.0.50'), ['absent', 'absent', 'file', 'silence'])
  t.same(refusals[0], { name: 'ring.raw', client: ipOf('10.20.0.50'), atMs: 7 })
  t.equal(refusals.length, 2)
  t.same(kinds('127.83.0.50'), ['file', 'file', 'file', 'silence'])
  t.equal(refusals.length, 2)
})

t.test(
  'the log says it once at the start, and not without end when files are kept back',
  async (t) => {
    const { inventory, rule: synthetic } = await aRule()
    const { log, lines } = aLog()
    const report = reportSynthetic(
      { networks: [LOOP, BENCH] as never },
      { inventory, synthetic },
      log,
    )
    t.match(lines, [{ event: 'firmware.synthetic', loads: [MADE] }])
    const refusal = { name: `${MADE}.bin`, client: ipOf('10.20.0.50') }
    for (let index = 0; index < 1000; index++) report({ ...refusal, atMs: index / 100 })
    t.equal(lines.length, 11)
    report({ ...refusal, atMs: 5_000 })
    t.match(lines.at(-1), {
      event: 'firmware.synthetic.refused',
      client: '10.20.0.50',
      leftOut: 990,
    })
    lines.length = 0
    reportSynthetic({ networks: [LOOP] as never }, { inventory, synthetic }, log)
    t.same(lines, [], 'on loopback it is nobody’s concern')
  },
)

t.test('a rehearsal knows what is not synthetic, and stores nothing of it', async (t) => {
  const { rule } = await aRule([BENCH], true)
  t.same(rule.shippedLoads(), [REAL])
  t.match(rule.vetoStoring(REAL, aUalSet(REAL, 'P003-8-12-00')), /is not synthetic; a rehearsal/)
  t.equal(rule.vetoStoring(MADE, makeFirmwareSet(MADE)), undefined)
})

t.test(
  'synthetic firmware never replaces what Cisco ships, the other way round it does',
  async (t) => {
    for (const rehearsal of [false, true]) {
      const { rule } = await aRule([BENCH], rehearsal)
      t.match(rule.vetoStoring(REAL, makeFirmwareSet(REAL)), /would replace P0S3-8-12-00 as Cisco/)
      t.equal(rule.vetoStoring('P0S30203', makeFirmwareSet('P0S30203')), undefined, 'a new one')
    }
    const { rule } = await aRule()
    t.equal(rule.vetoStoring(MADE, aUalSet(REAL, 'P003-8-12-00')), undefined)
  },
)
