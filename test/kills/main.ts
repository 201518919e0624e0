// Kills the appliance under DHCP load, again and again, and asks whether it kept its word:
// npm run kills -- [--kills 300] [--clients 200] [--seed 7960] [--plant]
// Needs root and the built program. Exits with 1 on a violation; with --plant, which plants one.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Lab, lackingForLab } from '../system/support/lab.ts'
import { CLIENTS_SUBNET, LINK_ADDRESS, SERVER_ADDRESS } from './places.ts'

const lacking = lackingForLab(['ip'])
if (lacking !== '') {
  console.error(`kills: not here: ${lacking}`)
  process.exit(69)
}
const teardowns: (() => unknown)[] = []
const lab = Lab.open({ teardown: (...more) => teardowns.push(...more) }, `${SERVER_ADDRESS}/24`)
try {
  const relay = lab.plugIn('02:00:00:00:30:01')
  lab.setAddress(relay, `${LINK_ADDRESS}/24`)
  lab.putBehind(relay, LINK_ADDRESS, CLIENTS_SUBNET)
  const harness = fileURLToPath(new URL('./harness.ts', import.meta.url))
  const args = [...process.execArgv, harness, '--server', lab.server, ...process.argv.slice(2)]
  const { status } = spawnSync('ip', ['netns', 'exec', relay, process.execPath, ...args], {
    stdio: 'inherit',
  })
  process.exitCode = status ?? 70
} finally {
  for (const teardown of teardowns) teardown()
}
