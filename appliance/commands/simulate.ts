import { type Command, InvalidArgumentError, Option } from 'commander'
import {
  type AttachmentMode,
  SimulatedPhoneHost,
} from '../../src/adapters/udp/simulated-phone-host.ts'
import { type Ipv4, parseIpv4 } from '../../src/net/ipv4.ts'
import { type Mac, parseMac } from '../../src/net/mac.ts'
import { canRun } from '../../src/simulator/expectation.ts'
import { flashRunning } from '../../src/simulator/phone-flash.ts'
import { ExitCode } from '../exit-codes.ts'
import { eventAsJson, eventAsLine } from '../simulation/event-text.ts'
import { readPositive } from './option-values.ts'
import { writeFirmware } from './simulate-firmware.ts'
import { replayTraceFile } from './simulate-replay.ts'
import { type PlaceOptions, runScenarioFile } from './simulate-scenario.ts'

type SimulateOptions = PlaceOptions & {
  readonly mac?: Mac
  readonly model: '7940' | '7960'
  readonly load?: string
  readonly until?: string
  readonly events?: boolean
  readonly json?: boolean
  readonly replay?: string
  readonly makeFirmware?: readonly string[]
  readonly output: string
}

/** `switchhook simulate`: phones without phones, against any server. */
export function defineSimulateCommand(command: Command): void {
  command
    .argument(
      '[FILE]',
      'a scenario: several phones, their faults, and the expected outcome of each',
    )
    .option('--mac <mac>', 'hardware address of a single phone', readMac)
    .option('--load <load>', 'the load that it runs at first', readLoad)
    .option('--model <model>', '7940 or 7960', readModel, '7960')
    .option('--interface <name>', 'connect it to this interface (needs root; use a namespace)')
    .option(
      '--loopback <address>',
      'connect it to loopback; ADDRESS is its relay agent',
      readAddress,
    )
    .addOption(
      new Option(
        '--server <address>',
        'the DHCP server with --loopback; the TFTP server with --replay alone',
      )
        .argParser(readAddress)
        .default(readAddress('127.0.0.1'), '127.0.0.1'),
    )
    .option('--dhcp-port <port>', 'of the server', readPort, 67)
    .option('--tftp-port <port>', 'of the server', readPort, 69)
    .option('--speed <n>', 'how many times faster than a real phone', readPositive, 1)
    .option('--until <load>', 'exit with 0 when it runs this load')
    .option(
      '--timeout <seconds>',
      'exit with 1 after this time, with --until or FILE',
      readPositive,
      600,
    )
    .option('--replay <trace>', 'repeat the requests of this trace and report differences')
    .option('--events', 'with FILE or --replay: print the events of the phones on standard error')
    .option('--make-firmware <load...>', 'write synthetic firmware as ZIP archives, and end')
    .option('--output <folder>', 'with --make-firmware: where to', '.')
    .option('--json', 'print events, or the outcome of FILE or --replay, as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  switchhook simulate --mac 02:00:00:00:a0:60 --load P00308000500 --interface lab1\n' +
        '  switchhook simulate --mac 02:00:00:00:a0:60 --load P00305000300 --loopback 127.83.0.1 \\\n' +
        '    --dhcp-port 6767 --tftp-port 6969 --speed 4 --until P0S3-06-3-00\n' +
        '  switchhook simulate rehearsal.yaml --interface lab1\n' +
        '  switchhook simulate --make-firmware P00308000500 P0S3-8-12-00\n' +
        '  switchhook simulate --replay phone.jsonl --server 192.0.2.2 --speed 10\n\n' +
        'With FILE it exits with 0 if every phone ended as the file expects, with 1 if one did\n' +
        'not, with 78 if the file has problems. Options for the network override the file.',
    )
    .action(async (file: string | undefined, options: SimulateOptions, command: Command) => {
      if (options.makeFirmware !== undefined) return runMaking(file, options, command)
      if (options.replay !== undefined) return runReplay(options.replay, file, options, command)
      if (file === undefined) return runSinglePhone(options, command)
      const ofOnePhone = ['mac', 'load', 'model', 'until'].find(
        (name) => command.getOptionValueSource(name) === 'cli',
      )
      if (ofOnePhone !== undefined)
        return refuse(command, `--${ofOnePhone} is for a single phone, without FILE`)
      if (options.interface !== undefined && options.loopback !== undefined)
        return refuse(command, ONE_PLACE)
      const given = Object.fromEntries(
        Object.entries(options).filter(([name]) => command.getOptionValueSource(name) === 'cli'),
      )
      await runScenarioFile(file, given, {
        events: options.events === true,
        json: options.json === true,
      })
    })
}

