import type { Socket } from 'node:dgram'
import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts'
import { PoeSwitch, type PoeSwitchConfig, type PortChange } from '../../simulator/poe-switch.ts'
import { newSocket } from './open-socket.ts'

/** Where a simulated switch is managed, and what it is. */
export type SimulatedSwitchConfig = PoeSwitchConfig & {
  readonly address: Ipv4
  readonly mask: Ipv4
  /** Of SNMP. */
  readonly udpPort: number
}

/** A switch with PoE on a real socket: answers SNMP and says which ports it has switched. */
export class SimulatedSwitch {
  readonly #switch: PoeSwitch
  readonly #socket: Socket

  /**
   * @param onChange - Called after the answer, once for each port.
   * @param onFault - With what the system says, where the port cannot be had.
   */
  constructor(
    config: SimulatedSwitchConfig,
    onChange: (change: PortChange) => void,
    onFault: (fault: Error) => void,
  ) {
    this.#switch = new PoeSwitch(config)
    this.#socket = newSocket()
    this.#socket.on('error', onFault)
    this.#socket.on('message', (bytes, from) => {
      const { reply, changes } = this.#switch.onDatagram(bytes)
      if (reply !== null) this.#socket.send(reply, from.port, from.address)
      for (const change of changes) onChange(change)
    })
    this.#socket.bind(config.udpPort, formatIpv4(config.address))
  }

  isOn(port: number): boolean {
    return this.#switch.isOn(port)
  }

  close(): void {
    this.#socket.close()
  }
}
