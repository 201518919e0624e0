import { PoeRestart } from '../../../src/adapters/snmp/poe-restart.ts'
import { openSwitchSession, type Switch } from '../../../src/adapters/snmp/switch-session.ts'
import { SwitchedOffPortsFile } from '../../../src/adapters/snmp/switched-off-ports.ts'
import { TelnetRestart } from '../../../src/adapters/tcp/telnet-restart.ts'
import type { RestartTarget } from '../../../src/call-control/restart/method.ts'

/**
 * Runs one restart method, for tests in a namespace: `telnet` or `poe` with what it needs as JSON, or
 * `recover`, which switches on what an earlier process left off. Prints a line of JSON for each event and
 * for the outcome.
 */
type Wanted = {
  readonly target: RestartTarget
  readonly switches: readonly Switch[]
  readonly file: string
}

const [method, json = '{}'] = process.argv.slice(2)
const { target, switches, file } = JSON.parse(json) as Wanted
const never = new AbortController().signal
const print = (value: unknown) => console.log(JSON.stringify(value))

if (method === 'telnet') print(await new TelnetRestart().send(target, never))
else {
  const poe = new PoeRestart({
    switches: () => switches,
    openSession: openSwitchSession,
    ports: new SwitchedOffPortsFile(file, print),
    onEvent: ({ event, fields }) => {
      print({ event, ...fields })
      if (method === 'recover') void poe.close()
    },
    nowMs: Date.now,
  })
  if (method === 'recover') poe.recover()
  else print(await poe.send(target, never))
}
