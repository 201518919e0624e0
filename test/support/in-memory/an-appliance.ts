import type { Logger } from 'pino'
import type { Test } from 'tap'
import { closeState } from '../../../appliance/start/application-state.ts'
import type { Conversion } from '../../../src/conversion/conversion.ts'
import type { Binding } from '../../../src/leases/binding.ts'
import type { Ipv4 } from '../../../src/net/ipv4.ts'
import type { Mac } from '../../../src/net/mac.ts'
import type { JournalEntry, RecordedEvent } from '../../../src/services/events/journal.ts'
import type { Services } from '../../../src/services/services.ts'
import { aLog } from '../a-log.ts'
import { aConfiguration, settingsOf } from '../configuration.ts'
import { PhoneOnWire } from './a-phone.ts'
import { enginesInMemory } from './engines.ts'
import { servicesOf } from './services-of.ts'

/** What a test wants otherwise. */
export type InMemoryOptions = {
  /** Keys of the network `bench`. */
  readonly network?: object
  /** Keys of the configuration. */
  readonly configuration?: object
  readonly log?: Logger
  /** Whether phones can register. */
  readonly callControl?: boolean
  /** What PostgreSQL would join to other appliances. */
  readonly shared?: Partial<Pick<Services, 'appliances' | 'events' | 'writeFault'>>
}

const SWITCH = {
  name: 'sw1',
  host: '10.20.0.250',
  snmp: { version: '2c', communityFile: './community' },
}

/**
 * The configuration: network `bench`, 10.20.0.0/24 on eth0, which is served before it is known whether
 * another DHCP server is there, and a switch `sw1`.
 */
export function aBenchConfiguration(keys: Pick<InMemoryOptions, 'network' | 'configuration'> = {}) {
  const network = { router: ['10.20.0.1'], probe: false, onRogueServer: 'warn', ...keys.network }
  return aConfiguration(network, { switches: [SWITCH], ...keys.configuration })
}

/** An appliance in memory, closed with the test: real services, on engines without sockets. */
export async function anApplianceInMemory(
  t: Pick<Test, 'teardown'>,
  options: InMemoryOptions = {},
) {
  const { log = aLog('silent').log, callControl = false } = options
  const settings = settingsOf(aBenchConfiguration(options))
  const engines = await enginesInMemory({ settings, log, callControl })
  const { state, wire, surveys, restarts, clock } = engines
  const { journal, conversions, leaseTable } = state
  /** The configuration file, for a reload; null: there is none. */
  const file: { content: object | null } = { content: null }
  const { services: own, pools, webhooks } = await servicesOf(engines, () => file.content)
  const services = { ...own, ...options.shared }
  t.teardown(async () => {
    pools.close()
    surveys.close()
    await restarts.service.close()
    await webhooks.close()
    await closeState(state)
  })
  return {
    ...engines,
    services,
    file,
    pools: pools.history,
    /** A phone on the wire; `address`: where it is without asking for one. */
    phone: (mac: Mac, address: Ipv4 | null = null) => new PhoneOnWire(wire, mac, address),
    /** Writes an event into the journal. */
    record: (entry: Partial<JournalEntry> = {}): RecordedEvent => {
      const event = { event: 'dhcp.ack.sent', mac: null, network: null, fields: {} }
      journal.record({ atMs: clock.nowMs(), ...event, ...entry })
      return journal.recent().at(-1) as RecordedEvent
    },
    /** Takes up leases as they were stored. */
    lease: (...bindings: readonly Binding[]) => {
      const faults = leaseTable.load(bindings, clock.nowMs())
      if (faults.length > 0) throw new Error(faults.join('; '))
    },
    /** Takes up conversions as they were stored, here or by another appliance. */
    convert: (...stored: readonly Conversion[]) => {
      const faults = conversions.adopt(stored)
      if (faults.length > 0) throw new Error(faults.join('; '))
    },
  }
}

/** An appliance as a test has it. */
export type InMemoryAppliance = Awaited<ReturnType<typeof anApplianceInMemory>>
