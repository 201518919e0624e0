import type { RestartMethod } from '../../src/call-control/restart/method.ts'
import type { FileView } from '../../src/conversion/file-view.ts'
import type { FileAnswer } from '../../src/files/file-answer.ts'
import type { Ipv4 } from '../../src/net/ipv4.ts'
import type { Mac } from '../../src/net/mac.ts'
import type { ClientDirectory } from '../../src/services/clients/client-lookup.ts'
import {
  CallControlMethods,
  type RestartingCallControl,
} from '../../src/services/restarts/call-control-methods.ts'
import { factsOf, type RegisteredPhones } from '../../src/services/restarts/phone-facts.ts'
import { RestartService } from '../../src/services/restarts/restart-service.ts'
import { ServedFiles, watchAnswers } from '../../src/services/restarts/served-files.ts'
import type { Tracking } from '../../src/services/tracking/tracking.ts'
import type { Settings } from '../../src/settings/settings.ts'
import type { ApplicationState } from './application-state.ts'

/** What restarts need. */
export type RestartWants = {
  /** As in force. */
  readonly settings: () => Settings
  readonly state: ApplicationState
  readonly lookup: ClientDirectory
  readonly tracking: Pick<Tracking, 'dhcpEvents' | 'tftpEvents'>
  readonly view: FileView
  /** Whether this appliance acts for a phone now. */
  readonly actsFor: (mac: Mac) => boolean
  /** Methods besides those of call control. */
  readonly adapters: readonly RestartMethod[]
}

/** Restarts, joined with what is seen of phones. */
export type ComposedRestarts = {
  readonly service: RestartService
  /** The answers of TFTP, watched: what a phone was served, and when it began to ask. */
  readonly watched: (files: FileAnswer) => FileAnswer
  /** Whether its network, its entry or the configuration has something to restart it by. */
  readonly restartsByItself: (mac: Mac) => boolean
  readonly onNews: CallControlMethods['onNews']
  /** Call control comes when its sockets are open. */
  setCallControl(control: CallControlOfPhones | null): void
}

/** What restarts ask of call control. */
type CallControlOfPhones = RegisteredPhones & RestartingCallControl

/** Joins the restart engines with call control, leases and served files. */
export function composeRestarts(wants: RestartWants): ComposedRestarts {
  const { settings, state, lookup, tracking, view, actsFor, adapters } = wants
  const { inventory, engine, leaseTable, recorder, conversions, nowMs, startTimer } = state
  let control: CallControlOfPhones | null = null
  const networkAt = (address: Ipv4) => lookup.networkAt(address)?.name ?? null
  const addressFor = (mac: Mac): Ipv4 | undefined => {
    const name = inventory.phone(mac)?.network
    const { networks } = settings()
    return (networks.find((network) => network.name === name) ?? networks[0])?.address
  }
  const served = new ServedFiles((mac, name) => {
    const ours = addressFor(mac)
    const files = ours === undefined ? undefined : view.list(mac, ours)
    return files?.find((file) => file.name === name)?.value.file
  })
  const methods = new CallControlMethods(() => control, {
    line: (mac) => served.settingsOf(mac).line,
    localFor: (address) => lookup.networkAt(address)?.address,
  })
  const sources = {
    inventory,
    leaseTable,
    engine,
    served,
    networks: () => settings().networks,
    networkAt,
    callControl: () => control,
    switchNames: () => settings().switches.map(({ name }) => name),
    hasCommand: () => settings().restart !== undefined,
  }
  const service = new RestartService({
    methods: [methods.sccp, methods.notify, ...adapters],
    facts: (mac, atMs) => factsOf(sources, mac, atMs),
    networkOf: (mac) => inventory.phone(mac)?.network ?? null,
    actsFor,
    time: { speed: settings().conversions.phoneSpeed },
    onEvent: (event, atMs) => recorder.onRestartEvent(event, atMs),
    nowMs,
    startTimer,
  })
  service.follow(tracking, (mac) => inventory.phone(mac)?.network ?? null)
  conversions.changed.subscribe((mac) => {
    const conversion = engine.conversion(mac)
    // One that goes on elsewhere is restarted from there.
    if (conversion !== undefined && conversions.drives(mac)) service.onConversion(conversion)
  })
  inventory.onChange((notice) => {
    if (notice.kind !== 'phone-deleted') return
    service.forget(notice.phone.mac)
    served.forget(notice.phone.mac)
  })
  return {
    service,
    watched: (files) => watchAnswers(files, { served, engine, restarts: service }),
    restartsByItself: (mac) => {
      const phone = inventory.phone(mac)
      const { networks, restart } = settings()
      const its = networks.filter(({ name }) => [null, name].includes(phone?.network ?? null))
      return (
        phone?.switchPort !== undefined ||
        restart !== undefined ||
        its.some(({ callControl, switchPort }) => callControl || switchPort !== undefined)
      )
    },
    onNews: (news) => {
      methods.onNews(news)
      service.onNews(news)
    },
    setCallControl: (now) => {
      control = now
    },
  }
}
