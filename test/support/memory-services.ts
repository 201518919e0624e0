import { createHash } from 'node:crypto'
import { TOKEN_SECRETS } from '../../appliance/start/tokens.ts'
import { startNodeTimer } from '../../src/adapters/clock/node-timer.ts'
import type { Registration } from '../../src/call-control/registration.ts'
import type { RestartMethodName } from '../../src/call-control/restart/method.ts'
import type { Conversion } from '../../src/conversion/conversion.ts'
import { ConversionEngine } from '../../src/conversion/conversion-engine.ts'
import type { ConversionEffect } from '../../src/conversion/events.ts'
import type { Rollback } from '../../src/conversion/rollback.ts'
import { RolloutEngine } from '../../src/conversion/rollout-engine.ts'
import { NO_FACTS } from '../../src/conversion/step-facts.ts'
import { FileCache } from '../../src/files/file-cache.ts'
import { Inventory } from '../../src/inventory/inventory.ts'
import type { Phone } from '../../src/inventory/phone.ts'
import type { Binding } from '../../src/leases/binding.ts'
import { type Ipv4, parseIpv4 } from '../../src/net/ipv4.ts'
import { type Mac, parseMac } from '../../src/net/mac.ts'
import type { SeenSoftware } from '../../src/phones/seen-software.ts'
import { Tokens } from '../../src/services/access/tokens.ts'
import { reportService } from '../../src/services/api/reports.ts'
import { rolloutService } from '../../src/services/api/rollouts.ts'
import type { UnknownDevice } from '../../src/services/clients/unknown-devices.ts'
import { RolloutRunner } from '../../src/services/conversions/rollout-runner.ts'
import { isWanted } from '../../src/services/events/event-filter.ts'
import { Journal } from '../../src/services/events/journal.ts'
import type { RestartAnswerByHand } from '../../src/services/restarts/restart-service.ts'
import type {
  ApplianceReport,
  ApplianceService,
  Attention,
  Change,
  ConversionRequest,
  EventPlace,
  EventQuery,
  EventService,
  FirmwareImportService,
  HandOverOutcome,
  LeaseService,
  MetricFamily,
  NetworkReport,
  PlanService,
  PoolUseHistory,
  RecordedEvent,
  ReloadOutcome,
  ReportService,
  RestartingService,
  Services,
  StartPreview,
  Survey,
  SurveyOutcome,
  SurveyService,
  TimelineEntry,
  ViewedFile,
} from '../../src/services/services.ts'
import { Subscribers } from '../../src/services/subscribers.ts'
import { Webhooks } from '../../src/services/webhooks/webhooks.ts'
import { textUpToNul } from '../../src/simulator/signed-image.ts'
import type { Trace } from '../../src/wire/trace/read-trace.ts'
import { aLog } from './a-log.ts'

/** When everything in these services happens: 2026-03-01T09:30:00.000Z. */
export const NOW_MS = Date.UTC(2026, 2, 1, 9, 30)

/** An address from text that a test is sure of. */
export function ipv4(text: string): Ipv4 {
  const address = parseIpv4(text)
  if (address === undefined) throw new Error(`no address: ${text}`)
  return address
}

/** A MAC address from text that a test is sure of. */
export function mac(text: string): Mac {
  const address = parseMac(text)
  if (address === undefined) throw new Error(`no MAC address: ${text}`)
  return address
}

