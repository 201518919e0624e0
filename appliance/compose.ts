import type { Logger } from 'pino'
import { steadyClock } from '../src/adapters/clock/steady-clock.ts'
import { buildApp, type TlsFiles } from '../src/adapters/http/app.ts'
import { loadLibc } from '../src/adapters/udp/native/libc.ts'
import { Neighbours } from '../src/adapters/udp/neighbours.ts'
import { BootView } from '../src/conversion/boot-view.ts'
import { DhcpRecording } from '../src/services/capture/dhcp-recording.ts'
import { AutoEnrol, autoEnrolProfiles } from '../src/services/clients/auto-enrol.ts'
import { type ClientDirectory, clientLookup } from '../src/services/clients/client-lookup.ts'
import { forgetDeletedPhones } from '../src/services/clients/forget-deleted-phones.ts'
import { knownNetworks } from '../src/services/clients/known-networks.ts'
import { guardSynthetic } from '../src/services/conversions/synthetic-guard.ts'
import { tellOfSynthetic } from '../src/services/conversions/tell-of-synthetic.ts'
import { audit } from '../src/services/events/audit.ts'
import { Recorder } from '../src/services/events/recorder.ts'
import { faultReporter } from '../src/services/fault-reporter.ts'
import { lookAtDatabase, lookAtNetworks } from '../src/services/looks.ts'
import { readiness } from '../src/services/readiness.ts'
import { callControlAt } from '../src/services/registrations/call-control-at.ts'
import type { ReloadOutcome } from '../src/services/services.ts'
import { formatListenAddress } from '../src/settings/notation.ts'
import type { Settings } from '../src/settings/settings.ts'
import { composeCallControl } from './call-control/compose-call-control.ts'
import type { LoadedSettings } from './load-settings.ts'
import { certificateRenewal } from './start/certificate-renewal.ts'
import { type Closer, closeAll } from './start/close-all.ts'
import { composeServices } from './start/compose-services.ts'
import { lockDataFolder } from './start/data-lock.ts'
import { composeDhcp } from './start/dhcp.ts'
import { closeKnowledge, type Knowledge, loadKnowledge } from './start/knowledge.ts'
import { giveBackMemory, keepNewApart } from './start/memory.ts'
import { reloader } from './start/reload.ts'
import { type SharedMaterial, sharedMaterial } from './start/shared-material.ts'
import { composeTftp } from './start/tftp.ts'
import { watchAddresses } from './start/watch-addresses.ts'
import { watchPools } from './start/watch-pools.ts'
import { packageVersion } from './version.ts'

/** What the appliance is given from outside. */
export type ApplianceParts = {
  readonly settings: Settings
  readonly log: Logger
  /** Null: the API asks for none; only for a listener on loopback. */
  readonly token: string | null
  /** Null: the API speaks plain HTTP. */
  readonly tls: TlsFiles | null
  /** Folder of the built page; null where there is none. */
  readonly pageDir: string | null
  /** `serve --rehearsal`: all phones are simulated; synthetic firmware goes to every network. */
  readonly rehearsal?: boolean
  /** Reads the configuration anew; left out where there is no file of it. */
  readonly loadSettings?: () => Promise<LoadedSettings>
  /** Reads the certificate anew; left out where there is none. */
  readonly loadTls?: () => Promise<TlsFiles | null>
}

/** The running appliance. */
export type Appliance = {
  /** The REST API as it listens, such as `http://127.0.0.1:8067`. */
  readonly apiUrl: string
  /** Reads the configuration anew and puts its networks in force. */
  readonly reload: () => Promise<ReloadOutcome>
  /** Stops serving, then writes what is to be kept, then closes. */
  readonly close: () => Promise<void>
}

/**
 * Joins the parts to one appliance and starts it: data first, then DHCP and TFTP, then the API.
 *
 * @throws `FolderInUseError`; what a socket or the database says, with everything closed again.
 */
export async function startAppliance(parts: ApplianceParts): Promise<Appliance> {
  const { settings, log } = parts
  keepNewApart()
  const closers: Closer[] = []
  const close = () => closeAll(closers.splice(0).reverse())
  try {
    const { apiUrl, reload } = await start(parts, closers)
    await giveBackMemory()
    log.info({ event: 'appliance.ready', api: apiUrl, networks: settings.networks.length })
    return { apiUrl, reload, close }
  } catch (error) {
    // Why it did not start is what matters; how it was closed again comes second.
    await close().catch((err: unknown) => log.warn({ event: 'appliance.close.failed', err }))
    throw error
  }
}

