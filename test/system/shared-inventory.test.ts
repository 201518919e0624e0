import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { findPostgres, PostgresCluster } from '../support/postgres-cluster.ts'
import { aFirmwareZip } from './support/a-firmware-zip.ts'
import { aPage, lackingForPage } from './support/a-page.ts'
import { ApplianceProcess, freeTcpPort, freeUdpPort } from './support/appliance-process.ts'
import { eventually } from './support/lab.ts'

t.setTimeout(600_000)

const LACKING = findPostgres() === undefined ? 'PostgreSQL is not installed' : false
const PHONE = '000E84C060A6'
const OTHER = '000E84C060A7'
const LOAD = 'P00305000300'

/** An appliance of a site, with one network of its own, that has not started yet. */
async function aSite(t: Test, url: string, name: string, subnet: string) {
  const ports = await Promise.all([freeTcpPort(), freeUdpPort(), freeUdpPort()])
  const [apiPort, dhcpPort, tftpPort] = ports
  const yaml = `
dataDir: '{dir}/data'
database: { postgres: { urlFile: '{dir}/postgres-url', site: ${name}, name: ${name} } }
api: { listen: '127.0.0.1:${apiPort}' }
dhcp: { port: ${dhcpPort} }
tftp: { port: ${tftpPort} }
conversions: { phoneSpeed: 20 }
networks:
  - { name: ${name}, relayed: true, address: 127.0.0.1, subnet: ${subnet}.0/24,
      pool: [${subnet}.50-${subnet}.99], admit: anyone, probe: false }
`
  const appliance = new ApplianceProcess(yaml, { apiPort })
  t.teardown(() => appliance.remove())
  const setUrl = (text: string) => appliance.writeSecret('postgres-url', text)
  setUrl(url)
  return { appliance, apiPort, dhcpPort, tftpPort, setUrl, origin: appliance.origin }
}

type Site = Awaited<ReturnType<typeof aSite>>

const soon = <Answer>(ask: () => Promise<Answer>, is: (answer: Answer) => boolean) =>
  eventually(ask, is, 30_000)

const phoneAt = async ({ origin }: Site, mac: string) => {
  const answer = await fetch(`${origin}/v1/phones/${mac}`)
  const body = (await answer.json()) as { readonly label?: string }
  return { status: answer.status, etag: answer.headers.get('etag'), body }
}

const readyOf = async ({ origin }: Site) => {
  const answer = await fetch(`${origin}/readyz`)
  return { status: answer.status, text: await answer.text() }
}

