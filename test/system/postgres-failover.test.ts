import t, { type Test } from 'tap'
import { PostgresCluster, urlOf } from '../support/postgres-cluster.ts'
import {
  ackOf,
  clientsOf,
  LACKING_FOR_PAIR as LACKING,
  type Side,
  SOON_MS,
  Vlan,
} from './support/appliance-pair.ts'
import { eventually } from './support/lab.ts'

t.setTimeout(900_000)

/** A primary, a standby that follows it, and two appliances on a VLAN that know both. */
async function aReplicatedPair(t: Test, isSynchronous: boolean) {
  const primary = PostgresCluster.start(t)
  const standby = PostgresCluster.startStandby(t, primary)
  if (isSynchronous) {
    primary.sql(`ALTER SYSTEM SET synchronous_standby_names = 'standby'`)
    primary.sql('SELECT pg_reload_conf()')
  }
  const wanted = isSynchronous ? 'sync' : 'async'
  const state = await eventually(
    async () => primary.sql('SELECT sync_state FROM pg_stat_replication').trim(),
    (now) => now === wanted,
    SOON_MS,
  )
  if (state !== wanted) throw new Error(`replication is ${state} and not ${wanted}`)
  const vlan = new Vlan(t, urlOf(primary, standby))
  const a = await vlan.start('a')
  await a.serves()
  const b = await vlan.start('b')
  await b.sees('sw-a')
  return { primary, standby, a, b, ...clientsOf(t, vlan.lab) }
}

const readyOf = (side: Side) =>
  eventually(
    () => side.ask('/readyz'),
    ({ status }) => status === 200,
    SOON_MS,
  )

/** Waits until one of the two serves, whichever it is. */
async function oneServes(a: Side, b: Side): Promise<void> {
  const served = async () => {
    const both = await Promise.all([a.ask('/v1/networks/voice'), b.ask('/v1/networks/voice')])
    return both.some(({ json }) => json?.served === true)
  }
  if (!(await eventually(served, (is) => is, SOON_MS))) {
    throw new Error(`nobody serves:\n${a.appliance.output}\n${b.appliance.output}`)
  }
}

const addressIn = (output: string) => ackOf(output)[0]

t.test(
  'with PostgreSQL: a synchronous standby takes over, and no acknowledged lease is lost',
  { skip: LACKING },
  async (t) => {
    const { primary, standby, a, b, phone } = await aReplicatedPair(t, true)
    t.match((await readyOf(a)).json, { status: 'ready', ownership: 'owner', warnings: [] })

    const early = [phone(), phone()]
    for (const boot of early) t.ok(addressIn(await boot()))
    // The others ask while the primary dies: some are answered before, some in between, some not at all.
    const late = [phone(), phone(), phone(), phone()]
    const asked = late.map((boot) => boot())
    const first = await Promise.race(asked)
    t.ok(addressIn(first))
    primary.stop('immediate')
    standby.promote()
    const answers = await Promise.all(asked)
    await oneServes(a, b)

    const known = early.length + answers.filter((output) => addressIn(output)).length
    t.comment(`${known} leases were acknowledged before and during the failover`)
    const held = new Set<string>()
    for (const [index, boot] of [...early, ...late].entries()) {
      const before =
        index < early.length ? undefined : addressIn(answers[index - early.length] ?? '')
      const output = await boot()
      const address = addressIn(output)
      t.ok(address, `phone ${index} is served`)
      t.notMatch(output, 'DHCPNAK')
      if (before !== undefined) t.equal(address, before, `phone ${index} keeps its address`)
      held.add(address ?? '')
    }
    t.equal(held.size, early.length + late.length, 'no address twice')
    const stored = standby.sql('SELECT count(*) FROM switchhook.lease').trim()
    t.equal(Number(stored), held.size)
    t.match((await readyOf(a)).json, { warnings: [/synchronous_standby_names/] })

    await t.test('a former primary that comes back as one is left alone', async (t) => {
      primary.start()
      standby.stop('immediate')
      const said = await eventually(
        () => a.ask('/readyz'),
        ({ text }) => /former primary/.test(text),
        SOON_MS,
      )
      t.match(said, { status: 503, text: /former primary \(timeline 1, and 2 was seen\)/ })
      standby.start()
      await oneServes(a, b)
      t.ok(addressIn(await phone()()), 'and who is new is served')
    })
  },
)

t.test(
  'with PostgreSQL: an asynchronous standby is a warning, before and after it takes over',
  { skip: LACKING },
  async (t) => {
    const { primary, standby, a, b, phone } = await aReplicatedPair(t, false)
    const warning = { status: 200, json: { warnings: [/a failover may lose leases/] } }
    for (const side of [a, b]) t.match(await readyOf(side), warning)
    const boot = phone()
    const address = addressIn(await boot())
    const isThere = async () => standby.sql(`SELECT count(*) FROM switchhook.lease`).trim() === '1'
    t.equal(await eventually(isThere, (is) => is, SOON_MS), true, 'a moment later')
    primary.stop('immediate')
    standby.promote()
    await oneServes(a, b)
    const again = await boot()
    t.equal(addressIn(again), address)
    t.notMatch(again, 'DHCPNAK')
    t.match(await readyOf(a), warning)
  },
)

t.test(
  'with PostgreSQL: what an asynchronous standby lacks is stored again by who still has it',
  { skip: LACKING },
  async (t) => {
    const { primary, standby, a, b, phone } = await aReplicatedPair(t, false)
    const warning = { status: 200, json: { warnings: [/a failover may lose leases/] } }
    for (const side of [a, b]) t.match(await readyOf(side), warning, 'said beforehand')
    const early = phone()
    t.ok(addressIn(await early()))
    const stored = async () => standby.sql('SELECT count(*) FROM switchhook.lease').trim()
    await eventually(stored, (count) => count === '1', SOON_MS)

    standby.stopReceiving()
    const late = phone()
    const address = addressIn(await late())
    t.ok(address, 'a lease that is on the primary alone')
    const edit = await a.ask('/v1/phones/000E84C060A6', 'PUT', { model: '7960' })
    t.match(edit, { status: 201 }, 'and so is an edit')
    primary.stop('immediate')
    standby.promote()
    t.equal(await stored(), '1')

    await a.serves()
    t.equal(await eventually(stored, (count) => count === '2', SOON_MS), '2', 'the lease is back')
    t.equal(await a.appliance.printed('leases.stored.again', SOON_MS), true)
    for (const side of [a, b]) {
      const phoneOf = () => side.ask('/v1/phones/000E84C060A6')
      const gone = await eventually(phoneOf, ({ status }) => status === 404, SOON_MS)
      t.equal(gone.status, 404, 'an edit is lost, on both alike')
    }
    await a.appliance.kill()
    await b.serves()
    const again = await late()
    t.equal(addressIn(again), address, 'the next owner knows the lease')
    t.notMatch(again, 'DHCPNAK')
  },
)
