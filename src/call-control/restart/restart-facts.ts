import type { Ipv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'
import { isNotifyUser } from '../sip/notify-client.ts'
import { RESTART_METHODS, type RestartMethodName, type RestartTarget } from './method.ts'

/** What is known of a phone at the moment in which a restart is decided. */
export type RestartFacts = {
  readonly mac: Mac
  /** Where it is by its registration, its lease or its fixed address; null where none tells. */
  readonly address: Ipv4 | null
  /** Which of our services phones on its network can register with. */
  readonly callControl: { readonly sip: boolean; readonly sccp: boolean }
  /** How it is registered with this appliance; null where it is not. */
  readonly registration: 'sip' | 'sccp' | null
  /** Whether the TCP session of its SCCP registration is open. */
  readonly hasSession: boolean
  /** The application that it runs, as far as it has shown that; null where it has not. */
  readonly runs: { readonly protocol: 'sip' | 'sccp'; readonly major: number | null } | null
  /** The name of a line, as last served to it; null where its files have none. */
  readonly line: string | null
  /** As last served to it; null where `telnet_level` is 0 or was not served. */
  readonly telnet: RestartTarget['telnet']
  /** Its own switch port or that of its network; `fault`: why it cannot be switched, or null. */
  readonly switchPort: { readonly port: string; readonly fault: string | null } | null
  readonly hasCommand: boolean
  /** Whether it registers again and again. */
  readonly isLooping: boolean
}

/** A method, and why it cannot be used; null where it can. */
export type MethodState = {
  readonly method: RestartMethodName
  readonly reason: string | null
}

/** All five methods in their order, each with the reason why it cannot be used. */
export function methodStates(facts: RestartFacts): readonly MethodState[] {
  return RESTART_METHODS.map((method) => ({ method, reason: faultOf(method, facts) }))
}

/** The target of a method that can be used. */
export function targetFrom({ mac, address, switchPort, telnet }: RestartFacts): RestartTarget {
  return { mac, address, switchPort: switchPort?.port ?? null, telnet }
}

function faultOf(method: RestartMethodName, facts: RestartFacts): string | null {
  switch (method) {
    case 'sccp':
      return faultOfSccp(facts)
    case 'notify':
      return faultOfNotify(facts)
    case 'telnet':
      return faultOfTelnet(facts)
    case 'poe':
      return faultOfPoe(facts)
    case 'command':
      return facts.hasCommand ? null : 'no restart.command is configured'
    /* c8 ignore next 2 -- the compiler proves that there is no other value */
    default:
      return method satisfies never
  }
}

function faultOfSccp({ callControl, registration, hasSession, isLooping }: RestartFacts) {
  if (!callControl.sccp) return 'its network has no SCCP call control'
  if (registration !== 'sccp') return 'it is not registered with our SCCP call manager'
  if (!hasSession) return 'its SCCP session has ended; it registers again by itself'
  return isLooping ? 'it registered more than 3 times within 5 minutes' : null
}

/**
 * That the phone need not be registered is inferred: Cisco's guide names no registration, and
 * Cisco's later stack checks none (SIPCC, `ccsip_task.c`).
 */
function faultOfNotify({ callControl, address, runs, line }: RestartFacts): string | null {
  const fault = faultOfSipLoad(runs)
  if (fault !== null) return fault
  if (!callControl.sip) return 'its network has no SIP call control'
  if (address === null) return 'its address is not known'
  if (line === null)
    return 'its files have no line, and a phone refuses a NOTIFY to no line of its own'
  return isNotifyUser(line) ? null : `the name of its line, ${line}, is not valid in a SIP URI`
}

function faultOfTelnet({ address, runs, telnet }: RestartFacts): string | null {
  const fault = faultOfSipLoad(runs)
  if (fault !== null) return fault
  if (address === null) return 'its address is not known'
  return telnet === null ? 'telnet_level is not 1 or 2 in the files that it was last served' : null
}

/** SIP 2.x drops a configuration of more than one line (document 5455, W210): it knows neither line nor password. */
function faultOfSipLoad(runs: RestartFacts['runs']): string | null {
  if (runs === null) return 'it has not shown what it runs'
  if (runs.protocol === 'sccp') return 'it runs SCCP'
  return runs.major !== null && runs.major < 3
    ? 'SIP 2.x is served neither lines nor a password'
    : null
}

function faultOfPoe({ switchPort }: RestartFacts): string | null {
  return switchPort === null
    ? 'neither the phone nor its network has a switchPort'
    : switchPort.fault
}
