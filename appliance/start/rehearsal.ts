import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { formatSubnet } from '../../src/net/subnet.ts'
import type { NetworkSettings, Settings } from '../../src/settings/settings.ts'

/**
 * Why a rehearsal must not be served on these networks: a real phone may be there, and one on unsigned
 * firmware takes any image. Empty where every network is on loopback, or on interfaces of software alone.
 *
 * What is behind an interface of another network namespace cannot be seen from here.
 *
 * @param root - Where `sys` and `proc` are, for tests.
 */
export function realNetworks({ networks }: Pick<Settings, 'networks'>, root = '/'): string[] {
  return networks.flatMap((network) => {
    if (isLoopback(network)) return []
    const { name, interface: interfaceName } = network
    const behind =
      interfaceName === undefined
        ? interfacesHere(root).find((one) => isHardware(one, root))
        : hardwareBehind(interfaceName, root)
    if (behind === undefined) return []
    const where = interfaceName ?? `a relay agent (${formatSubnet(network.subnet)})`
    const by = behind === interfaceName ? 'which is hardware' : `which may lead to ${behind}`
    return [`network ${name} is on ${where}, ${by}`]
  })
}

/** What a rehearsal that must not start says. */
export function rehearsalRefusal(reasons: readonly string[]): string {
  return (
    `no rehearsal here: ${reasons.join('; ')}. With --rehearsal, synthetic firmware goes to every phone, ` +
    'and a real one would be damaged by it: use a network namespace or loopback (docs/simulator.md), or ' +
    'start without --rehearsal'
  )
}

/** What a rehearsal over firmware that is not synthetic says. */
export function realFirmwareRefusal(dataDir: string, loads: readonly string[]): string {
  return (
    `no rehearsal in ${dataDir}: it has firmware that is not synthetic (${loads.join(', ')}). Set another ` +
    'dataDir, so that nothing of a real bench is changed'
  )
}

/** 127.0.0.0/8 (RFC 1122 section 3.2.1.3). */
function isLoopback({ subnet }: NetworkSettings): boolean {
  return subnet.prefixLength >= 8 && subnet.base >>> 24 === 127
}

/** The interfaces of this process, which may have entered another network namespace than its /sys. */
function interfacesHere(root: string): readonly string[] {
  try {
    const lines = readFileSync(join(root, 'proc/net/dev'), 'utf8').split('\n').slice(2)
    return lines.flatMap((line) => line.split(':', 1)[0]?.trim() || [])
  } catch {
    return []
  }
}

/** The hardware by which an interface, such as a VLAN, a bond or a bridge, reaches a wire. */
function hardwareBehind(interfaceName: string, root: string): string | undefined {
  const seen = new Set<string>()
  const waiting = [interfaceName]
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    if (seen.has(one)) continue
    seen.add(one)
    if (isHardware(one, root)) return one
    waiting.push(...lowerOnes(one, root))
  }
  return undefined
}

/** Linux puts what is made of software into devices/virtual. */
function isHardware(interfaceName: string, root: string): boolean {
  try {
    const target = readlinkSync(join(root, 'sys/class/net', interfaceName))
    return !target.includes('/virtual/')
  } catch {
    return false
  }
}

/** What an interface stands on, by its links `lower_NAME`. */
function lowerOnes(interfaceName: string, root: string): readonly string[] {
  try {
    const entries = readdirSync(join(root, 'sys/class/net', interfaceName))
    return entries.flatMap((entry) => (entry.startsWith('lower_') ? [entry.slice(6)] : []))
  } catch {
    return []
  }
}
