import t, { type Test } from 'tap'
import { PostgresConnection } from '../../src/adapters/postgres/connection.ts'
import { PostgresInventoryStore } from '../../src/adapters/postgres/inventory-store.ts'
import { migrate } from '../../src/adapters/postgres/migrate.ts'
import { MIGRATIONS } from '../../src/adapters/postgres/migrations/migrations.ts'
import { readPostgresUrl } from '../../src/adapters/postgres/postgres-url.ts'
import { SqliteInventoryStore } from '../../src/adapters/sqlite/inventory-store.ts'
import { FileCache } from '../../src/files/file-cache.ts'
import { Inventory } from '../../src/inventory/inventory.ts'
import type { PhoneDraft } from '../../src/inventory/phone-draft.ts'
import { parseIpv4 } from '../../src/net/ipv4.ts'
import { type Mac, parseMac } from '../../src/net/mac.ts'
import { parseSubnet, type Subnet } from '../../src/net/subnet.ts'
import { MirroredInventory } from '../../src/services/mirrored-inventory.ts'
import { aFreshDatabase } from '../support/a-database.ts'
import { aPostgres } from '../support/a-postgres.ts'
import { findPostgres, PostgresCluster } from '../support/postgres-cluster.ts'

t.setTimeout(180_000)

const LACKING = findPostgres() === undefined ? 'PostgreSQL is not installed' : false
const MAC = parseMac('000E84C060A6') as Mac
const OTHER = parseMac('000E84C060A7') as Mac

const BENCH = { name: 'bench', subnet: parseSubnet('10.20.0.0/24') as Subnet, taken: new Map() }

const aPhone = (mac: Mac, fields: Partial<PhoneDraft> = {}): PhoneDraft =>
  ({
    mac,
    model: '7960',
    network: null,
    profile: null,
    address: null,
    lines: [],
    ...fields,
  }) as never

