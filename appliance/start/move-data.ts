import { createHash } from 'node:crypto'
import type { PostgresConnection } from '../../src/adapters/postgres/connection.ts'
import type { InventoryChange, InventorySnapshot } from '../../src/inventory/inventory-store.ts'
import type { Binding } from '../../src/leases/binding.ts'
import type { StoredEvent } from '../../src/services/events/stored-event.ts'
import type { PlainDocument } from '../../src/services/shared-document.ts'
import type { OpenData } from './open-data.ts'

/** Whose data is moved. */
export type Moving = {
  readonly site: string
  /** `site/name`: who goes on with conversions, and whose events these are. */
  readonly appliance: string
  /** Networks whose leases move. */
  readonly networks: readonly string[]
}

/** What was moved of one kind, and its digest on both sides. */
export type MovedKind = { readonly kind: string; readonly count: number; readonly isSame: boolean }

/** Why nothing was moved. */
export class MoveRefused extends Error {}

/** One side of a move. */
type Side = {
  readonly inventory: () => Promise<InventorySnapshot>
  readonly putInventory: (changes: readonly InventoryChange[]) => Promise<void>
  readonly documents: () => Promise<readonly PlainDocument[]>
  readonly putDocuments: (documents: readonly PlainDocument[]) => Promise<void>
  readonly leases: () => Promise<readonly Binding[]>
  readonly putLeases: (bindings: readonly Binding[]) => Promise<void>
  readonly events: (afterId: number) => Promise<readonly StoredEvent[]>
  readonly putEvents: (events: readonly StoredEvent[]) => Promise<void>
  /** What is there already, in words; empty where nothing is. */
  readonly filled: () => Promise<readonly string[]>
  /** Whether a move into this side has begun and not ended: nobody may use it then. */
  readonly isUnfinished: () => Promise<boolean>
  readonly setUnfinished: (is: boolean) => Promise<void>
  /** How an operator empties it. */
  readonly emptying: string
}

/** Documents, leases or events that travel at once. */
const BATCH = 1_000

/**
 * Copies all that is shared from one side to the other, which must be empty, and compares both. The
 * source stays as it is.
 *
 * @throws {@link MoveRefused} with what is in the way; the target is unchanged then.
 */
export async function moveData(from: Side, to: Side): Promise<readonly MovedKind[]> {
  await refuseUnfit(from, to)
  const snapshot = await from.inventory()
  const [fault] = snapshot.faults
  if (fault !== undefined) throw new MoveRefused(`the source has a damaged row: ${fault}`)
  await to.setUnfinished(true)
  await to.putInventory(changesOf(snapshot))
  const documents = await from.documents()
  for (const batch of batchesOf(documents)) await to.putDocuments(batch)
  const leases = await from.leases()
  for (const batch of batchesOf(leases)) await to.putLeases(batch)
  for await (const events of eventsOf(from)) await to.putEvents(events)
  const moved = compare(await digestsOf(from), await digestsOf(to))
  if (moved.every(({ isSame }) => isSame)) await to.setUnfinished(false)
  return moved
}

async function refuseUnfit(from: Side, to: Side): Promise<void> {
  if (await from.isUnfinished()) {
    throw new MoveRefused('an earlier move into the source was interrupted: it is not complete')
  }
  const filled = await to.filled()
  const isUnfinished = await to.isUnfinished()
  if (filled.length === 0 && !isUnfinished) return
  const why = isUnfinished ? ', because an earlier move was interrupted or is running' : ''
  const what = filled.length === 0 ? '' : `: ${filled.join(', ')}`
  throw new MoveRefused(`the target is not empty${what}${why}. To empty it: ${to.emptying}`)
}

/** SQLite in a data folder. */
export function sqliteSide(data: OpenData, { networks }: Moving): Side {
  return {
    inventory: () => data.inventory.load(),
    putInventory: (changes) => data.inventory.commit(changes),
    documents: () => data.documents.all(),
    putDocuments: (documents) => data.documents.put(documents),
    leases: async () => {
      const { bindings } = await data.leases.load()
      return bindings.filter(({ scope }) => networks.includes(scope))
    },
    putLeases: (bindings) =>
      data.leases.commit(bindings.map((binding) => ({ kind: 'put', binding }))),
    events: async (afterId) => (await data.events.list({ afterId, limit: BATCH })).events,
    putEvents: (events) => data.events.append(events),
    filled: async () => {
      const { phones, profiles, firmware, files } = await data.inventory.load()
      const found = { phones, profiles, firmware, files, documents: await data.documents.all() }
      return Object.entries(found).flatMap(([name, { length }]) => (length > 0 ? [name] : []))
    },
    isUnfinished: () => isUnfinished(data),
    setUnfinished: (is) => data.marks.set(UNFINISHED, is ? 1 : 0),
    emptying: 'remove the files of dataDir, or name another folder',
  }
}

const UNFINISHED = 'move.unfinished'

/** Whether a move into a data folder has begun and not ended. */
export async function isUnfinished({ marks }: Pick<OpenData, 'marks'>): Promise<boolean> {
  return (await marks.get(UNFINISHED)) === 1
}

