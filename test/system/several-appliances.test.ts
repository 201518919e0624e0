import pg from 'pg'
import t, { type Test } from 'tap'
import type { PostgresCluster } from '../support/postgres-cluster.ts'
import {
  ackOf,
  aPair,
  LACKING_FOR_PAIR as LACKING,
  type Side,
  SOON_MS,
} from './support/appliance-pair.ts'
import { CLIENT_INTERFACE, eventually } from './support/lab.ts'

t.setTimeout(900_000)

t.test(
  'with PostgreSQL: a follower answers nothing, and takes over from a dead owner',
  { skip: LACKING },
  async (t) => {
    const { lab, a, b, askNewClient, phone } = await aPair(t)
    const boot = phone()
    const [address = '', from] = ackOf(await boot())
    t.equal(from, '10.20.0.2')

    const ready = await eventually(
      () => b.ask('/readyz'),
      ({ status }) => status === 200,
      SOON_MS,
    )
    t.match(ready, { status: 200, json: { ownership: 'standby', warnings: [/synchronous/] } })
    t.match((await a.ask('/readyz')).json, { ownership: 'owner' })
    const appliances = await eventually(
      async () => (await b.ask('/v1/appliances')).json,
      (list) => list.length === 2,
      SOON_MS,
    )
    t.match(appliances, [
      { name: 'sw-a', site: 'lab', live: true, networks: ['voice'] },
      { name: 'sw-b', site: 'lab', live: true, networks: [] },
    ])
    t.match(
      (await b.ask('/v1/leases')).json,
      [{ address, network: 'voice' }],
      'read from PostgreSQL',
    )
    t.match(await b.ask(`/v1/leases/${address}`, 'DELETE'), { status: 409, text: /sw-a/ })

    // These phones take ERROR 1 for "no such file" and go on: a follower says nothing at all.
    const client = lab.plugIn('02:00:00:00:00:66')
    lab.setAddress(client, '10.20.0.200/24')
    const get = ['busybox', 'tftp', '-g', '-r', 'absent', '-l', '/dev/null']
    const tftp = async (server: string) =>
      (await lab.run(client, 'timeout', '5', ...get, server)).output
    t.match(await tftp('10.20.0.2'), /not found/i)
    t.notMatch(await tftp('10.20.0.3'), /server error|not found/i)

    const diedAt = Date.now()
    await a.appliance.kill()
    await b.serves()
    t.comment(`served again after ${Date.now() - diedAt} ms, with takeoverAfter 3 s`)
    t.match((await b.ask('/v1/leases')).json, [{ address }], 'what was acknowledged is known')
    const again = await boot()
    t.match(again, `DHCPREQUEST for ${address}`, 'INIT-REBOOT')
    t.same(ackOf(again), [address, '10.20.0.3'])
    t.notMatch(again, 'DHCPNAK')
    const [, other, server] = (await askNewClient()) ?? []
    t.equal(server, '10.20.0.3')
    t.not(other, address)

    await a.appliance.start()
    await a.sees('sw-b')
    t.match((await a.ask('/v1/networks/voice')).json, {
      served: false,
      notServedBecause: /sw-b serves it/,
    })
  },
)

t.test(
  'with PostgreSQL: a network is handed over by an operator, and by a stop',
  { skip: LACKING },
  async (t) => {
    const { lab, cluster, beside, a, b, askNewClient, phone } = await aPair(t)
    const boot = phone()
    const [address] = ackOf(await boot())
    const hand = (side: Side, owner: string) =>
      side.ask('/v1/networks/voice/owner', 'PUT', { owner })
    t.match(await hand(a, 'sw-c'), { status: 422 })
    t.match(await a.ask('/v1/networks/lobby/owner', 'PUT', { owner: 'sw-b' }), { status: 404 })
    const setLink = (state: 'up' | 'down') =>
      lab.run(beside, 'ip', 'link', 'set', CLIENT_INTERFACE, state)
    const unfit = async (is: boolean) => {
      const asked = `SELECT unfit IS NOT NULL FROM switchhook.network_member WHERE name = 'sw-b'`
      const reported = async () => cluster.sql(asked).trim() === 't'
      t.equal(await eventually(reported, (now) => now === is, SOON_MS), is)
    }
    await setLink('down')
    await unfit(true)
    t.match(await hand(a, 'sw-b'), { status: 409, text: /the link of eth0 is down/ })
    t.match(await b.ask('/readyz'), { status: 503, text: /could not be taken over/ })
    await setLink('up')
    await unfit(false)
    t.match(await hand(a, 'sw-b'), { status: 200, json: { owner: 'sw-b' } })
    await b.serves()
    await a.sees('sw-b')
    const moved = await boot()
    t.same(ackOf(moved), [address, '10.20.0.3'])
    t.notMatch(moved, 'DHCPNAK')
    t.match(await hand(a, 'sw-b'), { status: 200 }, 'nothing to do')

    const stopped = b.appliance.stop()
    await a.serves()
    t.equal(await stopped, 0)
    const back = await boot()
    t.same(ackOf(back), [address, '10.20.0.2'])
    t.equal((await askNewClient())?.[2], '10.20.0.2')
    const gone = await eventually(
      () => hand(a, 'sw-b'),
      ({ status }) => status === 422,
      SOON_MS,
    )
    t.equal(gone.status, 422, 'who has left cleanly is no appliance any more')
  },
)