/** Said at each start: the windows of a real phone are cut short. */
const NO_REAL_PHONES =
  'phones are assumed to be this many times faster than real ones: do not convert real phones'

/** How long a stop waits for transfers under way, in milliseconds. */
const DRAIN_WITHIN_MS = 3000

/** How often is looked for events that were left out and not told of, in milliseconds. */
const TELL_LEFT_OUT_MS = 10_000

type Started = Pick<Appliance, 'apiUrl' | 'reload'>

async function start(parts: ApplianceParts, closers: Closer[]): Promise<Started> {
  const { settings, log } = parts
  const nowMs = steadyClock()
  const { phoneSpeed } = settings.conversions
  if (phoneSpeed !== 1)
    log.warn({ event: 'conversions.phone.speed', phoneSpeed, what: NO_REAL_PHONES })
  const { listen, tls } = settings.api
  const at = `${tls === undefined ? 'http' : 'https'}://${formatListenAddress(listen)}`
  const lock = await lockDataFolder(settings.dataDir, `its API at ${at}`)
  // The first to be taken and the last to be given back: until then we may write.
  closers.push(() => lock.release())
  // The engines and what they report to know each other: the recorder comes when they are there.
  let recorder: Recorder | undefined
  const knowledge = await loadKnowledge(settings, {
    log,
    nowMs,
    rehearsal: parts.rehearsal === true,
    onConversionEvent: (event, atMs) => recorder?.onConversionEvent(event, atMs),
    onRolloutEvent: (event, atMs) => recorder?.onRolloutEvent(event, atMs),
  })
  closers.push(() => closeKnowledge(knowledge))
  for (const what of misfitsOf(knowledge)) log.warn({ event: 'phone.without.place', what })
  const neighbours = new Neighbours(await loadLibc())
  closers.push(async () => neighbours.close())
  const lookup = clientLookup(settings.networks, { ...knowledge, hardware: neighbours })
  const profiles = autoEnrolProfiles(settings)
  const newcomers = new AutoEnrol({ ...knowledge, log, profiles })
  let { networks } = settings
  const replaceNetworks = (edited: Settings) => {
    networks = edited.networks
    lookup.replaceNetworks(edited.networks)
    knowledge.synthetic.replaceNetworks(edited.networks)
    knowledge.inventory.replaceNetworks(knownNetworks(edited.networks))
    knowledge.inventory.replaceSwitches(edited.switches)
    profiles.clear()
    for (const [network, profile] of autoEnrolProfiles(edited)) profiles.set(network, profile)
  }
  recorder = new Recorder(log, knowledge.journal, knowledge.counters, {
    desk: knowledge.desk,
    newcomers,
    where: {
      isEnrolled: (mac) => knowledge.inventory.phone(mac) !== undefined,
      belongsTo: (mac, network) =>
        [null, network].includes(knowledge.inventory.phone(mac)?.network ?? null),
      identify: lookup.identify,
      onLeaseGivenUp: lookup.onLeaseGivenUp,
      networkAt: (address) => lookup.networkAt(address)?.name ?? null,
    },
  })
  const toTell = recorder
  const telling = setInterval(() => toTell.tellOfLeftOut(nowMs()), TELL_LEFT_OUT_MS)
  closers.push(() => clearInterval(telling))
  forgetDeletedPhones(knowledge.inventory, { desk: knowledge.desk, clients: lookup }, nowMs)
  const shared = await sharedMaterial(settings, log, knowledge)
  const material = {
    ...shared.material,
    callControlAt: callControlAt(settings, () => networks),
  }
  const view = new BootView(lookup, material, knowledge.desk, newcomers)
  const served = await serve(parts, closers, {
    knowledge,
    recorder,
    view,
    lookup,
    replaceNetworks,
    readSharedAgain: shared.readAgain,
  })
  knowledge.desk.onWake(nowMs())
  knowledge.rollouts.resume()
  return served
}

type Serving = {
  readonly knowledge: Knowledge
  readonly recorder: Recorder
  readonly view: BootView
  readonly lookup: ClientDirectory
  /** Whoever asks of networks what is on no socket hears of edited ones by it. */
  readonly replaceNetworks: (edited: Settings) => void
  /** Reads the shared folder again; what is wrong with it. */
  readonly readSharedAgain: SharedMaterial['readAgain']
}

