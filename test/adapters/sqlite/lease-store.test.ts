import t from 'tap'
import { SqliteLeaseStore } from '../../../src/adapters/sqlite/lease-store.ts'
import type { Binding } from '../../../src/leases/binding.ts'
import { type Ipv4, parseIpv4 } from '../../../src/net/ipv4.ts'
import { type Mac, parseMac } from '../../../src/net/mac.ts'
import { aDatabase, tamper } from '../../support/a-database.ts'

const ip = (text: string) => parseIpv4(text) as Ipv4

const aBinding = (fields: Partial<Binding> = {}): Binding => ({
  scope: 'bench',
  address: ip('10.20.0.50'),
  client: 'hw:01000E84C060A6',
  mac: parseMac('000E84C060A6') as Mac,
  state: 'bound',
  grantedAtMs: 1_700_000_000_000,
  expiresAtMs: 1_700_000_300_000,
  vendorClass: 'Cisco Systems, Inc. IP Phone CP-7960G',
  hostName: 'SEP000E84C060A6',
  relayAgent: '0104000A0001',
  ...fields,
})

const database = await aDatabase()
const store = new SqliteLeaseStore(database)

t.test('bindings come back as they were', async (t) => {
  const bindings = [
    aBinding(),
    aBinding({ address: ip('10.20.0.51'), expiresAtMs: Number.MAX_SAFE_INTEGER }),
    aBinding({ address: ip('203.0.113.254'), mac: null, state: 'declined', client: 'id:FF' }),
    aBinding({ address: ip('203.0.113.255'), state: 'released', hostName: '', relayAgent: '' }),
  ]
  await store.commit(bindings.map((binding) => ({ kind: 'put', binding })))
  t.same(await store.load(), { bindings, faults: [] })
})

t.test('a put replaces what the address had, changes of one batch keep their order', async (t) => {
  const [first, second, third] = [ip('10.20.0.50'), ip('10.20.0.51'), ip('10.20.0.52')]
  await store.commit([{ kind: 'put', binding: aBinding({ address: first }) }])
  const moved = aBinding({ address: first, client: 'id:01', scope: 'lab' })
  const again = aBinding({ address: second, client: 'id:02' })
  await store.commit([
    { kind: 'put', binding: moved },
    { kind: 'put', binding: aBinding({ address: second }) },
    { kind: 'delete', scope: 'bench', address: second },
    { kind: 'put', binding: again },
    { kind: 'put', binding: aBinding({ address: third }) },
    { kind: 'delete', scope: 'bench', address: third },
  ])
  t.same(await store.load(), { bindings: [moved, again], faults: [] })
})

t.test('a batch with a change that cannot be stored is not stored at all', async (t) => {
  const half = aBinding({ address: ip('10.20.0.51'), grantedAtMs: 0.5 })
  const commit = store.commit([
    { kind: 'put', binding: aBinding() },
    { kind: 'put', binding: half },
  ])
  await t.rejects(commit, { name: 'DatabaseError', code: 'SQLITE_CONSTRAINT_DATATYPE' })
  t.same(await store.load(), { bindings: [], faults: [] })
})

t.test('a broken row is left out and named, the others come back', async (t) => {
  const cases = [
    { sql: "state = 'sold'", fault: /10\.20\.0\.50: state is "sold"/ },
    { sql: 'granted_at_ms = -1', fault: /grantedAtMs is -1/ },
    { sql: 'expires_at_ms = 9223372036854775807', fault: /expiresAtMs is 9223372036854776000/ },
    { sql: "mac = '00:0e'", fault: /mac is "00:0e"/ },
    { sql: "client = ''", fault: /client is ""/ },
    { sql: "relay_agent = 'zz'", fault: /relayAgent is "zz"/ },
    { sql: 'address = -5', fault: /-5: address is -5/ },
    { sql: 'address = 0', fault: /address is 0/ },
    { sql: 'address = 4294967296', fault: /address is 4294967296/ },
  ]
  const good = aBinding({ address: ip('10.20.0.60') })
  for (const { sql, fault } of cases) {
    await store.commit([
      { kind: 'put', binding: aBinding() },
      { kind: 'put', binding: good },
    ])
    tamper(database, `UPDATE leases SET ${sql} WHERE address = ${ip('10.20.0.50')}`)
    const { bindings, faults } = await store.load()
    t.same(bindings, [good], sql)
    t.match(faults, [fault], sql)
    t.equal(faults.length, 1, sql)
    tamper(database, 'DELETE FROM leases')
  }
})

t.test('20,000 bindings in one batch are no trouble', async (t) => {
  const base = ip('10.77.0.0')
  const changes = Array.from({ length: 20_000 }, (_, index) => ({
    kind: 'put' as const,
    binding: aBinding({ address: (base + index) as Ipv4 }),
  }))
  await store.commit(changes)
  t.equal((await store.load()).bindings.length, 20_000)
})

t.test(
  'how many bindings a second are stored, by how many wait (printed, not judged)',
  async (t) => {
    const cases = [
      { waiting: 1, total: 200 },
      { waiting: 8, total: 1_000 },
      { waiting: 64, total: 4_000 },
      { waiting: 256, total: 4_000 },
    ]
    for (const { waiting, total } of cases) {
      let sent = 0
      const startedAtMs = performance.now()
      const askOneByOne = async () => {
        while (sent < total) {
          const address = (ip('10.77.0.0') + sent++) as Ipv4
          await store.commit([{ kind: 'put', binding: aBinding({ address }) }])
        }
      }
      await Promise.all(Array.from({ length: waiting }, askOneByOne))
      const seconds = (performance.now() - startedAtMs) / 1000
      t.comment(`${waiting} waiting: ${Math.round(total / seconds)} bindings/s`)
    }
    t.equal((await store.load()).bindings.length, 4_000)
  },
)

t.test('a table of thousands comes back whole, piece by piece', async (t) => {
  const many = new SqliteLeaseStore(await aDatabase())
  for (const count of [2_000, 4_000, 4_001]) {
    const bindings = Array.from({ length: count }, (_, index) =>
      aBinding({ address: ((ip('10.77.0.0') as number) + index) as Ipv4, client: `id:${index}` }),
    )
    await many.commit(bindings.map((binding) => ({ kind: 'put', binding })))
    const loaded = await many.load()
    t.equal(loaded.bindings.length, count)
    t.same(loaded.bindings.at(-1), bindings.at(-1))
    t.equal(new Set(loaded.bindings.map(({ address }) => address)).size, count)
  }
})
