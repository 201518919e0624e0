import type { EntryProblem } from '../../inventory/inventory-outcome.ts'
import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts'
import { isHostAddress, type Subnet, subnetContains } from '../../net/subnet.ts'
import type { SurveyRequest } from '../services.ts'
import type { SurveyPlace } from './survey-run.ts'

/** Addresses of one survey, at most. */
export const MAX_SURVEY_ADDRESSES = 4_096

/** A network as a survey needs it. */
export type SurveyNetwork = {
  readonly name: string
  readonly subnet: Subnet
  /** Addresses of appliances and routers, which are no phone's. */
  readonly taken: readonly Ipv4[]
}

/** Where to ask, or all that is against it. */
export type FoundPlaces =
  | { readonly kind: 'places'; readonly places: readonly SurveyPlace[] }
  | { readonly kind: 'refused'; readonly problems: readonly EntryProblem[] }

/**
 * The addresses of a survey: those that are named, or those of all leases. Each must lie in a
 * configured network.
 *
 * @param leased - Addresses with a lease, with their networks.
 */
export function findPlaces(
  request: SurveyRequest,
  networks: readonly SurveyNetwork[],
  leased: readonly { readonly address: Ipv4; readonly network: string }[],
): FoundPlaces {
  const { network, addresses } = request
  if (network !== null && !networks.some(({ name }) => name === network)) {
    const known = networks.map(({ name }) => name).join(', ')
    return refused([
      { path: '/network', message: `there is no network ${network}; there is ${known}` },
    ])
  }
  const wanted = networks.filter(({ name }) => network === null || name === network)
  if (addresses === null) return placesOfLeases(wanted, leased)
  if (addresses.length > MAX_SURVEY_ADDRESSES) return tooMany('/addresses', addresses.length)
  const problems: EntryProblem[] = []
  const places = [...new Set(addresses)].flatMap((address) => {
    const at = wanted.find(({ subnet }) => subnetContains(subnet, address))
    if (at !== undefined && isHostAddress(at.subnet, address)) return [placeIn(at, address)]
    const path = `/addresses/${addresses.indexOf(address)}`
    problems.push({
      path,
      message: `${formatIpv4(address)} is no host address of ${whereOf(request)}`,
    })
    return []
  })
  return problems.length > 0 ? refused(problems) : { kind: 'places', places }
}

function placesOfLeases(
  networks: readonly SurveyNetwork[],
  leased: readonly { readonly address: Ipv4; readonly network: string }[],
): FoundPlaces {
  const places = leased.flatMap(({ address, network }) => {
    const at = networks.find(({ name }) => name === network)
    return at === undefined ? [] : [placeIn(at, address)]
  })
  if (places.length > MAX_SURVEY_ADDRESSES) return tooMany('/network', places.length)
  return { kind: 'places', places }
}

function placeIn({ name, taken }: SurveyNetwork, address: Ipv4): SurveyPlace {
  return { address, network: name, mayAsk: !taken.includes(address) }
}

function whereOf({ network }: SurveyRequest): string {
  return network === null ? 'a configured network' : `network ${network}`
}

function tooMany(path: string, count: number): FoundPlaces {
  const message = `${count} addresses, at most ${MAX_SURVEY_ADDRESSES} in one survey: name a part of them`
  return refused([{ path, message }])
}

function refused(problems: readonly EntryProblem[]): FoundPlaces {
  return { kind: 'refused', problems }
}
