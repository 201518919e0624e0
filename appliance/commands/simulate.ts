import { type Command, InvalidArgumentError } from 'commander'
import {
  type AttachmentMode,
  SimulatedPhoneHost,
} from '../../src/adapters/udp/simulated-phone-host.ts'
import { formatIpv4, type Ipv4, parseIpv4 } from '../../src/net/ipv4.ts'
import { type Mac, parseMac } from '../../src/net/mac.ts'
import type { PhoneEvent } from '../../src/simulator/events.ts'
import { flashRunning } from '../../src/simulator/phone-flash.ts'
import { ExitCode } from '../exit-codes.ts'
import { readPositive } from './read-positive.ts'

type SimulateOptions = {
  readonly mac: Mac
  readonly model: '7940' | '7960'
  readonly load: string
  readonly interface?: string
  readonly loopback?: Ipv4
  readonly server: Ipv4
  readonly dhcpPort: number
  readonly tftpPort: number
  readonly speed: number
  readonly until?: string
  readonly timeout: number
  readonly json?: boolean
}

/** `switchhook simulate`: a phone without a phone, against any server. */
export function addSimulateCommand(program: Command): void {
  program
    .command('simulate')
    .description('run a simulated 7940 or 7960 against a DHCP and TFTP server, ours or another')
    .requiredOption('--mac <mac>', 'its hardware address', readMac)
    .requiredOption('--load <load>', 'the firmware that it runs at first')
    .option('--model <model>', '7940 or 7960', readModel, '7960')
    .option('--interface <name>', 'plug it into this interface (needs root; use a namespace)')
    .option(
      '--loopback <address>',
      'plug it into loopback; ADDRESS is its relay agent',
      readAddress,
    )
    .option(
      '--server <address>',
      'the DHCP server, with --loopback',
      readAddress,
      readAddress('127.0.0.1'),
    )
    .option('--dhcp-port <port>', 'of the server', readPort, 67)
    .option('--tftp-port <port>', 'of the server', readPort, 69)
    .option('--speed <n>', 'how many times as quick as a real phone', readPositive, 1)
    .option('--until <load>', 'end with 0 when it runs this load')
    .option('--timeout <seconds>', 'end with 1 after this time, with --until', readPositive, 600)
    .option('--json', 'print events as JSON, one a line')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  switchhook simulate --mac 02:00:00:00:a0:60 --load P00308000500 --interface eth0\n' +
        '  switchhook simulate --mac 02:00:00:00:a0:60 --load P00305000300 --loopback 127.83.0.1 \\\n' +
        '    --dhcp-port 6767 --tftp-port 6969 --speed 4 --until P0S3-06-3-00',
    )
    .action((options: SimulateOptions, command: Command) => runSimulate(options, command))
}

async function runSimulate(options: SimulateOptions, command: Command): Promise<void> {
  const mode = modeOf(options)
  if (mode === undefined) {
    return command.error('simulate: wanted either --interface or --loopback', {
      exitCode: ExitCode.usage,
    })
  }
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
      console.log(options.json === true ? asJson(event) : asLine(event))
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
  host.add({ mac: options.mac, model: options.model, flash: flashRunning(options.load) })
  process.once('SIGINT', () => end(ExitCode.ok))
  process.once('SIGTERM', () => end(ExitCode.ok))
  if (options.until === undefined) return
  setTimeout(() => {
    console.error(`simulate: ${options.until} does not run after ${options.timeout} s`)
    end(ExitCode.no)
  }, options.timeout * 1000)
}

function modeOf(options: SimulateOptions): AttachmentMode | undefined {
  const { interface: interfaceName, loopback } = options
  if ((interfaceName === undefined) === (loopback === undefined)) return undefined
  if (loopback !== undefined) return { kind: 'loopback', giaddr: loopback, linkSelection: null }
  return { kind: 'interface', interfaceName: interfaceName ?? '' }
}

function asJson(event: PhoneEvent): string {
  return JSON.stringify(readable(event))
}

function asLine(event: PhoneEvent): string {
  const { event: name, mac, atMs: _atMs, ...facts } = readable(event)
  const words = Object.entries(facts).map(([key, value]) => `${key}=${value}`)
  return [mac, name, ...words].join(' ')
}

/** Addresses as dotted quads. */
function readable(event: PhoneEvent): Record<string, unknown> {
  const shown: Record<string, unknown> = { ...event }
  for (const key of ['address', 'server']) {
    if (typeof shown[key] === 'number') shown[key] = formatIpv4(shown[key] as Ipv4)
  }
  if ('tftpServers' in event) shown['tftpServers'] = event.tftpServers.map(formatIpv4)
  return shown
}

function readMac(text: string): Mac {
  const mac = parseMac(text)
  if (mac === undefined) throw new InvalidArgumentError('wanted a MAC address.')
  return mac
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
