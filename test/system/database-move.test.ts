import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { findPostgres, PostgresCluster } from '../support/postgres-cluster.ts'
import { aFirmwareZip } from './support/a-firmware-zip.ts'
import {
  ApplianceProcess,
  freeTcpPort,
  freeUdpPort,
  MAIN,
  run,
} from './support/appliance-process.ts'

t.setTimeout(600_000)

const LACKING = findPostgres() === undefined ? 'PostgreSQL is not installed' : false
const PHONE = '000E84C060A6'
const LOAD = 'P00305000300'
const TO = 'P0S3-06-3-00'
const SECRET = 'pass-that-nobody-sees'

/** An appliance that keeps all in SQLite until `database` names PostgreSQL. */
async function anAppliance(t: Test) {
  const [apiPort, dhcpPort, tftpPort] = await Promise.all([
    freeTcpPort(),
    freeUdpPort(),
    freeUdpPort(),
  ])
  const yaml = (dataDir: string, isShared: boolean) => `
dataDir: '{dir}/${dataDir}'
${isShared ? `database: { postgres: { urlFile: '{dir}/url', site: lab, name: sw-a } }` : ''}
api: { listen: '127.0.0.1:${apiPort}' }
dhcp: { port: ${dhcpPort} }
tftp: { port: ${tftpPort} }
networks:
  - { name: voice, relayed: true, address: 127.0.0.1, subnet: 127.87.0.0/24,
      pool: [127.87.0.50-127.87.0.99], probe: false }
`
  const appliance = new ApplianceProcess(yaml('data', false), { apiPort })
  t.teardown(() => appliance.remove())
  const secret = (name: string, text: string) => appliance.writeSecret(name, text)
  /** The configuration as it is from now on, for the appliance and for the command. */
  const configure = (dataDir: string, isShared: boolean) => {
    appliance.yaml = yaml(dataDir, isShared)
    writeFileSync(appliance.config, appliance.yaml.replaceAll('{dir}', appliance.dir))
  }
  const move = (...args: readonly string[]) =>
    run(process.execPath, [MAIN, 'database', 'move', '--config', appliance.config, ...args])
  return { appliance, secret, configure, move }
}

/** What an operator would look for after a move. */
async function contentOf({ api }: ApplianceProcess) {
  const phones = (await api.get('/v1/phones')) as readonly object[]
  const firmware = await api.get('/v1/firmware')
  const profiles = await api.get('/v1/profiles')
  const conversion = await api.get(`/v1/phones/${PHONE}/conversion`)
  const { events } = (await api.get('/v1/events?after=0&event=audit.&limit=1000')) as {
    readonly events: readonly { readonly id: number; readonly fields: object }[]
  }
  const done = events.map(({ id, fields }) => ({ id, fields }))
  return { phones, firmware, profiles, conversion, events: done }
}

t.test('with PostgreSQL: `database move` goes there and back', { skip: LACKING }, async (t) => {
  const cluster = PostgresCluster.start(t)
  const { appliance, secret, configure, move } = await anAppliance(t)
  const url = secret('url', cluster.url)
  await appliance.start()
  for (const load of [LOAD, TO])
    await appliance.api.post('/v1/firmware', await aFirmwareZip(load), 'application/zip')
  await appliance.api.put('/v1/profiles/office', { protocol: 'sip', load: TO })
  await appliance.api.put(`/v1/phones/${PHONE}`, { model: '7960', profile: 'office', label: 'a' })
  const request = { to: TO, from: LOAD, acceptOneWay: true }
  await appliance.api.put(`/v1/phones/${PHONE}/conversion`, request)
  const before = await contentOf(appliance)

  await t.test('wrong uses are refused, and change nothing', async (t) => {
    const refused = async (code: number, says: RegExp, ...args: readonly string[]) => {
      const answer = await move(...args)
      t.equal(answer.code, code, answer.output)
      t.match(answer.output, says)
      t.notMatch(answer.output, SECRET)
    }
    await refused(64, /give --config and either --to-url-file or --to-sqlite/)
    await refused(64, /give --config and either/, '--to-sqlite', '--to-url-file', url)
    await refused(1, /has no database\.postgres/, '--to-url-file', url)
    configure('data', true)
    await refused(69, /in use|is running/, '--to-url-file', url)
    await appliance.stop()
    await refused(78, /urlFile/, '--to-url-file', join(appliance.dir, 'no-such-file'))
    const malformed = secret('malformed', `mysql://u:${SECRET}@h/d`)
    await refused(78, /it must begin with postgresql:/, '--to-url-file', malformed)
    const nobody = secret('nobody', `postgresql://u:${SECRET}@127.0.0.1:1/d`)
    await refused(69, /127\.0\.0\.1:1/, '--to-url-file', nobody)
    t.equal(cluster.sql(`SELECT to_regnamespace('switchhook') IS NULL`).trim(), 't')
  })

  await t.test('there', async (t) => {
    const file = join(appliance.dir, 'data', 'switchhook.db')
    const bytes = readFileSync(file)
    const { code, output } = await move('--to-url-file', url)
    t.equal(code, 0, output)
    t.match(output, /phones: 1\n/)
    t.match(output, /firmware: 2\n/)
    t.match(output, /Both sides are the same\.\n$/)
    t.ok(readFileSync(file).equals(bytes), 'the SQLite file stays as it is')
    const again = await move('--to-url-file', url)
    t.equal(again.code, 1, again.output)
    t.match(again.output, /the target is not empty: phone, profile, firmware, document, event/)
    await appliance.start()
    t.same(await contentOf(appliance), before)
    t.match(await (await fetch(`${appliance.origin}/readyz`)).json(), { status: 'ready' })
    await appliance.api.put('/v1/profiles/lobby', { protocol: 'sip', load: TO })
    t.equal(cluster.sql('SELECT count(*) FROM switchhook.profile').trim(), '2')
  })

  await t.test('and back, into a folder that is empty', async (t) => {
    const shared = await contentOf(appliance)
    await appliance.stop()
    const full = await move('--to-sqlite')
    t.equal(full.code, 1, full.output)
    t.match(full.output, /the target is not empty: phones, profiles, firmware, documents/)
    configure('other', true)
    const { code, output } = await move('--to-sqlite')
    t.equal(code, 0, output)
    t.match(output, /profiles: 2\n/)
    t.match(output, /Both sides are the same\.\n$/)
    t.ok(existsSync(join(appliance.dir, 'other', 'switchhook.db')))
    cluster.stop()
    configure('other', false)
    await appliance.start()
    const { events, ...rest } = await contentOf(appliance)
    const { events: sent, ...expected } = shared
    t.same(rest, expected)
    t.same(events, sent, 'the events that were sent before the stop')
    await appliance.stop()
  })
})
