import type { Logger } from 'pino'
import { steadyClock } from '../src/adapters/clock/steady-clock.ts'
import { buildApp, type TlsFiles } from '../src/adapters/http/app.ts'
import { loadLibc } from '../src/adapters/udp/native/libc.ts'
import { Neighbours } from '../src/adapters/udp/neighbours.ts'
import { formatIpv4 } from '../src/net/ipv4.ts'
import type { Mac } from '../src/net/mac.ts'
import type { Subnet } from '../src/net/subnet.ts'
import { DhcpRecording } from '../src/services/capture/dhcp-recording.ts'
import { attentionIn } from '../src/services/clients/enrolment-trouble.ts'
import { reportSynthetic } from '../src/services/conversions/report-synthetic.ts'
import { guardSynthetic } from '../src/services/conversions/synthetic-guard.ts'
import { audit } from '../src/services/events/audit.ts'
import { faultReporter } from '../src/services/fault-reporter.ts'
import { lookAtDatabase, lookAtNetworks, lookAtPostgres } from '../src/services/looks.ts'
import { actingFor, answersNow } from '../src/services/ownership/served-now.ts'
import { type Finding, type Look, readiness } from '../src/services/readiness.ts'
import type { ReloadOutcome } from '../src/services/services.ts'
import { formatListenAddress } from '../src/settings/notation.ts'
import type { Settings } from '../src/settings/settings.ts'
import { composeCallControl } from './call-control/compose-call-control.ts'
import type { LoadedSettings } from './load-settings.ts'
import { type ApplicationState, closeState, loadState } from './start/application-state.ts'
import { CertificateRenewal } from './start/certificate-renewal.ts'
import { type Closer, closeAll } from './start/close-all.ts'
import { type ComposedRestarts, composeRestarts } from './start/compose-restarts.ts'
import { composeServices, type ServiceParts } from './start/compose-services.ts'
import { type ComposedTracking, composeTracking } from './start/compose-tracking.ts'
import { lockDataFolder } from './start/data-lock.ts'
import { composeDhcp } from './start/dhcp.ts'
import { examineReloaded } from './start/examine-files.ts'
import { InForce } from './start/in-force.ts'
import { disablePretenuring, trimMemory } from './start/memory.ts'
import { type Ownership, openOwnership } from './start/ownership.ts'
import { realFirmwareRefusal, realNetworks, rehearsalRefusal } from './start/rehearsal.ts'
import { reloader } from './start/reload.ts'
import { restartMethods } from './start/restart-methods.ts'
import { type SharedMaterial, sharedMaterial } from './start/shared-material.ts'
import { askOverSockets, composeSurveys } from './start/surveys.ts'
import { composeTftp } from './start/tftp.ts'
import { loadTokens } from './start/tokens.ts'
import { warmUp } from './start/warm-up/warm-up.ts'
import { watchAddresses } from './start/watch-addresses.ts'
import { watchPools } from './start/watch-pools.ts'
import { startWebhooks } from './start/webhooks.ts'
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
  /** Reads the configuration again; left out where there is no file of it. */
  readonly loadSettings?: () => Promise<LoadedSettings>
  /** Reads the certificate again; left out where there is none. */
  readonly loadTls?: () => Promise<TlsFiles | null>
}

