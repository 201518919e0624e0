import t from 'tap'
import type { Mac } from '../../src/net/mac.ts'
import { flashRunning } from '../../src/simulator/phone-flash.ts'
import { SimulatedPhone, type SimulatedPhoneConfig } from '../../src/simulator/simulated-phone.ts'
import { makeFirmwareSet } from '../../src/simulator/synthetic-firmware.ts'
import { addresses, type BenchScript, ip, ScriptedBench } from '../support/scripted-bench.ts'

const mac = '000E84C060A6' as Mac
const SIP_LOAD = 'P0S3-8-12-00'
const SIP_FILES = { 'SIPDefault.cnf': 'sync: 5\n', [`SIP${mac}.cnf`]: 'line1_name: 1201\n' }
const OLD_SIP = 'P0S3-06-3-00'

function aBench(
  load: string,
  files: Readonly<Record<string, string>>,
  phone: Partial<SimulatedPhoneConfig> = {},
  script: Partial<BenchScript> = {},
) {
  const simulated = new SimulatedPhone(
    { mac, model: '7960', flash: flashRunning(load), ...phone },
    1,
  )
  const table = new Map<string, Uint8Array | string>(Object.entries(files))
  for (const [name, bytes] of makeFirmwareSet(SIP_LOAD)) table.set(name, bytes)
  const answer = (name: string) => table.get(name) ?? 'absent'
  return { phone: simulated, bench: new ScriptedBench(simulated, { answer, ...script }), table }
}

t.test(
  'NOTIFY check-sync: idle for 20 s, syncinfo.xml, and a boot where sync differs',
  async (t) => {
    const { bench, table } = aBench(OLD_SIP, SIP_FILES)
    table.set('syncinfo.xml', '<SYNCINFO><IMAGE VERSION="*" SYNC="5"/></SYNCINFO>')
    bench.boot()
    const [seen, atMs] = [bench.requests.length, bench.nowMs]
    bench.checkSync()
    bench.run(bench.nowMs + 60_000)
    t.same(bench.requests.slice(seen), ['syncinfo.xml', 'dialplan.xml'])
    const asked = bench.of('phone.file.asked').find(({ name }) => name === 'syncinfo.xml')
    t.equal((asked?.atMs ?? 0) - atMs, 20_000)
    t.equal(bench.of('phone.running').length, 2, 'the same value: it runs on')

    table.set('syncinfo.xml', '<SYNCINFO><IMAGE VERSION="*" SYNC="6"/></SYNCINFO>')
    bench.checkSync()
    bench.run(bench.nowMs + 120_000)
    t.match(bench.of('phone.boot.started').at(-1), { cause: 'check-sync' })
    t.equal(bench.of('phone.running').length, 3)
  },
)

t.test(
  'check-sync without syncinfo.xml shows W270 and changes nothing; SCCP ignores it',
  async (t) => {
    const sip = aBench(OLD_SIP, SIP_FILES)
    sip.bench.boot()
    sip.bench.checkSync()
    sip.bench.run(sip.bench.nowMs + 60_000)
    t.same(sip.bench.screens, ['W270 TFTP Error'])
    t.equal(sip.phone.state, 'running')
    const sccp = aBench('P00308000500', {})
    t.same(sccp.phone.checkSync(0), [], 'no power')
    sccp.bench.boot()
    sccp.bench.checkSync()
    t.equal(sccp.bench.of('phone.sync.ignored').length, 1)
  },
)

t.test('a factory reset forgets what was typed in, the address and the application', async (t) => {
  const files = {
    ...SIP_FILES,
    [`SEP${mac}.cnf.xml`]: `<device><loadInformation>${SIP_LOAD}</loadInformation></device>`,
  }
  const manual = { alternateTftp: ip('10.20.0.9') }
  const { phone, bench } = aBench(SIP_LOAD, files, { flash: flashRunning(SIP_LOAD, manual) })
  bench.boot()
  const seen = bench.requests.length
  bench.factoryReset()
  t.match(phone.flash, { load: null, loader: 'P003-8-12-00', manual: { alternateTftp: null } })
  bench.run(bench.nowMs + 600_000, () => phone.state === 'running')
  t.match(bench.of('phone.boot.started')[1], { cause: 'factory-reset', load: null })
  t.ok(bench.requests.slice(seen).includes(`${SIP_LOAD}.sb2`), 'it is fetched again')
  t.equal(phone.flash.load, SIP_LOAD)
})

t.test('a phone that skips OS79XX.TXT asks for it after a factory reset, once', async (t) => {
  const { phone, bench } = aBench('P00305000300', {}, { quirks: { skipsOs79xx: true } })
  bench.boot()
  t.notOk(bench.requests.includes('OS79XX.TXT'))
  bench.factoryReset()
  bench.run(bench.nowMs + 600_000, () => phone.state === 'running')
  t.equal(phone.flash.load, 'P00305000300', 'its one image stays')
  bench.boot()
  t.equal(bench.requests.filter((name) => name === 'OS79XX.TXT').length, 1)
})

t.test('files are asked for from one port, two at once from two', async (t) => {
  const { bench } = aBench(OLD_SIP, SIP_FILES, { quirks: { sourcePort: 50_000 } })
  bench.boot()
  const ports = bench.effects.flatMap((effect) => (effect.kind === 'tftp-open' ? effect.port : []))
  t.same(ports, [50_000, 50_000, 50_000, 50_000, 50_001])
})

t.test('an option 66 that leads nowhere is on the display of a SIP phone', async (t) => {
  const option66 = (text: string) => ({ options: [[66, new TextEncoder().encode(text)] as const] })
  const cases = [
    { text: 'tftp.lab.example', screens: ['W261 tftp.lab.example does not resolve'] },
    { text: '10.20.0.256', screens: ['W365 Invalid TFTP IP Address 66'] },
  ]
  for (const { text, screens } of cases) {
    const { bench } = aBench(OLD_SIP, {}, {}, option66(text))
    bench.boot()
    t.same(bench.screens, screens, text)
    t.same(bench.requests, [])
  }
  const both = {
    options: [
      [66, new TextEncoder().encode('x')],
      [150, addresses('10.20.0.2')],
    ] as const,
  }
  const { bench } = aBench(OLD_SIP, SIP_FILES, {}, both)
  bench.boot()
  t.same(bench.screens, [], 'option 150 is enough')
})
