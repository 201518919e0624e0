import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import type { Ipv4 } from '../../src/net/ipv4.ts'
import { encodeMessage } from '../../src/wire/sccp/encode-message.ts'
import type { SccpMessage } from '../../src/wire/sccp/message.ts'
import { anAppliance, run } from './support/appliance-process.ts'
import { Lab, SERVER_INTERFACE } from './support/lab.ts'
import { testWith } from './support/test-with.ts'

const MAC = '0002B9A0A060'
const SERVER = '10.20.0.2'
const AT = '10.20.0.60'

const YAML = `
dataDir: '{dir}/data'
api: { listen: '127.0.0.1:8067' }
callControl: { sip: {}, sccp: {} }
networks:
  - name: bench
    interface: ${SERVER_INTERFACE}
    address: ${SERVER}
    subnet: 10.20.0.0/24
    callControl: true
    probe: false
`

/** A REGISTER of a 7960 with SIP 8.x, for SIPp. */
const REGISTER = `<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="register">
<send retrans="500"><![CDATA[
REGISTER sip:[remote_ip] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:1001@[remote_ip]>;tag=0002b9a0a0600002[call_number]
To: <sip:1001@[remote_ip]>
Call-ID: 0002b9a0-a0600002-///[call_id]
CSeq: 101 REGISTER
User-Agent: Cisco-CP7960G/8.0
Contact: <sip:1001@[local_ip]:[local_port]>
Expires: 120
Content-Length: 0

]]></send>
<recv response="200"></recv>
</scenario>
`

/** A phone that answers a NOTIFY with this status. */
const answering = (status: string) => `<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="notified">
<recv request="NOTIFY" timeout="20000"></recv>
<send><![CDATA[
SIP/2.0 ${status}
[last_Via:]
[last_From:]
[last_To:];tag=1
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
</scenario>
`

type ApiEvent = { readonly event: string; readonly fields: Readonly<Record<string, unknown>> }