/** SHA-256 in lower-case hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Services in memory that behave as the appliance's, with handles to move them in a test. */
export class MemoryServices implements Services {
  readonly inventory: Inventory
  readonly firmwareImport: FirmwareImportService
  readonly conversions: MemoryConversions
  readonly rollouts: ReturnType<typeof rolloutsOver>
  readonly events = new MemoryEvents()
  readonly bindings: Binding[] = []
  readonly registered = new Map<Mac, Registration>()
  readonly registrations = {
    isKept: false,
    get: (mac: Mac) => this.registered.get(mac),
  }
  readonly seenPhones = new Map<Mac, SeenSoftware>()
  readonly seen = { get: (mac: Mac) => this.seenPhones.get(mac) }
  /** What the next order of a restart comes to, and the orders so far. */
  restartAnswer: RestartAnswerByHand = { kind: 'begun', method: 'sccp' }
  onRestart: () => void = () => undefined
  readonly restartOrders: { readonly mac: Mac; readonly named: RestartMethodName | null }[] = []
  readonly restarts: RestartingService = {
    order: (mac, named) => {
      this.restartOrders.push({ mac, named })
      this.onRestart()
      return this.restartAnswer
    },
    canRestart: () => this.restartAnswer.kind === 'begun',
  }
  readonly surveysKept = new Map<string, Survey>()
  /** What asking for a survey comes to. */
  surveyOutcome: SurveyOutcome | null = null
  readonly surveys: SurveyService = {
    get: (id) => this.surveysKept.get(id),
    start: ({ addresses }) => {
      if (this.surveyOutcome !== null) return this.surveyOutcome
      const total = addresses?.length ?? 0
      const survey = { id: 'one', state: 'running', total, done: 0, phones: [] } as const
      this.surveysKept.set('one', survey)
      return { kind: 'started', survey }
    },
  }
  readonly unknown = new Map<Mac, UnknownDevice>()
  readonly unknownDevices = {
    list: () => [...this.unknown.values()],
    forget: (mac: Mac) => this.unknown.delete(mac),
  }
  readonly reporting: ReportService
  readonly reports: NetworkReport[] = []
  readonly useHistories = new Map<string, PoolUseHistory>()
  readonly viewed = new Map<string, { file: ViewedFile; content: Uint8Array }[]>()
  readonly timelines = new Map<string, TimelineEntry[]>()
  readonly bootLogs = new Map<string, string>()
  readonly captures = new Map<string, Uint8Array>()
  readonly conversionTraces = new Map<string, Trace>()
  healthChecks: { name: string; ok: boolean; detail: string }[] = [
    { name: 'sockets', ok: true, detail: '2 bound' },
  ]
  metricFamilies: MetricFamily[] = []
  attention: Attention[] = []

  constructor(inventory: Inventory) {
    this.inventory = inventory
    this.firmwareImport = aFirmwareImport(inventory)
    this.conversions = new MemoryConversions(inventory)
    this.rollouts = rolloutsOver(inventory)
    this.reporting = reportService({
      inventory,
      conversion: (mac) => this.conversions.get(mac),
      rollouts: () => this.rollouts.list(),
      seen: this.seen,
      events: this.events,
      version: () => '1.2.3',
      nowMs: () => NOW_MS,
    })
  }

  readonly networks = {
    list: () => this.reports,
    get: (name: string) => this.reports.find((report) => report.name === name),
    useHistory: (name: string) => this.useHistories.get(name),
  }

  readonly leases: LeaseService = {
    list: async ({ network, mac }) =>
      this.bindings
        .filter((one) => network === undefined || one.scope === network)
        .filter((one) => mac === undefined || one.mac === mac)
        .sort((a, b) => a.address - b.address),
    isStored: () => true,
    free: async (address) => {
      const index = this.bindings.findIndex((one) => one.address === address)
      if (index < 0) return { kind: 'not-found' }
      this.bindings.splice(index, 1)
      return { kind: 'freed' }
    },
  }

  applianceReports: ApplianceReport[] = []
  handOver: HandOverOutcome = { kind: 'moved' }

  readonly appliances: ApplianceService = {
    list: async () => this.applianceReports,
    handOver: async (network) =>
      this.reports.some(({ name }) => name === network) ? this.handOver : { kind: 'not-found' },
  }

  readonly plans: PlanService = {
    plan: ({ from, to }) => {
      if (to.startsWith('P0M3')) {
        const message = 'MGCP loads are not converted to; choose a SIP or SCCP load'
        return { kind: 'plan-refused', reason: 'mgcp', message, problems: [] }
      }
      const step = { load: to, method: 'ual', oneWay: false, why: `from ${from}`, source: 'test' }
      return {
        kind: 'plan',
        steps: [{ ...step, method: 'ual', synthetic: false }],
        oneWay: false,
        missingFirmware: [to],
        warnings: [],
      }
    },
  }

  readonly fileViews = {
    list: (mac: Mac) => this.viewed.get(mac)?.map(({ file }) => file),
    read: (mac: Mac, name: string) => this.viewed.get(mac)?.find(({ file }) => file.name === name),
  }

  readonly traces = {
    timeline: async (mac: Mac) => this.timelines.get(mac),
    bootLog: async (mac: Mac) => this.bootLogs.get(mac),
    capture: (mac: Mac) => this.captures.get(mac),
    conversionTrace: async (mac: Mac) => this.conversionTraces.get(mac),
  }

