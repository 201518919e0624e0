import { pagesOf } from '../words/pages.ts'
import { followEvents } from './follow-events.ts'
import { type PageApi, problemOf, Refusal } from './page-api.ts'
import { type Action, EMPTY_PAGE, type PageState, reduce } from './page-state.ts'
import { countIn, filterOf, type PhoneQuery, pageOfList } from './phone-query.ts'
import { type Route, shownOn } from './route.ts'
import {
  ALL_STALE,
  addStale,
  isFresh,
  movesList,
  type Resource,
  type Stale,
  staleAfter,
  takeShown,
} from './stale.ts'
import type {
  ApplianceStatus,
  Conversion,
  ListedPhone,
  Network,
  Phone,
  PhoneCounts,
  PoolUseHistory,
  Rollout,
  SaidEvent,
  TimelineEntry,
  ViewedFile,
} from './types.ts'

/** At most twice a second something is read, however much happens. */
const REFRESH_MS = 500

/** Bytes of a transfer are no events: while one runs, its conversion is asked for. */
const PROGRESS_MS = 1_000

/** Without a stream everything shown is asked for so often. */
const POLL_MS = 5_000

/** Phones, profiles and firmware have no events of their own. */
const SLOW_POLL_MS = 10_000

/** The appliance samples its pools so often; leases also end without an event. */
const POOL_USE_MS = 60_000

/** As many as the API gives at once; a network of 10,000 addresses is the largest that was tried. */
const MOST_LEASES = 10_000

/** Who is told of the events of the stream. */
export type EventHearer = {
  readonly onEvent: (event: SaidEvent) => void
  /** The stream has left events out. */
  readonly onGap: () => void
}

/** Holds what the page shows and keeps it up to date. */
export class PageStore {
  readonly api: PageApi
  #state: PageState = EMPTY_PAGE
  #route: Route = { kind: 'phones' }
  #stale: Stale = ALL_STALE
  #removedRollout: string | null = null
  #isLoading = false
  /** Something happened that the list of phones may show. */
  #isListOld = false
  /** An appliance that does not answer is not asked twice a second. */
  #retryAtMs = 0
  #follow = new AbortController()
  /** The networks that are being read. */
  #networksRead: Promise<readonly Network[]> | null = null
  readonly #listeners = new Set<() => void>()
  readonly #hearers = new Set<EventHearer>()

  constructor(api: PageApi) {
    this.api = api
  }

  get state(): PageState {
    return this.#state
  }

  /** The phone that is open, or null. */
  get openMac(): string | null {
    const { kind } = this.#route
    return kind === 'phone' || kind === 'edit-phone' ? this.#route.mac : null
  }

  /** The name of the roll-out that is open, or null. */
  get openRolloutId(): string | null {
    return this.#route.kind === 'rollout' ? this.#route.id : null
  }

  /** Calls the listener after each change, until the function that comes back is called. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Tells of each event of the stream, until the function that comes back is called. */
  hearEvents(hearer: EventHearer): () => void {
    this.#hearers.add(hearer)
    return () => this.#hearers.delete(hearer)
  }

