import type { Logger } from 'pino'
import { RegistrationKeeper } from '../../src/services/registrations/registration-keeper.ts'
import type { Tracking } from '../../src/services/tracking/tracking.ts'
import type { ApplicationState } from '../start/application-state.ts'

/** What the keeper of registrations needs. */
export type KeeperWants = {
  readonly state: ApplicationState
  readonly tracking: Tracking
  readonly log: Logger
}

/** Joins what stores registrations and tells of them; a registration is evidence for tracking. */
export function composeKeeper({ state, tracking, log }: KeeperWants): RegistrationKeeper {
  const { stores, inventory, journal, counters, startTimer, onStoreFault } = state
  return new RegistrationKeeper({
    log,
    journal,
    counters,
    store: stores.registrations,
    networkOf: (mac) => inventory.phone(mac)?.network ?? null,
    onEvidence: ({ mac, ...seen }) => tracking.onRegistration(mac, seen),
    onStoreFault,
    startTimer,
  })
}