/** PostgreSQL by this connection. */
export async function postgresSide(
  connection: PostgresConnection,
  { site, appliance, networks }: Moving,
): Promise<Side> {
  const stores = await import('../../src/adapters/postgres/inventory-store.ts')
  const { PostgresMoveStore } = await import('../../src/adapters/postgres/move-store.ts')
  const { PostgresEventStore } = await import('../../src/adapters/postgres/event-store.ts')
  const inventory = new stores.PostgresInventoryStore(connection)
  const store = new PostgresMoveStore(connection)
  // Nothing is dropped on the way: what is over on one side is compared with the other.
  const events = new PostgresEventStore(connection, Number.POSITIVE_INFINITY)
  return {
    inventory: async () => {
      const loaded = await inventory.load()
      const files = [...loaded.firmware.flatMap((set) => set.files), ...loaded.files]
      const blobs = new Map<string, Uint8Array>()
      for (const { sha256 } of files) {
        const bytes = await inventory.blob(sha256)
        if (bytes !== undefined) blobs.set(sha256, bytes)
      }
      return { ...loaded, blobs }
    },
    putInventory: async (changes) => {
      await inventory.commit(changes, await inventory.version())
    },
    documents: () => store.documents(),
    putDocuments: (documents) => store.putDocuments(documents, appliance),
    leases: () => store.leases(site, networks),
    putLeases: (bindings) => store.putLeases(site, bindings),
    events: (id) => events.list({ of: [{ appliance, id }], isNewest: false, limit: BATCH }),
    putEvents: async (batch) => void (await events.put(appliance, batch, 0)),
    filled: () => store.filled(),
    isUnfinished: () => store.isUnfinished(),
    setUnfinished: (is) => store.setUnfinished(is),
    emptying: 'DROP SCHEMA switchhook CASCADE',
  }
}

function changesOf(snapshot: InventorySnapshot): readonly InventoryChange[] {
  const bytesOf = (sha256: string) => snapshot.blobs.get(sha256) ?? new Uint8Array()
  return [
    ...snapshot.firmware.map((firmware) => {
      const blobs = new Map(firmware.files.map(({ sha256 }) => [sha256, bytesOf(sha256)]))
      return { kind: 'put-firmware', firmware, blobs } as const
    }),
    ...snapshot.files.map(
      (file) => ({ kind: 'put-file', file, content: bytesOf(file.sha256) }) as const,
    ),
    ...snapshot.profiles.map((profile) => ({ kind: 'put-profile', profile }) as const),
    ...snapshot.phones.map((phone) => ({ kind: 'put-phone', phone }) as const),
  ]
}

type Digest = { readonly count: number; readonly sha256: string }

/** What is on one side, a digest a kind: of the bytes themselves, not of what is said of them. */
async function digestsOf(side: Side): Promise<ReadonlyMap<string, Digest>> {
  const { phones, profiles, firmware, files, blobs } = await side.inventory()
  const bytes = Array.from(blobs, ([sha256, content]) => `${sha256} ${sha256Of(content)}`)
  const documents = await side.documents()
  const all = new Map<string, readonly string[]>([
    ['phones', phones.map(canonical)],
    ['profiles', profiles.map(canonical)],
    ['firmware', firmware.map(canonical)],
    ['shared files', files.map(canonical)],
    ['contents of files', bytes],
    [
      'documents',
      documents.map(({ document, ...head }) => canonical([head, JSON.parse(document)])),
    ],
    ['shared leases', (await side.leases()).map(canonical)],
  ])
  const digests = new Map(Array.from(all, ([kind, entries]) => [kind, digestOf(entries)]))
  return digests.set('events', await digestOfEvents(side))
}

function digestOf(entries: readonly string[]): Digest {
  return { count: entries.length, sha256: sha256Of([...entries].sort().join('\n')) }
}

async function digestOfEvents(side: Side): Promise<Digest> {
  const hash = createHash('sha256')
  let count = 0
  for await (const events of eventsOf(side)) {
    for (const { id, atMs, event, mac, network, fields } of events) {
      hash.update(`${canonical({ id, atMs, event, mac, network, fields })}\n`)
    }
    count += events.length
  }
  return { count, sha256: hash.digest('hex') }
}

/** All events of a side, a batch at a time: their number is not known. */
async function* eventsOf(side: Side): AsyncGenerator<readonly StoredEvent[]> {
  for (let afterId = 0; ; ) {
    const events = await side.events(afterId)
    if (events.length === 0) return
    yield events
    afterId = events.at(-1)?.id ?? afterId
  }
}

function compare(
  before: ReadonlyMap<string, Digest>,
  after: ReadonlyMap<string, Digest>,
): readonly MovedKind[] {
  return Array.from(before, ([kind, { count, sha256 }]) => {
    const there = after.get(kind)
    return { kind, count, isSame: there?.count === count && there.sha256 === sha256 }
  })
}

function sha256Of(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

/** JSON whose keys are in order: two stores may give them in different ones. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}

function* batchesOf<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let from = 0; from < items.length; from += BATCH) yield items.slice(from, from + BATCH)
}
