import t, { type Test } from 'tap'
import { PostgresConnection } from '../../../src/adapters/postgres/connection.ts'
import { NotOwner, PostgresLeaseStore } from '../../../src/adapters/postgres/lease-store.ts'
import { migrate } from '../../../src/adapters/postgres/migrate.ts'
import { MIGRATIONS } from '../../../src/adapters/postgres/migrations/migrations.ts'
import { PostgresOwnershipStore } from '../../../src/adapters/postgres/ownership-store.ts'
import { readPostgresUrl } from '../../../src/adapters/postgres/postgres-url.ts'
import type { Binding } from '../../../src/leases/binding.ts'
import { type Ipv4, parseIpv4 } from '../../../src/net/ipv4.ts'
import { type Mac, parseMac } from '../../../src/net/mac.ts'
import { findPostgres, PostgresCluster } from '../../support/postgres-cluster.ts'

const NOW = 1_700_000_000_000
const ip = (text: string) => parseIpv4(text) as Ipv4

const aBinding = (fields: Partial<Binding> = {}): Binding => ({
  scope: 'bench',
  address: ip('10.20.0.50'),
  client: 'hw:01000E84C060A6',
  mac: parseMac('000E84C060A6') as Mac,
  state: 'bound',
  grantedAtMs: NOW - 1000,
  expiresAtMs: NOW + 3_600_000,
  vendorClass: 'Cisco Systems, Inc. IP Phone CP-7960G',
  hostName: 'SEP000E84C060A6',
  relayAgent: '0104000A0001',
  ...fields,
})

const LACKING = findPostgres() === undefined ? 'PostgreSQL is not installed' : false

