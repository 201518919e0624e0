import type { Registration } from '../call-control/registration.ts'
import type { RestartMethodName } from '../call-control/restart/method.ts'
import type { Conversion, RestartMode } from '../conversion/conversion.ts'
import type { Rollback } from '../conversion/rollback.ts'
import type { Rollout, RolloutRequest } from '../conversion/rollout.ts'
import type {
  RolloutChange,
  RolloutChangeOutcome,
  RolloutOutcome,
} from '../conversion/rollout-engine.ts'
import type { FirmwareImportOutcome } from '../inventory/firmware-import.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { EntryProblem, NotFound } from '../inventory/inventory-outcome.ts'
import type { Phone } from '../inventory/phone.ts'
import type { Binding } from '../leases/binding.ts'
import type { PoolUse } from '../leases/pool-use.ts'
import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import type { Subnet } from '../net/subnet.ts'
import type { PlanStep } from '../phones/conversion-plan.ts'
import type { PhoneModel } from '../phones/family/family.ts'
import type { SeenSoftware } from '../phones/seen-software.ts'
import type { Trace } from '../wire/trace/read-trace.ts'
import type { UnknownDevice } from './clients/unknown-devices.ts'
import type { EventFilter } from './events/event-filter.ts'
import type { PhoneReport, RolloutReport } from './report/report.ts'
import type { RestartAnswerByHand } from './restarts/restart-service.ts'

/**
 * What the REST API asks of the appliance: the port that the assembled machine implements.
 *
 * Everything is in values of the domain. An expected "no" is a value with a `kind`; whatever throws
 * is a fault of ours and becomes a 500 without detail.
 */
export type Services = {
  readonly inventory: InventoryService
  readonly registrations: RegistrationService
  readonly seen: SeenService
  readonly firmwareImport: FirmwareImportService
  readonly networks: NetworkService
  readonly appliances: ApplianceService
  readonly leases: LeaseService
  readonly conversions: ConversionService
  readonly rollouts: RolloutService
  readonly restarts: RestartingService
  readonly surveys: SurveyService
  readonly unknownDevices: UnknownDeviceService
  readonly reporting: ReportService
  readonly plans: PlanService
  readonly fileViews: FileViewService
  readonly traces: TraceService
  readonly events: EventService
  readonly health: HealthService
  readonly status: StatusService
  readonly tokens: TokenService
  readonly webhooks: WebhookService
  readonly reload: () => Promise<ReloadOutcome>
  /** Is told of every change that was asked for and done. */
  readonly audit: (change: Change) => void
  readonly metrics: MetricService
  /** Why nothing shared can be changed now, in words; null: it can. Left out: nothing is shared. */
  readonly writeFault?: () => string | null
}

/**
 * Phones, profiles, firmware and shared files as the operator entered them: of the inventory, what
 * the API asks for.
 */
export type InventoryService = Pick<
  Inventory,
  | 'phones'
  | 'phone'
  | 'putPhone'
  | 'patchPhone'
  | 'importPhones'
  | 'deletePhone'
  | 'profiles'
  | 'profile'
  | 'putProfile'
  | 'deleteProfile'
  | 'firmwareSets'
  | 'firmware'
  | 'deleteFirmware'
  | 'files'
  | 'file'
  | 'content'
  | 'putFile'
  | 'deleteFile'
>

/** Which phones are registered with this appliance. */
export interface RegistrationService {
  /** False where phones do not register here at all. */
  readonly isKept: boolean
  get(mac: Mac): Registration | undefined
}

/** What phones were seen to run. */
export interface SeenService {
  /** Of an enrolled phone; undefined where nothing was seen of it. */
  get(mac: Mac): SeenSoftware | undefined
}

/** Firmware as it comes in. */
export interface FirmwareImportService {
  /** Imports one ZIP, whole or not at all; `archive` is the caller's and is not kept. */
  importArchive(archive: Uint8Array): Promise<FirmwareImportOutcome>
}

/** The networks that the configuration names. */
export interface NetworkService {
  list(): readonly NetworkReport[]
  get(name: string): NetworkReport | undefined
  /** How full its pool was lately; undefined where there is no such network. */
  useHistory(name: string): PoolUseHistory | undefined
}

/** Addresses of a pool that were taken, one number for each interval, the oldest first. */
export type PoolUseHistory = {
  readonly everySeconds: number
  /** When the last number was counted. */
  readonly untilMs: number
  /** Bounded: a day at most. */
  readonly taken: readonly number[]
}