  readonly tokens = new Tokens(
    {
      store: { load: async () => ({ tokens: [], faults: [] }), save: async () => undefined },
      secrets: TOKEN_SECRETS,
      nowMs: () => NOW_MS,
    },
    [],
  )

  readonly webhooks = webhooksOver()

  /** What a reload comes to. */
  reloaded: ReloadOutcome = { kind: 'no-file' }
  readonly reload = async () => this.reloaded
  readonly changes: Change[] = []
  readonly audit = (change: Change) => void this.changes.push(change)
  readonly health = {
    report: async () => ({
      checks: this.healthChecks,
      problems: this.healthChecks
        .filter(({ ok }) => !ok)
        .map(({ name, detail }) => ({ name, where: 'somewhere', message: detail })),
      warnings: [],
    }),
  }
  readonly status = {
    version: () => '1.2.3',
    uptimeSeconds: () => 90,
    phoneSpeed: () => 1,
    rehearsal: () => false,
    attention: () => this.attention,
  }

  readonly metrics = { families: () => this.metricFamilies }
}

/** Real webhooks that send nothing: their journal has no events. */
function webhooksOver(): Webhooks {
  let last = 0
  const store = {
    load: async () => ({ webhooks: [], faults: [] }),
    save: async () => undefined,
  }
  return new Webhooks(
    {
      store,
      journal: new Journal({ append: async () => undefined }, 0, () => undefined),
      log: aLog('silent').log,
      post: async () => ({ status: 204 }),
      render: { bodyOf: () => '{}', sign: () => '', userAgent: 'test' },
      makeId: () => `hook-${++last}`,
      nowMs: () => NOW_MS,
      startTimer: startNodeTimer,
      onFault: () => undefined,
    },
    [],
  )
}

/** Real roll-outs over conversions that a test moves, stored nowhere. */
function rolloutsOver(inventory: Inventory) {
  const changes = new Subscribers<string>()
  const effects: ConversionEffect[] = []
  const conversions = new ConversionEngine(inventory, (more) => effects.push(...more))
  const runner = new RolloutRunner({
    // A roll-out that a test leaves running must not keep its process.
    startTimer: (call, delayMs) => startNodeTimer(call, delayMs, false),
    store: { load: async () => ({ rollouts: [], faults: [] }), save: async () => undefined },
    changes,
    nowMs: () => NOW_MS,
    onEvent: () => undefined,
    onConversion: () => undefined,
    onWake: () => undefined,
    onFault: () => undefined,
  })
  const phone = (mac: Mac) => inventory.phone(mac)
  const engine = new RolloutEngine({ conversions, phone, emit: runner.run })
  return {
    ...rolloutService({ engine, runner, changes }, () => NOW_MS),
    engine,
    underlying: conversions,
  }
}

/** A real inventory over a store that remembers nothing. */
export async function anInventory(): Promise<Inventory> {
  const { inventory } = await Inventory.load({
    cache: new FileCache(256 * 1024 * 1024),
    networks: [
      {
        name: 'bench',
        subnet: { base: ipv4('10.20.0.0'), prefixLength: 24 },
        taken: new Map([[ipv4('10.20.0.1'), 'the router']]),
      },
    ],
    switches: [{ name: 'sw1', portGroup: 1 }],
    store: {
      load: async () => ({
        phones: [],
        profiles: [],
        firmware: [],
        files: [],
        blobs: new Map(),
        faults: [],
      }),
      commit: async () => {},
    },
  })
  return inventory
}

/** Takes in an "archive" that is the name of a load, and after a NUL anything; one that begins with `bad` is refused. */
export function aFirmwareImport(inventory: Inventory): FirmwareImportService {
  return {
    async importArchive(archive) {
      const load = textUpToNul(archive.subarray(0, 64))
      if (load.startsWith('bad')) {
        const fault = 'is truncated: 12 octets, wanted 756524'
        return { kind: 'refused', problems: [{ file: `${load}.bin`, fault }] }
      }
      const contents = new Map([[`${load}.sb2`, archive]])
      const draft = { load, protocol: 'sip', loader: null, contents, addedAtMs: NOW_MS } as const
      const outcome = await inventory.putFirmware(draft)
      if (outcome.kind !== 'refused') return { ...outcome, ignored: [] }
      const problems = outcome.problems.map(({ path, message }) => ({ file: path, fault: message }))
      return { kind: 'refused', problems }
    },
  }
}