t.test('with PostgreSQL', { skip: LACKING }, async (t) => {
  const cluster = PostgresCluster.start(t)
  const open = (name: string, timeoutMs = 2000) => {
    const hosts = readPostgresUrl(cluster.url)
    if (typeof hosts === 'string') throw new Error(hosts)
    const connection = new PostgresConnection(hosts, { name, timeoutMs })
    t.teardown(() => connection.close())
    return connection
  }
  const ours = open('ours')
  const theirs = open('theirs')
  await Promise.all([migrate(ours, MIGRATIONS), migrate(theirs, MIGRATIONS)])
  const shapes = new Map([
    ['bench', 'shape'],
    ['lab', 'shape'],
  ])
  const owners = new PostgresOwnershipStore(ours, 'sw-a', shapes)
  const others = new PostgresOwnershipStore(theirs, 'sw-b', shapes)
  const tokens = new Map<string, string>()
  const options = { nowMs: () => NOW, tokenOf: (network: string) => tokens.get(network) ?? null }
  const store = new PostgresLeaseStore(ours, options)

  async function own(t: Test, network: string): Promise<string> {
    const record = await owners.take(network, (await owners.look(network)).record)
    if (record === null) throw new Error('not taken')
    t.equal(record.owner, 'sw-a')
    tokens.set(network, record.token)
    return record.token
  }

  t.test('bindings come back as they were, their times from now', async (t) => {
    await own(t, 'bench')
    await own(t, 'lab')
    const bindings = [
      aBinding(),
      aBinding({ address: ip('10.20.0.51'), expiresAtMs: Number.MAX_SAFE_INTEGER }),
      aBinding({ scope: 'lab', mac: null, state: 'declined', client: 'id:FF' }),
      aBinding({ scope: 'lab', address: ip('203.0.113.255'), state: 'released', hostName: '' }),
    ]
    await store.commit(bindings.map((binding) => ({ kind: 'put', binding })))
    const { bindings: found, faults } = await store.load(['bench', 'lab'])
    t.same(faults, [])
    t.equal(found.length, bindings.length)
    for (const [index, binding] of bindings.entries()) {
      const { grantedAtMs, expiresAtMs, ...rest } = found[index] as Binding
      t.match(binding, rest)
      t.ok(Math.abs(grantedAtMs - binding.grantedAtMs) < 2000, String(grantedAtMs))
      t.ok(Math.abs(expiresAtMs - binding.expiresAtMs) < 2000, String(expiresAtMs))
    }
    t.equal((await store.load(['lab'])).bindings.length, 2, 'one address on two networks')
  })

  t.test('the last change of an address in a group stands', async (t) => {
    const address = ip('10.20.0.50')
    await store.commit([
      { kind: 'put', binding: aBinding() },
      { kind: 'delete', scope: 'bench', address },
      { kind: 'put', binding: aBinding({ client: 'id:02' }) },
      { kind: 'put', binding: aBinding({ address: ip('10.20.0.51') }) },
      { kind: 'delete', scope: 'bench', address: ip('10.20.0.51') },
    ])
    t.match((await store.load(['bench'])).bindings, [{ address, client: 'id:02' }])
  })

  t.test('who has lost the network writes nothing there, and the rest all the same', async (t) => {
    const { record } = await others.look('bench')
    t.equal((await others.take('bench', record))?.owner, 'sw-b')
    const changes = [
      { kind: 'put', binding: aBinding({ client: 'id:03' }) },
      { kind: 'put', binding: aBinding({ scope: 'lab', client: 'id:04' }) },
    ] as const
    await t.rejects(store.commit(changes), new NotOwner(['bench']))
    t.match((await store.load(['bench'])).bindings, [{ client: 'id:02' }])
    t.match((await store.load(['lab'])).bindings, [{ client: 'id:04' }, {}])
    tokens.delete('bench')
    await t.rejects(store.commit(changes), new NotOwner(['bench']), 'nor without a token')
  })

  t.test('one of two that take at once gets the network', async (t) => {
    for (let round = 0; round < 20; round += 1) {
      const { record } = await owners.look('bench')
      const taken = await Promise.all([owners.take('bench', record), others.take('bench', record)])
      t.equal(taken.filter((one) => one !== null).length, 1)
    }
    const first = await Promise.all([owners.take('new', null), others.take('new', null)])
    t.equal(first.filter((one) => one !== null).length, 1)
  })

  t.test('a beat counts while the token is valid, and shows what an operator wants', async (t) => {
    const token = await own(t, 'bench')
    t.match(await owners.beat('bench', token, false), { record: { beat: 1, isUnclean: true } })
    t.match(await owners.beat('bench', token, true), { record: { beat: 2, isUnclean: false } })
    t.ok(await others.want('bench', 'sw-b'))
    t.notOk(await others.want('nowhere', 'sw-b'))
    t.match(await owners.beat('bench', token, false), { record: { wanted: 'sw-b' }, fit: [] })
    t.ok(await owners.release('bench', token, 'sw-b'))
    t.equal(await owners.beat('bench', token, false), null)
    t.match(await others.look('bench'), { record: { owner: null, wanted: 'sw-b' } })
    t.match(await others.take('bench', (await others.look('bench')).record), {
      owner: 'sw-b',
      isUnclean: false,
      wanted: null,
    })
    t.notOk(await owners.release('bench', token, null))
    t.same(await owners.look('nowhere'), { record: null, fit: [] })
  })

  /** The write of a former owner that is under way ends before the next one reads. */
  t.test('a takeover waits for the group that is under way', async (t) => {
    const token = await own(t, 'bench')
    const slow = open('slow')
    const group = slow.transaction(async (run) => {
      await run(`SELECT network FROM network_owner WHERE token = $1::uuid FOR KEY SHARE`, [token])
      await run('SELECT pg_sleep(0.5)')
      await run(`UPDATE lease SET client = 'id:late' WHERE network = 'bench'`)
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    t.ok(await owners.beat('bench', token, false), 'a beat does not wait')
    const { record } = await others.look('bench')
    t.ok(await others.take('bench', record))
    t.match((await store.load(['bench'])).bindings, [{ client: 'id:late' }])
    await group
  })

  t.test('a broken row is left out and named', async (t) => {
    cluster.sql(`UPDATE switchhook.lease SET state = 'sold' WHERE network = 'bench'`)
    t.match(await store.load(['bench']), {
      bindings: [],
      faults: [/10\.20\.0\.50: state is "sold"/],
    })
  })
})