const ONE_PLACE = 'wanted either --interface or --loopback'

function refuse(command: Command, message: string): never {
  return command.error(`simulate: ${message}`, { exitCode: ExitCode.usage })
}

async function runMaking(
  file: string | undefined,
  { makeFirmware = [], output }: SimulateOptions,
  command: Command,
): Promise<void> {
  if (file !== undefined) return refuse(command, 'wanted --make-firmware without FILE')
  await writeFirmware(makeFirmware, output)
}

async function runReplay(
  trace: string,
  file: string | undefined,
  options: SimulateOptions,
  command: Command,
): Promise<void> {
  const ofOthers = ['load', 'until'].find((name) => command.getOptionValueSource(name) === 'cli')
  if (file !== undefined || ofOthers !== undefined) {
    return refuse(command, 'wanted --replay without FILE, --load and --until')
  }
  const isPlaced = options.interface !== undefined || options.loopback !== undefined
  const mode = modeOf(options)
  if (isPlaced && mode === undefined) return refuse(command, ONE_PLACE)
  const { server, dhcpPort, tftpPort, speed, mac = null, events = false, json = false } = options
  const place = { server, dhcpPort, tftpPort, speed, mode: mode ?? null }
  await replayTraceFile(trace, { ...place, mac, events, json })
}

async function runSinglePhone(options: SimulateOptions, command: Command): Promise<void> {
  const { mac, load } = options
  if (mac === undefined || load === undefined) {
    return refuse(command, 'wanted a scenario FILE, or --mac and --load of a single phone')
  }
  const mode = modeOf(options)
  if (mode === undefined) return refuse(command, ONE_PLACE)
  const end = (code: number) => {
    host.stop()
    process.exit(code)
  }
  const host = new SimulatedPhoneHost({
    server: options.server,
    dhcpPort: options.dhcpPort,
    tftpPort: options.tftpPort,
    mode,
    speed: options.speed,
    onEvent: (event) => {
      console.log(options.json === true ? eventAsJson(event) : eventAsLine(event))
      if (event.event === 'phone.running' && event.load === options.until) end(ExitCode.ok)
    },
    onFault: (fault) => console.error(`simulate: ${fault.message}`),
  })
  try {
    await host.start()
  } catch (error) {
    console.error(`simulate: ${error instanceof Error ? error.message : error}`)
    process.exit(ExitCode.unavailable)
  }
  host.add({ mac, model: options.model, flash: flashRunning(load) })
  process.once('SIGINT', () => end(ExitCode.ok))
  process.once('SIGTERM', () => end(ExitCode.ok))
  if (options.until === undefined) return
  setTimeout(() => {
    console.error(`simulate: ${options.until} does not run after ${options.timeout} s`)
    end(ExitCode.no)
  }, options.timeout * 1000)
}

function modeOf(place: Pick<PlaceOptions, 'interface' | 'loopback'>): AttachmentMode | undefined {
  const { interface: interfaceName, loopback } = place
  if ((interfaceName === undefined) === (loopback === undefined)) return undefined
  if (loopback !== undefined) return { kind: 'loopback', giaddr: loopback, linkSelection: null }
  return { kind: 'interface', interfaceName: interfaceName ?? '' }
}

function readMac(text: string): Mac {
  const mac = parseMac(text)
  if (mac === undefined) throw new InvalidArgumentError('wanted a MAC address.')
  return mac
}

function readLoad(text: string): string {
  if (canRun(text)) return text
  throw new InvalidArgumentError('wanted a load of SCCP or SIP such as P00308000500.')
}

function readModel(text: string): '7940' | '7960' {
  if (text !== '7940' && text !== '7960') throw new InvalidArgumentError('wanted 7940 or 7960.')
  return text
}

function readAddress(text: string): Ipv4 {
  const address = parseIpv4(text)
  if (address === undefined) throw new InvalidArgumentError('wanted an IPv4 address.')
  return address
}

function readPort(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new InvalidArgumentError('wanted a port, 1 to 65535.')
  }
  return port
}
