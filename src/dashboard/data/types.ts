import type { Schemas } from '../../adapters/http/api-types.ts'

// Generated from the OpenAPI document of the API; the page uses part of it.

/** A phone as it was enrolled. */
export type Phone = Pick<
  Schemas['Phone'],
  | 'mac'
  | 'model'
  | 'label'
  | 'network'
  | 'profile'
  | 'address'
  | 'trustAddress'
  | 'switchPort'
  | 'lines'
  | 'settings'
  | 'secretSettings'
  | 'registration'
  | 'seen'
  | 'revision'
>

/** A phone of a list; without a conversion it never had one. */
export type ListedPhone = Phone & { readonly conversion?: Conversion }

/** How many phones are enrolled, how many of them fit a filter, and where these stand. */
export type PhoneCounts = Schemas['PhoneCounts']

/** What an import has done, or would do. */
export type ImportReport = Schemas['ImportReport']

/** One phone of it. */
export type ImportedPhone = Schemas['ImportedPhone']

/** That a phone is registered with the appliance. */
export type Registration = NonNullable<Schemas['Registration']>

/** A line of a SIP phone; its password never comes out. */
export type PhoneLine = Schemas['PhoneLine']

/** Where a step of a conversion stands. */
export type Stage = Schemas['ConversionStep']['stage']

/** A step of a plan. */
export type PlanStep = Omit<Schemas['PlanStep'], 'synthetic'>

/** A step of a conversion. `progress` is of one image, in bytes. */
export type ConversionStep = Schemas['ConversionStep']

/** Why a phone stopped. */
export type Diagnosis = NonNullable<Schemas['Diagnosis']>

/** Where a conversion as a whole stands. */
export type ConversionState = Conversion['state']

/** A phone on its way. `step` is the number of steps once all are done. */
export type Conversion = Pick<
  Schemas['Conversion'],
  | 'mac'
  | 'from'
  | 'to'
  | 'path'
  | 'restart'
  | 'state'
  | 'step'
  | 'steps'
  | 'diagnosis'
  | 'atThePhone'
  | 'warnings'
  | 'evidence'
  | 'confirmedBy'
  | 'startedAt'
  | 'updatedAt'
  | 'revision'
>

/** A survey, as far as it is. `total` and `done` count addresses. */
export type Survey = Schemas['Survey']

/** One address of a survey; null is what no answer told. */
export type SurveyedPhone = Schemas['SurveyedPhone']

/** What a conversion would be. */
export type Plan = Schemas['Plan']

/** Why phones cannot be served. */
export type HealthProblem = Schemas['HealthProblem']

/** How the appliance stands, as far as the page shows it. */
export type ApplianceStatus = Pick<
  Schemas['Status'],
  'version' | 'problems' | 'models' | 'attention' | 'rehearsal' | 'phoneSpeed' | 'conversions'
>

/** Something that automatic enrolment could not do. */
export type Attention = ApplianceStatus['attention'][number]

/** A device that asked and is not enrolled. */
export type UnknownDevice = Schemas['UnknownDevice']

/** Who holds which address. */
export type Lease = Schemas['Lease']

/** A named token of the API, without the token itself. */
export type Token = Schemas['Token']

/** A named token that was just created, with the token itself. */
export type NewToken = Schemas['NewToken']

/** Who is told of events by HTTP, and how that goes. */
export type Webhook = Schemas['Webhook']

/** A file that phones may fetch and that converts nothing. */
export type SharedFile = Schemas['SharedFile']

/** A network and its use. */
export type Network = Pick<
  Schemas['Network'],
  | 'name'
  | 'vlan'
  | 'interface'
  | 'address'
  | 'subnet'
  | 'pool'
  | 'admit'
  | 'autoEnrol'
  | 'router'
  | 'dns'
  | 'tftpServers'
  | 'leaseSeconds'
  | 'onRogueServer'
  | 'served'
  | 'notServedBecause'
  | 'use'
  | 'counters'
  | 'otherServers'
>

/** How full the pool of a network was: a number each interval, the oldest first. */
export type PoolUseHistory = Schemas['PoolUseHistory']

/** Settings that phones share. */
export type Profile = Schemas['Profile']

/** A firmware set. */
export type Firmware = Pick<
  Schemas['Firmware'],
  'load' | 'protocol' | 'loader' | 'synthetic' | 'addedAt'
> & { readonly files: readonly Schemas['FirmwareFile'][] }

/** A firmware set that was just imported. */
export type FirmwareTaken = Firmware & Pick<Schemas['TakenFirmware'], 'outcome'>

/** One thing that a phone did. */
export type TimelineEntry = Schemas['TimelineEntry']

/** A file as a phone sees it. */
export type ViewedFile = Schemas['ViewedFile']

/** An event of the stream. */
export type ApiEvent = Pick<Schemas['Event'], 'id' | 'event' | 'mac' | 'network'>

/** An event in words. */
export type SaidEvent = Omit<Schemas['Event'], 'fields'> & Partial<Pick<Schemas['Event'], 'fields'>>

/** A problem detail (RFC 9457) of the API. */
export type Problem = Pick<
  Schemas['Problem'],
  'title' | 'status' | 'detail' | 'reason' | 'methods' | 'problems'
>

/** Where a roll-out as a whole stands. The last two are ends. */
export type RolloutState = Schemas['Rollout']['state']

/** Where one phone of a roll-out stands. docs/rollouts.md says what each means. */
export type RolloutPhoneState = Schemas['RolloutPhone']['state']

/** A roll-out without its phones. `appearWithin` is in seconds; null: no limit. */
export type RolloutSummary = Omit<Schemas['RolloutSummary'], 'path' | 'acceptOneWay'>

/** One phone of a roll-out. */
export type RolloutPhone = Schemas['RolloutPhone']

/** A roll-out with its phones, in the order in which they are taken. */
export type Rollout = RolloutSummary & { readonly phones: readonly RolloutPhone[] }

/** What a phone did that proves its load. */
export type Evidence = Schemas['Evidence']

/** What came of reloading the configuration. */
export type Reload = Schemas['Reload']

/** What was done to one phone. */
export type PhoneReport = Schemas['PhoneReport']

/** What a roll-out did, phone by phone. */
export type RolloutReport = Schemas['RolloutReport']

/** A firmware set as a report has it. */
export type FirmwareOfReport = PhoneReport['firmware'][number]

/** Who began a conversion or a roll-out. */
export type StartedBy = NonNullable<RolloutReport['startedBy']>