/** The running appliance. */
export type Appliance = {
  /** The REST API as it listens, such as `http://127.0.0.1:8067`. */
  readonly apiUrl: string
  /** Reads the configuration again and puts its networks in force. */
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
  disablePretenuring()
  const closers: Closer[] = []
  const close = () => closeAll(closers.splice(0).reverse())
  try {
    const { apiUrl, reload } = await start(parts, closers)
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
const REPORT_LEFT_OUT_MS = 10_000

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
  const rehearsal = parts.rehearsal === true
  const real = rehearsal ? realNetworks(settings) : []
  if (real.length > 0) throw new Error(rehearsalRefusal(real))
  const state = await loadState(settings, { log, nowMs, rehearsal })
  closers.push(() => closeState(state))
  const shipped = rehearsal ? state.synthetic.shippedLoads() : []
  if (shipped.length > 0) throw new Error(realFirmwareRefusal(settings.dataDir, shipped))
  for (const what of misplacedPhonesOf(state)) log.warn({ event: 'phone.without.place', what })
  const inForce = new InForce(settings)
  const ownership = await openOwnership({ state, inForce, log })
  const actsFor = actingFor({ ...state, networks: () => inForce.networks, owns: ownership.owns })
  state.conversions.actOnlyFor(actsFor)
  const known = { ...parts, state, inForce, ownership, actsFor }
  const tracked = await startTracking(known, closers)
  const restarts = startRestarts({ ...known, ...tracked }, closers)
  const served = await serve({ ...known, ...tracked, restarts }, closers)
  state.engine.onWake(nowMs())
  state.rollouts.resume()
  restarts.service.resume(state.engine.conversions())
  return served
}

type Known = ApplianceParts & {
  readonly state: ApplicationState
  readonly inForce: InForce
  readonly ownership: Ownership
  /** Whether this appliance acts for a phone now. */
  readonly actsFor: (mac: Mac) => boolean
}

type Tracked = ComposedTracking & {
  /** Reads the shared folder again; what is wrong with it. */
  readonly readSharedAgain: SharedMaterial['readAgain']
}

/** Opens what identifies clients, and joins tracking with it. */
async function startTracking(known: Known, closers: Closer[]): Promise<Tracked> {
  const { settings, log, state } = known
  const { recorder, nowMs } = state
  const hardware = new Neighbours(await loadLibc())
  closers.push(async () => hardware.close())
  const reporting = setInterval(() => recorder.reportLeftOut(nowMs()), REPORT_LEFT_OUT_MS)
  closers.push(() => clearInterval(reporting))
  const { material, readAgain } = await sharedMaterial(settings, log, state)
  return { ...composeTracking({ ...known, hardware, material }), readSharedAgain: readAgain }
}

/** Joins what restarts phones; a stop leaves no port without power. */
function startRestarts(known: Known & Tracked, closers: Closer[]): ComposedRestarts {
  const { settings, log, state, inForce } = known
  const { journal, nowMs } = state
  const inForceNow = () => inForce.settings
  const { dataDir } = settings
  const methods = restartMethods({ settings: inForceNow, dataDir, journal, log, nowMs })
  closers.push(() => methods.close())
  methods.recover()
  const { adapters } = methods
  const restarts = composeRestarts({ ...known, settings: inForceNow, adapters })
  closers.push(() => restarts.service.close())
  return restarts
}

type Serving = Known & Tracked & { readonly restarts: ComposedRestarts }

/**
 * Joins the servers and the API, and only then opens their sockets: what takes the processor for long
 * is done before the first client. The API is the last, so that a client that reaches it finds all of it.
 */
async function serve(serving: Serving, closers: Closer[]): Promise<Started> {
  const { settings, log, state, inForce, restarts, ownership } = serving
  const { nowMs } = state
  const onFault = faultReporter((fault) => log.warn({ event: 'socket.failed', ...fault }), nowMs)
  const recording = new DhcpRecording({
    isEnrolled: (mac) => state.inventory.phone(mac) !== undefined,
    nowMs,
    port: settings.dhcp.port,
  })
  const dhcp = composeDhcp({ ...serving, watcher: recording })
  const tftp = servedTftp(serving, onFault)
  const places = settings.networks.map(({ address, interface: name }) => ({
    address,
    interfaceName: name ?? null,
  }))
  const watched = watchAddresses(places, log)
  closers.push(() => watched.close())
  const networks = () => inForce.networks
  const callControl = await composeCallControl({
    ...serving,
    networks,
    onFault,
    onRestartNews: restarts.onNews,
  })
  restarts.setCallControl(callControl)
  inForce.replaced.subscribe((edited) => {
    tftp.replaceClientSubnets(edited.networks.map(({ subnet }) => subnet))
    dhcp.replaceNetworks(edited)
    void callControl?.replaceNetworks(edited.networks)
  })
  const owned = () => networks().filter(({ name }) => ownership.owns(name))
  const surveys = composeSurveys({
    ...serving,
    networks: owned,
    ask: askOverSockets({ networks: owned, callControl }),
    isBusy: (mac) => restarts.service.isBusy(mac),
    onFault,
  })
  const looks = [
    dhcp.look,
    tftp.look,
    watched.links,
    watched.addresses,
    lookAtNetworks(networks, dhcp.server),
    lookAtDatabase(state.data.database),
    ...(state.sharing === null ? [] : [lookAtPostgres(state.sharing)]),
    ...ownership.looks,
    ...(callControl === null ? [] : [callControl.look]),
  ]
  const servers = { dhcpServer: dhcp.server, tftpServer: tftp.server, callControl, recording }
  const faultOn = placeFaults(networks, [dhcp.look, watched.links, watched.addresses])
  const api = await composeApi({ ...serving, ...servers, surveys, looks, faultOn }, closers)
  await trimMemory()
  // Afterwards: a collection forgets which numbers objects have held.
  await warmUp({ settings, log, nowMs })
  await dhcp.open()
  closers.push(() => dhcp.close())
  await tftp.open()
  closers.push(() => tftp.close())
  if (callControl !== null) {
    closers.push(() => callControl.close())
    await callControl.open(settings.networks)
  }
  closers.push(async () => surveys.close())
  // Also where it cannot listen.
  closers.push(() => api.close())
  const started = await api.open()
  // The last to begin and the first to end: networks are given up before transfers drain.
  closers.push(() => ownership.stop())
  await ownership.begin({
    drain: dhcp.laneIdle,
    isLaneFull: dhcp.isLaneFull,
    faultOn,
  })
  return started
}

/** What keeps this machine from serving a network, by the looks at its parts. */
function placeFaults(networks: () => Settings['networks'], looks: readonly (() => Finding)[]) {
  return (name: string): string | null => {
    const network = networks().find((one) => one.name === name)
    if (network === undefined) return 'it is not configured any more'
    const places = [network.interface, formatIpv4(network.address)]
    const problems = looks.flatMap((look) => look().problems)
    return problems.find(({ where }) => places.includes(where))?.message ?? null
  }
}

/** The TFTP server; its `close` waits for the transfers under way. */
function servedTftp(
  { settings, log, state, tracking, restarts, ownership, lookup }: Serving,
  onFault: (fault: unknown) => void,
) {
  const { synthetic, cache, nowMs } = state
  const tftp = composeTftp({
    settings,
    files: restarts.watched(
      guardSynthetic(tracking, synthetic, reportSynthetic(settings, state, log)),
    ),
    cache,
    answersNow: answersNow(lookup, ownership.authorityOf),
    tracking,
    onFault,
    nowMs,
  })
  let detail = 'not open yet'
  return {
    server: tftp.server,
    open: async () => {
      const listeners = await tftp.open()
      detail = `${listeners.length} addresses listen`
      const why = tftp.plainBecause
      if (why !== null) log.warn({ event: 'tftp.slow.sockets', why })
    },
    close: async () => {
      await tftp.drain(DRAIN_WITHIN_MS)
      tftp.close()
    },
    replaceClientSubnets: (subnets: readonly Subnet[]) => tftp.replaceClientSubnets(subnets),
    look: () => ({ name: 'tftp', detail, problems: tftp.faults() }),
  }
}

type ServingApi = Serving &
  Pick<
    ServiceParts,
    'dhcpServer' | 'tftpServer' | 'callControl' | 'recording' | 'surveys' | 'faultOn'
  > & {
    readonly looks: readonly Look[]
  }

/** Builds the API, whose reload also answers SIGHUP. */
async function composeApi(serving: ServingApi, closers: Closer[]) {
  const { settings, log, state, inForce, looks } = serving
  const { nowMs, leaseTable } = state
  const certificates = new CertificateRenewal(serving.loadTls ?? null)
  const reload = reloader({
    load: serving.loadSettings ?? null,
    log,
    current: () => inForce.settings,
    renewCertificate: () => certificates.renew(),
    examine: examineReloaded,
    readShared: serving.readSharedAgain,
    misplacedPhones: () => misplacedPhonesOf(state),
    apply: (edited) => inForce.replace(edited),
  })
  const names = () => inForce.networks.map(({ name }) => name)
  const pools = watchPools({ names, leaseTable, nowMs })
  closers.push(() => pools.close())
  const reportChange = audit({ ...state, log })
  const { host, port } = settings.api.listen
  const tokens = await loadTokens(state.data.tokens, { log, nowMs })
  const webhooks = await startWebhooks({ ...state, store: state.data.webhooks, log })
  closers.push(() => webhooks.close())
  const app = buildApp({
    services: {
      tokens,
      webhooks,
      ...composeServices(() => inForce.networks, {
        ...serving,
        history: pools.history,
        tftpPort: settings.tftp.port,
      }),
      reload,
      writeFault: () => state.sharing?.fault() ?? null,
      audit: reportChange,
      health: readiness(looks, nowMs),
      status: {
        version: packageVersion,
        uptimeSeconds: () => Math.floor(process.uptime()),
        phoneSpeed: () => settings.conversions.phoneSpeed,
        rehearsal: () => serving.rehearsal === true,
        attention: () => attentionIn(state.trouble.list(nowMs())),
      },
    },
    token: serving.token,
    tls: serving.tls,
    allowedHosts: [host, ...settings.api.allowedHosts],
    staticDir: serving.pageDir,
    uploadsInFlight: settings.api.maxUploadsInFlight,
    logger: log,
    now: nowMs,
  })
  certificates.serve(app)
  await app.ready()
  const reloadBySignal = () => {
    reportChange({ ...BY_SIGNAL, action: 'reload' })
    return reload()
  }
  const open = async (): Promise<Started> => {
    await app.listen({ host, port })
    const bound = app.server.address()
    const boundPort = bound !== null && typeof bound === 'object' ? bound.port : port
    const scheme = serving.tls === null ? 'http' : 'https'
    const apiUrl = `${scheme}://${formatListenAddress({ host, port: boundPort })}`
    return { apiUrl, reload: reloadBySignal }
  }
  return { open, close: () => app.close() }
}

/** What was not requested over the API. */
const BY_SIGNAL = {
  path: '',
  mac: null,
  fields: [],
  status: null,
  by: 'signal',
  tokenName: null,
  address: null,
} as const

function misplacedPhonesOf({ inventory }: ApplicationState): readonly string[] {
  return inventory.misplacedPhones().map(({ mac, message }) => `phone ${mac}: ${message}`)
}
