import { formatIpv4, type Ipv4 } from '../net/ipv4.ts'
import { findMacFault, type Mac } from '../net/mac.ts'
import { formatSubnet, isHostAddress, roleInSubnet, type Subnet } from '../net/subnet.ts'
import { findTextFault } from '../phones/config-files/phone-text.ts'
import {
  findLineProblems,
  findSettingProblems,
  type SettingProblem,
} from '../phones/config-files/setting-problems.ts'
import { type EntryProblem, pointer } from './inventory-outcome.ts'
import type { Phone } from './phone.ts'

/** A network that phones may be on. */
export type KnownNetwork = {
  readonly name: string
  readonly subnet: Subnet
  /** Addresses that no phone may have, and whose they are, in words (`the router`). */
  readonly taken: ReadonlyMap<Ipv4, string>
}

/** What a phone's entry is checked against. */
export type PhoneSurroundings = {
  readonly networks: readonly KnownNetwork[]
  hasProfile(name: string): boolean
  /** The phone whose fixed address it is. */
  phoneAt(address: Ipv4): Phone | undefined
}

const LONGEST_LABEL = 64

/** Everything that is wrong with a phone's entry. */
export function findPhoneProblems(phone: Phone, around: PhoneSurroundings): EntryProblem[] {
  const lineCount = lineCountOf(phone.model)
  return [
    ...macProblems(phone.mac),
    ...labelProblems(phone.label),
    ...networkProblems(phone.network, around.networks),
    ...profileProblems(phone.profile, around),
    ...addressProblems(phone, around),
    ...findLineProblems(phone.lines, lineCount).map(inLines),
    ...findSettingProblems(phone.settings, lineCount).map(({ path, message }) => ({
      path: pointer('settings', path),
      message,
    })),
  ]
}

/** Line keys of the model; the most that any has where it is not known. */
export function lineCountOf(model: Phone['model']): number {
  return model === '7940' ? 2 : 6
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
  const tooLong = `has ${label.length} characters; at most ${LONGEST_LABEL} are wanted`
  const message = findTextFault(label, 'free') ?? (isLong ? tooLong : undefined)
  return message === undefined ? [] : [{ path: '/label', message }]
}

function networkProblems(name: string | null, networks: readonly KnownNetwork[]): EntryProblem[] {
  if (name === null || networks.some((network) => network.name === name)) return []
  const known = networks.map((network) => network.name).join(', ')
  return [{ path: '/network', message: `there is no network ${name}; there is ${known || 'none'}` }]
}

function profileProblems(name: string | null, around: PhoneSurroundings): EntryProblem[] {
  if (name === null || around.hasProfile(name)) return []
  return [{ path: '/profile', message: `there is no profile ${name}; store it first` }]
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
    if (role !== undefined) return problem(`${role}; no host address`)
    const subnets = possible.map(({ name, subnet }) => `${formatSubnet(subnet)} (${name})`)
    return problem(`${text} is no host address of ${subnets.join(', ') || 'any network'}`)
  }
  const owner = home.taken.get(address)
  if (owner !== undefined) return problem(`${text} is ${owner}`)
  const holder = around.phoneAt(address)
  if (holder === undefined || holder.mac === mac) return []
  return problem(`${text} is the address of phone ${holder.mac}`)
}
