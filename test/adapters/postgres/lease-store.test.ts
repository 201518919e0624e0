import t, { type Test } from 'tap'
import { PostgresConnection } from '../../../src/adapters/postgres/connection.ts'
import { PostgresLeaseStore } from '../../../src/adapters/postgres/lease-store.ts'
import { PostgresMemberStore } from '../../../src/adapters/postgres/member-store.ts'
import { migrate } from '../../../src/adapters/postgres/migrate.ts'
import { MIGRATIONS } from '../../../src/adapters/postgres/migrations/migrations.ts'
import {
  OWNERSHIP_CHANNEL,
  PostgresOwnershipStore,
} from '../../../src/adapters/postgres/ownership-store.ts'
import { readPostgresUrl } from '../../../src/adapters/postgres/postgres-url.ts'
import type { Binding } from '../../../src/leases/binding.ts'
import { type Ipv4, parseIpv4 } from '../../../src/net/ipv4.ts'
import { type Mac, parseMac } from '../../../src/net/mac.ts'
import { NotOwner } from '../../../src/ownership/not-owner.ts'
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
  const open = (name: string, isPipelined = false) => {
    const hosts = readPostgresUrl(cluster.url)
    if (typeof hosts === 'string') throw new Error(hosts)
    const connection = new PostgresConnection(hosts, { name, timeoutMs: 2000, isPipelined })
    t.teardown(() => connection.close())
    return connection
  }
  const ours = open('ours', true)
  const theirs = open('theirs')
  await Promise.all([migrate(ours, MIGRATIONS), migrate(theirs, MIGRATIONS)])
  const as = (name: string, shape = 'shape') => ({ site: 'lab', name, shapeOf: () => shape })
  const owners = new PostgresOwnershipStore(ours, as('sw-a'))
  const others = new PostgresOwnershipStore(theirs, as('sw-b'))
  const tokens = new Map<string, string>()
  const tokenOf = (network: string) => tokens.get(network) ?? null
  const options = { nowMs: () => NOW, tokenOf, site: 'lab' }
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

  t.test('a large network is read in parts, and a beat goes between them', async (t) => {
    const token = await own(t, 'large')
    const count = 10_001
    cluster.sql(`INSERT INTO switchhook.lease SELECT 'lab/large', 167772160 + n, 'id:' || n, NULL,
      'bound', now(), now() + interval '1 h', NULL, '', '', '' FROM generate_series(1, ${count}) n`)
    const ends: string[] = []
    const read = store.load(['large']).finally(() => ends.push('read'))
    await owners.beat('large', token, false).finally(() => ends.push('beat'))
    const { bindings, faults } = await read
    t.same(ends, ['beat', 'read'])
    t.same(faults, [])
    t.equal(new Set(bindings.map(({ address }) => address)).size, count)
    t.ok(bindings.every(({ scope }) => scope === 'large'))
    cluster.sql(
      `DELETE FROM switchhook.lease WHERE network = 'lab/large' AND address > 167772160 + 10000`,
    )
    t.equal((await store.load(['large'])).bindings.length, 10_000, 'a last part that is full')
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
    t.same(await owners.look('nowhere'), { record: null, fit: [], differs: false })
  })

  t.test(
    'networks of two sites are two, and one that is configured otherwise says so',
    async (t) => {
      await own(t, 'bench')
      await store.commit([{ kind: 'put', binding: aBinding() }])
      const abroad = new PostgresOwnershipStore(theirs, { ...as('sw-c'), site: 'brno' })
      t.same(await abroad.look('bench'), { record: null, fit: [], differs: false })
      const there = new PostgresLeaseStore(theirs, { ...options, site: 'brno' })
      t.same((await there.load(['bench'])).bindings, [])
      const edited = new PostgresOwnershipStore(theirs, as('sw-b', 'edited'))
      t.match(await edited.look('bench'), { differs: true, record: { owner: 'sw-a' } })
      t.match(await others.look('bench'), { differs: false })
      const ownEdited = new PostgresOwnershipStore(ours, as('sw-a', 'edited'))
      await ownEdited.beat('bench', tokens.get('bench') ?? '', false)
      t.match(await edited.look('bench'), { differs: false }, 'the owner says how it is')
    },
  )

  t.test('who is given up or wanted is announced', async (t) => {
    const heard: string[] = []
    const hosts = readPostgresUrl(cluster.url)
    if (typeof hosts === 'string') throw new Error(hosts)
    const listener = new PostgresConnection(hosts, {
      name: 'listener',
      timeoutMs: 2000,
      onNotification: (_channel, payload) => heard.push(payload),
    })
    t.teardown(() => listener.close())
    await listener.query(`LISTEN ${OWNERSHIP_CHANNEL}`)
    const token = await own(t, 'bench')
    await others.want('bench', 'sw-b')
    await owners.release('bench', token, 'sw-b')
    while (heard.length < 2) await listener.query('SELECT 1')
    t.same(heard, ['lab/bench', 'lab/bench'])
  })

  t.test('appliances tell of themselves; a name is one process', async (t) => {
    const run = '00000000-0000-4000-8000-000000000001'
    const otherRun = '00000000-0000-4000-8000-000000000002'
    const members = new PostgresMemberStore(ours, 'lab', 'sw-a')
    const unfit = 'the link of eth0 is down'
    const announcement = {
      run,
      version: '1.2.3',
      networks: [
        { name: 'bench', address: '10.20.0.2', unfit: null },
        { name: 'voice', address: '10.30.0.2', unfit },
      ],
    }
    const first = await members.announce(announcement, null)
    t.match(first, { namesake: null, isSynchronous: false })
    t.ok(Math.abs(first.databaseMs - Date.now()) < 5000)
    t.same((await owners.look('bench')).fit, ['sw-a'])
    t.same((await owners.look('voice')).fit, [])
    const [listed] = await members.list()
    t.match(listed, { site: 'lab', name: 'sw-a', version: '1.2.3', isLive: true })
    t.same(
      [...(listed?.networks ?? [])],
      [
        ['bench', null],
        ['voice', unfit],
      ],
    )
    const namesake = { ...announcement, run: otherRun, networks: [] }
    const refused = await members.announce(namesake, null)
    t.same(refused.namesake, { run, beat: 0 })
    await members.announce(announcement, null)
    t.match((await members.announce(namesake, { run, beat: 0 })).namesake, { run, beat: 1 })
    t.equal((await members.announce(namesake, { run, beat: 1 })).namesake, null, 'it stood still')
    t.match((await members.announce(announcement, null)).namesake, { run: otherRun })
    t.same((await owners.look('bench')).fit, [], 'and serves other networks')
    await members.withdraw(run)
    t.equal((await members.list()).length, 1, 'only its own row')
    await members.withdraw(otherRun)
    t.same(await members.list(), [])
  })

  /** The write of a former owner that is under way ends before the next one reads. */
  t.test('a takeover waits for the group that is under way', async (t) => {
    const token = await own(t, 'bench')
    const slow = open('slow')
    const group = slow.transaction(async (run) => {
      await run(`SELECT network FROM network_owner WHERE token = $1::uuid FOR KEY SHARE`, [token])
      await run('SELECT pg_sleep(0.5)')
      await run(`UPDATE lease SET client = 'id:late' WHERE network = 'lab/bench'`)
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    t.ok(await owners.beat('bench', token, false), 'a beat does not wait')
    const { record } = await others.look('bench')
    t.ok(await others.take('bench', record))
    t.match((await store.load(['bench'])).bindings, [{ client: 'id:late' }])
    await group
  })

  t.test('a broken row is left out and named', async (t) => {
    cluster.sql(`UPDATE switchhook.lease SET state = 'sold' WHERE network = 'lab/bench'`)
    t.match(await store.load(['bench']), {
      bindings: [],
      faults: [/10\.20\.0\.50: state is "sold"/],
    })
  })
})
