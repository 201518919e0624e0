import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { encodeCaptureHead, encodePacket } from '../../src/wire/capture/encode-pcapng.ts'
import { readCapture } from '../../src/wire/capture/read-capture.ts'
import { readVectors } from '../support/vector.ts'
import { run, switchhook } from './support/appliance-process.ts'
import { lackingForLab } from './support/lab.ts'
import { aLoopbackBench } from './support/loopback-bench.ts'

const lacking = lackingForLab(['tcpdump', 'tshark'])

t.setTimeout(300_000)

/** The phones of the bench are so many times faster than real ones. */
const SIMULATED = ['--phone-speed', '20'] as const

if (lacking !== '') {
  t.pass('left out')
  t.comment(`left out: explaining captures, for lack of ${lacking}`)
} else {
  t.test('a captured conversion is explained as it was, in either file format', async (t) => {
    const folder = t.testdir({})
    // tcpdump writes as a user of its own.
    chmodSync(folder, 0o777)
    const file = join(folder, 'lo.pcap')
    const bench = await aLoopbackBench(t, { loads: ['P0S3-8-12-00'] })
    const { api } = bench.appliance
    await api.put('/v1/phones/02000000A060', { model: '7960', network: 'bench' })
    const conversion = { to: 'P0S3-8-12-00', from: 'P00308000500' }
    await api.put('/v1/phones/02000000A060/conversion', conversion)
    const tcpdump = spawn('tcpdump', [
      '-i',
      'lo',
      '-U',
      '--immediate-mode',
      // A busy machine must not lose packets of the capture: KiB.
      '-B',
      '16384',
      '-w',
      file,
      'udp and net 127.84.0.0/24',
    ])
    await once(tcpdump.stderr, 'data')
    const mac = ['--mac', '02:00:00:00:a0:60', '--load', 'P00308000500']
    const phone = await bench.simulate([...mac, '--until', 'P0S3-8-12-00', '--timeout', '90'])
    t.equal(phone.code, 0, phone.output)
    const ended = once(tcpdump, 'exit')
    tcpdump.kill('SIGINT')
    await ended
    t.equal((await run('tshark', ['-r', file, '-F', 'pcapng', '-w', `${file}ng`])).code, 0)
    for (const capture of [file, `${file}ng`]) {
      const { code, output } = await switchhook('explain', '--json', ...SIMULATED, capture)
      t.equal(code, 0, output)
      t.match(JSON.parse(output), [
        {
          mac: '02000000A060',
          model: '7960',
          generation: 'ual',
          target: 'P0S3-8-12-00',
          diagnosis: null,
        },
      ])
    }
    await t.test('our own capture of it tells the same, and Wireshark is content', async (t) => {
      const path = '/v1/phones/02000000A060/capture.pcapng'
      const own = join(folder, 'own.pcapng')
      const response = await fetch(`${bench.apiUrl}${path}`)
      t.equal(response.status, 200)
      writeFileSync(own, Buffer.from(await response.arrayBuffer()))
      const ports = [`udp.port==${bench.tftpPort},tftp`, `udp.port==${bench.dhcpPort},dhcp`]
      const decode = ports.flatMap((port) => ['-d', port])
      const shark = (...args: readonly string[]) => run('tshark', ['-r', own, ...decode, ...args])
      // What Wireshark objects to in the real packets it may object to here, and to nothing else:
      // it calls each "file not found" a warning.
      const objections = async (capture: string) => {
        const { code, output } = await run('tshark', [
          ...['-r', capture, ...decode, '-q', '-z', 'expert,warn'],
        ])
        t.equal(code, 0, output)
        const summaries = [...output.matchAll(/^ +\d+ +\S+ +(.+)$/gm)]
        return new Set(summaries.map(([, summary]) => summary))
      }
      t.match([...(await objections(own))].join(), 'TFTP ERROR packet')
      t.same(await objections(own), await objections(file))
      const asked = await shark('-T', 'fields', '-e', 'tftp.source_file', '-Y', 'tftp.opcode==1')
      t.match(asked.output, 'CTLSEP02000000A060.tlv')
      t.match(asked.output, 'P0S3-8-12-00.loads')
      t.match((await shark('-Y', 'dhcp.option.dhcp == 5')).output, 'DHCP ACK')
      const reported = async (...files: readonly string[]) => {
        const { output } = await switchhook('explain', '--json', ...SIMULATED, ...files)
        return JSON.parse(output).map(({ timeline: _, ...phone }: { timeline: unknown }) => phone)
      }
      t.same(await reported(own), await reported(file))
      const { output } = await switchhook('explain', own)
      t.match(output, /P0S3-8-12-00\.sb2/)
    })
  })

  t.test('tshark reads what our writer writes: names, times, comments', async (t) => {
    const [vector] = readVectors('pcap').filter(({ name }) => name === 'nanoseconds.txt')
    const { packets } = readCapture(vector?.bytes as Uint8Array)
    const file = join(t.testdir({}), 'ours.pcapng')
    const ours = packets.map(({ atNs, bytes }) =>
      encodePacket({
        interfaceIndex: 0,
        resolution: 'ns',
        atNs,
        bytes,
        comment: 'step 1, fetching',
      }),
    )
    const head = encodeCaptureHead([{ name: 'eth0', linkType: 1, resolution: 'ns' }])
    writeFileSync(file, Buffer.concat([head, ...ours]))
    const fields = ['frame.time_epoch', 'frame.interface_name', 'frame.comment', 'tftp.source_file']
    const { output } = await run('tshark', [
      ...['-r', file, '-T', 'fields', '-E', 'separator=|'],
      ...fields.flatMap((field) => ['-e', field]),
    ])
    const at = packets.map(
      ({ atNs }) => `${atNs / 1_000_000_000n}.${`${atNs % 1_000_000_000n}`.padStart(9, '0')}`,
    )
    t.match(output, `${at[0]}|eth0|step 1, fetching|CTLSEP02000000A060.tlv`)
    t.match(output, `${at[1]}|eth0|step 1, fetching|`)
  })
}
