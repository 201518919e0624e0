import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { findPostgres, PostgresCluster } from '../support/postgres-cluster.ts'
import { ApplianceProcess } from './support/appliance-process.ts'
import {
  CLIENT_INTERFACE,
  eventually,
  Lab,
  lackingForLab,
  SERVER_INTERFACE,
} from './support/lab.ts'

t.setTimeout(900_000)

const LACKING =
  (findPostgres() === undefined ? 'PostgreSQL' : '') ||
  lackingForLab(['udhcpc', 'dhclient', 'curl', 'busybox']) ||
  false

/** Generous, for a busy machine; nothing here depends on how fast it is. */
const SOON_MS = 60_000

type Json = Readonly<Record<string, unknown>>

/** One of two appliances on a VLAN, and what its API says, asked beside it. */
class Side {
  readonly name: string
  readonly appliance: ApplianceProcess
  readonly #lab: Lab
  readonly #namespace: string

  constructor(lab: Lab, namespace: string, name: string, appliance: ApplianceProcess) {
    this.#lab = lab
    this.#namespace = namespace
    this.name = name
    this.appliance = appliance
  }

  /** The status and the body. */
  async ask(path: string, method = 'GET', body?: Json) {
    const sent =
      body === undefined ? [] : ['-H', 'content-type: application/json', '-d', JSON.stringify(body)]
    const url = `http://127.0.0.1:8067${path}`
    const args = ['-sS', '-m', '30', '-w', '\n%{http_code}', '-X', method, ...sent, url]
    const { output } = await this.#lab.run(this.#namespace, 'curl', ...args)
    const cut = output.lastIndexOf('\n')
    const status = Number(output.slice(cut + 1))
    const text = output.slice(0, cut)
    return {
      status,
      text,
      json: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : null,
    }
  }

  async owner(): Promise<unknown> {
    return (await this.ask('/v1/networks/voice')).json?.owner
  }

  /** Waits until this appliance says who serves the network. */
  async sees(owner: string | null): Promise<void> {
    const seen = await eventually(
      () => this.owner(),
      (now) => now === owner,
      SOON_MS,
    )
    if (seen !== owner)
      throw new Error(`${this.name} sees ${seen} and not ${owner}:\n${this.appliance.output}`)
  }

  /** Waits until this appliance itself serves the network. */
  async serves(): Promise<void> {
    const served = async () => (await this.ask('/v1/networks/voice')).json?.served
    const is = await eventually(served, (now) => now === true, SOON_MS)
    if (is !== true) throw new Error(`${this.name} does not serve:\n${this.appliance.output}`)
  }
}

/** Two appliances on a VLAN whose leases are in one PostgreSQL; the first serves it. */
async function aPair(t: Test, postgres = 'takeoverAfter: 3s, repeatFor: 20s') {
  const lab = Lab.open(t, '10.20.0.2/24')
  const cluster = PostgresCluster.start(t)
  const beside = lab.plugIn('02:00:00:00:00:03')
  lab.setAddress(beside, '10.20.0.3/24')
  const start = async (namespace: string, on: string, own: string, peer: string, name: string) => {
    const yaml = `
dataDir: '{dir}/data'
database: { postgres: { urlFile: '{dir}/url', site: lab, name: ${name}, ${postgres} } }
api: { listen: '127.0.0.1:8067' }
networks:
  - { name: voice, interface: ${on}, address: ${own}, subnet: 10.20.0.0/24, leases: shared,
      pool: [10.20.0.50-10.20.0.99], peers: [${peer}], leaseTime: 1h, admit: anyone, probe: false }
`
    const prefix = ['ip', 'netns', 'exec', namespace]
    const appliance = new ApplianceProcess(yaml, { apiPort: 8067, prefix })
    t.teardown(() => appliance.remove())
    writeFileSync(join(appliance.dir, 'url'), `${cluster.url}\n`)
    chmodSync(join(appliance.dir, 'url'), 0o600)
    await appliance.start()
    return new Side(lab, namespace, name, appliance)
  }
  const a = await start(lab.server, SERVER_INTERFACE, '10.20.0.2', '10.20.0.3', 'sw-a')
  await a.serves()
  const b = await start(beside, CLIENT_INTERFACE, '10.20.0.3', '10.20.0.2', 'sw-b')
  await b.sees('sw-a')
  return { lab, cluster, beside, a, b, ...clientsOf(t, lab) }
}

/** Clients that are plugged into the VLAN. */
function clientsOf(t: Test, lab: Lab) {
  const dir = mkdtempSync(join(tmpdir(), 'switchhook-several-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const script = join(dir, 'show')
  const show = '#!/bin/sh\n[ "$1" = bound ] && echo "at=$ip from=$serverid"\nexit 0\n'
  writeFileSync(script, show, { mode: 0o755 })
  let count = 0
  /** A client that has never been here; the address that it gets, null for none. */
  const askNewClient = async (tries = 8) => {
    const phone = lab.plugIn(`02:00:00:00:01:${String(10 + count++)}`)
    const options = ['-f', '-q', '-n', '-t', `${tries}`, '-T', '1', '-s', script]
    const { output } = await lab.run(phone, 'udhcpc', '-i', CLIENT_INTERFACE, ...options)
    return /at=(\S+) from=(\S+)/.exec(output)
  }
  /** A dhclient that keeps its lease in a file; each call is a restart of it. */
  const phone = () => {
    const index = count++
    const where = lab.plugIn(`02:00:00:00:01:${String(10 + index)}`)
    const files = [
      '-lf',
      join(dir, `leases${index}`),
      '-pf',
      join(dir, `pid${index}`),
      '-sf',
      '/bin/true',
    ]
    return async () => {
      // Ends by its time where nobody answers, before it would ask for another address.
      const ask = ['20', 'dhclient', '-4', '-v', '-1', ...files, CLIENT_INTERFACE]
      const { output } = await lab.run(where, 'timeout', ...ask)
      await lab.run(where, 'dhclient', '-x', ...files, CLIENT_INTERFACE)
      return output
    }
  }
  return { askNewClient, phone }
}

const ackOf = (output: string) => /DHCPACK of (\S+) from (\S+)/.exec(output)?.slice(1) ?? []

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
  'with PostgreSQL away: who has a lease keeps it, nobody new, no NAK',
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
