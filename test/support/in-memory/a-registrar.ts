import { composeKeeper, type KeeperWants } from '../../../appliance/call-control/compose-keeper.ts'
import type { Registration } from '../../../src/call-control/registration.ts'
import {
  type RegistrationClaim,
  RegistrationTable,
} from '../../../src/call-control/registration-table.ts'
import type { Mac } from '../../../src/net/mac.ts'

/** Where phones register, without its sockets. */
export type Registrar = {
  registration(mac: Mac): Registration | undefined
  /** A phone registers. */
  register(claim: RegistrationClaim): void
  /** Its registration ends, because its session is closed. */
  unregister(mac: Mac, protocol: Registration['protocol']): void
}

/** The table of registrations, joined with what is told of them. */
export function aRegistrar(wants: KeeperWants): Registrar {
  const { nowMs } = wants.state
  const table = new RegistrationTable()
  const keeper = composeKeeper(wants)
  return {
    registration: (mac) => table.get(mac, nowMs()),
    register: (claim) => keeper.run(table.register(claim, nowMs())),
    unregister: (mac, protocol) =>
      keeper.run(table.unregister(mac, protocol, 'session-ended', nowMs())),
  }
}