/** One network: as configured, and as it stands. */
export type NetworkReport = {
  readonly name: string
  readonly vlan: number | null
  /** Null where the network is reached through relays only. */
  readonly interfaceName: string | null
  /** Ours on this network. */
  readonly address: Ipv4
  readonly subnet: Subnet
  readonly pool: readonly { readonly first: Ipv4; readonly last: Ipv4 }[]
  readonly router: readonly Ipv4[]
  readonly dns: readonly Ipv4[]
  readonly domain: string | null
  readonly tftpServerName: string
  readonly tftpServers: readonly Ipv4[]
  /** Other appliances on the network. */
  readonly peers: readonly Ipv4[]
  readonly leaseSeconds: number
  readonly maxLeaseSeconds: number
  readonly admit: 'enrolled' | 'phones' | 'anyone'
  /** How TFTP clients are told apart. */
  readonly identify: 'hardware' | 'address'
  readonly onRogueServer: 'warn' | 'refuse'
  /** The profile that automatically enrolled phones get. */
  readonly autoEnrol: string | null
  /** Where its leases are kept. */
  readonly leases: 'here' | 'shared'
  /** The appliance that serves it; null where its leases are kept here, or no appliance does. */
  readonly owner: string | null
  /** Null while the network is served; otherwise why it is not, in words. */
  readonly notServedBecause: string | null
  readonly use: PoolUse
  /** Counters since start, by stable names (`discover`, `offer`, `no-free-address`). */
  readonly counters: Readonly<Record<string, number>>
  readonly otherServers: readonly OtherDhcpServer[]
}

/** Another DHCP server that answered our probe, as far as it is known. */
export type OtherDhcpServer = {
  readonly address: Ipv4
  readonly mac?: Mac | null
  readonly firstSeenAtMs?: number
  readonly lastSeenAtMs?: number
}

/** Who holds which address. */
export interface LeaseService {
  /** In ascending order of address. */
  list(filter: { readonly network?: string; readonly mac?: Mac }): Promise<readonly Binding[]>
  /** Whether a record of the list is on disk as it is; until then its client has not been told. */
  isStored(binding: Binding): boolean
  /** Forgets the binding, or ends its quarantine; resolves when that is on disk. */
  free(address: Ipv4): Promise<
    | { readonly kind: 'freed' }
    /** Another appliance serves the network. */
    | { readonly kind: 'not-owner'; readonly owner: string | null }
    | NotFound
  >
}

/** One of the appliances that share a database. */
export type ApplianceReport = {
  readonly name: string
  readonly site: string
  readonly version: string
  /** By the database's clock. */
  readonly lastSeenMs: number
  /** Whether it was seen within the last ten seconds. */
  readonly isLive: boolean
  /** Networks with shared leases that it serves. */
  readonly networks: readonly string[]
}

/** What came of asking for another owner. */
export type HandOverOutcome =
  | { readonly kind: 'moved' }
  /** `reason` completes a sentence about the network or the appliance. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unknown-appliance' }
  /** Asked for, and not done yet. */
  | { readonly kind: 'not-moved'; readonly owner: string | null }
  /** There is no such network. */
  | NotFound

/** The appliances that share a database. */
export interface ApplianceService {
  /** By site and name; empty where nothing is shared. Rejects where the database is away. */
  list(): Promise<readonly ApplianceReport[]>
  /** Hands a network over; resolves when the other appliance has it. */
  handOver(network: string, to: string): Promise<HandOverOutcome>
}

/** What an operator asks of one phone. */
export type ConversionRequest = {
  readonly to: string
  /** Null where the phone shall show it. */
  readonly from: string | null
  /** Undefined for the cautious one, or that of the conversion under way. */
  readonly path: 'cautious' | 'direct' | undefined
  readonly acceptOneWay: boolean
  /** Goes by `from` even where the phone was seen to run another load. */
  readonly acceptFrom?: boolean
  /** Undefined: wherever the appliance can; of one under way: as it is. */
  readonly restart?: RestartMode | undefined
}

