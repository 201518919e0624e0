import t from 'tap'
import { PostgresConnection } from '../../../src/adapters/postgres/connection.ts'
import { PostgresLeaseStore } from '../../../src/adapters/postgres/lease-store.ts'
import { migrate } from '../../../src/adapters/postgres/migrate.ts'
import { MIGRATIONS } from '../../../src/adapters/postgres/migrations/migrations.ts'
import { PostgresOwnershipStore } from '../../../src/adapters/postgres/ownership-store.ts'
import { readPostgresUrl } from '../../../src/adapters/postgres/postgres-url.ts'
import type { Binding, LeaseChange } from '../../../src/leases/binding.ts'
import type { Ipv4 } from '../../../src/net/ipv4.ts'
import { NotOwner } from '../../../src/ownership/not-owner.ts'
import { findPostgres, PostgresCluster } from '../../support/postgres-cluster.ts'

const NOW = 1_700_000_000_000
const LACKING = findPostgres() === undefined ? 'PostgreSQL is not installed' : false

const grant = (address: number, client: string): LeaseChange => ({
  kind: 'put',
  binding: {
    scope: 'voice',
    address: address as Ipv4,
    client: `id:${client}`,
    mac: null,
    state: 'bound',
    grantedAtMs: NOW,
    expiresAtMs: NOW + 3_600_000,
    vendorClass: '',
    hostName: '',
    relayAgent: '',
  },
})

