import type { Logger } from 'pino'
import type { ApplicationState } from '../../../appliance/start/application-state.ts'
import type { Registration } from '../../../src/call-control/registration.ts'
import {
  type RegistrationClaim,
  RegistrationTable,
} from '../../../src/call-control/registration-table.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { RegistrationKeeper } from '../../../src/services/registrations/registration-keeper.ts'
import type { Tracking } from '../../../src/services/tracking/tracking.ts'

/** Where phones register, without its sockets. */
export type Registrar = {
  registration(mac: Mac): Registration | undefined
  /** A phone registers. */
  register(claim: RegistrationClaim): void
  /** Its registration ends, because its session is closed. */
  unregister(mac: Mac, protocol: Registration['protocol']): void
}

/** The table of registrations, joined with what is told of them. */
export function aRegistrar(
  state: ApplicationState,
  { tracking, log }: { readonly tracking: Tracking; readonly log: Logger },
): Registrar {
  const { stores, inventory, journal, counters, nowMs, startTimer, onStoreFault } = state
  const table = new RegistrationTable()
  const keeper = new RegistrationKeeper({
    log,
    journal,
    counters,
    store: stores.registrations,
    networkOf: (mac) => inventory.phone(mac)?.network ?? null,
    onEvidence: ({ mac, ...seen }) => tracking.onRegistration(mac, seen),
    onStoreFault,
    startTimer,
  })
  return {
    registration: (mac) => table.get(mac, nowMs()),
    register: (claim) => keeper.run(table.register(claim, nowMs())),
    unregister: (mac, protocol) =>
      keeper.run(table.unregister(mac, protocol, 'session-ended', nowMs())),
  }
}