function put({ origin }: Site, mac: string, label: string, headers: Record<string, string> = {}) {
  return fetch(`${origin}/v1/phones/${mac}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: '7960', label }),
  })
}

type EventPage = {
  readonly events: readonly {
    readonly id: number
    readonly appliance: string
    readonly fields: object
  }[]
  readonly next: string
  readonly partial: boolean
}

const eventsAt = async ({ origin }: Site, query: string) => {
  const answer = await fetch(`${origin}/v1/events?${query}`)
  return (await answer.json()) as EventPage
}

const conversionAt = async ({ origin }: Site) => {
  const answer = await fetch(`${origin}/v1/phones/${PHONE}/conversion`)
  return (await answer.json()) as { readonly state?: string }
}

/** The name of a token that was made there: an event, whether PostgreSQL is there or not. */
const TOKENS = 'event=audit.change&limit=1000'
const tokensIn = ({ events }: EventPage) =>
  events.flatMap(({ appliance, fields }) => {
    const { action } = fields as { readonly action?: string }
    return action === 'createToken' ? [appliance] : []
  })

async function makeToken({ origin }: Site, name: string): Promise<void> {
  const answer = await fetch(`${origin}/v1/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, role: 'read' }),
  })
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`)
}

t.test('with PostgreSQL: two sites share an inventory', { skip: LACKING }, async (t) => {
  const cluster = PostgresCluster.start(t)
  const a = await aSite(t, cluster.url, 'prague', '127.84.0')
  const b = await aSite(t, cluster.url, 'brno', '127.85.0')
  await Promise.all([a.appliance.start(), b.appliance.start()])

  await t.test('an edit on one is seen on the other, with the same entity tag', async (t) => {
    t.equal((await put(a, PHONE, 'first')).status, 201)
    const seen = await soon(
      () => phoneAt(b, PHONE),
      ({ status }) => status === 200,
    )
    t.match(seen, { status: 200, body: { label: 'first' } })
    const here = await phoneAt(a, PHONE)
    t.equal(seen.etag, here.etag)
    const stale = String(here.etag)
    t.equal((await put(b, PHONE, 'second', { 'if-match': stale })).status, 200)
    t.equal((await put(a, PHONE, 'third', { 'if-match': stale })).status, 412)
    t.match(await phoneAt(a, PHONE), { body: { label: 'second' } })
  })

  await t.test('firmware is imported once, and its bytes are everywhere', async (t) => {
    await a.appliance.api.post('/v1/firmware', await aFirmwareZip(LOAD), 'application/zip')
    const loads = () => b.appliance.api.get('/v1/firmware') as Promise<readonly object[]>
    t.match(await soon(loads, ({ length }) => length === 1), [{ load: LOAD }])
    t.same(await loads(), await a.appliance.api.get('/v1/firmware'))
  })

  await t.test('a conversion that one begins is shown and cancelled on the other', async (t) => {
    const to = 'P0S3-06-3-00'
    await a.appliance.api.post('/v1/firmware', await aFirmwareZip(to), 'application/zip')
    const request = { to, from: LOAD, acceptOneWay: true }
    await a.appliance.api.put(`/v1/phones/${PHONE}/conversion`, request)
    const begun = await soon(
      () => conversionAt(b),
      ({ state }) => state === 'waiting',
    )
    t.match(begun, { state: 'waiting', to, from: LOAD })
    const url = `${b.origin}/v1/phones/${PHONE}/conversion`
    t.equal((await fetch(url, { method: 'DELETE' })).status, 200)
    t.match(
      await soon(
        () => conversionAt(a),
        ({ state }) => state === 'cancelled',
      ),
      { state: 'cancelled' },
    )
  })

  let place = ''
  await t.test('what happened on one is seen on the other', async (t) => {
    const ofPhone = async (site: Site) => {
      const { events } = await eventsAt(site, `mac=${PHONE}&after=0&limit=1000`)
      return events.map(({ id, appliance }) => `${appliance} ${id}`)
    }
    const [here, there] = await soon(
      () => Promise.all([ofPhone(a), ofPhone(b)]),
      ([atA, atB]) => atA.length > 4 && `${atA}` === `${atB}`,
    )
    t.same(here, there, 'in the same order')
    t.ok(here.some((name) => name.startsWith('prague')))
    t.ok(here.some((name) => name.startsWith('brno')))
    const timeline = (await b.appliance.api.get(
      `/v1/phones/${PHONE}/timeline`,
    )) as readonly object[]
    t.equal(timeline.length, here.length)
    t.match(timeline[0], { site: 'prague', appliance: 'prague', event: 'audit.change' })
    const { next, partial } = await eventsAt(b, 'limit=1')
    t.equal(partial, false)
    t.match(next, /^(?=.*prague\/prague:\d+)(?=.*brno\/brno:\d+)/)
    place = encodeURIComponent(next)
    t.match(await eventsAt(a, `after=${place}&${TOKENS}`), { events: [] }, 'a cursor of either')
  })

  await t.test('and the page says where', { skip: lackingForPage() }, async (t) => {
    const { page } = await aPage(t, b.origin)
    await page.goto(`${b.origin}/#/phones/${PHONE}`)
    const entries = page.getByLabel('Timeline of the phone').locator('li')
    await entries.first().waitFor()
    const texts = await entries.allTextContents()
    for (const name of ['prague', 'brno']) t.ok(texts.some((text) => text.endsWith(` on ${name}`)))
    const capture = await fetch(`${b.origin}/v1/phones/${PHONE}/capture.pcapng`)
    t.match(Buffer.from(await capture.arrayBuffer()).toString('latin1'), 'Appliance brno/brno;')
  })

  await t.test('while PostgreSQL is away both serve, and nothing can be edited', async (t) => {
    cluster.stop('immediate')
    for (const site of [a, b]) {
      const ready = await soon(
        () => readyOf(site),
        ({ status }) => status === 503,
      )
      t.match(ready, { status: 503, text: /PostgreSQL cannot be used/ })
      const refused = await put(site, OTHER, 'lost')
      t.equal(refused.status, 503)
      t.ok(Number(refused.headers.get('retry-after')) > 0)
      t.match(await phoneAt(site, PHONE), { status: 200, body: { label: 'second' } })
    }
    for (const site of [a, b]) await makeToken(site, 'meanwhile')
    t.match(tokensIn(await eventsAt(a, TOKENS)), ['prague'], 'what is here is shown')
    t.equal((await eventsAt(a, TOKENS)).partial, true)
    await b.appliance.kill()
    await b.appliance.start()
    t.match(await phoneAt(b, PHONE), { status: 200, body: { label: 'second' } }, 'from its copy')
    t.match(await b.appliance.api.get('/v1/firmware'), [{ load: LOAD }])
  })

  await t.test('and when it is back everything goes on', async (t) => {
    cluster.start()
    for (const site of [a, b]) {
      t.equal(
        (
          await soon(
            () => readyOf(site),
            ({ status }) => status === 200,
          )
        ).status,
        200,
      )
    }
    for (const site of [a, b]) {
      const found = await soon(
        async () => tokensIn(await eventsAt(site, `after=${place}&${TOKENS}`)),
        ({ length }) => length === 2,
      )
      t.same([...found].sort(), ['brno', 'prague'], 'no event is missing')
    }
    t.equal((await put(b, OTHER, 'new')).status, 201)
    t.match(
      await soon(
        () => phoneAt(a, OTHER),
        ({ status }) => status === 200,
      ),
      {
        body: { label: 'new' },
      },
    )
  })
})

