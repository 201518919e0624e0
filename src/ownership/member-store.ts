/** What an appliance says of itself each second. */
export type Announcement = {
  /** Drawn at the start: two processes of one name are told apart by it. */
  readonly run: string
  readonly version: string
  /** The networks with shared leases that it is configured for. */
  readonly networks: readonly {
    readonly name: string
    /** Its address there, dotted. */
    readonly address: string
    /** Why it could not serve the network now, in words; null if it could. */
    readonly unfit: string | null
  }[]
}

/** Another process of the same name, as it was seen. */
export type Namesake = { readonly run: string; readonly beat: number }

/** What the database answers to an announcement. */
export type Announced = {
  /** Who has our name instead of us; null: the announcement was stored. */
  readonly namesake: Namesake | null
  /** The database's clock, in milliseconds since the epoch. */
  readonly databaseMs: number
  /** Whether a commit waits for a standby. */
  readonly isSynchronous: boolean
}

/** An appliance as the others see it. */
export type Member = {
  readonly name: string
  readonly site: string
  readonly version: string
  /** By the database's clock, in milliseconds since the epoch. */
  readonly lastSeenMs: number
  /** Whether it was seen within the last ten seconds. */
  readonly isLive: boolean
  /** Networks of its site that it owns. */
  readonly owns: readonly string[]
  /** Networks with shared leases that it is configured for, and why it could not serve them. */
  readonly networks: ReadonlyMap<string, string | null>
}

/** Where appliances tell of themselves. Each method rejects where the database is away. */
export interface MemberStore {
  /**
   * Tells that we are there. Nothing is stored where another run has our name, unless it is `gone`:
   * then its row becomes ours.
   */
  announce(announcement: Announcement, gone: Namesake | null): Promise<Announced>
  /** All appliances of all sites, by site and name. */
  list(): Promise<readonly Member[]>
  /** A clean end: the next start with this name need not wait. */
  withdraw(run: string): Promise<void>
}