/** What came of asking for a conversion. */
export type StartOutcome =
  | { readonly kind: 'started'; readonly conversion: Conversion }
  /** The same one is under way. */
  | { readonly kind: 'unchanged'; readonly conversion: Conversion }
  /** Another one is under way. */
  | { readonly kind: 'conflict'; readonly conversion: Conversion }
  | PlanRefused
  /** The phone was seen to run another load than `from`; `message` says what to do. */
  | { readonly kind: 'from-contradicted'; readonly message: string }
  /** The phone is not enrolled. */
  | NotFound

/** What asking for a conversion would come to. */
export type StartPreview =
  | { readonly kind: 'starts' | 'unchanged' }
  | { readonly kind: 'refused'; readonly message: string }

/** Phones under way. */
export interface ConversionService {
  list(): readonly Conversion[]
  /** The conversion under way, or the last one; undefined where there never was one. */
  get(mac: Mac): Conversion | undefined
  /** The way back to where the phone's last conversion began; null where there is no such place. */
  rollback(mac: Mac): Rollback | null
  /** What an operator should know of the phone's conversion; empty where there is nothing. */
  warnings(mac: Mac): readonly string[]
  /** Who restarts the phone of a conversion, the default resolved. */
  restartMode(mac: Mac): RestartMode
  start(mac: Mac, request: ConversionRequest): Promise<StartOutcome>
  /** What asking for a conversion would come to, of a phone that may not be stored yet. */
  preview(phone: Phone, request: ConversionRequest): StartPreview
  /** `unchanged`: it was cancelled before. `ended`: it was confirmed before; there is nothing to cancel. */
  cancel(
    mac: Mac,
  ): Promise<
    | { readonly kind: 'cancelled' | 'unchanged'; readonly conversion: Conversion }
    | { readonly kind: 'ended'; readonly conversion: Conversion }
    | NotFound
  >
  /**
   * Calls the listener after each change of this phone's conversion, until the function that comes
   * back is called.
   */
  subscribe(mac: Mac, listener: () => void): () => void
}

/** Restarts of phones by this appliance. */
export interface RestartingService {
  /** Begins a restart; null: by each method that can be used, in their order, until one helps. */
  order(mac: Mac, named: RestartMethodName | null): RestartAnswerByHand
  /** Whether any method can be used for the phone as things are. */
  canRestart(mac: Mac): boolean
}

/** Many phones on their way to one load. Ids are the operator's names for roll-outs. */
export interface RolloutService {
  list(): readonly Rollout[]
  get(id: string): Rollout | undefined
  start(id: string, request: RolloutRequest): Promise<RolloutOutcome>
  /** Pauses, resumes, stops. */
  change(id: string, request: RolloutChange): Promise<RolloutChangeOutcome>
  /** `running`: it has not ended, and was left as it is. */
  delete(id: string): Promise<{ readonly kind: 'deleted' | 'not-found' | 'running' }>
  /** Calls the listener after each change, until the function that comes back is called. */
  subscribe(id: string, listener: () => void): () => void
}

/** What an operator asks a survey for; null where it says nothing of it. */
export type SurveyRequest = {
  readonly network: string | null
  readonly addresses: readonly Ipv4[] | null
}

/** Surveys of what phones run. */
export interface SurveyService {
  get(id: string): Survey | undefined
  start(request: SurveyRequest): SurveyOutcome
}

/** Devices that asked for an address or a file, are not enrolled, and were not served. */
export interface UnknownDeviceService {
  /** The last seen first; bounded. */
  list(): readonly UnknownDevice[]
  /** Removes its entry until it asks again; whether there was one. */
  forget(mac: Mac): boolean
}

/** Reports for print. */
export interface ReportService {
  /** Undefined where the phone is not enrolled. */
  phone(mac: Mac): Promise<PhoneReport | undefined>
  /** Undefined where there is no such roll-out. */
  rollout(id: string): Promise<RolloutReport | undefined>
}

/** Something that an operator should see to, though phones are served. */
export type Attention = {
  readonly mac: Mac
  readonly network: string
  readonly atMs: number
  /** The event that tells of it, such as `enrol.conversion.refused`. */
  readonly event: string
  /** What is wrong and what to do, in words. */
  readonly message: string
}

/** One phone of a survey; unknown values are null. */
export type SurveyRow = {
  readonly mac: Mac | null
  readonly address: Ipv4
  readonly model: string | null
  readonly protocol: SeenSoftware['protocol']
  readonly load: string | null
  readonly serial: string | null
  readonly by: SeenSoftware['by'] | null
  readonly enrolled: boolean
}

