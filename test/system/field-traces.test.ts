import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { writeTrace } from '../../src/wire/trace/write-trace.ts'
import { fieldTrace } from '../support/field-trace.ts'
import { MAIN, run } from './support/appliance-process.ts'
import { aLoopbackBench } from './support/loopback-bench.ts'

// Two whole conversions of real phones, as they were logged, against the running appliance: real sockets, the
// phones' ports and intervals, at their real speed. The polling for half an hour behind it is left out.

const LOAD = 'P0S3-8-12-00'
const PROOF = 'SIPDefault.cnf'
/** A conversion is confirmed within so much of the deciding request. */
const WITHIN_MS = 5_000
const TAIL_S = 10

t.setTimeout(240_000)

type Shown = { readonly state: string; readonly evidence: readonly { readonly at: string }[] }

t.test('conversions of real phones are confirmed at their real speed', async (t) => {
  const { appliance, dhcpPort, tftpPort } = await aLoopbackBench(t, {
    loads: [LOAD],
    phoneSpeed: 1,
  })
  const play = async (name: string, mac: string, relay: string) => {
    const trace = fieldTrace(name)
    const proofAt = trace.events.find((event) => event.name === PROOF)?.t ?? 0
    const events = trace.events.filter((event) => event.t <= proofAt + TAIL_S)
    const file = join(appliance.dir, `${name}.jsonl`)
    writeFileSync(file, writeTrace({ ...trace, events }))
    await appliance.api.put(`/v1/phones/${mac}`, { model: '7960', network: 'bench' })
    const from = 'P00308000500'
    await appliance.api.put(`/v1/phones/${mac}/conversion`, { from, to: LOAD })
    const place = ['--loopback', relay]
    const ports = ['--dhcp-port', `${dhcpPort}`, '--tftp-port', `${tftpPort}`]
    const phone = ['--replay', file, '--mac', mac, '--speed', '1', '--json']
    await run(process.execPath, [MAIN, 'simulate', ...phone, ...place, ...ports], 200_000)
    const conversion = await appliance.api.get<Shown>(`/v1/phones/${mac}/conversion`)
    t.match(conversion, { state: 'confirmed', confirmedBy: 'application-files' }, name)
    const timeline = await appliance.api.get<readonly { at: string; text: string }[]>(
      `/v1/phones/${mac}/timeline`,
    )
    const asked = timeline.find(({ text }) => text.includes(PROOF))
    const lateMs = Date.parse(conversion.evidence[0]?.at ?? '') - Date.parse(asked?.at ?? '')
    t.ok(lateMs < WITHIN_MS, `${name}: ${lateMs} ms after the deciding request`)
  }
  await Promise.all([
    play('jh-l-conversion', '02000000A060', '127.84.0.1'),
    play('jh-p-conversion', '02000000A061', '127.84.0.2'),
  ])
})