  /** Starts reading; once, for the life of the page. */
  start(): void {
    setInterval(() => void this.#refresh(), REFRESH_MS)
    setInterval(() => this.#markProgress(), PROGRESS_MS)
    setInterval(() => {
      if (this.#state.connection !== 'live') this.#stale = ALL_STALE
    }, POLL_MS)
    setInterval(
      () => this.markStale('status', 'unknown-devices', 'leases', 'tokens', 'webhooks'),
      POLL_MS,
    )
    setInterval(
      () => this.markStale('phone-list', 'phone', 'profiles', 'firmware', 'files'),
      SLOW_POLL_MS,
    )
    setInterval(() => this.markStale('networks', 'pool-use'), POOL_USE_MS)
    this.#followAgain()
    void this.#refresh()
  }

  /** Shows other phones of the list. */
  list(query: PhoneQuery): void {
    this.take({ kind: 'phone-query', query })
    this.markStale('phone-list')
    void this.#refresh()
  }

  /** Deletes the roll-out that is open; its event comes before the answer, and it is not asked for again. */
  async removeRollout(id: string): Promise<void> {
    this.#removedRollout = id
    try {
      await this.api.remove(`/v1/rollouts/${id}`)
    } catch (error) {
      this.#removedRollout = null
      throw error
    }
    this.markStale('rollouts')
  }

  /** Shows another part of the page. */
  show(route: Route): void {
    this.#route = route
    this.#removedRollout = null
    this.#stale = addStale(this.#stale, STALE_WHEN_OPENED[route.kind] ?? [])
    void this.#refresh()
  }

  /** Says that these are to be read again, soon. */
  markStale(...resources: readonly Resource[]): void {
    this.#stale = addStale(this.#stale, resources)
  }

  /** Shows an answer that another part of the page has got. */
  take(action: Action): void {
    const before = this.#state
    this.#state = reduce(before, action)
    if (before !== this.#state) for (const listener of this.#listeners) listener()
  }

  /** Shows a phone as it was just stored; the list is read again soon. */
  takePhone(phone: Phone): void {
    this.take({ kind: 'phone', mac: phone.mac, phone })
    this.markStale('phone-list', 'phones', 'trace')
  }

  /** Shows the list without a phone that was just deleted. */
  dropPhone(mac: string): void {
    this.take({ kind: 'phone', mac, phone: null })
    this.markStale('phone-list', 'phones', 'conversions')
  }

  /** Goes on with this token. */
  giveToken(token: string): void {
    this.api.setToken(token)
    this.take({ kind: 'token-given' })
    this.#retryAtMs = 0
    this.#stale = ALL_STALE
    this.#followAgain()
    void this.#refresh()
  }

  #followAgain(): void {
    this.#follow.abort()
    this.#follow = new AbortController()
    const follower = {
      onOpen: (isResumed: boolean) => {
        if (!isResumed) this.#stale = ALL_STALE
        this.take({ kind: 'connection', connection: 'live' })
      },
      onEvent: (event: SaidEvent) => {
        this.#stale = staleAfter(this.#stale, event, this.openMac)
        this.#isListOld ||= movesList(event)
        for (const { onEvent } of this.#hearers) onEvent(event)
      },
      onGap: () => {
        this.#stale = ALL_STALE
        for (const { onGap } of this.#hearers) onGap()
      },
      onLost: (error: unknown) => {
        if (this.#isTokenWanted(error)) return
        this.take({ kind: 'connection', connection: 'polling' })
      },
    }
    void followEvents(this.api, follower, this.#follow.signal)
  }

  /** Asks for a token where that is what is missing; nothing is asked of the API until then. */
  #isTokenWanted(error: unknown): boolean {
    if (!(error instanceof Refusal) || error.problem.status !== 401) return false
    this.#follow.abort()
    const why = this.api.hasToken ? error.problem.detail : ''
    if (this.#state.tokenWanted === null) this.take({ kind: 'token-wanted', why })
    return true
  }

  #markProgress(): void {
    if (this.#isListOld || this.#state.phoneList?.phones.some(isMoving)) {
      this.#isListOld = false
      this.markStale('phone-list')
    }
    const open = this.openMac === null ? undefined : this.#state.conversions.get(this.openMac)
    if (open?.state === 'running') this.markStale('conversion')
    const moving = [...this.#state.conversions.values()]
      .filter(({ state }) => state === 'running')
      .map(({ mac }) => mac)
    for (const mac of moving) {
      const event = { id: 0, event: 'progress', mac, network: null }
      this.#stale = staleAfter(this.#stale, event, null)
    }
  }

  /** Reads what is stale and shown; whatever goes stale meanwhile waits for the next time. */
  async #refresh(): Promise<void> {
    if (this.#isLoading || this.#state.tokenWanted !== null || document.hidden) return
    if (performance.now() < this.#retryAtMs) return
    const { now: shown, later } = takeShown(this.#stale, shownOn(this.#route))
    if (isFresh(shown)) return
    // A phone without a conversion has none to ask for; whether it has got one, the list tells.
    const isKnown = (mac: string) => this.#state.conversions.has(mac)
    const now = [...shown.conversionsOf].every(isKnown) ? shown : addStale(shown, ['conversions'])
    this.#isLoading = true
    this.#stale = later
    try {
      await Promise.all([
        ...[...now.resources].map((resource) => this.#read(resource)),
        ...[...now.conversionsOf].map((mac) => this.#readConversion(mac)),
      ])
      this.take({ kind: 'fault', fault: null })
    } catch (error) {
      this.#retryAtMs = performance.now() + POLL_MS
      const unread = now.conversionsOf.size === 0 ? [] : (['conversions'] as const)
      this.#stale = addStale(this.#stale, [...now.resources, ...unread])
      if (!this.#isTokenWanted(error)) {
        this.take({ kind: 'fault', fault: problemOf(error).detail })
      }
    } finally {
      this.#isLoading = false
    }
  }

  async #read(resource: Resource): Promise<void> {
    switch (resource) {
      case 'phones':
        return this.take({ kind: 'phones', phones: await this.api.get('/v1/phones') })
      case 'phone-list':
        return this.#readPhoneList()
      case 'phone':
        return this.#readPhone()
      case 'conversion':
        return this.#readOpenConversion()
      case 'profiles':
        return this.take({ kind: 'profiles', profiles: await this.api.get('/v1/profiles') })
      case 'firmware':
        return this.take({ kind: 'firmware', firmware: await this.api.get('/v1/firmware') })
      case 'status':
        return this.#readStatus()
      case 'unknown-devices':
        return this.take({
          kind: 'unknown-devices',
          unknownDevices: await this.api.get('/v1/unknown-devices'),
        })
      case 'leases':
        return this.#readLeases()
      case 'files':
        return this.take({ kind: 'files', files: await this.api.get('/v1/files') })
      case 'tokens':
        return this.take({ kind: 'tokens', tokens: await this.api.get('/v1/tokens') })
      case 'webhooks':
        return this.take({ kind: 'webhooks', webhooks: await this.api.get('/v1/webhooks') })
      case 'networks':
        return this.take({ kind: 'networks', networks: await this.#networks() })
      case 'pool-use':
        return this.#readPoolUse()
      case 'conversions':
        return this.take({
          kind: 'conversions',
          conversions: await this.api.get('/v1/conversions'),
        })
      case 'rollouts':
        return this.take({ kind: 'rollouts', rollouts: await this.api.get('/v1/rollouts') })
      case 'rollout':
        return this.#readRollout()
      case 'trace':
        return this.#readTrace()
      default:
        return resource satisfies never
    }
  }

  async #readPhoneList(): Promise<void> {
    const query = this.#state.phoneQuery
    const [phones, counts] = await Promise.all([
      this.api.get<readonly ListedPhone[]>(`/v1/phones?${pageOfList(query)}`),
      this.api.get<PhoneCounts>(`/v1/phones/counts?${filterOf(query)}`),
    ])
    // The list became shorter: its last page is shown instead of none.
    const { page } = pagesOf(countIn(query.group, counts), query.page)
    if (page < query.page && query === this.#state.phoneQuery) {
      return this.list({ ...query, page })
    }
    this.take({ kind: 'phone-list', list: { phones, counts } })
  }

  async #readPhone(): Promise<void> {
    const mac = this.openMac
    if (mac === null) return
    const { openPhone } = this.#state
    const known = openPhone?.mac === mac ? openPhone.phone : null
    const tag = known === null ? null : tagOf(known)
    const asked = this.api.getIfChanged<Phone | null>(`/v1/phones/${mac}`, tag)
    const read = await this.#orMissing(asked, { body: null })
    if (read !== null) this.take({ kind: 'phone', mac, phone: read.body })
  }

  /** Without what changes by itself, such as the time since the start: that is no news to draw. */
  async #readStatus(): Promise<void> {
    const read = await this.api.get<ApplianceStatus>('/v1/status')
    const { version, problems, models, attention, rehearsal, phoneSpeed, conversions } = read
    const status = { version, problems, models, attention, rehearsal, phoneSpeed, conversions }
    this.take({ kind: 'status', status })
  }

  async #readLeases(): Promise<void> {
    const network = this.#route.kind === 'leases' ? this.#route.network : null
    const only = network === null ? '' : `&network=${encodeURIComponent(network)}`
    const path = `/v1/leases?limit=${MOST_LEASES}${only}`
    this.take({ kind: 'leases', leases: await this.api.get(path) })
  }

  async #readPoolUse(): Promise<void> {
    const networks = await this.#networks()
    const histories = await Promise.all(
      networks.map(async ({ name }) => {
        const path = `/v1/networks/${encodeURIComponent(name)}/use`
        return [name, await this.#getOr<PoolUseHistory | null>(path, null)] as const
      }),
    )
    const known = histories.flatMap(([name, one]) => (one === null ? [] : [[name, one] as const]))
    this.take({ kind: 'pool-use', poolUse: new Map(known) })
  }

  /** Asked for once, however many read it at the same time. */
  #networks(): Promise<readonly Network[]> {
    this.#networksRead ??= this.api.get<readonly Network[]>('/v1/networks').finally(() => {
      this.#networksRead = null
    })
    return this.#networksRead
  }

  async #readTrace(): Promise<void> {
    const mac = this.openMac
    if (mac === null) return
    const [timeline, files] = await Promise.all([
      this.#getOr<readonly TimelineEntry[]>(`/v1/phones/${mac}/timeline`, []),
      this.#getOr<readonly ViewedFile[]>(`/v1/phones/${mac}/files`, []),
    ])
    this.take({ kind: 'trace', trace: { mac, timeline, files } })
  }

  async #readRollout(): Promise<void> {
    const id = this.openRolloutId
    if (id === null || id === this.#removedRollout) return
    const rollout = await this.#getOr<Rollout | null>(`/v1/rollouts/${id}`, null)
    this.take({ kind: 'rollout', openRollout: { id, rollout } })
  }

  /** The list says that there is none; the phone's own would be refused. */
  async #readOpenConversion(): Promise<void> {
    const mac = this.openMac
    if (mac === null) return
    const [conversion] = await this.api.get<readonly Conversion[]>(`/v1/conversions?mac=${mac}`)
    if (conversion !== undefined) this.take({ kind: 'conversion', conversion })
  }

  async #readConversion(mac: string): Promise<void> {
    const path = `/v1/phones/${mac}/conversion`
    const conversion = await this.#getOr<Conversion | null>(path, null)
    if (conversion !== null) this.take({ kind: 'conversion', conversion })
  }

  async #getOr<Body>(path: string, otherwise: Body): Promise<Body> {
    return this.#orMissing(this.api.get<Body>(path), otherwise)
  }

  /** A phone that is not enrolled, or never converted, is no fault. */
  async #orMissing<Found>(answer: Promise<Found>, otherwise: Found): Promise<Found> {
    try {
      return await answer
    } catch (error) {
      if (error instanceof Refusal && error.problem.status === 404) return otherwise
      throw error
    }
  }
}

/** A part that is opened shows nothing old. */
const STALE_WHEN_OPENED: Readonly<Partial<Record<Route['kind'], readonly Resource[]>>> = {
  phones: ['phone-list'],
  phone: ['phone', 'conversion', 'trace'],
  'edit-phone': ['phone'],
  rollout: ['rollout'],
  leases: ['leases'],
}

function isMoving({ conversion }: ListedPhone): boolean {
  return conversion?.state === 'running'
}

/**
 * The tag of a phone as it was read. It is that of what the operator said: of a phone that was seen
 * or is registered, it would leave unsaid that this is over.
 */
function tagOf({ revision, registration, seen }: Phone): string | null {
  return registration === null && seen === null ? `"${revision}"` : null
}