t.test('with PostgreSQL', { skip: LACKING }, async (t) => {
  const cluster = PostgresCluster.start(t)
  const hosts = readPostgresUrl(cluster.url)
  if (typeof hosts === 'string') throw new Error(hosts)

  type Marks = { now: number | null; origin?: number }

  async function anAppliance(t: Test, version: Marks = { now: null }) {
    const connection = new PostgresConnection(hosts as never, { name: 'test', timeoutMs: 5000 })
    t.teardown(() => connection.close())
    await migrate(connection, MIGRATIONS)
    const sqlite = new SqliteInventoryStore(await aFreshDatabase(t))
    const copy = {
      load: () => sqlite.load(),
      commit: (changes: Parameters<typeof sqlite.commit>[0]) => sqlite.commit(changes),
      version: async () => version.now,
      setVersion: async (now: number) => {
        version.now = now
      },
      origin: async () => version.origin ?? null,
      setOrigin: async (origin: number) => {
        version.origin = origin
      },
    }
    const store = new MirroredInventory(new PostgresInventoryStore(connection), copy)
    const parts = { store, cache: new FileCache(64 * 1024 * 1024), networks: [BENCH] }
    const { inventory, faults } = await Inventory.load(parts as never)
    return { inventory, faults, store, copy, connection }
  }

  t.test('what one stores the other finds, bytes included', async (t) => {
    const a = await anAppliance(t)
    const b = await anAppliance(t)
    t.same(await a.inventory.putPhone(aPhone(MAC)).then(({ kind }) => kind), 'created')
    await a.inventory.putFile('RINGLIST.DAT', Buffer.from('Ring1\tring1.pcm\n'), 5)
    b.store.onAnnounced()
    t.match(await b.inventory.patchPhone(OTHER, {}), { kind: 'not-found' })
    t.match(b.inventory.phone(MAC), { mac: MAC, revision: 1 })
    const file = b.inventory.file('RINGLIST.DAT')
    t.equal(
      Buffer.from(b.inventory.content(file?.sha256 ?? '')?.bytes ?? []).toString(),
      'Ring1\tring1.pcm\n',
    )
    t.same((await b.copy.load()).phones, a.inventory.phones())
  })

  t.test(
    'two that edit at once both succeed, and a check holds when its change is stored',
    async (t) => {
      const a = await anAppliance(t)
      const b = await anAppliance(t)
      const address = parseIpv4('10.20.0.77') as never
      const outcomes = await Promise.all([
        a.inventory.putPhone(aPhone(parseMac('000E84C06001') as Mac, { address })),
        b.inventory.putPhone(aPhone(parseMac('000E84C06002') as Mac, { address })),
        ...[1, 2, 3].map((n) => a.inventory.putPhone(aPhone(parseMac(`000E84C0610${n}`) as Mac))),
        ...[4, 5, 6].map((n) => b.inventory.putPhone(aPhone(parseMac(`000E84C0610${n}`) as Mac))),
      ])
      const kinds = outcomes.map(({ kind }) => kind)
      t.same(kinds.slice(0, 2).sort(), ['created', 'refused'])
      t.same(new Set(kinds.slice(2)), new Set(['created']))
      a.store.onAnnounced()
      b.store.onAnnounced()
      await Promise.all([a.inventory.deleteFile('none'), b.inventory.deleteFile('none')])
      t.same(a.inventory.phones(), b.inventory.phones())
    },
  )

  t.test('a revision that the other has changed is a conflict', async (t) => {
    const a = await anAppliance(t)
    const b = await anAppliance(t)
    const { revision } = a.inventory.phone(MAC) ?? { revision: 0 }
    t.match(await a.inventory.patchPhone(MAC, { label: 'desk 1' }, revision), { kind: 'replaced' })
    t.match(await b.inventory.patchPhone(MAC, { label: 'desk 2' }, revision), {
      kind: 'conflict',
      revision: revision + 1,
    })
    t.match(b.inventory.phone(MAC), { label: 'desk 1' })
  })

  t.test('while the database is away nothing is stored, and the copy serves a start', async (t) => {
    const version = { now: null }
    const a = await anAppliance(t, version)
    const phones = a.inventory.phones()
    cluster.stop('immediate')
    await t.rejects(a.inventory.putPhone(aPhone(OTHER)), { name: 'PostgresError' })
    t.equal(a.inventory.phone(OTHER), undefined)
    const again = await a.store.load()
    t.same(again.phones, phones)
    t.match(again.faults, [/and the copy that it keeps is used/])
    cluster.start()
    t.match(await a.inventory.putPhone(aPhone(OTHER)), { kind: 'created' })
  })

  t.test('what was deleted long ago is found by reading everything', async (t) => {
    const a = await anAppliance(t)
    const b = await anAppliance(t)
    await a.inventory.deletePhone(OTHER)
    cluster.sql('DELETE FROM switchhook.inventory_change WHERE deleted')
    cluster.sql('UPDATE switchhook.inventory_version SET trimmed = version')
    b.store.onAnnounced()
    await b.inventory.deleteFile('none')
    t.equal(b.inventory.phone(OTHER), undefined)
    t.same(b.inventory.phones(), a.inventory.phones())
  })

  t.test('after a failover everything is read again, whatever the versions are', async (t) => {
    const a = await anAppliance(t)
    const b = await anAppliance(t)
    const { revision = 0 } = a.inventory.phone(MAC) ?? {}
    t.match(await a.inventory.patchPhone(MAC, { label: 'seen, and lost' }), { kind: 'replaced' })
    b.store.onAnnounced()
    await b.inventory.deleteFile('none')
    t.match(b.inventory.phone(MAC), { label: 'seen, and lost' })
    // The promoted standby lacks that edit, and has another one under its number.
    cluster.sql(`UPDATE switchhook.phone SET document =
      (document::jsonb || '{"label": "what stands there"}')::json WHERE mac = '${MAC}'`)
    const before = b.connection.timeline
    t.ok(before >= 1)
    for (const { connection } of [a, b]) t.intercept(connection, 'timeline', { value: before + 1 })
    t.match(await b.inventory.patchPhone(MAC, { network: 'bench' }), { kind: 'replaced' })
    t.match(b.inventory.phone(MAC), {
      label: 'what stands there',
      network: 'bench',
      revision: revision + 2,
    })
    a.store.onAnnounced()
    await a.inventory.deleteFile('none')
    t.same(a.inventory.phones(), b.inventory.phones())
  })

  t.test('a transaction does not go on in another session', async (t) => {
    const { connection } = await anAppliance(t)
    const broken = connection.transaction(async (run) => {
      const [row] = await run('SELECT pg_backend_pid() AS id')
      await run(`UPDATE phone SET document = '{}'`)
      cluster.sql(`SELECT pg_terminate_backend(${row?.['id']})`)
      // What ends the session has arrived.
      await new Promise((resolve) => setTimeout(resolve, 200))
      await run('DELETE FROM phone')
    })
    await t.rejects(broken, { name: 'PostgresError' })
    t.match(await connection.query('SELECT count(*)::int AS n FROM phone WHERE mac = $1', [MAC]), [
      { n: 1 },
    ])
  })

  t.test('an inventory of its own is not lost to a shared one', async (t) => {
    const own = await anAppliance(t)
    await own.copy.commit([
      {
        kind: 'put-phone',
        phone: { ...own.inventory.phone(MAC), mac: OTHER, address: null } as never,
      },
    ])
    const store = new MirroredInventory(new PostgresInventoryStore(own.connection), {
      ...own.copy,
      version: async () => null,
    })
    await t.rejects(store.load(), /1 entries that the shared inventory lacks, phone 000E84C060A7/)
  })

  t.test('a database that was set back to an older state is followed', async (t) => {
    const a = await anAppliance(t)
    cluster.sql('CREATE TABLE public.kept AS SELECT * FROM switchhook.phone')
    cluster.sql('CREATE TABLE public.kept_version AS SELECT * FROM switchhook.inventory_version')
    await a.inventory.putPhone(aPhone(parseMac('000E84C06201') as Mac))
    cluster.sql(`BEGIN; DELETE FROM switchhook.phone;
      INSERT INTO switchhook.phone SELECT * FROM public.kept;
      DELETE FROM switchhook.inventory_version;
      INSERT INTO switchhook.inventory_version SELECT * FROM public.kept_version; COMMIT`)
    a.store.onAnnounced()
    await a.inventory.deleteFile('none')
    t.equal(a.inventory.phone(parseMac('000E84C06201') as Mac), undefined)
    t.equal(a.store.fault, null)
  })

  t.test('one that was begun in its place takes nothing from who had shared before', async (t) => {
    const other = PostgresCluster.start(t)
    const marks: Marks = { now: null }
    const a = await anAppliance(t, marks)
    const phones = a.inventory.phones()
    t.ok(phones.length > 0)
    const connection = aPostgres(t, other.url)
    const empty = new PostgresInventoryStore(connection)
    const store = new MirroredInventory(empty, a.copy)
    const snapshot = await store.load()
    t.same(snapshot.phones, phones)
    t.match(snapshot.faults, [
      /the copy that it keeps is used: this is not the inventory that this machine has shared/,
    ])
    t.match(store.fault, /entries that the shared inventory lacks, \w+ \S+ among them/)
    await t.rejects(store.catchUp(), { message: /lacks/ })
    t.same((await a.copy.load()).phones, phones)
    a.store.onAnnounced()
    await a.inventory.deleteFile('none')
    t.equal(a.store.fault, null, 'the one that it knows is well')
  })

  t.test('what this machine could not store is read again', async (t) => {
    const a = await anAppliance(t)
    const b = await anAppliance(t)
    const { commit } = b.copy
    t.match(await a.inventory.patchPhone(MAC, { label: 'kept at last' }), { kind: 'replaced' })
    b.copy.commit = async () => {
      throw new Error('the disk is full')
    }
    await t.rejects(b.store.catchUp(), { message: 'the disk is full' })
    b.copy.commit = commit
    b.store.onAnnounced()
    await b.inventory.deleteFile('none')
    t.match(b.inventory.phone(MAC), { label: 'kept at last' })
    t.same((await b.copy.load()).phones, a.inventory.phones())
  })

  t.test('a change that this machine could not store is read again', async (t) => {
    const a = await anAppliance(t)
    const { commit } = a.copy
    a.copy.commit = async () => {
      throw new Error('the disk is full')
    }
    const label = 'stored in PostgreSQL'
    await t.rejects(a.inventory.patchPhone(MAC, { label }), { message: 'the disk is full' })
    a.copy.commit = commit
    a.store.onAnnounced()
    await a.inventory.deleteFile('none')
    t.match(a.inventory.phone(MAC), { label })
  })

  t.test('another inventory that was taken halfway is taken whole by the next try', async (t) => {
    const marks: Marks = { now: null }
    const a = await anAppliance(t, marks)
    const phones = a.inventory.phones()
    // As after another inventory that had less than this one, and counted otherwise.
    await a.copy.commit(phones.map(({ mac }) => ({ kind: 'delete-phone', mac })))
    marks.origin = -1
    const { commit } = a.copy
    a.copy.commit = async () => {
      throw new Error('the disk is full')
    }
    const open = () => new MirroredInventory(new PostgresInventoryStore(a.connection), a.copy)
    t.match((await open().load()).faults, [/the disk is full/])
    a.copy.commit = commit
    t.same((await open().load()).phones, phones)
  })

  t.test('bytes go with their last user', async (t) => {
    const a = await anAppliance(t)
    await a.inventory.putFile('a.pcm', Buffer.from('same'), 1)
    await a.inventory.putFile('b.pcm', Buffer.from('same'), 1)
    const count = () =>
      Number(cluster.sql(`SELECT count(*) FROM switchhook.blob WHERE content = 'same'`))
    await a.inventory.deleteFile('a.pcm')
    t.equal(count(), 1)
    await a.inventory.deleteFile('b.pcm')
    t.equal(count(), 0)
  })
})
