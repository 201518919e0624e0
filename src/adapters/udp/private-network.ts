import { execFileSync } from 'node:child_process'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts'
import { type Mac, parseMac } from '../../net/mac.ts'
import type { Libc } from './native/libc.ts'
import type { PhoneAddress } from './simulated-phone-link.ts'

/** Of devices on one wire, each answers ARP for its own addresses alone, and asks by its own. */
const SETTINGS = [
  ['ipv4/conf/all/arp_ignore', '1'],
  ['ipv4/conf/default/arp_ignore', '1'],
  ['ipv4/conf/all/arp_announce', '2'],
  ['ipv4/conf/default/arp_announce', '2'],
  ['ipv4/conf/all/rp_filter', '0'],
  ['ipv4/conf/default/rp_filter', '0'],
  // These phones know no IPv6, and their devices must not say anything by themselves.
  ['ipv6/conf/all/disable_ipv6', '1'],
  ['ipv6/conf/default/disable_ipv6', '1'],
] as const

/** Routing tables and rules of devices are numbered from here on. */
const FIRST_TABLE = 1_000

/**
 * A network of this process alone (a network namespace without a name), with devices that are plugged into
 * an interface outside of it, each under its own hardware address. The kernel removes all of it with the
 * last socket of the process.
 */
export class PrivateNetwork {
  readonly #outside: number
  readonly #interfaceName: string
  /** The interface's own hardware address, by which no other device of this kind can go. */
  readonly hardwareAddress: Mac | undefined
  readonly #tables = new Map<string, number>()
  #nextTable = FIRST_TABLE

  private constructor(outside: number, interfaceName: string, hardwareAddress: Mac | undefined) {
    this.#outside = outside
    this.hardwareAddress = hardwareAddress
    this.#interfaceName = interfaceName
  }

  /**
   * Leaves the network of the process: sockets of this thread are in the private one from then on.
   *
   * @param interfaceName - Outside; devices are plugged into it.
   * @throws `SystemCallError` with `EPERM` without CAP_SYS_ADMIN.
   */
  static enter(libc: Libc, interfaceName: string): PrivateNetwork {
    // Asked for while it can be: inside there is no such interface.
    libc.interfaceIndex(interfaceName)
    const shown = run('ip', ['-o', 'link', 'show', 'dev', interfaceName])
    const hardwareAddress = parseMac(/link\/ether ([0-9a-f:]{17})/.exec(shown)?.[1] ?? '')
    const outside = openSync('/proc/thread-self/ns/net', 'r')
    try {
      libc.leaveNetwork()
    } catch (error) {
      closeSync(outside)
      throw error
    }
    for (const [name, value] of SETTINGS) setIfThere(name, value)
    return new PrivateNetwork(outside, interfaceName, hardwareAddress)
  }

  /**
   * Plugs a device into the interface.
   *
   * @param mac - Its hardware address; null for one that the kernel chooses, `passthru` for the interface's
   *   own: no other device can stand beside this one.
   * @throws With what `ip` says, where the interface takes no further hardware addresses.
   */
  addDevice(name: string, mac: Mac | null | 'passthru'): void {
    const address = mac === null || mac === 'passthru' ? [] : ['address', withColons(mac)]
    const mode = mac === 'passthru' ? 'passthru' : 'bridge'
    const device = ['link', 'add', 'link', this.#interfaceName, 'name', name]
    const place = ['netns', `${process.pid}`, 'type', 'macvlan', 'mode', mode]
    run('nsenter', ['--net=/proc/self/fd/3', 'ip', ...device, ...address, ...place], this.#outside)
    run('ip', ['link', 'set', name, 'up'])
    this.#tables.set(name, this.#nextTable++)
  }

  removeDevice(name: string): void {
    this.#tables.delete(name)
    run('ip', ['link', 'delete', name])
  }

  /** Gives a device an address; what is sent from it leaves by this device, and by its router if it has one. */
  addAddress(name: string, { address, mask, router }: PhoneAddress): void {
    const table = this.#tables.get(name)
    const text = formatIpv4(address)
    const subnet = `${formatIpv4((address & mask) as Ipv4)}/${prefixLengthOf(mask)}`
    batch([
      `address replace ${text}/32 dev ${name}`,
      `route replace ${subnet} dev ${name} src ${text} table ${table}`,
      // A phone believes what it is told: the router need not be within the subnet.
      ...(router === null
        ? []
        : [`route replace default via ${formatIpv4(router)} dev ${name} onlink table ${table}`]),
      `rule add from ${text} table ${table}`,
    ])
  }

  dropAddress(name: string, address: Ipv4): void {
    const text = formatIpv4(address)
    const table = this.#tables.get(name)
    batch([
      `rule delete from ${text} table ${table}`,
      // The next address may have another router, or none.
      `route flush table ${table}`,
      `address delete ${text}/32 dev ${name}`,
    ])
  }

  close(): void {
    closeSync(this.#outside)
  }
}

function setIfThere(name: string, value: string): void {
  try {
    writeFileSync(`/proc/sys/net/${name}`, value)
  } catch (error) {
    // Without IPv6 there is none to be switched off.
    if (!name.startsWith('ipv6/')) throw error
  }
}

function batch(lines: readonly string[]): void {
  run('ip', ['-batch', '-'], undefined, lines.join('\n'))
}

/** Waits for the command, because the next thing a phone does is to use what it makes. */
function run(command: string, args: readonly string[], descriptor?: number, input = ''): string {
  try {
    return execFileSync(command, args, {
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe', ...(descriptor === undefined ? [] : [descriptor])],
      timeout: 10_000,
    })
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? `${error.stderr}`.trim() : ''
    throw new Error(said || `${command} ${args.join(' ')} failed`, { cause: error })
  }
}

function withColons(mac: Mac): string {
  return mac.match(/../g)?.join(':') ?? mac
}

/** Leading ones; a mask with a hole in it counts up to the hole. */
function prefixLengthOf(mask: Ipv4): number {
  return Math.clz32(~mask)
}
