import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { PostgresCluster } from '../support/postgres-cluster.ts'
import { aFirmwareZip } from './support/a-firmware-zip.ts'
import { LACKING_FOR_PAIR as LACKING, type Side, SOON_MS, Vlan } from './support/appliance-pair.ts'
import { MAIN } from './support/appliance-process.ts'
import { CLIENT_INTERFACE, eventually, type Lab } from './support/lab.ts'

t.setTimeout(900_000)

const [FROM, TO] = ['P00308000500', 'P0S3-8-12-00']
const SPEED = 20
const WAVE_SIZE = 2
const PHONES = [1, 2, 3, 4].map((index) => ({
  mac: `02000000A00${index}`,
  address: `10.20.0.20${index}`,
}))

type Phone = { readonly mac: string; readonly state: string }
type RolloutView = { readonly state: string; readonly phones: readonly Phone[] }

/** Two appliances that know the firmware and the phones; the first serves the VLAN. */
async function aSite(t: Test) {
  const cluster = PostgresCluster.start(t)
  const vlan = new Vlan(t, cluster.url)
  const more = `conversions: { phoneSpeed: ${SPEED} }`
  const a = await vlan.start('a', { more })
  await a.serves()
  const b = await vlan.start('b', { more })
  await b.sees('sw-a')
  for (const load of [FROM, TO]) {
    const file = join(a.appliance.dir, `${load}.zip`)
    writeFileSync(file, await aFirmwareZip(load))
    const body = ['-H', 'content-type: application/zip', '--data-binary', `@${file}`]
    const url = 'http://127.0.0.1:8067/v1/firmware'
    await vlan.lab.run(vlan.lab.server, 'curl', '-sS', '-f', ...body, url)
  }
  for (const { mac, address } of PHONES) {
    await a.ask(`/v1/phones/${mac}`, 'PUT', { model: '7960', network: 'voice', address })
  }
  return { cluster, vlan, a, b }
}

/** Phones that are plugged in when their turn has come, as an operator does; what was seen of them. */
function somePhones(lab: Lab) {
  const place = lab.plugIn('02:00:00:00:00:04')
  lab.setAddress(place, '10.20.0.4/24')
  lab.addDefaultRoute(place)
  const plugged = new Set<string>()
  const plugIn = (mac: string) => {
    if (plugged.has(mac)) return
    plugged.add(mac)
    const what = ['--mac', mac, '--load', FROM, '--until', TO, '--interface', CLIENT_INTERFACE]
    const how = ['--speed', `${SPEED}`, '--timeout', '400']
    lab.startIn(place, process.execPath, MAIN, 'simulate', ...what, ...how)
  }
  let most = 0
  const look = async (side: Side): Promise<RolloutView> => {
    const view = (await side.ask('/v1/rollouts/site')).json as RolloutView
    const underWay = view.phones.filter(({ state }) => ['waiting', 'running'].includes(state))
    most = Math.max(most, underWay.length)
    for (const { mac, state } of view.phones) if (state === 'waiting') plugIn(mac)
    return view
  }
  return { look, most: () => most }
}

const count = ({ phones }: RolloutView, state: string) =>
  phones.filter((phone) => phone.state === state).length

t.test(
  'with PostgreSQL: a roll-out goes on elsewhere when its appliance dies',
  { skip: LACKING },
  async (t) => {
    const { cluster, vlan, a, b } = await aSite(t)
    const phones = somePhones(vlan.lab)
    const macs = PHONES.map(({ mac }) => mac)
    const request = {
      phones: macs,
      from: FROM,
      to: TO,
      canaries: 1,
      waveSize: WAVE_SIZE,
      stopAfter: 4,
    }
    t.match(await a.ask('/v1/rollouts/site', 'PUT', request), { status: 201 })
    const begun = await eventually(
      () => phones.look(a),
      (view) => count(view, 'confirmed') >= 1 && count(view, 'running') >= 1,
      300_000,
    )
    t.ok(count(begun, 'confirmed') >= 1, 'the canary is confirmed')
    t.ok(count(begun, 'pending') >= 1, 'and not all have begun')
    await a.appliance.kill()
    t.equal(await b.appliance.printed('rollout.taken', SOON_MS), true)
    const ended = await eventually(
      () => phones.look(b),
      ({ state }) => state === 'finished' || state === 'stopped',
      300_000,
    )
    t.match(ended, { state: 'finished' })
    t.equal(count(ended, 'confirmed'), PHONES.length, JSON.stringify(ended))
    t.equal(phones.most(), WAVE_SIZE)
    const driver = `SELECT driver FROM switchhook.document WHERE kind = 'rollout'`
    t.equal(cluster.sql(driver).trim(), 'lab/sw-b')
    await a.appliance.start()
    t.match(await phones.look(a), { state: 'finished' })
    t.equal(cluster.sql(driver).trim(), 'lab/sw-b', 'it comes back as one that shows it')
  },
)
