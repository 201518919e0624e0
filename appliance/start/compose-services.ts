import { readZip } from '../../src/adapters/zip/read-zip.ts'
import type { FileView } from '../../src/conversion/file-view.ts'
import { unprovisionedWarning } from '../../src/conversion/unprovisioned-warning.ts'
import type { DhcpServer } from '../../src/dhcp/dhcp-server.ts'
import { type Ipv4, UNSPECIFIED } from '../../src/net/ipv4.ts'
import type { Mac } from '../../src/net/mac.ts'
import { conversionService } from '../../src/services/api/conversions.ts'
import { eventService } from '../../src/services/api/events.ts'
import { fileViewService } from '../../src/services/api/file-views.ts'
import { firmwareImportService } from '../../src/services/api/firmware-import.ts'
import { leaseService } from '../../src/services/api/leases.ts'
import { mergedEvents } from '../../src/services/api/merged-events.ts'
import { metricService } from '../../src/services/api/metrics.ts'
import { networkService } from '../../src/services/api/networks.ts'
import { planService } from '../../src/services/api/plans.ts'
import { reportService } from '../../src/services/api/reports.ts'
import { rolloutService } from '../../src/services/api/rollouts.ts'
import { seenService } from '../../src/services/api/seen.ts'
import { traceService } from '../../src/services/api/traces.ts'
import type { DhcpRecording } from '../../src/services/capture/dhcp-recording.ts'
import type { PoolHistory } from '../../src/services/pool-history.ts'
import type { Services } from '../../src/services/services.ts'
import type { Settings } from '../../src/settings/settings.ts'
import type { TftpServer } from '../../src/tftp/tftp-server.ts'
import type { CallControl } from '../call-control/call-control.ts'
import { packageVersion } from '../version.ts'
import type { ApplicationState } from './application-state.ts'
import type { ComposedRestarts } from './compose-restarts.ts'
import type { Ownership } from './ownership.ts'

/** What the services need. */
export type ServiceParts = {
  readonly state: ApplicationState
  readonly ownership: Ownership
  readonly view: FileView
  readonly dhcpServer: DhcpServer
  readonly tftpServer: TftpServer
  readonly tftpPort: number
  readonly recording: DhcpRecording
  readonly history: PoolHistory
  readonly surveys: Services['surveys']
  /** What keeps this machine from serving a network, in words; null: nothing. */
  readonly faultOn: (network: string) => string | null
  /** Null: phones do not register here. */
  readonly callControl: Pick<CallControl, 'registration'> | null
  readonly restarts: ComposedRestarts
}

/**
 * Joins what the API asks of the appliance.
 *
 * @param networks - Those of the configuration as it is in force.
 */
export function composeServices(
  networks: () => Settings['networks'],
  parts: ServiceParts,
): Omit<Services, 'health' | 'status' | 'reload' | 'audit' | 'tokens' | 'webhooks'> {
  const { state, view, dhcpServer, tftpServer, tftpPort, recording, history } = parts
  const { callControl, ownership } = parts
  const {
    data,
    sharing,
    inventory,
    synthetic,
    leaseTable,
    engine,
    conversions,
    journal,
    counters,
    nowMs,
  } = state
  const events = mergedEvents(eventService(journal, data.events), state.otherEvents)
  const names = () => networks().map(({ name }) => name)
  const seen = seenService({ engine, leaseTable, networks: names, nowMs })
  const isEnrolled = (mac: Mac) => inventory.phone(mac) !== undefined
  // There it gets a line and our address, whatever its profile lacks.
  const registersHere = (network: string | null) =>
    callControl !== null &&
    networks().every((one) => one.callControl || (network !== null && one.name !== network))
  const warnings = (mac: Mac, to: string) => {
    const phone = inventory.phone(mac)
    if (phone === undefined || registersHere(phone.network)) return []
    const profile = phone.profile === null ? null : (inventory.profile(phone.profile) ?? null)
    return [unprovisionedWarning(to, phone, profile) ?? []].flat()
  }
  return {
    inventory,
    registrations: {
      isKept: callControl !== null || sharing !== null,
      get: (mac) => callControl?.registration(mac) ?? state.foreign.get(mac),
    },
    surveys: parts.surveys,
    unknownDevices: {
      list: () => state.unknownDevices.list(nowMs()),
      forget: (mac) => {
        state.trouble.forget(mac)
        return state.unknownDevices.forget(mac)
      },
    },
    seen,
    reporting: reportService({
      inventory,
      conversion: (mac) => engine.conversion(mac),
      rollouts: () => state.rollouts.engine.list(),
      seen,
      events,
      version: packageVersion,
      nowMs,
    }),
    firmwareImport: firmwareImportService(inventory, readZip, nowMs, (load, files) =>
      synthetic.vetoStoring(load, files),
    ),
    networks: networkService({
      get networks() {
        return networks()
      },
      leaseTable,
      dhcp: dhcpServer,
      counters,
      history,
      faultOn: parts.faultOn,
      ...(ownership.owners === undefined ? {} : { ownership: ownership.owners }),
      nowMs,
    }),
    leases: leaseService({
      leaseTable,
      store: ownership.leases,
      ...(ownership.elsewhere === undefined ? {} : { elsewhere: ownership.elsewhere }),
      nowMs,
    }),
    appliances: ownership.appliances,
    conversions: conversionService({
      engine,
      phone: (mac) => inventory.phone(mac),
      warnings,
      restartsByItself: parts.restarts.restartsByItself,
      changes: conversions.changes,
      saved: async () => {
        await conversions.saved()
        await sharing?.documents.sent()
      },
      nowMs,
    }),
    restarts: parts.restarts.service,
    rollouts: rolloutService(
      { ...state.rollouts, sent: async () => sharing?.documents.sent() },
      nowMs,
    ),
    plans: planService({
      loads: () => inventory.firmwareLoads(),
      isSynthetic: (load) => synthetic.isSynthetic(load),
      veto: (load) => synthetic.vetoEverywhere(load),
      origin: (mac, named) => engine.origin(mac, named),
      warnings,
    }),
    fileViews: fileViewService(view, (mac) =>
      serverAddressOn(networks(), inventory.phone(mac)?.network ?? null),
    ),
    traces: traceService(journal, isEnrolled, {
      recording,
      here: events.here,
      tftpOn: (network) => ({ address: serverAddressOn(networks(), network), port: tftpPort }),
      conversion: (mac) => engine.conversion(mac),
      model: (mac) => inventory.phone(mac)?.model ?? null,
      newest: (query) => events.list(query),
      version: packageVersion,
    }),
    events,
    metrics: metricService({
      counters,
      cache: state.cache,
      leaseTable,
      dhcp: dhcpServer,
      journal,
      tftp: tftpServer,
      rollouts: () => state.rollouts.engine.list(),
      get networkNames() {
        return networks().map(({ name }) => name)
      },
      nowMs,
    }),
  }
}

/** Our address on a network; on the first one where none is named. */
function serverAddressOn(networks: Settings['networks'], network: string | null): Ipv4 {
  const own = networks.find(({ name }) => name === network) ?? networks[0]
  return own?.address ?? UNSPECIFIED
}