async function aBench(t: Test) {
  const lab = Lab.open(t, `${SERVER}/24`)
  await anAppliance(t, YAML, { apiPort: 8067, prefix: lab.besideServer })
  const dir = mkdtempSync(join(tmpdir(), 'switchhook-restarts-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const ask = async (method: string, path: string, body?: object) => {
    const json = ['-H', 'content-type: application/json', '--data-binary', JSON.stringify(body)]
    const args = ['-sS', '-X', method, ...(body === undefined ? [] : json)]
    const url = `http://127.0.0.1:8067${path}`
    const { output } = await run('ip', ['netns', 'exec', lab.server, 'curl', ...args, url])
    return output === '' ? undefined : JSON.parse(output)
  }
  const lines = [{ name: '1001', password: 'x' }]
  await ask('PUT', `/v1/phones/${MAC}`, { model: '7960', network: 'bench', address: AT, lines })
  const phone = lab.plugIn('00:02:b9:a0:a0:60')
  lab.setAddress(phone, `${AT}/24`)
  const fetched = (name: string) => lab.run(phone, 'curl', '-sS', `tftp://${SERVER}/${name}`)
  await fetched(`SIP${MAC}.cnf`)
  const restart = (method?: string) =>
    ask('POST', `/v1/phones/${MAC}/restart`, method === undefined ? {} : { method })
  const outcomes = async (): Promise<readonly ApiEvent[]> => {
    const { events } = await ask('GET', `/v1/events?mac=${MAC}&limit=500`)
    return (events as ApiEvent[]).filter(({ event }) => event.startsWith('phone.restart.'))
  }
  /** Waits until so many outcomes were told. */
  const reported = async (count: number) => {
    for (let turn = 0; turn < 100 && (await outcomes()).length < count; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    return outcomes()
  }
  const sipp = (name: string, scenario: string, ...more: readonly string[]) => {
    const file = join(dir, `${name}.xml`)
    writeFileSync(file, scenario)
    const args = ['-sf', file, '-m', '1', '-i', AT, '-p', '5060', '-nostdin', '-timeout', '20']
    return lab.run(phone, 'sipp', ...args, ...more)
  }
  const register = () => sipp('register', REGISTER, `${SERVER}:5060`)
  return { lab, phone, ask, fetched, restart, reported, sipp, register }
}

t.setTimeout(300_000)

testWith(
  ['sipp', 'curl', 'tshark'],
  'NOTIFY: the phone reads syncinfo.xml, starts, and is seen',
  async (t) => {
    const { lab, fetched, restart, reported, sipp, register } = await aBench(t)
    t.equal((await register()).code, 0)
    const notified = sipp('notified', answering('200 OK'))
    const wire = lab.run(
      lab.server,
      'tshark',
      ...['-l', '-n', '-i', SERVER_INTERFACE, '-a', 'duration:6', '-Y', 'sip.Method == "NOTIFY"'],
      ...['-T', 'fields', '-e', 'sip.r-uri', '-e', 'sip.Event', '-e', '_ws.malformed'],
    )
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    t.same(await restart(), { method: 'notify' })
    t.equal((await notified).code, 0)
    t.match(await reported(1), [{ event: 'phone.restart.sent', fields: { method: 'notify' } }])
    const syncinfo = await fetched('syncinfo.xml')
    t.match(syncinfo.output, /<IMAGE VERSION="\*" SYNC="restart-[0-9a-f]{8}"\/>/)
    await fetched('dialplan.xml')
    t.equal((await reported(2)).length, 1, 'reading syncinfo.xml is no start')
    await fetched(`CTLSEP${MAC}.tlv`)
    await new Promise((resolve) => setTimeout(resolve, 5_500))
    await fetched(`SIP${MAC}.cnf`)
    await fetched('RINGLIST.DAT')
    await new Promise((resolve) => setTimeout(resolve, 5_500))
    await fetched(`CTLSEP${MAC}.tlv`)
    t.match((await reported(3)).slice(1), [
      { event: 'phone.restart.seen', fields: { method: 'notify', by: 'file-requests' } },
      { event: 'phone.restart.ended', fields: { outcome: 'seen' } },
    ])
    const { output } = await wire
    t.match(output, `sip:1001@${AT}:5060\tcheck-sync\t\n`)
  },
)

testWith(
  ['sipp', 'curl'],
  'a phone that refuses the NOTIFY: failed, and no other method',
  async (t) => {
    const { restart, reported, sipp, register } = await aBench(t)
    await register()
    const notified = sipp('refusing', answering('404 Not Found'))
    await new Promise((resolve) => setTimeout(resolve, 500))
    t.same(await restart('notify'), { method: 'notify' })
    await notified
    t.match(await reported(2), [
      { event: 'phone.restart.failed', fields: { reason: 'it answered the NOTIFY with 404' } },
      { event: 'phone.restart.ended', fields: { outcome: 'failed', methods: ['notify'] } },
    ])
    const refused = await restart('poe')
    t.match(refused, { status: 409, type: '/docs#no-restart-method' })
    t.equal(refused.methods.length, 5)
  },
)

const SCCP_PHONE = fileURLToPath(new URL('./support/sccp-phone.mjs', import.meta.url))
const SCCP_REGISTER: SccpMessage = {
  kind: 'register',
  deviceName: `SEP${MAC}`,
  userId: 0,
  instance: 1,
  address: 0 as Ipv4,
  deviceType: 7,
  maxStreams: 0,
  activeStreams: 0,
  protocolVersion: 11,
  features: new Uint8Array(3),
  rest: new Uint8Array(20),
}
const RESET_SEEN: SccpMessage = {
  kind: 'alarm',
  severity: 2,
  text: `22: Name=SEP${MAC} Load=8.0(5.0) Last=Reset-Reset`,
  parameter1: 0,
  parameter2: 0,
}

testWith(
  ['curl'],
  'SCCP: Reset leaves on the session, and the next Alarm is the proof',
  async (t) => {
    const { lab, phone, ask, restart, reported } = await aBench(t)
    const speak = (forMs: number, messages: readonly SccpMessage[]) => {
      const frames = messages.map((message) => Buffer.from(encodeMessage(message)).toString('hex'))
      return lab.run(phone, process.execPath, SCCP_PHONE, SERVER, String(forMs), ...frames)
    }
    const first = speak(5_000, [SCCP_REGISTER, { kind: 'time-date-request' }])
    for (let turn = 0; turn < 40; turn++) {
      if ((await ask('GET', `/v1/phones/${MAC}`)).registration !== null) break
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    t.same(await restart(), { method: 'sccp' })
    t.match((await first).output.replaceAll('\n', ''), /08000000000000009f00000001000000/)
    t.match(await reported(1), [{ event: 'phone.restart.sent', fields: { method: 'sccp' } }])
    await speak(500, [SCCP_REGISTER, { kind: 'time-date-request' }])
    t.equal((await reported(2)).length, 1, 'registering again alone is no start')
    await speak(500, [RESET_SEEN, SCCP_REGISTER])
    t.match((await reported(3)).slice(1), [
      { event: 'phone.restart.seen', fields: { by: 'alarm', resetCode: 22 } },
      { event: 'phone.restart.ended', fields: { outcome: 'seen' } },
    ])
  },
)
