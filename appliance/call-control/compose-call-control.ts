import type { Logger } from 'pino'
import { RegistrationTable } from '../../src/call-control/registration-table.ts'
import type { ClientDirectory } from '../../src/services/clients/client-lookup.ts'
import { phoneCallers } from '../../src/services/registrations/phone-callers.ts'
import type { RestartNews } from '../../src/services/restarts/call-control-methods.ts'
import type { Tracking } from '../../src/services/tracking/tracking.ts'
import type { Settings } from '../../src/settings/settings.ts'
import type { ApplicationState } from '../start/application-state.ts'
import { logIgnoredRows } from '../start/ignored-rows.ts'
import { CallControl } from './call-control.ts'
import { composeKeeper } from './compose-keeper.ts'

/** What call control needs. */
export type CallControlWants = {
  readonly settings: Settings
  /** Networks as they are in force. */
  readonly networks: () => Settings['networks']
  readonly state: ApplicationState
  readonly lookup: ClientDirectory
  readonly tracking: Tracking
  readonly log: Logger
  readonly onFault: (fault: unknown) => void
  /** Is told what becomes of restarts, and why phones have started. */
  readonly onRestartNews: (news: RestartNews) => void
}

/** Joins the registrar and the call manager with what is stored; null where the configuration has none. */
export async function composeCallControl(wants: CallControlWants): Promise<CallControl | null> {
  const { settings, networks, state, lookup, tracking, log, onFault, onRestartNews } = wants
  const { callControl: ports } = settings
  if (ports === undefined) return null
  const { stores, inventory, engine, nowMs } = state
  const table = new RegistrationTable()
  const stored = await stores.registrations.load()
  logIgnoredRows(log, stored.faults)
  table.restore(stored.registrations.filter(({ mac }) => inventory.phone(mac) !== undefined))
  const keeper = composeKeeper({ state, tracking, log })
  const callers = phoneCallers({ lookup, engine, table, networks })
  const parts = { ports, table, callers, keeper, log, onFault, nowMs, onRestartNews }
  const control = new CallControl(parts)
  inventory.onChange((notice) => {
    if (notice.kind === 'phone-deleted') control.forget(notice.phone.mac)
  })
  return control
}
