import { formatSubnet, subnetsOverlap } from '../net/subnet.ts'
import { networkRules, repeats } from './network-rules.ts'
import { formatListenAddress, formatPortRange, isLoopback } from './notation.ts'
import { optionRules } from './option-rules.ts'
import { type Finding, pathOfItem, pathOfKey, problem, warning } from './problem.ts'
import { restartRules } from './restart-rules.ts'
import type { ReadableConfiguration, ReadableNetwork } from './settings.ts'
import { sharingRules } from './sharing-rules.ts'

/** What the configuration file cannot know about the machine that it is for. */
export type Given = {
  /** The API's token comes from the environment; the file need not name one. */
  readonly tokenInEnvironment: boolean
}

/**
 * Holds what could be read of a configuration against every rule, and reports all that is wrong,
 * not only the first.
 */
export function findProblems(configuration: ReadableConfiguration, given: Given): Finding[] {
  const networks = configuration.networks ?? []
  return [
    ...tokenBeyondLoopback(configuration, given),
    ...portsApart(configuration),
    ...enoughTransferPorts(configuration),
    ...workersIgnored(configuration),
    ...callControlToUse(configuration),
    ...restartRules(configuration),
    ...sharingRules(configuration),
    ...networks.flatMap((network, index) =>
      network === undefined ? [] : rulesOfNetwork(network, pathOfItem('networks', index)),
    ),
    ...namesOnce(networks, 'name'),
    ...namesOnce(networks, 'interface'),
    ...subnetsApart(networks),
  ]
}

function rulesOfNetwork(network: ReadableNetwork, path: string): Finding[] {
  return [...networkRules, optionRules]
    .flatMap((rule) => rule(network))
    .map((finding) => ({ ...finding, path: pathOfKey(path, finding.path) }))
}

function tokenBeyondLoopback({ api }: ReadableConfiguration, given: Given): Finding[] {
  if (api?.listen === undefined || isLoopback(api.listen)) return []
  if (api.tokenFile !== undefined || given.tokenInEnvironment) return []
  const found = `found ${formatListenAddress(api.listen)}, which other machines can reach`
  return [problem('api.listen', `${found}; wanted tokenFile, or the variable SWITCHHOOK_API_TOKEN`)]
}

function portsApart({ dhcp, tftp, callControl }: ReadableConfiguration): Finding[] {
  /** In the order in which a port that is there already is named. */
  const ports = [
    { key: 'callControl.sip.port', port: callControl?.sip?.port },
    { key: 'tftp.port', port: tftp?.port },
    { key: 'dhcp.port', port: dhcp?.port },
  ]
  // 0 is any port that is free: never the same twice.
  const twice = ports.flatMap(({ key, port }, index) =>
    ports
      .slice(index + 1)
      .filter((other) => port !== undefined && port !== 0 && other.port === port)
      .map((other) => problem(key, `found ${port}, which is ${other.key} too`)),
  )
  const range = tftp?.transferPorts
  if (range === undefined) return twice
  const contained = ports
    .filter(({ port }) => port !== undefined && port >= range.first && port <= range.last)
    .map(({ key, port }) => {
      const message = `found ${formatPortRange(range)}, which contains ${key} ${port}`
      return problem('tftp.transferPorts', message)
    })
  return [...twice, ...contained]
}

/** An address has 16 transfer sockets, and renews them while transfers on the old ones go on. */
const TRANSFER_PORTS = 64

function enoughTransferPorts({ tftp }: ReadableConfiguration): Finding[] {
  const range = tftp?.transferPorts
  if (range === undefined) return []
  const ports = range.last - range.first + 1
  if (ports >= TRANSFER_PORTS) return []
  const message = `found ${ports} ports, wanted at least ${TRANSFER_PORTS}: with fewer, ports are reused too soon`
  return [warning('tftp.transferPorts', message)]
}

/** It was the number of threads that send files. */
function workersIgnored({ tftp }: ReadableConfiguration): Finding[] {
  if (tftp?.workers === undefined) return []
  const message = 'ignored: one thread sends all files; the next version will refuse this key'
  return [warning('tftp.workers', message)]
}

/** A network that wants it needs a server to be there, and a server wants a network. */
function callControlToUse({ callControl, networks = [] }: ReadableConfiguration): Finding[] {
  const isOff = callControl?.sip === undefined && callControl?.sccp === undefined
  const users = networks.flatMap((network, index) => (network?.callControl === true ? [index] : []))
  if (isOff) {
    if (callControl !== undefined) {
      return [problem('callControl', 'found neither sip nor sccp, wanted one of them or both')]
    }
    return users.map((index) => {
      const path = pathOfKey(pathOfItem('networks', index), 'callControl')
      return problem(path, 'found true; wanted the section callControl with sip, sccp or both')
    })
  }
  if (users.length > 0) return []
  return [warning('callControl', 'no network has callControl: true, so it has no effect')]
}

function namesOnce(
  networks: readonly (ReadableNetwork | undefined)[],
  key: 'name' | 'interface',
): Finding[] {
  const names = networks.map((network) => network?.[key])
  return repeats(names).map(({ index, first }) => {
    const earlier = pathOfKey(pathOfItem('networks', first), key)
    const path = pathOfKey(pathOfItem('networks', index), key)
    return problem(path, `found ${names[index]} again, first at ${earlier}`)
  })
}

function subnetsApart(networks: readonly (ReadableNetwork | undefined)[]): Finding[] {
  return networks.flatMap((network, index) => {
    const { subnet } = network ?? {}
    if (subnet === undefined) return []
    const first = networks
      .slice(0, index)
      .findIndex((other) => other?.subnet !== undefined && subnetsOverlap(other.subnet, subnet))
    const earlier = networks[first]?.subnet
    if (earlier === undefined) return []
    const message = `found ${formatSubnet(subnet)}, which overlaps ${formatSubnet(earlier)} of ${pathOfItem('networks', first)}`
    return [problem(pathOfKey(pathOfItem('networks', index), 'subnet'), message)]
  })
}