/** Opens the sockets: DHCP, TFTP, and the API last, so that whoever reaches it finds all of it. */
async function serve(parts: ApplianceParts, closers: Closer[], serving: Serving): Promise<Started> {
  const { settings, log } = parts
  const { knowledge, recorder, view } = serving
  const onFault = faultReporter(
    (fault) => log.warn({ event: 'socket.failed', ...fault }),
    knowledge.nowMs,
  )
  const recording = new DhcpRecording({
    isEnrolled: (mac) => knowledge.inventory.phone(mac) !== undefined,
    nowMs: knowledge.nowMs,
    port: settings.dhcp.port,
  })
  const dhcp = composeDhcp({ settings, log, knowledge, recorder, watcher: recording })
  await dhcp.open()
  closers.push(() => dhcp.close())
  const tftp = composeTftp({
    settings,
    files: guardSynthetic(view, knowledge.synthetic, tellOfSynthetic(settings, knowledge, log)),
    cache: knowledge.cache,
    onEvent: (event) => recorder.onTftpEvent(event),
    onFault,
    nowMs: knowledge.nowMs,
  })
  const listeners = await tftp.open()
  const lookAtTftp = () => {
    const detail = `${listeners.length} addresses listen`
    return { name: 'tftp', detail, problems: tftp.faults() }
  }
  const why = tftp.plainBecause
  if (why !== null) log.warn({ event: 'tftp.slow.sockets', why })
  closers.push(async () => {
    await tftp.drain(DRAIN_WITHIN_MS)
    tftp.close()
  })
  const places = settings.networks.map(({ address, interface: name }) => ({
    address,
    interfaceName: name ?? null,
  }))
  const watched = watchAddresses(places, log)
  closers.push(() => watched.close())
  let current = settings
  const callControl = await composeCallControl({
    settings,
    networks: () => current.networks,
    knowledge,
    lookup: serving.lookup,
    log,
    onFault,
  })
  if (callControl !== null) {
    closers.push(() => callControl.close())
    await callControl.open(settings.networks)
  }
  const reload = reloader({
    load: parts.loadSettings ?? null,
    log,
    current: () => current,
    renewCertificate: () => certificates.renew(),
    readShared: serving.readSharedAgain,
    misfits: () => misfitsOf(knowledge),
    apply: (edited) => {
      current = edited
      serving.replaceNetworks(edited)
      tftp.replaceClientSubnets(edited.networks.map(({ subnet }) => subnet))
      dhcp.replaceNetworks(edited)
      void callControl?.replaceNetworks(edited.networks)
    },
  })
  const names = () => current.networks.map(({ name }) => name)
  const pools = watchPools({ names, book: knowledge.book, nowMs: knowledge.nowMs })
  closers.push(() => pools.close())
  const services = composeServices(() => current.networks, {
    ...serving,
    callControl,
    history: pools.history,
    recording,
    tftpPort: settings.tftp.port,
    dhcpServer: dhcp.server,
    tftpServer: tftp.server,
  })
  const tellChange = audit({ ...knowledge, log })
  const { host, port } = settings.api.listen
  const app = buildApp({
    services: {
      ...services,
      reload,
      audit: tellChange,
      health: readiness(
        [
          dhcp.look,
          lookAtTftp,
          watched.links,
          watched.addresses,
          lookAtNetworks(() => current.networks, dhcp.server),
          lookAtDatabase(knowledge.data.database),
          ...(callControl === null ? [] : [callControl.look]),
        ],
        knowledge.nowMs,
      ),
      status: {
        version: packageVersion,
        uptimeSeconds: () => Math.floor(process.uptime()),
        phoneSpeed: () => settings.conversions.phoneSpeed,
        rehearsal: () => parts.rehearsal === true,
      },
    },
    token: parts.token,
    tls: parts.tls,
    allowedHosts: [host, ...settings.api.allowedHosts],
    staticDir: parts.pageDir,
    uploadsInFlight: settings.api.maxUploadsInFlight,
    logger: log,
    now: knowledge.nowMs,
  })
  closers.push(() => app.close())
  const certificates = certificateRenewal(app, parts.loadTls ?? null)
  await app.listen({ host, port })
  const bound = app.server.address()
  const boundPort = bound !== null && typeof bound === 'object' ? bound.port : port
  const scheme = parts.tls === null ? 'http' : 'https'
  const reloadBySignal = () => {
    tellChange({ ...BY_SIGNAL, action: 'reload' })
    return reload()
  }
  const apiUrl = `${scheme}://${formatListenAddress({ host, port: boundPort })}`
  return { apiUrl, reload: reloadBySignal }
}

/** What nobody asked for over the API. */
const BY_SIGNAL = {
  path: '',
  mac: null,
  fields: [],
  status: null,
  by: 'signal',
  address: null,
} as const

function misfitsOf({ inventory }: Knowledge): readonly string[] {
  return inventory.misfits().map(({ mac, message }) => `phone ${mac}: ${message}`)
}
