import type { Logger } from 'pino'
import type { HardwareAddresses } from '../../src/clients/hardware-address.ts'
import { FileView, type ViewMaterial } from '../../src/conversion/file-view.ts'
import type { Mac } from '../../src/net/mac.ts'
import { AutoEnrol, autoEnrolProfiles } from '../../src/services/clients/auto-enrol.ts'
import { type ClientDirectory, clientLookup } from '../../src/services/clients/client-lookup.ts'
import { forgetDeletedPhones } from '../../src/services/clients/forget-deleted-phones.ts'
import { knownNetworks } from '../../src/services/clients/known-networks.ts'
import { callControlAt } from '../../src/services/registrations/call-control-at.ts'
import { Tracking } from '../../src/services/tracking/tracking.ts'
import type { Settings } from '../../src/settings/settings.ts'
import type { ApplicationState } from './application-state.ts'
import type { InForce } from './in-force.ts'

/** What tracking needs. */
export type TrackingWants = {
  readonly settings: Settings
  readonly log: Logger
  readonly state: ApplicationState
  readonly inForce: InForce
  /** Whether this appliance acts for a phone now. */
  readonly actsFor: (mac: Mac) => boolean
  readonly hardware: HardwareAddresses
  /** What the files of phones are made of. */
  readonly material: ViewMaterial
}

/** Tracking, and what it asks. */
export type ComposedTracking = {
  readonly tracking: Tracking
  readonly view: FileView
  readonly lookup: ClientDirectory
}

/** Joins what identifies clients, what their files are made of, and the door that events enter by. */
export function composeTracking(wants: TrackingWants): ComposedTracking {
  const { settings, log, state, inForce, hardware, actsFor } = wants
  const { inventory, engine, recorder, nowMs } = state
  const lookup = clientLookup(settings.networks, { ...state, hardware })
  const profiles = autoEnrolProfiles(settings)
  inForce.replaced.subscribe((edited) => {
    lookup.replaceNetworks(edited.networks)
    state.synthetic.replaceNetworks(edited.networks)
    inventory.replaceNetworks(knownNetworks(edited.networks))
    inventory.replaceSwitches(edited.switches)
    profiles.clear()
    for (const [network, profile] of autoEnrolProfiles(edited)) profiles.set(network, profile)
  })
  forgetDeletedPhones(inventory, { engine, clients: lookup }, nowMs)
  const here = callControlAt(settings, () => inForce.networks)
  const view = new FileView({ ...wants.material, callControlAt: here }, engine)
  const tracking = new Tracking({
    engine,
    view,
    clients: lookup,
    inventory,
    actsFor,
    enrolment: new AutoEnrol({ ...state, log, profiles }),
  })
  recorder.follow(tracking)
  state.unknownDevices.follow(tracking)
  return { tracking, view, lookup }
}