/** A survey as it stands. */
export type Survey = {
  readonly id: string
  readonly state: 'running' | 'done' | 'failed'
  readonly total: number
  readonly done: number
  readonly phones: readonly SurveyRow[]
}

/** What came of asking for a survey. */
export type SurveyOutcome =
  | { readonly kind: 'started'; readonly survey: Survey }
  /** One is running on that network. */
  | { readonly kind: 'busy'; readonly network: string; readonly id: string }
  | { readonly kind: 'refused'; readonly problems: readonly EntryProblem[] }

/** Why there is no plan. `reason` is stable, kebab-case; `message` says what to do. */
export type PlanRefused = {
  readonly kind: 'plan-refused'
  readonly reason: string
  readonly message: string
  /** What in particular is missing or forbidden; may be empty. */
  readonly problems: readonly EntryProblem[]
}

/** What a plan is asked for. */
export type PlanRequest = {
  readonly model: PhoneModel | null
  readonly from: string | null
  readonly to: string
  readonly path: 'cautious' | 'direct'
  /** An enrolled phone that the plan is for; null where it is for no phone in particular. */
  readonly mac: Mac | null
}

/** Plans without touching anything. */
export interface PlanService {
  plan(request: PlanRequest):
    | {
        readonly kind: 'plan'
        /** `synthetic`: the firmware of the step is none of Cisco's. */
        readonly steps: readonly (PlanStep & { readonly synthetic: boolean })[]
        readonly oneWay: boolean
        /** Loads of the plan whose firmware is not available. */
        readonly missingFirmware: readonly string[]
        /** What an operator should know of that phone. */
        readonly warnings: readonly string[]
      }
    | PlanRefused
}

/** One file that a phone sees at this moment. */
export type ViewedFile = {
  readonly name: string
  readonly bytes: number
  /** Of the real bytes, lower-case hex. */
  readonly sha256: string
  /** Where it comes from, in the order in which sources are asked. */
  readonly origin: 'step' | 'generated' | 'firmware' | 'shared'
}

/** What one phone sees over TFTP. */
export interface FileViewService {
  /** Undefined where the phone is not enrolled. */
  list(mac: Mac): readonly ViewedFile[] | undefined
  /** The real bytes: shared, not to be changed. The API masks secrets before it answers. */
  read(
    mac: Mac,
    name: string,
  ): { readonly file: ViewedFile; readonly content: Uint8Array } | undefined
}

/** What is known of what a phone did. */
export interface TraceService {
  /** Joined DHCP, TFTP and conversion events, oldest first, bounded; undefined for an unknown device. */
  timeline(mac: Mac): Promise<readonly TimelineEntry[] | undefined>
  /** The TFTP log in the form of Cisco document 5455; undefined for an unknown device. */
  bootLog(mac: Mac): Promise<string | undefined>
  /** A pcapng file of DHCP and TFTP, without what files hold; undefined for an unknown device. */
  capture(mac: Mac): Uint8Array | undefined
  /** The phone's last conversion; undefined where it is not enrolled or never had one. */
  conversionTrace(mac: Mac): Promise<Trace | undefined>
}

/** One thing that a phone did, or that was done to it. */
export type TimelineEntry = {
  readonly atMs: number
  readonly source: 'dhcp' | 'tftp' | 'conversion' | 'operator'
  /** Where, as `site/name`; left out where there is one appliance alone. */
  readonly appliance?: string
  /** The event's stable name. */
  readonly event: string
  /** In words, for an operator. */
  readonly text: string
  readonly fields: EventFields
}

/** Further facts of an event, by the names of the log. */
export type EventFields = Readonly<Record<string, unknown>>

/** An event as it was recorded. `id` ascends, never repeats, and survives a restart. */
export type RecordedEvent = {
  readonly id: number
  /** Whose number that is, as `site/name`; left out where there is one appliance alone. */
  readonly appliance?: string
  readonly atMs: number
  readonly event: string
  readonly mac: Mac | null
  readonly network: string | null
  readonly fields: EventFields
}

/** A place in what happened: by the name of each appliance the id of the last event before it. */
export type EventPlace = ReadonlyMap<string, number>

/** The oldest and the newest id that is kept; both 0 where there is none. */
export type EventRange = { readonly oldest: number; readonly newest: number }

/** Which events. */
export type EventQuery = EventFilter & {
  /** Only those after this place; undefined: the newest. */
  readonly after?: EventPlace
  /** At most so many, 1 to 2000. */
  readonly limit: number
}

