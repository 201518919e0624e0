import { parseIpv4 } from '../net/ipv4.ts'
import { switchPortParts } from '../net/switch-port.ts'
import { repeats } from './network-rules.ts'
import { formatDuration } from './notation.ts'
import { type Finding, pathOfItem, pathOfKey, problem } from './problem.ts'
import type { ReadableConfiguration } from './settings.ts'

/** What the keys that restart phones must mean together: switches, their ports, the command. */
export function restartRules(configuration: ReadableConfiguration): Finding[] {
  return [
    ...switchNamesOnce(configuration),
    ...hostsPossible(configuration),
    ...portsOfSwitches(configuration),
    ...timeoutInTime(configuration),
  ]
}

/** The outcome of a restart is told within 130 s; a command must have ended by then. */
const MAX_TIMEOUT_SECONDS = 120

function switchNamesOnce({ switches = [] }: ReadableConfiguration): Finding[] {
  const names = switches.map((one) => one?.name)
  return repeats(names).map(({ index, first }) => {
    const path = pathOfKey(pathOfItem('switches', index), 'name')
    const earlier = pathOfKey(pathOfItem('switches', first), 'name')
    return problem(path, `found ${names[index]} again, first at ${earlier}`)
  })
}

/** Digits and dots alone are meant as an address: `10.20.0.2500` is no host name. */
function hostsPossible({ switches = [] }: ReadableConfiguration): Finding[] {
  return switches.flatMap((one, index) => {
    const host = one?.host
    if (host === undefined || !/^[\d.]+$/.test(host) || parseIpv4(host) !== undefined) return []
    const path = pathOfKey(pathOfItem('switches', index), 'host')
    return [problem(path, `found ${host}, wanted an IPv4 address or a host name`)]
  })
}

function portsOfSwitches({ switches = [], networks = [] }: ReadableConfiguration): Finding[] {
  // A switch whose name cannot be read has its own problem.
  if (switches.some((one) => one?.name === undefined)) return []
  const names = switches.map((one) => one?.name)
  return networks.flatMap((network, index) => {
    const port = network?.switchPort
    if (port === undefined || names.includes(switchPortParts(port).switchName)) return []
    const path = pathOfKey(pathOfItem('networks', index), 'switchPort')
    const there = names.length === 0 ? 'switches lists none' : `there is ${names.join(', ')}`
    return [problem(path, `found ${port}, but ${there}; wanted a port of a switch in switches`)]
  })
}

function timeoutInTime({ restart }: ReadableConfiguration): Finding[] {
  const timeout = restart?.timeout
  if (timeout === undefined || timeout.seconds <= MAX_TIMEOUT_SECONDS) return []
  return [problem('restart.timeout', `found ${formatDuration(timeout)}, wanted at most 2m`)]
}
