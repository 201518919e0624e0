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
  | 'revision'
>

/** A survey, as far as it is. `total` and `done` count addresses. */
export type Survey = Schemas['Survey']

/** One address of a survey; null is what nobody told. */
export type SurveyedPhone = Schemas['SurveyedPhone']

/** What a conversion would be. */
export type Plan = Schemas['Plan']

/** Why phones cannot be served. */
export type HealthProblem = Schemas['HealthProblem']

/** How the appliance stands, as far as the page shows it. */
export type ApplianceStatus = Pick<Schemas['Status'], 'problems'>

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
  | 'served'
  | 'notServedBecause'
  | 'use'
  | 'counters'
  | 'otherServers'
>

/** How full the pool of a network was: a number each interval, the oldest first. */
export type PoolUseHistory = Schemas['PoolUseHistory']

/** A profile, by name. */
export type Profile = Pick<Schemas['Profile'], 'name' | 'protocol' | 'load'>

/** A firmware set. */
export type Firmware = Pick<
  Schemas['Firmware'],
  'load' | 'protocol' | 'loader' | 'synthetic' | 'addedAt'
> & { readonly files: readonly Pick<Schemas['FirmwareFile'], 'name' | 'bytes'>[] }

/** A firmware set that was just imported. */
export type FirmwareTaken = Firmware & Pick<Schemas['TakenFirmware'], 'outcome'>

/** One thing that a phone did. */
export type TimelineEntry = Schemas['TimelineEntry']

/** A file as a phone sees it. */
export type ViewedFile = Schemas['ViewedFile']

/** An event of the stream. */
export type ApiEvent = Pick<Schemas['Event'], 'id' | 'event' | 'mac' | 'network'>

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
export type RolloutSummary = Omit<
  Schemas['RolloutSummary'],
  'path' | 'acceptOneWay' | 'startedAt' | 'updatedAt'
>

/** One phone of a roll-out. */
export type RolloutPhone = Omit<Schemas['RolloutPhone'], 'startedAt' | 'endedAt'>

/** A roll-out with its phones, in the order in which they are taken. */
export type Rollout = RolloutSummary & { readonly phones: readonly RolloutPhone[] }

/** What a phone did that proves its load. */
export type Evidence = Schemas['Evidence']
