import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { switchhook } from '../../support/command-line.ts'
import { readVectors } from '../../support/vector.ts'

/** Cisco document 5455, section "Enable SIP Functionality", step 4. */
const FAILURE = `Wed Nov 06 11:58:51 2002: Sending 'OS79XX.TXT' file to 192.0.2.1
in binary mode
Wed Nov 06 11:58:51 2002: Successful.
Wed Nov 06 11:58:51 2002: Sending 'POS30300.bin' file to 192.0.2.1
in binary mode
Wed Nov 06 11:58:52 2002: Failed ( State Error ).
Wed Nov 06 11:59:00 2002: Sending 'POS30300.bin' file to 192.0.2.1
in binary mode
Wed Nov 06 11:59:02 2002: Failed ( State Error ).
Wed Nov 06 11:59:10 2002: Sending 'POS30300.bin' file to 192.0.2.1
in binary mode
Wed Nov 06 11:59:13 2002: Failed ( State Error ).
`

t.test("the document's own failure is told with its remedy, and ends with 1", async (t) => {
  const file = join(t.testdir({ log: FAILURE }), 'log')
  const { code, stdout, stderr } = await switchhook('explain', file)
  t.equal(code, 1)
  t.equal(stderr, '')
  t.match(stdout, /^A phone without a known MAC, at 192\.0\.2\.1, SCCP without the universal/)
  t.match(stdout, /^ {2}11-06 11:59:02 {2}breaks off P0S30300\.bin$/m)
  t.match(stdout, /^ {2}Remedy: .*SIP 2\.3 \(P0S30203\) first/m)
})

t.test('--json is one entry a phone, null where nothing can be known', async (t) => {
  const file = join(t.testdir({ log: FAILURE }), 'log')
  const { stdout } = await switchhook('explain', '--json', file)
  t.match(JSON.parse(stdout), [
    {
      mac: null,
      address: '192.0.2.1',
      model: null,
      generation: 'pre-ual-sccp',
      protocol: 'sccp',
      load: null,
      verdict: 'stalled',
      diagnosis: { code: 'image-refused' },
      timeline: [{ at: '2002-11-06T11:58:51.000Z', text: 'asks for OS79XX.TXT' }],
    },
  ])
})

t.test('captures are told by their content, and a cut one is said to be', async (t) => {
  const folder = t.testdir({})
  const [vector] = readVectors('pcapng').filter(({ name }) => name === 'editcap.txt')
  const bytes = vector?.bytes as Uint8Array
  writeFileSync(join(folder, 'whole'), bytes)
  writeFileSync(join(folder, 'cut'), bytes.subarray(0, bytes.length - 20))
  const whole = await switchhook('explain', join(folder, 'whole'))
  t.equal(whole.code, 0)
  t.match(whole.stdout, 'is told that there is no CTLSEP02000000A060.tlv, which is normal')
  const cut = await switchhook('explain', join(folder, 'cut'))
  t.match(cut.stderr, 'ends in the middle of a packet')
})

t.test(
  'what is neither capture nor log is 65, what cannot be read 66, nothing named 64',
  async (t) => {
    const folder = t.testdir({ text: 'hello\n', empty: '', zeros: '\0\0\0', damaged: '' })
    writeFileSync(join(folder, 'damaged'), Buffer.from('0a0d0d0a0000001c0000000000000000', 'hex'))
    mkdirSync(join(folder, 'sub'))
    const cases = [
      { file: 'text', code: 65, said: 'no line of a log that is known' },
      { file: 'empty', code: 65, said: 'is empty' },
      { file: 'zeros', code: 65, said: 'neither a capture' },
      { file: 'damaged', code: 65, said: 'a damaged capture' },
      { file: 'nowhere', code: 66, said: 'no such file' },
      { file: 'sub', code: 66, said: 'is not a regular file' },
    ]
    for (const { file, code, said } of cases) {
      const ended = await switchhook('explain', join(folder, file))
      t.equal(ended.code, code, file)
      t.equal(ended.stdout, '', file)
      t.ok(ended.stderr.includes(said), ended.stderr)
    }
    t.equal((await switchhook('explain')).code, 64)
  },
)

t.test(
  'a packed log is read, a packed file that is none, cut or too large is refused',
  async (t) => {
    const folder = t.testdir({})
    const write = (name: string, bytes: Uint8Array) => {
      writeFileSync(join(folder, name), bytes)
      return join(folder, name)
    }
    const packed = gzipSync(FAILURE)
    t.match(await switchhook('explain', write('log.gz', packed)), { code: 1, stdout: /SIP 2\.3/ })
    const cases = [
      { file: write('cut.gz', packed.subarray(0, 40)), says: /cannot be unpacked.*end of file/ },
      { file: write('twice.gz', gzipSync(packed)), says: /packed by gzip twice/ },
      {
        file: write('bomb.gz', gzipSync(Buffer.alloc(257 * 1024 * 1024), { level: 1 })),
        says: /at most 268435456 bytes/,
      },
    ]
    for (const { file, says } of cases) {
      t.match(await switchhook('explain', file), { code: 65, stderr: says }, file)
    }
  },
)

t.test(
  'phones that were simulated faster than real ones are judged in their own time',
  async (t) => {
    const at = (second: string, name: string) =>
      `2026-11-24T18:00:${second} srv in.tftpd[7]: RRQ from 192.0.2.61 filename ${name}\n`
    const log =
      at('00.000', 'CTLSEP000E84C060A6.tlv') +
      at('00.000', 'P0S3-8-12-00.loads') +
      at('00.100', 'P0S3-8-12-00.sb2') +
      at('02.800', 'SIPDefault.cnf')
    const file = join(t.testdir({ log }), 'log')
    const real = await switchhook('explain', '--json', file)
    t.match(JSON.parse(real.stdout), [{ load: null, diagnosis: { code: 'old-application' } }])
    const simulated = await switchhook('explain', '--json', '--phone-speed', '20', file)
    t.match(JSON.parse(simulated.stdout), [{ load: 'P0S3-8-12-00', verdict: 'healthy' }])
    for (const speed of ['0', '51', 'x']) {
      t.match(
        await switchhook('explain', '--phone-speed', speed, file),
        { code: 64, stdout: '' },
        speed,
      )
    }
  },
)
