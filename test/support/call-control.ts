import type { Caller, Callers } from '../../src/call-control/callers.ts'
import type { RegistrationEffect, SccpEffect, SipEffect } from '../../src/call-control/effect.ts'
import { type Ipv4, parseIpv4 } from '../../src/net/ipv4.ts'
import type { Mac } from '../../src/net/mac.ts'

const ip = (text: string) => parseIpv4(text) as Ipv4

/** The phone of these tests, where it is, and where we are. */
export const PHONE = '000E84C060A6' as Mac
export const AT = ip('192.0.2.50')
export const ELSEWHERE = ip('192.0.2.99')
export const US = ip('192.0.2.2')

/** Callers by address; whatever is not named is unknown, and 198.51.100.0/24 has no call control. */
export function callersOf(known: ReadonlyMap<Ipv4, Caller>): Callers {
  return {
    serves: (address) => address >>> 8 !== ip('198.51.100.0') >>> 8,
    callerAt: (address) => known.get(address) ?? { kind: 'unknown' },
  }
}

/** The phone at its address, and nobody else. */
export function onePhone(sccpLoad: string | null = null): Callers {
  return callersOf(new Map([[AT, { kind: 'phone', mac: PHONE, sccpLoad }]]))
}

/** What the world is told: names of events, in order. */
export function eventsOf(
  effects: readonly (RegistrationEffect | SipEffect | SccpEffect)[],
): readonly string[] {
  return effects.flatMap((effect) => (effect.kind === 'event' ? [effect.event.event] : []))
}

/** Why messages changed nothing. */
export function refusalsOf(effects: readonly (SipEffect | SccpEffect)[]): readonly string[] {
  return effects.flatMap((effect) => (effect.kind === 'refused' ? [effect.reason] : []))
}