/** A part of what happened. */
export type EventPage = {
  readonly events: readonly RecordedEvent[]
  readonly isPartial: boolean
}

/** What can be told at once. */
export type RecentEvents = {
  readonly events: readonly RecordedEvent[]
  /** Of these appliances there may be more, to be asked for by `elsewhere`; none of it is in `events`. */
  readonly behind: readonly string[]
}

/** What others have recorded, and the place in it up to which nothing is missing. */
export type EventsElsewhere = {
  readonly events: readonly RecordedEvent[]
  readonly place: EventPlace
}

/** Everything that happened, as far back as it is kept, on this appliance and those it shares events with. */
export interface EventService {
  /** This appliance in places and events, as `site/name`; empty where it is the only one. */
  readonly here: string
  /**
   * By time, appliance and id. With `after`, the first ones after it; without, the newest ones.
   */
  list(query: EventQuery): Promise<readonly RecordedEvent[]>
  /** The same, and whether those of other appliances are missing, because they cannot be asked for. */
  page(query: EventQuery): Promise<EventPage>
  /**
   * The first ones after a place that can be told without asking anybody: those of this appliance, and
   * of the others what they have recorded of late. For who follows: another appliance, or a database
   * that does not answer, keeps nobody waiting.
   */
  recent(query: EventQuery & { readonly after: EventPlace }): Promise<RecentEvents>
  /**
   * Asks for the first events of these appliances after a place, so many of each. Null where they
   * cannot be asked for now.
   */
  elsewhere(
    query: EventQuery & { readonly after: EventPlace },
    appliances: readonly string[],
  ): Promise<EventsElsewhere | null>
  /** The same place, with all appliances in it. */
  placed(place: EventPlace): Promise<EventPlace>
  /** What is kept of each appliance; of others as it was known a few seconds ago. */
  ranges(): ReadonlyMap<string, EventRange>
  /** Calls the listener after each new event, until the function that comes back is called. */
  subscribe(listener: () => void): () => void
}

/** Something that an operator did; never with a value that may be a secret. */
export type Change = {
  /** What, by the operation's name in OpenAPI, such as `putPhone`. */
  readonly action: string
  /** On what: the path without query; empty where no request asked for it. */
  readonly path: string
  /** The phone, where it is about one. */
  readonly mac: Mac | null
  /** Names of the fields that were sent. */
  readonly fields: readonly string[]
  /** The status of the answer; null where there was no request. */
  readonly status: number | null
  /** Who: a client with a token, a client on loopback where no token is required, or a signal. */
  readonly by: 'token' | 'loopback' | 'signal'
  /** The name of the token; null for that of the configuration, and where there was none. */
  readonly tokenName: string | null
  /** Whom it came from; null where there was no request. */
  readonly address: string | null
}

/** What a named token may do: nothing but read, or everything but tokens and webhooks. */
export const TOKEN_ROLES = ['read', 'operator'] as const

/** One of `TOKEN_ROLES`. */
export type TokenRole = (typeof TOKEN_ROLES)[number]

/** A named token of the API, without the token itself. */
export type NamedToken = {
  readonly name: string
  readonly role: TokenRole
  readonly createdAtMs: number
}

/** The same with when it was used last since the start. */
export type TokenUse = NamedToken & { readonly lastUsedAtMs: number | null }

/** What came of asking for a token. */
export type TokenCreation =
  /** `secret` is the token: it cannot be shown again. */
  | { readonly kind: 'created'; readonly token: NamedToken; readonly secret: string }
  | { readonly kind: 'exists' }
  /** There are as many as there may be. */
  | { readonly kind: 'full' }

/** Named tokens, beside that of the configuration. */
export interface TokenService {
  list(): readonly TokenUse[]
  create(name: string, role: TokenRole): Promise<TokenCreation>
  /** It opens nothing any more from the call on. */
  delete(name: string): Promise<{ readonly kind: 'deleted' } | NotFound>
  /** Whose token this is; undefined where it is unknown. */
  find(secret: string): NamedToken | undefined
  /** Calls the listener with the name of each deleted token, until the function that comes back is called. */
  onDeleted(listener: (name: string) => void): () => void
}

/** What a webhook is asked for with. */
export type WebhookRequest = {
  /** Where events are sent to, http or https. */
  readonly url: string
  /** Names of events, or their first parts; `*` for all. */
  readonly events: readonly string[]
  /** The key of the signatures; it never comes out again. */
  readonly secret: string
}