t.test('with PostgreSQL: bad input', { skip: LACKING }, async (t) => {
  const cluster = PostgresCluster.start(t)
  const secret = 'pass-that-nobody-sees'
  const host = encodeURIComponent(cluster.dir)
  const site = await aSite(t, cluster.url, 'prague', '127.86.0')

  await t.test('a malformed URL ends with 78 and is not repeated', async (t) => {
    for (const url of ['mysql://x:y@z/w', `postgresql://u:${secret}@h:port/d`, 'postgresql://h']) {
      site.setUrl(url)
      const { code, output } = await site.appliance.startInVain()
      t.equal(code, 78, output)
      t.match(output, 'database.postgres.urlFile')
      t.notMatch(output, secret)
    }
  })

  const cases = [
    {
      why: 'a wrong password',
      url: `postgresql://locked:${secret}@${host}/switchhook`,
      says: /password authentication failed/,
    },
    {
      why: 'an unknown database',
      url: `postgresql://switchhook:${secret}@${host}/none`,
      says: /none\W+ does not exist/,
    },
    {
      why: 'an unknown user',
      url: `postgresql://nobody:${secret}@${host}/switchhook`,
      says: /nobody\W+ does not exist/,
    },
    {
      why: 'a user that may create nothing',
      url: `postgresql://poor:${secret}@${host}/switchhook`,
      says: /permission denied for database .*it needs CREATE on the database/,
    },
    {
      why: 'a user whose transactions are read-only',
      url: `postgresql://reader:${secret}@${host}/switchhook`,
      says: /it is read-only: default_transaction_read_only is on/,
    },
    {
      why: 'a user that may not connect so often',
      url: `postgresql://crowded:${secret}@${host}/switchhook`,
      says: /too many connections for role .*each appliance needs five connections/,
    },
    {
      why: 'a host that does not answer',
      url: `postgresql://u:${secret}@127.0.0.1:1/d`,
      says: /127\.0\.0\.1:1/,
    },
  ]
  const hba = join(cluster.data, 'pg_hba.conf')
  writeFileSync(hba, `local all locked scram-sha-256\n${readFileSync(hba, 'utf8')}`)
  cluster.sql(`CREATE ROLE locked LOGIN PASSWORD 'another'; SELECT pg_reload_conf()`)
  cluster.sql(`CREATE ROLE poor LOGIN; CREATE ROLE reader LOGIN; CREATE ROLE crowded LOGIN
    CONNECTION LIMIT 0; ALTER ROLE reader SET default_transaction_read_only = on`)
  for (const { why, url, says } of cases) {
    await t.test(`with ${why} it runs and says so`, async (t) => {
      site.setUrl(url)
      await site.appliance.start()
      t.match(await readyOf(site), { status: 503, text: says })
      t.equal((await put(site, PHONE, 'x')).status, 503)
      await site.appliance.stop()
      t.notMatch(site.appliance.output, secret)
    })
  }

  await t.test('a standby is not taken for the primary', async (t) => {
    writeFileSync(join(cluster.data, 'standby.signal'), '')
    cluster.stop()
    cluster.start()
    site.setUrl(cluster.url)
    await site.appliance.start()
    t.match(await readyOf(site), { status: 503, text: /standby, which is read-only/ })
    await site.appliance.stop()
  })
})
