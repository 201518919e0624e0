import type { Registration } from '../../call-control/registration.ts'
import type { RestartFacts } from '../../call-control/restart/restart-facts.ts'
import type { ConversionEngine } from '../../conversion/conversion-engine.ts'
import type { Inventory } from '../../inventory/inventory.ts'
import type { Phone } from '../../inventory/phone.ts'
import type { LeaseTable } from '../../leases/lease-table.ts'
import type { Ipv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'
import { type SwitchPort, switchPortParts } from '../../net/switch-port.ts'
import { parseFirmwareName } from '../../phones/firmware-name.ts'
import type { ServedFiles } from './served-files.ts'

/** A network, as far as restarts depend on it. */
export type RestartNetwork = {
  readonly name: string
  /** Ours on it. */
  readonly address: Ipv4
  readonly callControl: boolean
  /** Of a bench with one place. */
  readonly switchPort?: SwitchPort
}

/** Of call control, what is asked of a phone. */
export type RegisteredPhones = {
  registration(mac: Mac): Registration | undefined
  hasSession(mac: Mac): boolean
  isLooping(mac: Mac): boolean
  /** Where it listens. */
  readonly listeners: Readonly<
    Record<'sip' | 'sccp', readonly { readonly address: Ipv4; readonly port: number }[]>
  >
}

/** Where facts about phones come from. */
export type FactSources = {
  readonly inventory: Pick<Inventory, 'phone'>
  readonly leaseTable: Pick<LeaseTable, 'leaseOf'>
  readonly engine: Pick<ConversionEngine, 'takenToRun' | 'boot'>
  readonly served: Pick<ServedFiles, 'settingsOf'>
  readonly networks: () => readonly RestartNetwork[]
  /** The name of the network that an address belongs to; null for none of ours. */
  readonly networkAt: (address: Ipv4) => string | null
  /** Null: phones do not register here. */
  readonly callControl: () => RegisteredPhones | null
  readonly switchNames: () => readonly string[]
  readonly hasCommand: () => boolean
}

/** Gathers what is known of an enrolled phone; undefined for any other device. */
export function factsOf(sources: FactSources, mac: Mac, nowMs: number): RestartFacts | undefined {
  const phone = sources.inventory.phone(mac)
  if (phone === undefined) return undefined
  const control = sources.callControl()
  const registration = control?.registration(mac)
  const place = placeOf(sources, phone, registration?.address, nowMs)
  const { line, telnet } = sources.served.settingsOf(mac)
  const isServed = (protocol: 'sip' | 'sccp') =>
    place.network?.callControl === true &&
    (control?.listeners[protocol] ?? []).some(({ address }) => address === place.network?.address)
  return {
    mac,
    address: place.address,
    callControl: { sip: isServed('sip'), sccp: isServed('sccp') },
    registration: registration?.protocol ?? null,
    hasSession: control?.hasSession(mac) ?? false,
    runs: runsOf(sources, mac, registration),
    line,
    telnet,
    switchPort: switchPortOf(sources, phone, place.network),
    hasCommand: sources.hasCommand(),
    isLooping: control?.isLooping(mac) ?? false,
  }
}

type Place = { readonly address: Ipv4 | null; readonly network: RestartNetwork | undefined }

/** A phone is where it registered from, else where it has a lease, else where its entry says. */
function placeOf(
  { leaseTable, networks, networkAt }: FactSources,
  phone: Phone,
  registered: Ipv4 | undefined,
  nowMs: number,
): Place {
  const allowed = networks().filter(({ name }) => [null, name].includes(phone.network))
  const leased = allowed.flatMap(({ name }) => leaseTable.leaseOf(name, phone.mac, nowMs) ?? [])
  const address = registered ?? leased[0]?.address ?? phone.address
  const name = address === null ? null : networkAt(address)
  // Without an address, it is on the only network where it may be.
  const only = allowed.length === 1 ? allowed[0] : undefined
  return { address, network: allowed.find((network) => network.name === name) ?? only }
}

/** By its registration, else by its load, else by what it asked for when it last started. */
function runsOf(
  { engine }: FactSources,
  mac: Mac,
  registration: Registration | undefined,
): RestartFacts['runs'] {
  if (registration?.protocol === 'sccp') return { protocol: 'sccp', major: null }
  // The User-Agent of 1.x and 2.x alone does not tell its generation.
  if (registration !== undefined) {
    return { protocol: 'sip', major: Number.parseInt(registration.version ?? '2', 10) }
  }
  const load = engine.takenToRun(mac)
  const parsed = load === null ? undefined : parseFirmwareName(load)
  if (parsed?.kind === 'ok' && parsed.name.protocol !== 'mgcp') {
    return { protocol: parsed.name.protocol, major: parsed.name.major }
  }
  const asked = engine.boot(mac)?.asked ?? []
  if (asked.includes('ringlist-dat')) return { protocol: 'sip', major: null }
  return asked.includes('ringlist-xml') ? { protocol: 'sccp', major: null } : null
}

function switchPortOf(
  { switchNames }: FactSources,
  phone: Phone,
  network: RestartNetwork | undefined,
): RestartFacts['switchPort'] {
  const port = phone.switchPort ?? network?.switchPort
  if (port === undefined) return null
  const { switchName } = switchPortParts(port)
  const isKnown = switchNames().includes(switchName)
  return { port, fault: isKnown ? null : `there is no switch ${switchName} in the configuration` }
}
