import { formatIpv4, type Ipv4 } from '../net/ipv4.ts'
import { findMacFault, type Mac } from '../net/mac.ts'
import { formatSubnet, isHostAddress, roleInSubnet, type Subnet } from '../net/subnet.ts'
import { type SwitchPort, switchPortParts } from '../net/switch-port.ts'
import { findTextFault } from '../phones/config-files/phone-text.ts'
import {
  findLineProblems,
  findSettingProblems,
  type SettingProblem,
} from '../phones/config-files/setting-problems.ts'
import { family } from '../phones/family/family.ts'
import { type EntryProblem, pointer } from './inventory-outcome.ts'
import type { Phone } from './phone.ts'

/** A network that phones may be on. */
export type KnownNetwork = {
  readonly name: string
  readonly subnet: Subnet
  /** Addresses that no phone may have, and whose they are, in words (`the router`). */
  readonly taken: ReadonlyMap<Ipv4, string>
}

/** A switch whose ports phones may be on. */
export type KnownSwitch = {
  readonly name: string
  /** The group of ports that name none. */
  readonly portGroup: number
}

/** What a phone's entry is checked against. */
export type PhoneSurroundings = {
  readonly networks: readonly KnownNetwork[]
  readonly switches: readonly KnownSwitch[]
  hasProfile(name: string): boolean
  /** The phone whose fixed address it is. */
  phoneAt(address: Ipv4): Phone | undefined
  /** The phone whose switch port it is, spelled in this way. */
  phoneOnPort(port: SwitchPort): Phone | undefined
}

const LONGEST_LABEL = 64

/** Everything that is wrong with a phone's entry. */
export function findPhoneProblems(phone: Phone, around: PhoneSurroundings): EntryProblem[] {
  const lineCount = lineCountOf(phone.model)
  return [
    ...macProblems(phone.mac),
    ...labelProblems(phone.label),
    ...findPlaceProblems(phone, around),
    ...profileProblems(phone.profile, around),
    ...findLineProblems(phone.lines, lineCount).map(inLines),
    ...findSettingProblems(phone.settings, lineCount).map(({ path, message }) => ({
      path: pointer('settings', path),
      message,
    })),
  ]
}

/** What is wrong with where a phone is: what an edited configuration can take the ground from. */
export function findPlaceProblems(phone: Phone, around: PhoneSurroundings): EntryProblem[] {
  return [
    ...networkProblems(phone.network, around.networks),
    ...addressProblems(phone, around),
    ...switchPortProblems(phone, around),
  ]
}

/** Line keys of the model; the most that any has where it is not known. */
export function lineCountOf(model: Phone['model']): number {
  const known = family.models.find((one) => one.model === model)
  return known?.lines ?? Math.max(...family.models.map(({ lines }) => lines))
}

/** From `lines.0.name` to a JSON pointer. */
function inLines({ path, message }: SettingProblem): EntryProblem {
  return { path: pointer(...path.split('.')), message }
}

function macProblems(mac: Mac): EntryProblem[] {
  const fault = findMacFault(mac)
  return fault === undefined ? [] : [{ path: '/mac', message: `${mac} ${fault}` }]
}

function labelProblems(label: string | null): EntryProblem[] {
  if (label === null) return []
  const isLong = label.length > LONGEST_LABEL
  const tooLong = `has ${label.length} characters, must have at most ${LONGEST_LABEL}`
  const message = findTextFault(label, 'free') ?? (isLong ? tooLong : undefined)
  return message === undefined ? [] : [{ path: '/label', message }]
}

function networkProblems(name: string | null, networks: readonly KnownNetwork[]): EntryProblem[] {
  if (name === null || networks.some((network) => network.name === name)) return []
  const known = networks.map((network) => network.name).join(', ')
  return [
    {
      path: '/network',
      message:
        known === ''
          ? `there is no network ${name}, nor any other`
          : `there is no network ${name}; the networks are: ${known}`,
    },
  ]
}

function profileProblems(name: string | null, around: PhoneSurroundings): EntryProblem[] {
  if (name === null || around.hasProfile(name)) return []
  return [{ path: '/profile', message: `there is no profile ${name}; create it first` }]
}

function addressProblems({ mac, network, address }: Phone, around: PhoneSurroundings) {
  if (address === null) return []
  const problem = (message: string) => [{ path: '/address', message }]
  const text = formatIpv4(address)
  const possible = around.networks.filter(({ name }) => network === null || name === network)
  // A network that is not there has its own problem.
  if (network !== null && possible.length === 0) return []
  const home = possible.find(({ subnet }) => isHostAddress(subnet, address))
  if (home === undefined) {
    const role = possible.flatMap(({ name, subnet }) => {
      const found = roleInSubnet(subnet, address)
      return found === undefined ? [] : `${text} is ${found} of ${formatSubnet(subnet)} (${name})`
    })[0]
    if (role !== undefined) return problem(`${role}, not a host address`)
    const subnets = possible.map(({ name, subnet }) => `${formatSubnet(subnet)} (${name})`)
    return problem(`${text} is not a host address of ${subnets.join(', ') || 'any network'}`)
  }
  const owner = home.taken.get(address)
  if (owner !== undefined) return problem(`${text} is ${owner}`)
  const holder = around.phoneAt(address)
  if (holder === undefined || holder.mac === mac) return []
  return problem(`${text} is the address of phone ${holder.mac}`)
}

function switchPortProblems({ mac, switchPort }: Phone, around: PhoneSurroundings) {
  if (switchPort === undefined) return []
  const problem = (message: string) => [{ path: '/switchPort', message }]
  const { switches } = around
  const { switchName } = switchPortParts(switchPort)
  if (!switches.some(({ name }) => name === switchName)) {
    const known = switches.map(({ name }) => name).join(', ')
    return problem(`there is no switch ${switchName}; there is ${known || 'none'}`)
  }
  // Power that is cut for one phone would be cut for the other.
  for (const spelling of spellingsOf(switchPort, switches)) {
    const holder = around.phoneOnPort(spelling)
    if (holder === undefined || holder.mac === mac) continue
    return problem(`${switchPort} is the port of phone ${holder.mac}`)
  }
  return []
}

/** All texts that name a port: `sw1/7` and `sw1/1.7` are one where 1 is the group of sw1. */
function spellingsOf(port: SwitchPort, switches: readonly KnownSwitch[]): readonly SwitchPort[] {
  const { switchName, group, index } = switchPortParts(port)
  const portGroup = switches.find(({ name }) => name === switchName)?.portGroup
  if (group === null) return [port, `${switchName}/${portGroup}.${index}` as SwitchPort]
  return group === portGroup ? [port, `${switchName}/${index}` as SwitchPort] : [port]
}
