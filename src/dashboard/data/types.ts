/** What the REST API answers, as far as the page shows it. /openapi.json describes all of it. */

/** A phone as it was enrolled. */
export type Phone = {
  /** Twelve upper-case hexadecimal digits. */
  readonly mac: string
  readonly model: '7940' | '7960' | null
  readonly label: string | null
  readonly network: string | null
  readonly profile: string | null
  readonly address: string | null
  readonly switchPort: string | null
  readonly lines: readonly PhoneLine[]
  readonly settings: Readonly<Record<string, string>>
  /** Names of settings whose values never come out. */
  readonly secretSettings: readonly string[]
  /** What it was seen to run; null where nothing was seen of it. */
  readonly seen: {
    readonly load: string | null
    readonly protocol: 'sccp' | 'sip' | 'mgcp' | null
    readonly at: string
    readonly by: string
  } | null
  readonly revision: number
}

/** A line of a SIP phone; its password never comes out. */
export type PhoneLine = {
  readonly name: string
  readonly authName?: string
  readonly hasPassword: boolean
  readonly displayName?: string
  readonly shortName?: string
  readonly contact?: string
}

/** Where a step of a conversion stands. */
export type Stage =
  | 'waiting'
  | 'booting'
  | 'fetching'
  | 'flashing'
  | 'rebooting'
  | 'confirmed'
  | 'stalled'

/** A step of a plan. */
export type PlanStep = {
  readonly load: string
  readonly method: string
  readonly oneWay: boolean
  readonly why: string
  readonly source: string
}

/** A step that is being walked. `progress` is of one image, in octets. */
export type ConversionStep = PlanStep & {
  readonly stage: Stage
  readonly stageSince: string
  readonly progress: { readonly file: string; readonly bytes: number; readonly of: number } | null
}

/** Why a phone stopped. */
export type Diagnosis = {
  readonly code: string
  readonly seen: string
  readonly cause: string
  readonly remedy: string
  readonly source: string
}

/** Where a conversion as a whole stands. */
export type ConversionState = 'waiting' | 'running' | 'confirmed' | 'stalled' | 'cancelled'

/** A phone on its way. `step` is the number of steps once all are done. */
export type Conversion = {
  readonly mac: string
  readonly from: string | null
  readonly to: string
  readonly path: 'cautious' | 'direct'
  readonly state: ConversionState
  readonly step: number
  readonly steps: readonly ConversionStep[]
  readonly diagnosis: Diagnosis | null
  /** What to do at the phone now, a sentence an entry. */
  readonly atThePhone: readonly string[]
  /** What the operator should know, a sentence an entry. */
  readonly warnings: readonly string[]
  readonly evidence: readonly {
    readonly at: string
    readonly kind: string
    readonly detail: string
  }[]
  readonly confirmedBy: string | null
  readonly revision: number
}

/** What a conversion would be. */
export type Plan = {
  /** `synthetic`: the firmware of the step is made for simulated phones. */
  readonly steps: readonly (PlanStep & { readonly synthetic: boolean })[]
  readonly oneWay: boolean
  readonly missingFirmware: readonly string[]
  readonly warnings: readonly string[]
}

/** Why phones cannot be served. */
export type HealthProblem = {
  readonly name: string
  readonly where: string
  readonly message: string
}

/** How the appliance stands, as far as the page shows it. */
export type ApplianceStatus = { readonly problems: readonly HealthProblem[] }

/** A network and its use. */
export type Network = {
  readonly name: string
  readonly vlan: number | null
  readonly interface: string | null
  readonly address: string
  readonly subnet: string
  readonly pool: readonly string[]
  readonly admit: string
  readonly autoEnrol: string | null
  readonly served: boolean
  readonly notServedBecause: string | null
  readonly use: {
    readonly size: number
    readonly bound: number
    readonly offered: number
    readonly declined: number
    readonly free: number
    readonly boundOutside: number
  }
  readonly counters: Readonly<Record<string, number>>
  readonly otherServers: readonly {
    readonly address: string
    readonly mac?: string | null
    readonly lastSeenAt?: string
  }[]
}

/** How full the pool of a network was: a number each interval, the oldest first. */
export type PoolUseHistory = {
  readonly everySeconds: number
  /** When the last number was counted. */
  readonly until: string
  readonly taken: readonly number[]
}

/** A profile, by name. */
export type Profile = {
  readonly name: string
  readonly protocol: 'sip' | 'sccp'
  readonly load: string
}

/** A firmware set. */
export type Firmware = {
  readonly load: string
  readonly protocol: 'sip' | 'sccp'
  readonly loader: string | null
  /** Made for simulated phones: nothing of Cisco in it. */
  readonly synthetic: boolean
  readonly files: readonly { readonly name: string; readonly bytes: number }[]
  readonly addedAt: string
}

/** A firmware set that was just taken in. */
export type FirmwareTaken = Firmware & {
  readonly outcome: 'created' | 'replaced' | 'unchanged'
}

/** One thing that a phone did. */
export type TimelineEntry = {
  readonly at: string
  readonly source: 'dhcp' | 'tftp' | 'conversion' | 'operator'
  readonly event: string
  readonly text: string
}

/** A file of a boot view. */
export type ViewedFile = {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
  readonly origin: 'step' | 'generated' | 'firmware' | 'shared'
}

/** An event of the stream. */
export type ApiEvent = {
  readonly id: number
  readonly event: string
  readonly mac: string | null
  readonly network: string | null
}

/** A problem detail (RFC 9457) of the API. */
export type Problem = {
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly reason?: string
  readonly problems?: readonly {
    readonly path?: string
    readonly message?: string
    readonly file?: string
    readonly fault?: string
  }[]
}
