import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { makeFirmwareSet } from '../../../src/simulator/synthetic-firmware.ts'
import { switchhook } from '../../support/command-line.ts'
import { ScriptedUdpServer } from '../../support/scripted-udp-server.ts'

const FOLDER = fileURLToPath(new URL('../../vectors/field/', import.meta.url))
const TRACE = join(FOLDER, 'jh-n-conversion.jsonl')
const MAC = '001D450A0006'
const LOAD = 'P0S3-8-12-00'

async function aServer(t: Test, files: Readonly<Record<string, string>> = {}) {
  const table = new Map<string, Uint8Array | string>([
    ...makeFirmwareSet(LOAD),
    ...Object.entries(files),
  ])
  const server = new ScriptedUdpServer(table)
  await server.start()
  t.teardown(() => server.stop())
  const replay = (...options: readonly string[]) =>
    switchhook(
      'simulate',
      '--tftp-port',
      `${server.tftpPort}`,
      '--dhcp-port',
      `${server.dhcpPort}`,
      ...options,
    )
  return { server, replay }
}

t.test('a trace is played against a server of files, from its ports', async (t) => {
  const files = { 'XMLDefault.cnf.xml': '<Default/>', 'SIPDefault.cnf': '' }
  const { server, replay } = await aServer(t, files)
  const options = ['--replay', TRACE, '--server', '127.77.0.2', '--speed', '300']
  const { code, stdout, stderr } = await replay(...options)
  t.equal(stderr, '')
  t.equal(stdout, 'jh-n-conversion: 20 requests, 0 answered otherwise than in the trace\n')
  t.equal(code, 0)
  t.same(
    server.requests.slice(0, 7).map(({ name, port }) => [name, port]),
    [
      [`CTLSEP${MAC}.tlv`, 52_406],
      [`SEP${MAC}.cnf.xml`, 52_407],
      [`SIP${MAC}.cnf`, 52_408],
      [`MGC${MAC}.cnf`, 52_409],
      ['XMLDefault.cnf.xml', 52_410],
      [`${LOAD}.loads`, 52_411],
      ['P003-8-12-00.sbn', 52_412],
    ],
  )
})

t.test('what is answered otherwise is told, and ends it with 1', async (t) => {
  const { replay } = await aServer(t)
  const options = ['--replay', TRACE, '--server', '127.77.0.2', '--speed', '1000']
  const { code, stdout } = await replay(...options)
  t.equal(code, 1)
  t.match(stdout, /^jh-n-conversion: 20 requests, 3 answered otherwise/)
  t.match(
    stdout,
    'at 1 s XMLDefault.cnf.xml from port 52410: in the trace the file, here ERROR 1 none',
  )
  const data = await replay(...options, '--json')
  t.match(JSON.parse(data.stdout), { trace: 'jh-n-conversion', asTraced: false, different: 3 })
})

t.test('with a place to plug it in, the phone asks DHCP, and may be another one', async (t) => {
  const { server, replay } = await aServer(t)
  const place = ['--loopback', '127.77.0.3', '--server', '127.0.0.1', '--speed', '1000', '--events']
  const { stderr } = await replay('--replay', TRACE, ...place, '--mac', '02:00:00:00:00:01')
  t.match(stderr, /020000000001 phone\.address\.taken address=127\.77\.0\.50/)
  t.match(server.requests[0], {
    client: '127.77.0.50',
    name: 'CTLSEP020000000001.tlv',
    port: 52_406,
  })
})

t.test('what makes no sense is refused before anything is sent', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'switchhook-replay-'))
  t.teardown(() => rmSync(dir, { recursive: true }))
  const bad = join(dir, 'bad.jsonl')
  writeFileSync(bad, '{"trace":"x"}\n{"t":"now"}\n')
  const nameless = join(FOLDER, 'seed-2002-refused-image.jsonl')
  const two = join(FOLDER, 'cmedbg-two-phones.jsonl')
  const cases: readonly [readonly string[], number, RegExp][] = [
    [[join(dir, 'absent.jsonl')], 66, /absent\.jsonl cannot be read: /],
    [[bad], 65, /bad\.jsonl is not a trace: line 2: t is no number/],
    [[nameless], 64, /names no MAC address: wanted --mac/],
    [[two, '--mac', '02:00:00:00:00:01'], 64, /2 phones: --mac works with one phone only/],
    [[TRACE, '--load', 'P00308000500'], 64, /without FILE, --load and --until/],
    [
      [TRACE, '--interface', 'a', '--loopback', '127.77.0.3'],
      64,
      /either --interface or --loopback/,
    ],
    [
      [TRACE, '--interface', 'switchhook-none', '--mac', '02:00:00:00:00:01'],
      69,
      /switchhook-none/,
    ],
  ]
  for (const [options, code, message] of cases) {
    const ended = await switchhook('simulate', '--replay', ...options)
    t.equal(ended.code, code, options.join(' '))
    t.match(ended.stderr, message)
  }
})
