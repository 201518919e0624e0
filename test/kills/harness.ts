// What runs in the clients' namespace: it starts, kills and asks. Called by main.ts.
import { parseArgs } from 'node:util'
import { PseudoRandom } from '../../src/simulator/pseudo-random.ts'
import { ApplianceProcess } from '../system/support/appliance-process.ts'
import { type KillReport, runKillRounds } from './kill-rounds.ts'
import { LeaseLedger } from './lease-ledger.ts'
import { LoadClient } from './load-client.ts'
import { CLIENTS_SUBNET, RELAY_ADDRESS, SERVER_ADDRESS } from './places.ts'
import { RelayAgent } from './relay-agent.ts'

const { values } = parseArgs({
  options: {
    server: { type: 'string' },
    kills: { type: 'string', default: '300' },
    clients: { type: 'string', default: '200' },
    seed: { type: 'string', default: '7960' },
    plant: { type: 'boolean', default: false },
  },
})

const YAML = `
dataDir: '{dir}/data'
api: { listen: '${SERVER_ADDRESS}:8067' }
networks:
  - name: phones
    relayed: true
    address: ${SERVER_ADDRESS}
    subnet: ${CLIENTS_SUBNET}
    pool: [10.30.0.10-10.30.1.250]
    leaseTime: 10m
    maxLeaseTime: 10m
    admit: anyone
    probe: false
`

// Only the two namespaces, which end with the run, can reach the API.
process.env['SWITCHHOOK_API_TOKEN'] ??= 'of-the-kill-harness-and-nobody-else'
const nowMs = () => performance.timeOrigin + performance.now()
const chance = new PseudoRandom(Number(values.seed))
const ledger = new LeaseLedger()
const relay = await RelayAgent.open({ address: RELAY_ADDRESS, server: SERVER_ADDRESS })
const parts = { relay, ledger, chance, nowMs }
const clients = Array.from(
  { length: Number(values.clients) },
  (_, index) => new LoadClient(index + 1, parts),
)
const appliance = new ApplianceProcess(YAML, {
  apiPort: 8067,
  apiHost: SERVER_ADDRESS,
  prefix: ['ip', 'netns', 'exec', values.server ?? ''],
})
const quiet: LoadClient[] = []
if (values.plant) {
  // A promise that nobody made: every check must find it broken.
  const believer = new LoadClient(clients.length + 2, parts)
  quiet.push(believer)
  const untilMs = nowMs() + 3_600_000
  ledger.onAck({ client: believer.key, address: '10.30.2.2', untilMs }, nowMs())
}
try {
  const beganAtMs = nowMs()
  const report = await runKillRounds(Number(values.kills), {
    appliance,
    clients,
    quiet,
    ledger,
    chance,
    nowMs,
  })
  print(report, (nowMs() - beganAtMs) / 1000)
} catch (error) {
  console.log(error)
  process.exitCode = 1
} finally {
  relay.close()
  await appliance.remove()
}

function print(report: KillReport, seconds: number): void {
  const startsMs = report.startsMs.toSorted((a, b) => a - b).map(Math.round)
  const { kills, killsWhileStarting, renewals } = report
  console.log(`seed ${values.seed}, ${clients.length} clients, ${seconds.toFixed(0)} s`)
  console.log(`kills ${kills}, of them while starting ${killsWhileStarting}`)
  console.log(`starts ${startsMs.length}, failed 0, ready after ${spread(startsMs)} ms`)
  console.log(`ACKs recorded ${ledger.acks}`)
  console.log(`renewals after a kill ${renewals}, rows of the API compared ${ledger.rowsCompared}`)
  for (const violation of ledger.violations.slice(0, 20)) console.log(`violation: ${violation}`)
  console.log(`violations ${ledger.violations.length}`)
  process.exitCode = ledger.violations.length === 0 ? 0 : 1
}

function spread(sorted: readonly number[]): string {
  return `${sorted[0]} at least, ${sorted[sorted.length >> 1]} at the median, ${sorted.at(-1)} at most`
}
