import t, { type Test } from 'tap'
import { anAppliance } from './support/appliance-process.ts'
import { CLIENT_INTERFACE, Lab, lackingForLab, SERVER_INTERFACE } from './support/lab.ts'

const ONLY_ADDRESS = '10.20.0.50'
const PHONES = ['02:00:00:00:00:11', '02:00:00:00:00:12', '02:00:00:00:00:13']

const YAML = `
dataDir: '{dir}/data'
api: { listen: '127.0.0.1:8067' }
networks:
  - name: bench
    interface: ${SERVER_INTERFACE}
    address: 10.20.0.2
    subnet: 10.20.0.0/24
    pool: [${ONLY_ADDRESS}]
    leaseTime: 1h
    admit: anyone
    reclaim: idle
`

/** What udhcpc needs to ask as often as a phone does, for as long as a person would wait. */
const PATIENT = ['-f', '-q', '-n', '-t', '8', '-T', '2', '-A', '1', '-s', '/bin/true']

/** A person at a bench waits so long for the next phone, in milliseconds. */
const SOON_MS = 15_000

class Bench {
  readonly lab: Lab

  constructor(lab: Lab) {
    this.lab = lab
  }

  /** Plugs a phone in and lets it ask; what its client printed, and how long it took. */
  async plugIn(mac: string) {
    const phone = this.lab.plugIn(mac)
    const beganAtMs = performance.now()
    const asked = await this.lab.run(phone, 'udhcpc', '-i', CLIENT_INTERFACE, ...PATIENT)
    return { phone, ...asked, tookMs: performance.now() - beganAtMs }
  }
}

async function aBench(t: Test): Promise<Bench> {
  const lab = Lab.open(t, '10.20.0.2/24')
  await anAppliance(t, YAML, { apiPort: 8067, prefix: lab.besideServer })
  return new Bench(lab)
}

t.setTimeout(300_000)
const lacking = lackingForLab(['ip', 'udhcpc', 'curl'])

if (lacking !== '') {
  console.log(`# left out: a bench with one address (not here: ${lacking})`)
} else {
  t.test('phones that are swapped one after another share one address', async (t) => {
    const bench = await aBench(t)
    for (const [index, mac] of PHONES.entries()) {
      const { phone, output, tookMs } = await bench.plugIn(mac)
      t.match(output, `lease of ${ONLY_ADDRESS} obtained`, `${mac}: ${output}`)
      t.ok(tookMs < SOON_MS, `phone ${index + 1} was served after ${Math.round(tookMs)} ms`)
      bench.lab.setAddress(phone, `${ONLY_ADDRESS}/24`)
      bench.lab.unplug(phone)
    }
    const url = 'http://127.0.0.1:8067/v1/networks/bench'
    const network = await bench.lab.run(bench.lab.server, 'curl', '-sS', url)
    t.match(network.output, '"dhcp.lease.reclaimed":2', 'two were taken back')
  })

  t.test('a phone that still answers keeps the only address', async (t) => {
    const bench = await aBench(t)
    const [first = '', second = ''] = PHONES
    const holder = await bench.plugIn(first)
    t.match(holder.output, `lease of ${ONLY_ADDRESS} obtained`)
    bench.lab.setAddress(holder.phone, `${ONLY_ADDRESS}/24`)
    const late = await bench.plugIn(second)
    t.equal(late.code, 1, `nothing is left for the second: ${late.output}`)
    bench.lab.unplug(holder.phone)
    const again = await bench.lab.run(late.phone, 'udhcpc', '-i', CLIENT_INTERFACE, ...PATIENT)
    t.match(again.output, `lease of ${ONLY_ADDRESS} obtained`, 'once it is gone there is')
  })
}
