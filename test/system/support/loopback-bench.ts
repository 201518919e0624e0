import type { Test } from 'tap'
import { aFirmwareZip } from './a-firmware-zip.ts'
import {
  type ApplianceProcess,
  anAppliance,
  freeTcpPort,
  freeUdpPort,
  MAIN,
  run,
} from './appliance-process.ts'

/** A bench on loopback: an appliance with one network that simulated phones reach by a relay. */
export type LoopbackBench = {
  readonly appliance: ApplianceProcess
  readonly apiUrl: string
  readonly dhcpPort: number
  readonly tftpPort: number
  /** Plugs a simulated phone in until it runs a load; the command's end. */
  readonly simulate: (
    options: readonly string[],
  ) => Promise<{ readonly code: number | null; readonly output: string }>
}

/** Starts it, with these firmware sets imported over the API. */
export async function aLoopbackBench(
  t: Pick<Test, 'teardown'>,
  {
    loads,
    admit = 'enrolled',
    before = [],
    phoneSpeed = 20,
  }: {
    readonly loads: readonly string[]
    readonly admit?: string
    /** What stands before the appliance's command. */
    readonly before?: readonly string[]
    /** How fast the appliance takes phones to be; `simulate` runs them at 20. */
    readonly phoneSpeed?: number
  },
): Promise<LoopbackBench> {
  const [apiPort, dhcpPort, tftpPort] = await Promise.all([
    freeTcpPort(),
    freeUdpPort(),
    freeUdpPort(),
  ])
  const yaml = `
dataDir: '{dir}/data'
api: { listen: '127.0.0.1:${apiPort}' }
dhcp: { port: ${dhcpPort} }
tftp: { port: ${tftpPort} }
conversions: { phoneSpeed: ${phoneSpeed} }
networks:
  - name: bench
    relayed: true
    address: 127.0.0.1
    subnet: 127.84.0.0/24
    pool: [127.84.0.50-127.84.0.99]
    admit: ${admit}
    probe: false
`
  const appliance = await anAppliance(t, yaml, { apiPort, prefix: before })
  for (const load of loads) {
    await appliance.api.post('/v1/firmware', await aFirmwareZip(load), 'application/zip')
  }
  const attached = [
    '--loopback',
    '127.84.0.1',
    '--dhcp-port',
    `${dhcpPort}`,
    '--tftp-port',
    `${tftpPort}`,
  ]
  return {
    appliance,
    apiUrl: `http://127.0.0.1:${apiPort}`,
    dhcpPort,
    tftpPort,
    simulate: (options) =>
      run(process.execPath, [MAIN, 'simulate', ...attached, '--speed', '20', ...options]),
  }
}
