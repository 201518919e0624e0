import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import type { Ipv4 } from '../../src/net/ipv4.ts'
import { decodeMessage } from '../../src/wire/sccp/decode-message.ts'
import { encodeMessage } from '../../src/wire/sccp/encode-message.ts'
import { FrameSplitter } from '../../src/wire/sccp/frame-splitter.ts'
import type { SccpMessage } from '../../src/wire/sccp/message.ts'
import { anAppliance, run } from './support/appliance-process.ts'
import { Lab, SERVER_INTERFACE } from './support/lab.ts'
import { testWith } from './support/test-with.ts'

const MAC = '0002B9A0A060'
const PHONE = '00:02:b9:a0:a0:60'
const UNKNOWN_DEVICE = '02:00:00:00:00:99'
const SERVER = '10.20.0.2'
const AT = '10.20.0.60'
const ELSEWHERE = '10.20.0.77'

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

const SCCP_PHONE = fileURLToPath(new URL('./support/sccp-phone.mjs', import.meta.url))

/** A REGISTER of a 7960 with SIP 7.x, for SIPp, which knows its calls by what follows `///`. */
const SCENARIO = `<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="register">
<send retrans="500"><![CDATA[
REGISTER sip:[remote_ip] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:1001@[remote_ip]>;tag=0002b9a0a0600002[call_number]
To: <sip:1001@[remote_ip]>
Call-ID: 0002b9a0-a0600002-///[call_id]
CSeq: 101 REGISTER
User-Agent: CSCO/7
Contact: <sip:1001@[local_ip]:[local_port]>
Expires: EXPIRES
Content-Length: 0

]]></send>
<recv response="200"></recv>
</scenario>
`

