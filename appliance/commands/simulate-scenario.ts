import {
  type AttachmentMode,
  SimulatedPhoneHost,
} from '../../src/adapters/udp/simulated-phone-host.ts'
import type { SimulatedSwitchConfig } from '../../src/adapters/udp/simulated-switch.ts'
import { type Ipv4, parseIpv4 } from '../../src/net/ipv4.ts'
import type { Scenario } from '../../src/settings/parse-scenario.ts'
import type { SwitchFault } from '../../src/simulator/poe-switch.ts'
import { ExitCode } from '../exit-codes.ts'
import { eventAsLine } from '../simulation/event-text.ts'
import { loadScenario } from '../simulation/load-scenario.ts'
import { reportData, reportText } from '../simulation/scenario-report.ts'
import { ScenarioRun } from '../simulation/scenario-run.ts'

/** What the command line says of the network; each goes before what a scenario file says. */
export type PlaceOptions = {
  readonly interface?: string
  readonly loopback?: Ipv4
  readonly server: Ipv4
  readonly dhcpPort: number
  readonly tftpPort: number
  readonly speed: number
  readonly timeout: number
}

/** How a scenario's run is shown. */
export type ScenarioShown = { readonly events: boolean; readonly json: boolean }

/**
 * `switchhook simulate FILE`: runs the scenario and prints what became of each phone. Ends the process:
 * with 0 where every phone ended as expected.
 *
 * @param given - Goes before what the file says.
 */
export async function runScenarioFile(
  file: string,
  given: Partial<PlaceOptions>,
  shown: ScenarioShown,
): Promise<void> {
  const loaded = await loadScenario(file)
  if (loaded.kind === 'refused') {
    console.error(loaded.report)
    process.exitCode = loaded.exitCode
    return
  }
  const scenario = withOptions(loaded.scenario, given)
  const host = hostFor(scenario, (event) => {
    if (shown.events) console.error(eventAsLine(event))
    run.onEvent(event)
  })
  const run = new ScenarioRun(scenario, host)
  try {
    await host.start()
    if (scenario.switch !== undefined) host.addSwitch(switchOf(scenario, scenario.switch))
  } catch (error) {
    console.error(`simulate: ${error instanceof Error ? error.message : error}`)
    process.exitCode = ExitCode.unavailable
    return
  }
  const stop = () => run.stop()
  process.once('SIGINT', stop).once('SIGTERM', stop)
  const outcomes = await run.run()
  process.off('SIGINT', stop).off('SIGTERM', stop)
  host.stop()
  console.log(shown.json ? JSON.stringify(reportData(outcomes), null, 2) : reportText(outcomes))
  if (outcomes.some(({ asExpected }) => !asExpected)) process.exitCode = ExitCode.no
}

/** An interface of the command line takes the place of loopback in the file, and the other way round. */
function withOptions(scenario: Scenario, given: Partial<PlaceOptions>): Scenario {
  const { interface: interfaceName, loopback, timeout, server, dhcpPort, tftpPort, speed } = given
  const { interface: written, loopback: relay, ...rest } = scenario
  const place =
    interfaceName !== undefined
      ? { interface: interfaceName }
      : loopback !== undefined
        ? { loopback }
        : {
            ...(written && { interface: written }),
            ...(relay !== undefined && { loopback: relay }),
          }
  return {
    ...rest,
    ...place,
    ...(server !== undefined && { server }),
    dhcpPort: dhcpPort ?? scenario.dhcpPort,
    tftpPort: tftpPort ?? scenario.tftpPort,
    speed: speed ?? scenario.speed,
    timeout: timeout === undefined ? scenario.timeout : { seconds: timeout },
  }
}

function hostFor(
  scenario: Scenario,
  onEvent: ConstructorParameters<typeof SimulatedPhoneHost>[0]['onEvent'],
): SimulatedPhoneHost {
  const { server = parseIpv4('127.0.0.1') as Ipv4, dhcpPort, tftpPort, speed } = scenario
  return new SimulatedPhoneHost({
    server,
    dhcpPort,
    tftpPort,
    mode: modeOf(scenario),
    speed,
    onEvent,
    onFault: (fault) => console.error(`simulate: ${fault.message}`),
  })
}

function switchOf(
  { phones }: Scenario,
  { address, prefixLength, snmpPort, community, group, fault }: NonNullable<Scenario['switch']>,
): SimulatedSwitchConfig {
  const ports = phones.flatMap(({ switchPort }) => (switchPort === undefined ? [] : [switchPort]))
  return {
    address,
    mask: ((0xffffffff << (32 - prefixLength)) >>> 0) as Ipv4,
    udpPort: snmpPort,
    community,
    group,
    ports: [...new Set(ports)],
    fault: fault as SwitchFault,
  }
}

function modeOf({ interface: interfaceName, loopback }: Scenario): AttachmentMode {
  if (interfaceName !== undefined) return { kind: 'interface', interfaceName }
  return { kind: 'loopback', giaddr: loopback as Ipv4, linkSelection: null }
}
