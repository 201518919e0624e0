import type { Command } from 'commander'
import type { Schemas } from '../../src/adapters/http/api-types.ts'
import { type Mac, parseMac } from '../../src/net/mac.ts'
import { family } from '../../src/phones/family/family.ts'
import { readVendorClass } from '../../src/phones/vendor-class.ts'
import { type ApiClient, ApiError } from '../client/api-client.ts'
import { ExitCode } from '../exit-codes.ts'
import { type ApiOptions, CommandFault, printJson, withApi, withApiOptions } from './api-options.ts'
import { type JsonOptions, removesEach } from './collections.ts'
import { table } from './table.ts'

type DeviceSeen = Schemas['UnknownDevice']

type ListOptions = JsonOptions & { readonly network?: string }

type EnrolOptions = ApiOptions & {
  readonly model?: string
  readonly network?: string
  readonly profile?: string
  readonly label?: string
}

/** `switchhook devices`: who asked, is not enrolled and was not served. */
export function defineDevicesCommand(command: Command): void {
  const devices = command.addHelpText(
    'after',
    '\nExamples:\n' +
      '  switchhook devices list\n' +
      '  switchhook devices enrol 00:0e:84:c0:60:a6 --profile to-sip\n' +
      '  switchhook devices forget 000E84C060A6\n\n' +
      'A device is listed if it requested an address (DHCP) or a file (TFTP) and got none: a phone that\n' +
      'is not enrolled, or whose MAC address was mistyped. One that was silent for a week is not listed.',
  )
  withApiOptions(devices.command('list').description('list them, the last seen first'))
    .option('--network <name>', 'only devices of this network')
    .option('--json', 'print them as JSON')
    .action((options: ListOptions) => withApi(options, (api) => list(api, options)))
  addEnrolCommand(devices)
  removesEach(
    devices.command('forget').description('remove entries; a device that asks again comes back'),
    {
      path: '/v1/unknown-devices',
      argument: '<mac...>',
      description: 'hardware addresses, in any spelling',
      done: 'removed from the list',
    },
  )
}

function addEnrolCommand(devices: Command): void {
  withApiOptions(devices.command('enrol').description('enrol listed devices as phones'))
    .argument('<mac...>', 'hardware addresses, in any spelling')
    .option('--model <model>', `${family.either}; default: as the device says`)
    .option('--network <name>', 'its network; default: the one where it was seen')
    .option('--profile <name>', 'its profile')
    .option('--label <text>', 'a name for people to read')
    .addHelpText(
      'after',
      '\nExample:\n' +
        '  switchhook devices enrol 000E84C060A6 --profile to-sip --label "Desk 12"\n\n' +
        'A device that is not listed is enrolled with "phones add".',
    )
    .action((macs: string[], options: EnrolOptions) =>
      withApi(options, async (api) => {
        for (const mac of macs) await enrol(api, mac, options)
      }),
    )
}

async function list(api: ApiClient, { network, json }: ListOptions): Promise<void> {
  const all = await devicesOf(api)
  const shown = all.filter((device) => network === undefined || device.network === network)
  if (json === true) return printJson(shown)
  if (shown.length === 0) return console.log('No unknown device asked and was left unserved.')
  const rows = shown.map((device) => [
    device.mac,
    device.network,
    device.lastSeen,
    device.count,
    WHY[device.reason],
    device.vendorClass || null,
    device.hostName || null,
  ])
  const head = ['DEVICE', 'NETWORK', 'LAST SEEN', 'COUNT', 'WHY', 'VENDOR CLASS', 'HOST NAME']
  console.log(table(head, rows))
}

const WHY: Readonly<Record<DeviceSeen['reason'], string>> = {
  'not-enrolled': 'not enrolled',
  'not-a-phone': 'not a phone of these models',
  'no-scope': 'on none of the networks',
  'unknown-link': 'relayed from an unknown subnet',
  'pool-exhausted': 'the pool is full',
  'all-in-use': 'every free address is in use',
  'enrolment-failed': 'automatic enrolment failed',
}

/** Enrols it where it was seen, as the model that it says it is. */
async function enrol(api: ApiClient, mac: string, options: EnrolOptions): Promise<void> {
  const device = (await devicesOf(api)).find((one) => sameAddress(one.mac, mac))
  if (device === undefined) throw new CommandFault(await whyNotListed(api, mac), ExitCode.no)
  const { network = device.network, model = modelIn(device), profile, label } = options
  const path = `/v1/phones/${device.mac}`
  await api
    .put(path, { network, model, profile, label }, { 'if-none-match': '*' })
    .catch((error: unknown) => {
      if (!(error instanceof ApiError) || error.status !== 412) throw error
      throw new CommandFault(`${device.mac} is enrolled already`, ExitCode.no)
    })
  console.log(`${device.mac} is enrolled${network === null ? '' : ` on network ${network}`}`)
}

/** A device leaves the list once it is enrolled. */
async function whyNotListed(api: ApiClient, typed: string): Promise<string> {
  const mac = parseMac(typed)
  if (mac !== undefined && (await isEnrolled(api, mac))) return `${mac} is enrolled already`
  return `${typed} is not listed; enrol it with "switchhook phones add ${typed}"`
}

async function isEnrolled(api: ApiClient, mac: Mac): Promise<boolean> {
  try {
    await api.get(`/v1/phones/${mac}`)
    return true
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return false
    throw error
  }
}

function devicesOf(api: ApiClient): Promise<readonly DeviceSeen[]> {
  return api.get<readonly DeviceSeen[]>('/v1/unknown-devices')
}

/** Null where its vendor class names no model: the phone shows it later. */
function modelIn({ vendorClass }: DeviceSeen): string | null {
  const read = readVendorClass(vendorClass)
  return read.kind === 'family' ? read.model : null
}

function sameAddress(listed: string, typed: string): boolean {
  return parseMac(typed) === listed
}
