import type { Ipv4 } from '../../net/ipv4.ts'
import { type Mac, macFromBytes } from '../../net/mac.ts'
import type { PhoneEvent } from '../../simulator/events.ts'
import type { PhoneEngine } from '../../simulator/phone-engine.ts'
import type { PortChange } from '../../simulator/poe-switch.ts'
import { SimulatedPhone, type SimulatedPhoneConfig } from '../../simulator/simulated-phone.ts'
import { Offset } from '../../wire/dhcp/layout.ts'
import { SimulatedInterfaceLink } from './simulated-interface-link.ts'
import { SimulatedDirectLink, type SimulatedPhoneLink } from './simulated-phone-link.ts'
import { SimulatedPhoneRunner } from './simulated-phone-runner.ts'
import { SimulatedRelayLink } from './simulated-relay-link.ts'
import { SimulatedSwitch, type SimulatedSwitchConfig } from './simulated-switch.ts'

/** How simulated phones are attached to the network. */
export type AttachmentMode =
  /**
   * On the loopback interface, without rights, through a relay agent of their own. `giaddr` is an address
   * of a network of 127/8 that the server serves, and no phone's.
   */
  | { readonly kind: 'loopback'; readonly giaddr: Ipv4; readonly linkSelection: Ipv4 | null }
  /** On an interface, by broadcast from port 68; needs the rights to bind it and to give it addresses. */
  | { readonly kind: 'interface'; readonly interfaceName: string }
  /** Without DHCP, for phones that are told their server. */
  | { readonly kind: 'direct' }

export type SimulatedPhoneHostConfig = {
  /** The DHCP server; asked directly in loopback mode, found by broadcast otherwise. */
  readonly server: Ipv4
  readonly dhcpPort: number
  readonly tftpPort: number
  readonly mode: AttachmentMode
  readonly onEvent: (event: PhoneEvent) => void
  /** A socket or the `ip` command has failed; the phone concerned stays as it is. */
  readonly onFault: (fault: Error) => void
  /** How many times as quick as real phones; a phone's own `speed` comes first. */
  readonly speed: number
}

/**
 * Simulated phones over real UDP, hundreds in one process if need be.
 *
 * Phones of a host share one DHCP socket and are told apart by their hardware addresses.
 */
export class SimulatedPhoneHost {
  readonly #config: SimulatedPhoneHostConfig
  readonly #link: SimulatedPhoneLink
  readonly #runners = new Map<Mac, SimulatedPhoneRunner>()
  #switch: SimulatedSwitch | null = null
  /** What the switch is plugged in by; null without one. */
  #switchMac: Mac | null = null
  /** What is plugged into each port of the switch. */
  readonly #byPort = new Map<number, Mac>()

  constructor(config: SimulatedPhoneHostConfig) {
    this.#config = config
    this.#link = linkFor(config)
  }

  /**
   * Opens the DHCP socket.
   *
   * @throws The operating system's error, where the rights or the address are missing.
   */
  async start(): Promise<void> {
    await this.#link.open((bytes) => this.#onReply(bytes), this.#config.onFault)
  }

  /** Puts a switch in front of the phones; those that are plugged into one of its ports have their power from it. */
  addSwitch(config: SimulatedSwitchConfig): void {
    this.#switchMac = switchMac(config.address)
    const { address, mask } = config
    this.#link.takeAddress(this.#switchMac, { address, mask, router: null })
    const onChange = (change: PortChange) => this.#onPort(change)
    this.#switch = new SimulatedSwitch(config, onChange, this.#config.onFault)
  }

  /**
   * Plugs a phone in and switches it on. A phone of the same MAC address is unplugged first.
   *
   * What is left to chance goes by its MAC address.
   *
   * @param switchPort - Of the switch; null for power of its own, as from a wall adapter.
   */
  add(config: SimulatedPhoneConfig, switchPort: number | null = null): void {
    const seed = Number.parseInt(config.mac.slice(4), 16)
    this.plugIn(new SimulatedPhone({ speed: this.#config.speed, ...config }, seed), switchPort)
  }

  /** Plugs in a phone that is made already, and switches it on, like {@link add}. */
  plugIn(phone: PhoneEngine, switchPort: number | null = null): void {
    const { tftpPort, onEvent, onFault } = this.#config
    this.remove(phone.mac)
    const runner = new SimulatedPhoneRunner(phone, {
      link: this.#link,
      tftpPort,
      onEvent,
      onFault,
    })
    this.#runners.set(phone.mac, runner)
    if (switchPort !== null) this.#byPort.set(switchPort, phone.mac)
    if (switchPort === null || this.#switch?.isOn(switchPort) !== false) runner.powerOn()
  }

  /** Takes the power away from a phone for a moment, as an operator does who pulls the plug. */
  powerCycle(mac: Mac): void {
    this.#runners.get(mac)?.powerOn()
  }

  /** The soft reset at the phone. */
  reset(mac: Mac): void {
    this.#runners.get(mac)?.reset()
  }

  /** The reset to factory settings, by keys, at power-up. */
  factoryReset(mac: Mac): void {
    this.#runners.get(mac)?.factoryReset()
  }

  /** As if the SIP server had sent NOTIFY with `check-sync`. */
  checkSync(mac: Mac): void {
    this.#runners.get(mac)?.checkSync()
  }

  /** Unplugs a phone. */
  remove(mac: Mac): void {
    this.#runners.get(mac)?.powerOff()
    this.#runners.delete(mac)
    for (const [port, one] of this.#byPort) if (one === mac) this.#byPort.delete(port)
  }

  /** Unplugs all phones and closes the DHCP socket; nothing of the host runs on. */
  stop(): void {
    for (const mac of [...this.#runners.keys()]) this.remove(mac)
    this.#switch?.close()
    this.#switch = null
    // Its device has a socket of its own.
    if (this.#switchMac !== null) this.#link.unplug(this.#switchMac)
    this.#link.close()
  }

  /** A phone with a power supply of its own does not notice. */
  #onPort({ port, isOn }: PortChange): void {
    const mac = this.#byPort.get(port)
    const runner = mac === undefined ? undefined : this.#runners.get(mac)
    if (runner === undefined || runner.hasOwnPower) return
    if (isOn) runner.powerOn()
    else runner.powerOff()
  }

  #onReply(bytes: Uint8Array): void {
    const hardware = bytes.subarray(Offset.chaddr, Offset.chaddr + 6)
    if (hardware.length === 6) this.#runners.get(macFromBytes(hardware))?.onDhcp(bytes)
  }
}

/** Locally administered, and no other device's at this address. */
function switchMac(address: Ipv4): Mac {
  return `0200${address.toString(16).padStart(8, '0').toUpperCase()}` as Mac
}

function linkFor({ server, dhcpPort, mode }: SimulatedPhoneHostConfig): SimulatedPhoneLink {
  switch (mode.kind) {
    case 'loopback': {
      const { giaddr, linkSelection } = mode
      return new SimulatedRelayLink({ server, dhcpPort, giaddr, linkSelection })
    }
    case 'interface':
      return new SimulatedInterfaceLink({ interfaceName: mode.interfaceName, dhcpPort })
    case 'direct':
      return new SimulatedDirectLink()
    default:
      return mode satisfies never
  }
}
