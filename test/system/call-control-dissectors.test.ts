import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { RegistrationTable } from '../../src/call-control/registration-table.ts'
import { SccpCallManager } from '../../src/call-control/sccp/call-manager.ts'
import { SipRegistrar } from '../../src/call-control/sip/sip-registrar.ts'
import { AT, onePhone, PHONE, US } from '../support/call-control.ts'
import { readVectors } from '../support/vector.ts'

const run = promisify(execFile)
const SECRET = Buffer.alloc(32, 1)
const NOW_MS = 1_383_654_896_000

/** What Wireshark's dissectors call a fault. */
const COMPLAINTS = '_ws.malformed || _ws.expert.severity >= "Warning"'

/** Reads messages by tshark: one line of text for each, and what it complains of. */
async function dissect(t: Test, messages: readonly Uint8Array[], ports: readonly string[]) {
  const dir = mkdtempSync(join(tmpdir(), 'switchhook-dissect-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const dump = join(dir, 'messages.txt')
  const capture = join(dir, 'messages.pcap')
  const lines = messages.map(
    (bytes) => `000000 ${Buffer.from(bytes).toString('hex').replace(/../g, '$& ')}`,
  )
  writeFileSync(dump, `${lines.join('\n')}\n`)
  await run('text2pcap', ['-q', ...ports, dump, capture])
  const all = await run('tshark', ['-n', '-r', capture])
  const faults = await run('tshark', ['-n', '-r', capture, '-Y', COMPLAINTS])
  return { lines: all.stdout.trim().split('\n'), complaints: faults.stdout.trim() }
}

const lacking = ['tshark', 'text2pcap'].filter((tool) => spawnSync('which', [tool]).status !== 0)

if (lacking.length > 0) {
  console.log(`# left out: Wireshark's dissectors (not here: ${lacking.join(', ')})`)
} else {
  t.test("Wireshark's SIP dissector reads every message of ours without a complaint", async (t) => {
    const registrar = new SipRegistrar(onePhone(), new RegistrationTable(), SECRET)
    const sent: Uint8Array[] = []
    const requests = readVectors('sip').filter(({ values }) => values['kind'] === 'request')
    for (const { bytes } of requests) {
      const text = Buffer.from(bytes).toString('latin1')
      const methods = ['REGISTER', 'OPTIONS', 'INVITE', 'BYE', 'MESSAGE']
      for (const method of methods) {
        const own = requests.length > 0 ? text.replace(/^\S+/, method) : text
        const asked = own.replace(/^(CSeq|cseq)(\s*:\s*\d+) +\S+/m, `$1$2 ${method}`)
        for (const more of ['', 'Require: 100rel\r\n']) {
          const at = asked.indexOf('\r\n') + 2
          const request = Buffer.from(`${asked.slice(0, at)}${more}${asked.slice(at)}`, 'latin1')
          const datagram = { bytes: request, client: AT, clientPort: 5060, local: US }
          for (const effect of registrar.onDatagram(datagram, NOW_MS)) {
            if (effect.kind === 'send-datagram') sent.push(effect.bytes)
          }
        }
      }
    }
    const target = {
      mac: PHONE,
      user: '1001',
      client: AT,
      clientPort: 5060,
      local: US,
      localPort: 5060,
    }
    const order = registrar.notify(target, NOW_MS)
    for (const effect of order.kind === 'begun' ? order.effects : []) {
      if (effect.kind === 'send-datagram') sent.push(effect.bytes)
    }
    const { lines, complaints } = await dissect(t, sent, ['-u', '5060,5060'])
    t.equal(lines.length, sent.length)
    for (const status of [200, 400, 405, 420, 480, 481]) {
      t.ok(
        lines.some((line) => line.includes(`Status: ${status} `)),
        `there is a ${status}`,
      )
    }
    t.match(lines.at(-1), /SIP.*Request: NOTIFY sip:1001@192\.0\.2\.50:5060/)
    t.ok(lines.every((line) => line.includes(' SIP')))
    t.equal(complaints, '')
  })

  t.test(
    "Wireshark's SCCP dissector reads every message of ours without a complaint",
    async (t) => {
      const manager = new SccpCallManager(onePhone('P00308010200'), new RegistrationTable())
      const sent: Uint8Array[] = []
      manager.onConnect({ session: 1, client: AT, local: US, localPort: 2000 }, NOW_MS)
      const register = readVectors('sccp').find(({ name }) => name === 'register-7960.txt')
      const own = Buffer.from(register?.bytes ?? [])
      own.write(`SEP${PHONE}`, 12, 'latin1')
      const requests = readVectors('sccp').filter(({ values }) => {
        return /-request$|^keep-alive$/.test(values['kind'] ?? '')
      })
      const frames = [own, ...requests.map(({ bytes }) => bytes)]
      for (const frame of frames) {
        for (const effect of manager.onBytes(1, frame, NOW_MS)) {
          if (effect.kind === 'send') sent.push(effect.bytes)
        }
      }
      const order = manager.reset(PHONE, NOW_MS)
      for (const effect of order.kind === 'ordered' ? order.effects : []) {
        if (effect.kind === 'send') sent.push(effect.bytes)
      }
      const unregister = readVectors('sccp').find(({ name }) => name === 'unregister.txt')
      for (const effect of manager.onBytes(1, unregister?.bytes ?? own, NOW_MS)) {
        if (effect.kind === 'send') sent.push(effect.bytes)
      }
      const { lines, complaints } = await dissect(t, sent, ['-T', '2000,50000'])
      t.equal(lines.length, sent.length)
      for (const name of [
        'RegisterAck',
        'CapabilitiesReq',
        'ButtonTemplateRes',
        'SoftKeyTemplateRes',
        'SoftKeySetRes',
        'ConfigStatRes',
        'LineStatRes',
        'SpeedDialStatRes',
        'ForwardStatRes',
        'TimeDate',
        'VersionRes',
        'ServerRes',
        'KeepAliveAck',
        'Reset',
        'UnregisterAck',
      ]) {
        t.ok(
          lines.some((line) => line.includes(name)),
          name,
        )
      }
      t.equal(complaints, '')
    },
  )

  t.test('a planted fault is complained of', async (t) => {
    const cut = Buffer.from('08000000000000009200000001000000', 'hex')
    const { complaints } = await dissect(t, [cut], ['-T', '2000,50000'])
    t.match(complaints, /Malformed/)
    const bad = Buffer.from('SIP/2.0 200 OK\r\nCSeq: none\r\nContent-Length: x\r\n\r\n')
    const sip = await dissect(t, [bad], ['-u', '5060,5060'])
    t.not(sip.complaints, '')
  })
}