/** Where events are sent to, without the secret. */
export type Webhook = {
  readonly id: string
  readonly url: string
  readonly events: readonly string[]
  readonly createdAtMs: number
}

/** How the deliveries of a webhook go, since the start. */
export type WebhookDelivery = {
  /** `failing`: the last attempt failed. */
  readonly state: 'idle' | 'sending' | 'failing'
  readonly waiting: number
  readonly delivered: number
  /** Events given up: too many attempts failed, or too many events were waiting. */
  readonly dropped: number
  readonly lastDeliveredAtMs: number | null
  readonly lastFailure: { readonly atMs: number; readonly why: string } | null
  readonly nextAttemptAtMs: number | null
}

/** A webhook and how its deliveries go. */
export type WebhookReport = Webhook & { readonly delivery: WebhookDelivery }

/** What came of asking for a webhook. */
export type WebhookCreation =
  | { readonly kind: 'created'; readonly webhook: WebhookReport }
  | { readonly kind: 'refused'; readonly problems: readonly EntryProblem[] }
  /** There are as many as there may be. */
  | { readonly kind: 'full' }

/** What came of changing a webhook. */
export type WebhookChange =
  | { readonly kind: 'changed'; readonly webhook: WebhookReport }
  | { readonly kind: 'refused'; readonly problems: readonly EntryProblem[] }
  | NotFound

/** Who is told of events by HTTP. */
export interface WebhookService {
  /** The oldest first. */
  list(): readonly WebhookReport[]
  get(id: string): WebhookReport | undefined
  create(request: WebhookRequest): Promise<WebhookCreation>
  /**
   * Changes the fields that are given. Events that wait are selected again; the counts of deliveries
   * start at zero.
   */
  change(id: string, patch: Partial<WebhookRequest>): Promise<WebhookChange>
  delete(id: string): Promise<{ readonly kind: 'deleted' } | NotFound>
}

/** What came of reading the configuration again. */
export type ReloadOutcome =
  | {
      readonly kind: 'reloaded'
      /** Whether the networks of the file are in force; all of them are, or none. */
      readonly applied: boolean
      /** Keys whose change takes effect only after a restart, by path. */
      readonly restartNeeded: readonly string[]
      readonly warnings: readonly EntryProblem[]
    }
  | { readonly kind: 'refused'; readonly problems: readonly EntryProblem[] }
  /** There is no file: the appliance runs on what is part of the program. */
  | { readonly kind: 'no-file' }

/** One thing that must be so for the appliance to do its work; `detail` in words. */
export type HealthCheck = { readonly name: string; readonly ok: boolean; readonly detail: string }

/** Why phones cannot be served. */
export type HealthProblem = {
  /** The check that found the problem. */
  readonly name: string
  /** The network, interface, address or file concerned. */
  readonly where: string
  /** What is wrong and what ends it, in words. */
  readonly message: string
}

/** Whether the appliance can do its work. */
export interface HealthService {
  /**
   * Reads how things are, at most once a second for all requests: clients may ask as often as they
   * like. Ready is the appliance where there is no problem.
   */
  report(): Promise<{
    readonly checks: readonly HealthCheck[]
    readonly problems: readonly HealthProblem[]
    /** What does not keep phones from being served, and should be known. */
    readonly warnings: readonly string[]
    /** Whether it serves a network of shared leases now; left out where it has none. */
    readonly ownership?: 'owner' | 'standby'
  }>
}

/** What the appliance is and does, in a few numbers. */
export interface StatusService {
  version(): string
  uptimeSeconds(): number
  /** How many times faster than real phones are taken to be. */
  phoneSpeed(): number
  /** Whether all phones are taken for simulated ones (`serve --rehearsal`). */
  rehearsal(): boolean
  /** What automatic enrolment could not do, the newest first; bounded. */
  attention(): readonly Attention[]
}

/** One family of numbers for Prometheus; names end in their unit (`_total`, `_seconds`, `_bytes`). */
export type MetricFamily = {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge'
  readonly samples: readonly {
    readonly labels: Readonly<Record<string, string>>
    readonly value: number
  }[]
}

/** Counters and gauges of the whole appliance, read when they are asked for. */
export interface MetricService {
  families(): readonly MetricFamily[]
}