/** Conversions in memory; `move` is the phone's part. */
export class MemoryConversions {
  readonly #inventory: Inventory
  readonly #byMac = new Map<Mac, Conversion>()
  readonly #listeners = new Map<Mac, Set<() => void>>()

  constructor(inventory: Inventory) {
    this.#inventory = inventory
  }

  list = () => [...this.#byMac.values()]
  get = (mac: Mac) => this.#byMac.get(mac)

  /** The way back, for a test to set. */
  way: Rollback | null = null
  rollback = () => this.way

  restartMode = (mac: Mac) => this.#byMac.get(mac)?.restart ?? 'manual'

  warnings = (_mac: Mac): readonly string[] => []

  async start(mac: Mac, { path = 'cautious', restart, ...request }: ConversionRequest) {
    if (this.#inventory.phone(mac) === undefined) return { kind: 'not-found' as const }
    if (request.from === 'P00307020200' && !request.acceptFrom) {
      const message = `the phone was seen to run another load, not ${request.from}`
      return { kind: 'from-contradicted' as const, message }
    }
    if (request.to.startsWith('P0S3-09') && !request.acceptOneWay) {
      const message = 'no way leads back behind P0S3-09; send acceptOneWay: true if that is wanted'
      return { kind: 'plan-refused' as const, reason: 'one-way', message, problems: [] }
    }
    const current = this.#byMac.get(mac)
    if (current !== undefined && ['waiting', 'running', 'stalled'].includes(current.state)) {
      const kind = current.to === request.to ? ('unchanged' as const) : ('conflict' as const)
      return { kind, conversion: current }
    }
    const conversion = aConversion({ mac, path, restart: restart ?? null, ...request })
    this.#byMac.set(mac, conversion)
    return { kind: 'started' as const, conversion }
  }

  preview({ mac }: Phone, { from, to, acceptOneWay }: ConversionRequest): StartPreview {
    const current = this.#byMac.get(mac)
    if (current !== undefined && current.state !== 'cancelled' && current.to === to) {
      return { kind: 'unchanged' }
    }
    if (from === 'P00307020200') {
      return { kind: 'refused', message: `the phone was seen to run another load, not ${from}` }
    }
    if (to.startsWith('P0S3-09') && !acceptOneWay) {
      return { kind: 'refused', message: 'no way leads back behind P0S3-09' }
    }
    return { kind: 'starts' }
  }

  async cancel(mac: Mac) {
    const current = this.#byMac.get(mac)
    if (current === undefined) return { kind: 'not-found' as const }
    if (current.state === 'confirmed') return { kind: 'ended' as const, conversion: current }
    return { kind: 'cancelled' as const, conversion: this.move(mac, { state: 'cancelled' }) }
  }

  subscribe(mac: Mac, listener: () => void) {
    const listeners = this.#listeners.get(mac) ?? new Set()
    this.#listeners.set(mac, listeners.add(listener))
    return () => void listeners.delete(listener)
  }

  /** Changes a conversion as a phone's request would. */
  move(mac: Mac, change: Partial<Conversion>): Conversion {
    const current = this.#byMac.get(mac)
    if (current === undefined) throw new Error(`no conversion of ${mac}`)
    const moved = { ...current, ...change, revision: current.revision + 1 }
    this.#byMac.set(mac, moved)
    for (const listener of this.#listeners.get(mac) ?? []) listener()
    return moved
  }

  /** How many wait for a change of this phone. */
  waiting = (mac: Mac) => this.#listeners.get(mac)?.size ?? 0
}

/** A conversion that waits for its phone. */
export function aConversion(values: Partial<Conversion> & { readonly mac: Mac }): Conversion {
  const to = values.to ?? 'P0S3-8-12-00'
  return {
    from: null,
    to,
    path: 'cautious',
    acceptOneWay: false,
    restart: null,
    state: 'waiting',
    step: 0,
    steps: [
      {
        load: to,
        method: 'ual',
        oneWay: false,
        why: 'The universal application loader takes it there at once',
        source: 'Cisco document 5455',
        stage: 'fetching',
        facts: NO_FACTS,
        progress: { file: `${to}.sb2`, bytes: 51200, of: 756524 },
        stageSinceMs: NOW_MS,
      },
    ],
    refused: [],
    diagnosis: null,
    evidence: [],
    confirmedBy: null,
    startedAtMs: NOW_MS,
    updatedAtMs: NOW_MS,
    revision: 1,
    ...values,
  }
}

/** An event log in memory that forgets all but the newest. */
export class MemoryEvents implements EventService {
  readonly here: string = ''
  isPartial = false
  readonly #keep: number
  readonly #listeners = new Set<() => void>()
  #events: RecordedEvent[] = []
  #lastId = 0

  constructor(keep = 1000) {
    this.#keep = keep
  }

  add(values: Partial<RecordedEvent> = {}): RecordedEvent {
    this.#lastId += 1
    const event = {
      id: this.#lastId,
      atMs: NOW_MS,
      event: 'dhcp.ack.sent',
      mac: null,
      network: null,
      fields: {},
      ...values,
    }
    this.#events = [...this.#events, event].slice(-this.#keep)
    for (const listener of this.#listeners) listener()
    return event
  }

  async list({ after, limit, ...filter }: Parameters<EventService['list']>[0]) {
    const fitting = this.#events.filter((event) => isWanted(event, filter))
    if (after === undefined) return fitting.slice(-limit)
    return fitting.filter(({ id }) => id > (after.get('') ?? 0)).slice(0, limit)
  }

  async page(query: EventQuery) {
    return { events: await this.list(query), isPartial: this.isPartial }
  }

  async recent(query: EventQuery & { readonly after: EventPlace }) {
    const behind: readonly string[] = []
    return { events: await this.list(query), behind }
  }

  async elsewhere(..._asked: Parameters<EventService['elsewhere']>) {
    return null as Awaited<ReturnType<EventService['elsewhere']>>
  }

  placed = async (place: EventPlace) => place

  ranges = () => new Map([['', { oldest: this.#events[0]?.id ?? 0, newest: this.#lastId }]])

  subscribe(listener: () => void) {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** How many follow the log. */
  following = () => this.#listeners.size
}

/** A network as a report shows it. */
export function aNetwork(values: Partial<NetworkReport> = {}): NetworkReport {
  return {
    name: 'bench',
    vlan: 120,
    interfaceName: 'eth0.120',
    address: ipv4('10.20.0.2'),
    subnet: { base: ipv4('10.20.0.0'), prefixLength: 24 },
    pool: [{ first: ipv4('10.20.0.50'), last: ipv4('10.20.0.99') }],
    router: [ipv4('10.20.0.1')],
    dns: [],
    domain: 'lab.example',
    tftpServerName: '10.20.0.2',
    tftpServers: [ipv4('10.20.0.2')],
    peers: [ipv4('10.20.0.3')],
    leaseSeconds: 300,
    maxLeaseSeconds: 3600,
    admit: 'enrolled',
    identify: 'hardware',
    onRogueServer: 'warn',
    autoEnrol: null,
    leases: 'here',
    owner: null,
    notServedBecause: null,
    use: { size: 50, bound: 3, offered: 1, declined: 0, free: 46, boundOutside: 0 },
    counters: { discover: 12, offer: 11 },
    otherServers: [],
    ...values,
  }
}

/** A phone that nobody enrolled. */
export function anUnknownDevice(values: Partial<UnknownDevice> = {}): UnknownDevice {
  return {
    mac: mac('000E84C060A7'),
    network: 'bench',
    vendorClass: 'Cisco Systems, Inc. IP Phone CP-7940G',
    hostName: 'SEP000E84C060A7',
    firstSeenAtMs: NOW_MS - 60_000,
    lastSeenAtMs: NOW_MS,
    count: 4,
    reason: 'not-enrolled',
    ...values,
  }
}

/** A binding of the bench network. */
export function aBinding(values: Partial<Binding> = {}): Binding {
  return {
    scope: 'bench',
    address: ipv4('10.20.0.50'),
    client: 'hw:01000E84C060A6',
    mac: mac('000E84C060A6'),
    state: 'bound',
    grantedAtMs: NOW_MS - 60_000,
    expiresAtMs: NOW_MS + 240_000,
    vendorClass: 'Cisco Systems, Inc. IP Phone CP-7960G',
    hostName: '',
    relayAgent: '',
    ...values,
  }
}
