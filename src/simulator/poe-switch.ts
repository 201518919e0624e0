import {
  readSnmpRequest,
  SNMP_ERROR,
  type SnmpAnswer,
  type SnmpBinding,
  type SnmpRequest,
  writeSnmpResponse,
} from './snmp-message.ts'

/** What is wrong with a switch: it refuses to set, is silent, or does not switch on what it has switched off. */
export type SwitchFault = 'none' | 'refuses' | 'silent' | 'stays-off'

/** A switch that feeds phones. */
export type PoeSwitchConfig = {
  readonly community: string
  /** `pethPsePortGroupIndex`; most fixed switches have one group. */
  readonly group: number
  /** Its ports, by `pethPsePortIndex`. */
  readonly ports: readonly number[]
  readonly fault: SwitchFault
}

/** A port was switched on or off. */
export type PortChange = { readonly port: number; readonly isOn: boolean }

/** `pethPsePortTable` (RFC 3621); the fields that a power cycle goes by. */
const TABLE = '1.3.6.1.2.1.105.1.1.1'
const COLUMN = { adminEnable: 3, detectionStatus: 6 } as const
/** TruthValue (RFC 2579). */
const TRUE = 1
const FALSE = 2
/** Of `pethPsePortDetectionStatus`: disabled, deliveringPower. Every port of ours has a phone. */
const STATUS = { disabled: 1, delivering: 3 } as const

/**
 * An SNMPv2c agent with the power table of RFC 3621 and nothing else. It owns no socket: datagrams come in, the answer
 * and what was switched go out. Another community is not answered (RFC 1157 section 4.1).
 */
export class PoeSwitch {
  readonly #config: PoeSwitchConfig
  readonly #off = new Set<number>()

  constructor(config: PoeSwitchConfig) {
    this.#config = config
  }

  isOn(port: number): boolean {
    return !this.#off.has(port)
  }

  onDatagram(bytes: Uint8Array): {
    readonly reply: Uint8Array | null
    readonly changes: readonly PortChange[]
  } {
    const request = readSnmpRequest(bytes)
    const { community, fault } = this.#config
    if (request === undefined || request.community !== community || fault === 'silent') {
      return { reply: null, changes: [] }
    }
    if (request.kind === 'set') return this.#set(request)
    const answers = request.bindings.map(({ oid }) =>
      request.kind === 'get' ? this.#get(oid) : this.#next(oid),
    )
    return { reply: writeSnmpResponse(request, answers, NO_ERROR), changes: [] }
  }

  #get(oid: string): SnmpAnswer {
    const value = this.#rows.get(oid) ?? 'no-such-instance'
    return { oid, value }
  }

  #next(oid: string): SnmpAnswer {
    const next = [...this.#rows].find(([name]) => isBehind(name, oid))
    return next === undefined ? { oid, value: 'end-of-view' } : { oid: next[0], value: next[1] }
  }

  /** In the order of their names. */
  get #rows(): ReadonlyMap<string, number> {
    const { group } = this.#config
    const ports = this.#config.ports.toSorted((a, b) => a - b)
    const column = (number: number, valueAt: (isOn: boolean) => number) =>
      ports.map(
        (port) => [`${TABLE}.${number}.${group}.${port}`, valueAt(this.isOn(port))] as const,
      )
    return new Map([
      ...column(COLUMN.adminEnable, (isOn) => (isOn ? TRUE : FALSE)),
      ...column(COLUMN.detectionStatus, (isOn) => (isOn ? STATUS.delivering : STATUS.disabled)),
    ])
  }

  /** All or nothing (RFC 3416 section 4.2.5). */
  #set(request: SnmpRequest) {
    const faults = request.bindings.map((binding) => this.#faultOf(binding))
    const index = faults.findIndex((fault) => fault !== SNMP_ERROR.none)
    const same = request.bindings.map(({ oid, number }) => ({ oid, value: number }))
    if (index >= 0) {
      const error = { status: faults[index] as number, index: index + 1 }
      return { reply: writeSnmpResponse(request, same, error), changes: [] }
    }
    const changes = request.bindings.flatMap(({ oid, number }) =>
      this.#switch(Number(oid.slice(oid.lastIndexOf('.') + 1)), number === TRUE),
    )
    return { reply: writeSnmpResponse(request, same, NO_ERROR), changes }
  }

  #faultOf({ oid, number }: SnmpBinding): number {
    const { fault, group } = this.#config
    const isOurs = this.#rows.has(oid) && oid.startsWith(`${TABLE}.3.${group}.`)
    if (!isOurs) return SNMP_ERROR.notWritable
    if (number !== TRUE && number !== FALSE) return SNMP_ERROR.wrongValue
    const isRefused = fault === 'refuses' || (fault === 'stays-off' && number === TRUE)
    return isRefused ? SNMP_ERROR.noAccess : SNMP_ERROR.none
  }

  #switch(port: number, isOn: boolean): readonly PortChange[] {
    if (this.isOn(port) === isOn) return []
    if (isOn) this.#off.delete(port)
    else this.#off.add(port)
    return [{ port, isOn }]
  }
}

const NO_ERROR = { status: SNMP_ERROR.none, index: 0 }

/** Names are in the order of their numbers, not of their digits. */
function isBehind(name: string, other: string): boolean {
  const [a, b] = [name, other].map((text) => text.split('.').map(Number)) as [number[], number[]]
  for (let index = 0; index < a.length; index++) {
    const difference = (a[index] as number) - (b[index] ?? -1)
    if (difference !== 0) return difference > 0
  }
  return false
}