t.test('statements that do not wait for each other’s answers', { skip: LACKING }, async (t) => {
  const cluster = PostgresCluster.start(t)
  const open = (timeoutMs: number, isPipelined = true, connectMs = 3000) => {
    const hosts = readPostgresUrl(cluster.url)
    if (typeof hosts === 'string') throw new Error(hosts)
    const connection = new PostgresConnection(hosts, {
      name: 'test',
      timeoutMs,
      connectMs,
      isPipelined,
    })
    t.teardown(() => connection.close())
    return connection
  }
  const ours = open(20_000)
  const theirs = open(20_000, false)
  await migrate(ours, MIGRATIONS)
  const as = (name: string) => ({ site: 'lab', name, shapeOf: () => '' })
  const owners = new PostgresOwnershipStore(ours, as('sw-a'))
  const others = new PostgresOwnershipStore(theirs, as('sw-b'))
  let token = ''
  const store = new PostgresLeaseStore(ours, {
    nowMs: () => NOW,
    tokenOf: () => token,
    site: 'lab',
  })
  const own = async () => {
    const record = await owners.take('voice', (await owners.look('voice')).record)
    token = record?.token ?? ''
  }
  const rows = async () =>
    (await store.load(['voice'])).bindings.map(
      ({ address, client }: Binding) => `${address} ${client.slice(3)}`,
    )
  /** Ends each outcome as `ok` or by its fault. */
  const outcomes = async (asked: readonly Promise<unknown>[]) =>
    (await Promise.allSettled(asked)).map((end) =>
      end.status === 'fulfilled' ? 'ok' : (end.reason.fault ?? end.reason.name),
    )

  t.test('they are carried out in their order, and a beat goes between them', async (t) => {
    await own()
    const ends: string[] = []
    const asked = [
      store.commit([grant(1, 'a'), grant(2, 'a')]).then(() => ends.push('first')),
      owners.beat('voice', token, false).then(() => ends.push('beat')),
      store.commit([grant(1, 'b')]).then(() => ends.push('second')),
      store.commit([{ kind: 'delete', scope: 'voice', address: 2 as Ipv4 }]).then(() => {
        ends.push('third')
      }),
    ]
    t.same(await outcomes(asked), ['ok', 'ok', 'ok', 'ok'])
    t.same(ends, ['first', 'beat', 'second', 'third'])
    t.same(await rows(), ['1 b'])
    t.ok(ours.roundTripMs > 0)
    t.equal(store.isFar, false, 'it is beside us')
  })

  t.test('a warning is taken for the statement that it is about', async (t) => {
    const warn = `DO $$ BEGIN RAISE WARNING 'not replicated'; END $$`
    const asked = ['SELECT 1', warn, 'SELECT 2', warn, 'SELECT 3'].map((sql) => ours.query(sql))
    t.same(await outcomes(asked), ['ok', 'unknown', 'ok', 'unknown', 'ok'])
    await t.rejects(ours.query(warn), { message: 'PostgreSQL warns: not replicated' })
  })

  t.test('one that is refused neither fails those behind it nor vouches for them', async (t) => {
    const asked = [
      store.commit([grant(1, 'c')]),
      ours.query('SELECT 1 / 0'),
      store.commit([grant(2, 'c')]),
    ]
    t.same(await outcomes(asked), ['ok', 'refused', 'ok'])
    t.same(await rows(), ['1 c', '2 c'])
  })

  t.test(
    'what the server gives up keeps its session, and those behind it wait longer',
    async (t) => {
      const quick = open(500)
      const ends = await outcomes([
        quick.query('SELECT pg_backend_pid()'),
        quick.query('SELECT pg_sleep(5)'),
        quick.query('SELECT pg_sleep(0.3)'),
        quick.query('SELECT pg_sleep(0.3)'),
      ])
      t.same(ends, ['ok', 'refused', 'ok', 'ok'])
    },
  )

  t.test(
    'with a lost session all of them are uncertain, and the next one has another',
    async (t) => {
      const [before] = await ours.query('SELECT pg_backend_pid() AS pid')
      const ends = outcomes([
        ours.query('SELECT pg_sleep(20)'),
        store.commit([grant(3, 'd')]),
        store.commit([grant(4, 'd')]),
      ])
      await theirs.query(`SELECT pg_terminate_backend(${Number(before?.['pid'])})`)
      t.same(await ends, ['unknown', 'unknown', 'unknown'])
      t.same(await rows(), ['1 c', '2 c'])
      await store.commit([grant(3, 'e')])
      t.same(await rows(), ['1 c', '2 c', '3 e'])
    },
  )

  t.test('the session before is over before another one is used', async (t) => {
    const quick = open(500)
    await quick.query('CREATE TABLE switchhook.late (n int); SET statement_timeout = 0')
    const [before] = await quick.query('SELECT pg_backend_pid() AS pid')
    // As over a line that broke: the server goes on long after we have given up.
    const asked = [
      quick.query('SELECT pg_sleep(60)'),
      quick.query('INSERT INTO switchhook.late VALUES (1)'),
    ]
    t.same(await outcomes(asked), ['unknown', 'unknown'])
    const [after] = await quick.query(
      `SELECT count(*)::int AS n, pg_backend_pid() AS own FROM pg_stat_activity WHERE pid = ${before?.['pid']}`,
    )
    t.equal(after?.['n'], 0)
    t.not(after?.['own'], before?.['pid'])
    t.same(await quick.query('SELECT * FROM switchhook.late'), [])
  })

  t.test('where the session before does not end, there is no other', async (t) => {
    const quick = open(500, true, 300)
    const [before] = await quick.query('SELECT pg_backend_pid() AS pid')
    const pid = Number(before?.['pid'])
    process.kill(pid, 'SIGSTOP')
    try {
      t.same(await outcomes([quick.query('SELECT 1')]), ['unknown'])
      await t.rejects(quick.query('SELECT 1'), {
        fault: 'away',
        message: /the session before this one does not end/,
      })
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    t.equal((await quick.query('SELECT 1')).length, 1)
  })

  t.test('a transaction has nobody else’s statements in it', async (t) => {
    const count = async (table: string) =>
      (await ours.query(`SELECT count(*)::int AS n FROM ${table}`))[0]?.['n']
    await ours.query('CREATE TABLE switchhook.kept (n int)')
    const insert = (n: number) => ours.query(`INSERT INTO switchhook.kept VALUES (${n})`)
    const asked = [
      insert(1),
      ours.transaction(async (run) => {
        await run('INSERT INTO switchhook.kept VALUES (2)')
        await run('SELECT 1 / 0')
      }),
      insert(3),
    ]
    t.same(await outcomes(asked), ['ok', 'refused', 'ok'])
    t.equal(await count('switchhook.kept'), 2)
  })

  t.test('a takeover refuses every group that it has not waited for', async (t) => {
    await own()
    let ends: Promise<unknown> = Promise.resolve()
    await theirs.transaction(async (run) => {
      await run('SELECT 1 FROM network_owner FOR UPDATE')
      ends = outcomes([store.commit([grant(1, 'late')]), store.commit([grant(2, 'late')])])
      await run(`UPDATE network_owner SET token = gen_random_uuid(), owner = 'sw-b'`)
    })
    t.same(await ends, ['NotOwner', 'NotOwner'])
    t.same(await rows(), ['1 c', '2 c', '3 e'])
    t.match(await others.look('voice'), { record: { owner: 'sw-b' } })
    await t.rejects(store.commit([grant(1, 'late')]), new NotOwner(['voice']))
  })
})
