import t from 'tap'
import type { Conversion } from '../../src/conversion/conversion.ts'
import { aLoopbackBench } from './support/loopback-bench.ts'
import { CATCHABLE_SPEED, untilFetching } from './support/until-fetching.ts'

const PHONE = '000E84C060A6'
const OTHER_PHONE = '000E84C060A7'

type Timeline = readonly { readonly event: string; readonly text: string }[]

const PATHS = [
  { why: 'SCCP 5.x to SIP 6.3, by OS79XX.TXT', from: 'P00305000300', to: 'P0S3-06-3-00' },
  { why: 'SCCP 8.x to SIP 8.12, by the loader', from: 'P00308000500', to: 'P0S3-8-12-00' },
]

t.setTimeout(600_000)

for (const { why, from, to } of PATHS) {
  t.test(`${why}: a phone converts, and the phone beside it does not`, async (t) => {
    const bench = await aLoopbackBench(t, { loads: [from, to], admit: 'anyone' })
    const { api } = bench.appliance
    await api.put('/v1/profiles/to-sip', { protocol: 'sip', load: to })
    await api.put(`/v1/phones/${PHONE}`, {
      model: '7960',
      network: 'bench',
      profile: 'to-sip',
      lines: [{ name: '1201', password: 'geheim' }],
    })
    const started = await api.put<Conversion>(`/v1/phones/${PHONE}/conversion`, { to, from })
    t.equal(started.state, 'waiting')
    const again = async (body: object) => {
      const url = `${bench.apiUrl}/v1/phones/${PHONE}/conversion`
      const headers = { 'content-type': 'application/json' }
      return (await fetch(url, { method: 'PUT', headers, body: JSON.stringify(body) })).status
    }
    t.equal(await again({ to, from }), 200, 'the same once more')
    t.equal(await again({ to, from, path: 'cautious' }), 200, 'the path that it is on, named')
    t.equal(await again({ to, from, path: 'direct' }), 409, 'another path is another conversion')
    const [phone, other] = await Promise.all([
      bench.simulate(['--mac', PHONE, '--load', from, '--until', to, '--timeout', '90']),
      bench.simulate(['--mac', OTHER_PHONE, '--load', from, '--until', to, '--timeout', '20']),
    ])
    t.equal(phone.code, 0, phone.output)
    t.equal(other.code, 1, 'the other phone never runs the target')
    t.match(other.output, 'phone.address.taken', 'although it was given an address')
    t.notMatch(other.output, 'phone.file.got', 'it got no file at all')
    const end = await api.get<Conversion>(`/v1/phones/${PHONE}/conversion?wait=30`)
    t.match(end, { state: 'confirmed', from, to, step: 1, diagnosis: null })
    const timeline = await api.get<Timeline>(`/v1/phones/${PHONE}/timeline`)
    const events = timeline.map(({ event }) => event)
    for (const event of ['dhcp.ack.sent', 'tftp.transfer.ended', 'conversion.confirmed']) {
      t.ok(events.includes(event), event)
    }
    t.notMatch(bench.appliance.output, 'geheim', 'no password in the log')
    t.notMatch(JSON.stringify(timeline), 'geheim', 'nor in the timeline')
  })
}

t.test('a conversion goes on after kill -9 in its middle', async (t) => {
  const [from, to] = ['P00305000300', 'P0S3-06-3-00']
  const bench = await aLoopbackBench(t, { loads: [from, to], phoneSpeed: CATCHABLE_SPEED })
  const { appliance } = bench
  await appliance.api.put(`/v1/phones/${PHONE}`, { model: '7960', network: 'bench' })
  await appliance.api.put(`/v1/phones/${PHONE}/conversion`, { to, from })
  const until = ['--speed', `${CATCHABLE_SPEED}`, '--until', to, '--timeout', '100']
  const phone = bench.simulate(['--mac', PHONE, '--load', from, ...until])
  await untilFetching(appliance.api, PHONE)
  await appliance.kill()
  await appliance.start()
  t.equal((await phone).code, 0)
  const end = await appliance.api.get<Conversion>(`/v1/phones/${PHONE}/conversion?wait=30`)
  t.equal(end.state, 'confirmed')
})
