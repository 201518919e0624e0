import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { ApiError } from '../../appliance/client/api-client.ts'
import { makeFirmwareSet } from '../../src/simulator/synthetic-firmware.ts'
import { aFirmwareZip } from './support/a-firmware-zip.ts'
import { switchhook } from './support/appliance-process.ts'
import { aLoopbackBench, type LoopbackBench } from './support/loopback-bench.ts'

const PHONE = '000E84C060A6'
const LOAD = 'P0S3-8-12-00'

t.setTimeout(300_000)

t.test('a configuration with five faults: all five are named, exit code 78', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'switchhook-check-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const file = join(dir, 'faulty.yaml')
  writeFileSync(
    file,
    `
tftp: { port: 99999 }
networks:
  - name: bench
    interfase: eth1
    address: 10.20.0.2
    subnet: 10.20.0.1/24
    pool: [10.30.0.50-10.30.0.99]
    leaseTime: soon
    admit: everybody
`,
  )
  for (const command of [
    ['check', file],
    ['serve', '--config', file],
    ['--config', file],
  ]) {
    const { code, output } = await switchhook(...command)
    t.equal(code, 78, command.join(' '))
    for (const fault of ['99999', 'interfase', '10.20.0.1/24', 'soon', 'everybody']) {
      t.match(output, fault, `${command[0]} names ${fault}`)
    }
  }
})

/** What the counters say of one fault. */
async function faultsCounted(bench: LoopbackBench, pattern: RegExp): Promise<number> {
  const response = await fetch(`${bench.apiUrl}/metrics`)
  const lines = (await response.text())
    .split('\n')
    .filter((line) => pattern.test(line) && !line.startsWith('#'))
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

async function sendDatagrams(port: number, datagrams: readonly Uint8Array[]): Promise<void> {
  const socket = createSocket('udp4')
  for (const datagram of datagrams) {
    await new Promise((resolve) => socket.send(datagram, port, '127.0.0.1', resolve))
  }
  await pause(300)
  socket.close()
}

async function aBenchWithAPhone(t: Test): Promise<LoopbackBench> {
  const bench = await aLoopbackBench(t, { loads: [LOAD] })
  await bench.appliance.api.put(`/v1/phones/${PHONE}`, { model: '7960', network: 'bench' })
  return bench
}

t.test('malformed DHCP packets are counted, and the next good one is answered', async (t) => {
  const bench = await aBenchWithAPhone(t)
  const noCookie = new Uint8Array(300).fill(1)
  const overlong = new Uint8Array(300)
  overlong.set([1, 1, 6, 0])
  overlong.set([99, 130, 83, 99, 53, 200, 1], 236)
  await sendDatagrams(bench.dhcpPort, [
    new Uint8Array(0),
    new Uint8Array(5),
    new Uint8Array(235),
    noCookie,
    overlong.subarray(0, 244),
  ])
  t.equal(await faultsCounted(bench, /dhcp_faults_total.*malformed/), 5)
  const phone = await bench.simulate(['--mac', PHONE, '--load', LOAD, '--until', LOAD])
  t.match(phone.output, 'phone.address.taken')
})

t.test('malformed TFTP packets are counted, and the next good request is answered', async (t) => {
  const bench = await aBenchWithAPhone(t)
  const socket = createSocket('udp4')
  t.teardown(() => socket.close())
  // A client of the network: any address of 127.84/16 is this machine's.
  socket.bind(0, '127.84.0.77')
  await once(socket, 'listening')
  const answers: Buffer[] = []
  socket.on('message', (bytes) => answers.push(bytes))
  const packets = ['', '00', '0001', '00016100', '0009ffff', '0001'.padEnd(1400, '61')]
  for (const hex of packets) socket.send(Buffer.from(hex, 'hex'), bench.tftpPort, '127.0.0.1')
  await pause(500)
  answers.length = 0
  const read = Buffer.from('\0\x01nothing.here\0octet\0', 'latin1')
  socket.send(read, bench.tftpPort, '127.0.0.1')
  for (let waited = 0; waited < 100 && answers.length === 0; waited++) await pause(50)
  t.equal(answers[0]?.readUInt16BE(0), 5, 'ERROR')
  t.equal(answers[0]?.readUInt16BE(2), 1, 'file not found, at once')
  t.ok((await faultsCounted(bench, /tftp_drops_total/)) >= packets.length - 1)
})

t.test(
  'a firmware ZIP that lacks a file is refused by name, and nothing of it is kept',
  async (t) => {
    const bench = await aLoopbackBench(t, { loads: [] })
    const { api } = bench.appliance
    for (const missing of makeFirmwareSet(LOAD).keys()) {
      const zip = await aFirmwareZip(LOAD, [missing])
      const refusal = await api.post('/v1/firmware', zip, 'application/zip').then(
        () => null,
        (error: unknown) => error,
      )
      t.ok(refusal instanceof ApiError, missing)
      t.equal(refusal instanceof ApiError && refusal.status, 422)
      t.match(JSON.stringify(refusal instanceof ApiError && refusal.problems), missing)
      t.same(await api.get('/v1/firmware'), [], 'nothing is stored')
    }
    await api.post('/v1/firmware', await aFirmwareZip(LOAD), 'application/zip')
    t.match(await api.get('/v1/firmware'), [{ load: LOAD }], 'the whole archive is taken')
  },
)
