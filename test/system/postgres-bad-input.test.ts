import { spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { NOBODY, PostgresCluster } from '../support/postgres-cluster.ts'
import {
  ackOf,
  clientsOf,
  LACKING_FOR_PAIR as LACKING,
  type Side,
  type SideOptions,
  SOON_MS,
  Vlan,
} from './support/appliance-pair.ts'
import { endProcess } from './support/end-process.ts'
import { findFaketime } from './support/faketime.ts'
import { eventually } from './support/lab.ts'

t.setTimeout(900_000)

const PGBOUNCER = '/usr/sbin/pgbouncer'
const FAKETIME = findFaketime()

/** An appliance that serves, a phone that has `address` from it, and a second one that something is wrong with. */
async function aPairWith(t: Test, wrong: SideOptions) {
  const cluster = PostgresCluster.start(t)
  const vlan = new Vlan(t, cluster.url)
  const a = await vlan.start('a')
  await a.serves()
  const boot = clientsOf(t, vlan.lab).phone()
  const [address] = ackOf(await boot())
  return { a, b: vlan.place('b', wrong), boot, address }
}

type Pair = Awaited<ReturnType<typeof aPairWith>>

/** The first one restarts and serves on, and the second has taken nothing. */
async function servesAgain(t: Test, { a, b, boot, address }: Pair): Promise<void> {
  await a.appliance.kill()
  await a.appliance.start()
  await a.serves()
  t.same(ackOf(await boot()), [address, '10.20.0.2'])
  t.notMatch(b.appliance.output, /"network\.taken"/)
}

const refusal = (side: Side, says: RegExp) =>
  eventually(
    () => side.ask('/readyz'),
    ({ status, text }) => status === 503 && says.test(text),
    SOON_MS,
  )

t.test(
  'with PostgreSQL: an appliance with the name of another ends, and the other serves on',
  { skip: LACKING },
  async (t) => {
    const { a, b, boot, address } = await aPairWith(t, { name: 'sw-a' })
    const { code, output } = await b.appliance.startInVain()
    t.equal(code, 78, output)
    t.match(output, /another appliance of this site runs under the same name/)
    t.same(ackOf(await boot()), [address, '10.20.0.2'])
    t.equal(await a.owner(), 'sw-a')
  },
)

t.test(
  'with PostgreSQL: an appliance with another subnet says so and takes nothing',
  { skip: LACKING },
  async (t) => {
    const pair = await aPairWith(t, { subnet: '10.20.0.0/23' })
    const { a, b } = pair
    await b.appliance.start()
    const differs = /network voice is configured otherwise on sw-a, which serves it: subnet, pool/
    t.match(await refusal(b, differs), { status: 503, text: differs })
    t.match(await a.ask('/readyz'), { status: 200 })
    t.match(await a.ask('/v1/networks/voice/owner', 'PUT', { owner: 'sw-b' }), { status: 409 })
    await servesAgain(t, pair)
  },
)

t.test(
  'with PostgreSQL: an appliance whose clock is 45 s off says so and takes nothing',
  { skip: LACKING || (FAKETIME === undefined ? 'libfaketime' : false) },
  async (t) => {
    const fake = [`LD_PRELOAD=${FAKETIME}`, 'FAKETIME=+45s', 'FAKETIME_DONT_FAKE_MONOTONIC=1']
    const pair = await aPairWith(t, { before: ['env', ...fake] })
    const { a, b } = pair
    await b.appliance.start()
    const skewed =
      /no shared network is served here: the clock differs from the database's by 4[456] s/
    t.match(await refusal(b, skewed), { status: 503, text: skewed })
    // What it says of itself is stored each second.
    const refused = await eventually(
      () => a.ask('/v1/networks/voice/owner', 'PUT', { owner: 'sw-b' }),
      ({ text }) => /clock/.test(text),
      SOON_MS,
    )
    t.match(refused, { status: 409, text: /the clock differs/ })
    await servesAgain(t, pair)
  },
)

/** PgBouncer in transaction mode before a cluster, on a Unix socket; it refuses to run as root. */
async function aPooler(t: Test, cluster: PostgresCluster, ignored: string): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'switchhook-pool-'))
  if (process.getuid?.() === 0) chownSync(dir, NOBODY, NOBODY)
  const file = join(dir, 'pgbouncer.ini')
  const users = join(dir, 'users')
  writeFileSync(users, '"switchhook" ""\n')
  writeFileSync(
    file,
    `[databases]
switchhook = host=${cluster.dir} port=5432 user=switchhook
[pgbouncer]
unix_socket_dir = ${dir}
listen_port = 5432
auth_type = trust
auth_file = ${users}
pool_mode = transaction
ignore_startup_parameters = ${ignored}
`,
  )
  const asNobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  const pooler = spawn(PGBOUNCER, [file], { stdio: 'ignore', ...asNobody })
  t.teardown(async () => {
    await endProcess(pooler)
    rmSync(dir, { recursive: true, force: true })
  })
  const socket = join(dir, '.s.PGSQL.5432')
  if (
    !(await eventually(
      async () => existsSync(socket),
      (is) => is,
      SOON_MS,
    ))
  ) {
    throw new Error('PgBouncer does not listen')
  }
  return `postgresql://switchhook@${encodeURIComponent(dir)}/switchhook`
}

const POOLERS = [
  { why: 'as it is installed', ignored: 'search_path', says: /unsupported startup parameter/ },
  {
    why: 'that ignores what it does not know',
    ignored: 'statement_timeout, lock_timeout, search_path',
    says: /a connection pooler stands before it/,
  },
]

t.test(
  'with PostgreSQL: PgBouncer in transaction mode is refused, and nothing is lost',
  { skip: LACKING || (existsSync(PGBOUNCER) ? false : 'pgbouncer') },
  async (t) => {
    const cluster = PostgresCluster.start(t)
    for (const { why, ignored, says } of POOLERS) {
      await t.test(why, async (t) => {
        const url = await aPooler(t, cluster, ignored)
        const side = await new Vlan(t, url).start('a')
        t.match(await refusal(side, says), { status: 503, text: says })
        const put = await side.ask('/v1/phones/000E84C060A6', 'PUT', { model: '7960' })
        t.equal(put.status, 503)
        t.match((await side.ask('/v1/phones')).json, { length: 0 })
        t.equal(cluster.sql(`SELECT to_regnamespace('switchhook') IS NULL`).trim(), 't')
      })
    }
  },
)
