import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'
import { SimulatedPhoneHost } from '../../src/adapters/udp/simulated-phone-host.ts'
import { ipv4Plus } from '../../src/net/ipv4.ts'
import type { Mac } from '../../src/net/mac.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { flashRunning } from '../../src/simulator/phone-flash.ts'
import { makeFirmwareSet } from '../../src/simulator/synthetic-firmware.ts'
import { ApiClient } from '../client/api-client.ts'
import { type ConversionSeen, followConversion } from './follow-conversion.ts'

/** What the demonstration runs on. */
export type DemonstrationParts = {
  readonly apiUrl: string
  readonly settings: Settings
  /** How many times as quick as a real phone. */
  readonly speed: number
  readonly print: (line: string) => void
  /** A terminal that a progress bar can be drawn on; null where there is none. */
  readonly progressTo: NodeJS.WriteStream | null
  /** Whether it is over when the phone is stalled; otherwise the phone may still go on. */
  readonly endsWhenStalled: boolean
}

/** A demonstration that has come to its end; the phone stays plugged in until `close`. */
export type Demonstration = {
  readonly state: ConversionSeen['state']
  readonly close: () => Promise<void>
}

/** Locally administered, so that no real phone is ever meant. */
const PHONE = '02000000A060' as Mac
const SCCP = 'P00308000500'
const SIP = 'P0S3-8-12-00'

/**
 * Does what an operator does, over the same API: adds firmware, a profile, a phone, and asks for
 * the conversion. Then plugs in a simulated phone, which does the rest by itself.
 *
 * The firmware is synthetic: right names and form, no code of Cisco's.
 */
export async function demonstrate(parts: DemonstrationParts): Promise<Demonstration> {
  const { apiUrl, print } = parts
  const api = new ApiClient(apiUrl, null)
  const { from, to } = await directionOf(api)
  print(`Switchhook converts a simulated 7960 (${PHONE}) from ${from} to ${to}.`)
  for (const load of [SCCP, SIP]) await addFirmware(api, load)
  await api.put('/v1/profiles/demo-sip', {
    protocol: 'sip',
    load: SIP,
    sip: { proxy1_address: '192.0.2.9' },
  })
  await api.put(`/v1/phones/${PHONE}`, {
    model: '7960',
    network: 'demo',
    profile: 'demo-sip',
    label: 'demonstration',
    lines: [{ name: '1201', displayName: 'Demo 1201' }],
  })
  await api.put(`/v1/phones/${PHONE}/conversion`, { to, from, acceptOneWay: true })
  print(`Watch it here, at ${apiUrl}/, or with:`)
  print(`  curl '${apiUrl}/v1/phones/${PHONE}/conversion?wait=60'\n`)
  const host = plugIn(parts)
  await host.start()
  host.add({ mac: PHONE, model: '7960', flash: flashRunning(from) })
  const end = await followConversion(api, PHONE, parts)
  return { state: end.state, close: async () => host.stop() }
}

/** The phone goes to SIP, and when it has been converted before, back to SCCP, and so on. */
async function directionOf(
  api: ApiClient,
): Promise<{ readonly from: string; readonly to: string }> {
  const conversions = await api.get<readonly ConversionSeen[]>('/v1/conversions')
  const last = conversions.find(({ mac }) => mac === PHONE)
  if (last === undefined) return { from: SCCP, to: SIP }
  if (last.state !== 'confirmed') {
    // What stalled in an earlier demonstration says nothing of the phone that is plugged in now.
    if (last.state === 'stalled') await api.delete(`/v1/phones/${PHONE}/conversion`)
    return { from: last.from ?? SCCP, to: last.to }
  }
  return last.to === SIP ? { from: SIP, to: SCCP } : { from: SCCP, to: SIP }
}

async function addFirmware(api: ApiClient, load: string): Promise<void> {
  const zip = new ZipFile()
  for (const [name, bytes] of makeFirmwareSet(load)) zip.addBuffer(Buffer.from(bytes), name)
  zip.end()
  await api.post('/v1/firmware', await buffer(zip.outputStream), 'application/zip')
}

function plugIn({ settings, speed, print }: DemonstrationParts): SimulatedPhoneHost {
  const [network] = settings.networks
  if (network === undefined) throw new Error('the demonstration has no network')
  return new SimulatedPhoneHost({
    server: network.address,
    dhcpPort: settings.dhcp.port,
    tftpPort: settings.tftp.port,
    // The first host address of the subnet is the simulated relay agent's.
    mode: { kind: 'loopback', giaddr: ipv4Plus(network.subnet.base, 1), linkSelection: null },
    speed,
    onEvent: () => undefined,
    onFault: (fault) => print(`simulated phone: ${fault.message}`),
  })
}