/** An appliance with call control, an enrolled phone that has asked for its file, and somebody else. */
async function aBench(t: Test) {
  const lab = Lab.open(t, `${SERVER}/24`)
  const appliance = await anAppliance(t, YAML, { apiPort: 8067, prefix: lab.besideServer })
  const dir = mkdtempSync(join(tmpdir(), 'switchhook-calls-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const ask = async (method: string, path: string, body?: object) => {
    const json = ['-H', 'content-type: application/json', '--data-binary', JSON.stringify(body)]
    const args = ['-sS', '--fail-with-body', '-X', method, ...(body === undefined ? [] : json)]
    const url = `http://127.0.0.1:8067${path}`
    const { code, output } = await run('ip', ['netns', 'exec', lab.server, 'curl', ...args, url])
    t.equal(code, 0, output)
    return output === '' ? undefined : JSON.parse(output)
  }
  await ask('PUT', `/v1/phones/${MAC}`, { model: '7960', network: 'bench', address: AT })
  const phone = lab.plugIn(PHONE)
  lab.setAddress(phone, `${AT}/24`)
  const unknownDevice = lab.plugIn(UNKNOWN_DEVICE)
  lab.setAddress(unknownDevice, `${ELSEWHERE}/24`)
  await lab.run(phone, 'curl', '-sS', '-o', '/dev/null', `tftp://${SERVER}/SIP${MAC}.cnf`)
  const registration = async () => (await ask('GET', `/v1/phones/${MAC}`)).registration
  const events = async () => {
    const { events } = await ask('GET', `/v1/events?mac=${MAC}&limit=200`)
    return (events as { event: string }[])
      .map(({ event }) => event)
      .filter((event) => event.includes('registered'))
  }
  /** SIPp's exit code: 0 where it was answered as it should be. */
  const register = async (from: string, address: string, expires = 120) => {
    const file = join(dir, `register-${expires}.xml`)
    writeFileSync(file, SCENARIO.replace('EXPIRES', String(expires)))
    const args = ['-sf', file, '-m', '1', '-i', address, '-p', '5060', '-nostdin', '-timeout', '10']
    return (await lab.run(from, 'sipp', ...args, `${SERVER}:5060`)).code
  }
  return { lab, appliance, dir, phone, unknownDevice, ask, registration, events, register }
}

/** Runs a phone with SCCP in a namespace; what it was told. */
async function speak(lab: Lab, from: string, forMs: number, messages: readonly SccpMessage[]) {
  const frames = messages.map((message) => Buffer.from(encodeMessage(message)).toString('hex'))
  const node = process.execPath
  const { output } = await lab.run(from, node, SCCP_PHONE, SERVER, String(forMs), ...frames)
  const heard: SccpMessage[] = []
  const splitter = new FrameSplitter()
  for (const line of output.split('\n').filter((text) => /^[0-9a-f]+$/.test(text))) {
    splitter.push(Buffer.from(line, 'hex'), (frame) => heard.push(decodeMessage(frame)))
  }
  return heard.map(({ kind }) => kind)
}

const REGISTER: SccpMessage = {
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
const ALARM: SccpMessage = {
  kind: 'alarm',
  severity: 2,
  text: `22: Name=SEP${MAC} Load=7.2(2.0) Last=Reset-Reset`,
  parameter1: 0,
  parameter2: 0,
}

t.setTimeout(300_000)

testWith(['sipp', 'curl'], 'sipp: the phone registers, nobody else does in its name', async (t) => {
  const { appliance, phone, unknownDevice, registration, events, register } = await aBench(t)
  t.equal(await register(unknownDevice, ELSEWHERE), 0, 'an unknown device is answered 200 as well')
  t.equal(await registration(), null)
  t.equal(await register(phone, AT), 0)
  const first = await registration()
  t.match(first, { protocol: 'sip', version: '7', load: null, userAgent: 'CSCO/7', address: AT })
  t.equal(await register(unknownDevice, ELSEWHERE, 0), 0)
  t.same(await registration(), first, 'nobody else ends it')
  await appliance.kill()
  await appliance.start()
  t.same(await registration(), first, 'it is there after a SIGKILL')
  t.equal(await register(phone, AT), 0)
  t.equal((await registration()).registeredAt, first.registeredAt, 'a refresh')
  t.equal(await register(phone, AT, 0), 0)
  t.equal(await registration(), null)
  t.same(await events(), ['phone.registered', 'phone.unregistered'])
})

testWith(['baresip', 'curl'], 'baresip: registers, calls, and is declined', async (t) => {
  const { lab, dir, unknownDevice, registration } = await aBench(t)
  const folder = join(dir, 'baresip')
  mkdirSync(folder)
  const config = [
    `sip_listen ${ELSEWHERE}:5072`,
    'module_path /usr/lib/baresip/modules',
    'module g711.so',
    'module ausine.so',
    'module aufile.so',
    'audio_source ausine,440',
    'audio_player aufile,/dev/null',
    'module_app account.so',
    'module_app menu.so',
  ]
  writeFileSync(join(folder, 'config'), `${config.join('\n')}\n`)
  writeFileSync(join(folder, 'accounts'), `<sip:1002@${SERVER}>;regint=120\n`)
  writeFileSync(join(folder, 'contacts'), '')
  const call = `/dial sip:1003@${SERVER}`
  const { output } = await lab.run(unknownDevice, 'baresip', '-f', folder, '-e', call, '-t', '4')
  t.match(output, /200 OK/)
  t.match(output, /480 Temporarily Unavailable/)
  t.equal(await registration(), null)
})

testWith(['sipsak', 'curl'], 'sipsak: OPTIONS is answered, a NOTIFY refused', async (t) => {
  const { lab, dir, unknownDevice } = await aBench(t)
  const options = await lab.run(unknownDevice, 'sipsak', '-vv', '-s', `sip:x@${SERVER}`)
  t.equal(options.code, 0, options.output)
  t.match(options.output, /SIP\/2\.0 200 OK/)
  t.match(options.output, /Allow: REGISTER, OPTIONS, INVITE, ACK, BYE, CANCEL/)
  const notify = join(dir, 'notify.sip')
  const lines = [
    `NOTIFY sip:x@${SERVER} SIP/2.0`,
    `Via: SIP/2.0/UDP ${ELSEWHERE}:5090;branch=z9hG4bK7`,
    `From: <sip:y@${ELSEWHERE}>;tag=1`,
    `To: <sip:x@${SERVER}>`,
    `Call-ID: 7@${ELSEWHERE}`,
    'CSeq: 1 NOTIFY',
    'Event: check-sync',
    'Content-Length: 0',
  ]
  writeFileSync(notify, `${lines.join('\r\n')}\r\n\r\n`)
  const args = ['-vv', '-l', '5090', '-L', '-f', notify, '-s', `sip:x@${SERVER}`]
  const refused = await lab.run(unknownDevice, 'sipsak', ...args)
  t.match(refused.output, /SIP\/2\.0 405 Method Not Allowed/)
})

testWith(['curl'], 'a phone with SCCP registers, tells its load, and goes', async (t) => {
  const { lab, phone, unknownDevice, registration, events } = await aBench(t)
  const asked: SccpMessage[] = [ALARM, REGISTER, { kind: 'time-date-request' }]
  t.same(await speak(lab, unknownDevice, 500, asked), [
    'register-ack',
    'capabilities-request',
    'time-date',
  ])
  t.equal(await registration(), null)
  const talk = speak(lab, phone, 4000, asked)
  for (let turn = 0; turn < 30 && (await registration()) === null; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  t.match(await registration(), {
    protocol: 'sccp',
    version: '7.2(2.0)',
    load: 'P00307020200',
    lastReset: 'Reset-Reset',
    lastResetCode: 22,
  })
  t.same(await talk, ['register-ack', 'capabilities-request', 'time-date'])
  t.equal(await registration(), null, 'its session has ended')
  t.same(await events(), ['phone.registered', 'phone.unregistered'])
})