t.test(
  'with PostgreSQL: an owner that was frozen wakes up as a follower',
  { skip: LACKING },
  async (t) => {
    const { a, b, askNewClient, phone } = await aPair(t)
    const boot = phone()
    const [address] = ackOf(await boot())
    a.appliance.signal('SIGSTOP')
    await b.serves()
    // It asks while the first owner sleeps: its messages wait in that one's sockets.
    const [, fresh, from] = (await askNewClient()) ?? []
    t.equal(from, '10.20.0.3')
    a.appliance.signal('SIGCONT')
    await a.sees('sw-b')
    const again = await boot()
    t.same(ackOf(again), [address, '10.20.0.3'])
    t.notMatch(again, 'DHCPNAK')
    const third = await askNewClient()
    t.equal(third?.[2], '10.20.0.3')
    t.not(third?.[1], fresh, 'no address twice')
    t.match(a.appliance.output, /network\.lost/)
  },
)

t.test(
  'with PostgreSQL away: a client with a lease keeps it, a new one gets none, no NAK',
  { skip: LACKING },
  async (t) => {
    const { cluster, a, b, askNewClient, phone } = await aPair(
      t,
      'takeoverAfter: 2s, repeatFor: 10m',
    )
    const boot = phone()
    const [address] = ackOf(await boot())
    cluster.stop('immediate')
    for (const side of [a, b]) {
      const ready = await eventually(
        () => side.ask('/readyz'),
        ({ status }) => status === 503,
        SOON_MS,
      )
      t.match(ready, { status: 503, text: /PostgreSQL/ })
    }
    t.equal(await a.appliance.printed('network.blind', SOON_MS), true)
    const repeated = await boot()
    t.same(ackOf(repeated), [address, '10.20.0.2'], 'for the time that is left')
    t.notMatch(repeated, 'DHCPNAK')
    t.equal(await askNewClient(3), null)
    t.match(await b.ask('/v1/leases'), { status: 503 })
    t.match(await a.ask('/v1/leases'), { status: 200 })

    cluster.start()
    await a.serves()
    t.ok(await askNewClient(), 'and everybody is served again')
    const ready = await eventually(
      () => a.ask('/readyz'),
      ({ status }) => status === 200,
      SOON_MS,
    )
    t.match(ready.json, { ownership: 'owner' })
    await b.sees('sw-a')
  },
)

/** Keeps every lease from being written, as a disk that stands still does; beats go on. */
async function lockLeases(t: Test, cluster: PostgresCluster): Promise<() => Promise<void>> {
  const client = new pg.Client({ host: cluster.dir, user: 'switchhook', database: 'switchhook' })
  client.on('error', () => {})
  await client.connect()
  t.teardown(() => client.end())
  await client.query('BEGIN; LOCK TABLE switchhook.lease IN ACCESS EXCLUSIVE MODE')
  return async () => void (await client.query('ROLLBACK'))
}

t.test(
  'with PostgreSQL: a renewal that its loss cuts short costs no phone its lease',
  { skip: LACKING },
  async (t) => {
    // The owner stays sure for most of this: it hears of the loss by writes that fail.
    const { cluster, a, b, askNewClient, phone } = await aPair(
      t,
      'takeoverAfter: 30s, repeatFor: 10m',
    )
    const boot = phone()
    const [address] = ackOf(await boot())
    const bootsAgain = async (message: string) => {
      const output = await boot()
      t.same(ackOf(output), [address, '10.20.0.2'], message)
      t.notMatch(output, 'DHCPNAK')
    }
    const unlock = await lockLeases(t, cluster)
    await bootsAgain('what it asks again is answered from what was stored')
    t.equal(await askNewClient(3), null, 'and nobody new is')
    await unlock()
    await bootsAgain('it is stored again')
    t.ok(await askNewClient())

    cluster.stop('immediate')
    await bootsAgain('the owner is sure yet')
    t.equal(await a.appliance.printed('network.blind', SOON_MS), true)
    await bootsAgain('and now it is not')
    cluster.start()
    await a.serves()
    await bootsAgain('the lease is extended again')
    await b.sees('sw-a')
    await a.appliance.kill()
    await b.serves()
    t.same(ackOf(await boot()), [address, '10.20.0.3'], 'and the next owner knows it')
  },
)
