import t from 'tap'
import { makeFirmwareSet, shippedOs79xx } from '../../src/simulator/synthetic-firmware.ts'

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('latin1')

t.test('sets have the names and sizes of published files', async (t) => {
  const cases = [
    {
      load: 'P0S3-8-12-00',
      files: {
        'P003-8-12-00.bin': 130_552,
        'P003-8-12-00.sbn': 130_956,
        'P0S3-8-12-00.loads': 458,
        'P0S3-8-12-00.sb2': 756_524,
      },
    },
    {
      load: 'P0S3-07-5-00',
      files: {
        'P003-07-5-00.bin': 128_888,
        'P003-07-5-00.sbn': 129_292,
        'P0S3-07-5-00.loads': 461,
        'P0S3-07-5-00.sb2': 689_682,
      },
    },
    {
      load: 'P0030801SR02',
      files: {
        'P0030801SR02.bin': 130_552,
        'P0030801SR02.sbn': 130_956,
        'P0030801SR02.loads': 458,
        'P0030801SR02.sb2': 708_460,
      },
    },
    {
      load: 'P00308000500',
      files: {
        'P00308000500.bin': 129_824,
        'P00308000500.sbn': 130_228,
        'P00308000500.loads': 458,
        'P00308000500.sb2': 705_536,
      },
    },
    {
      load: 'P00307020300',
      files: {
        'P00307020300.bin': 128_996,
        'P00307020300.sbn': 129_400,
        'P00307020300.loads': 461,
        'P00307020300.sb2': 681_290,
      },
    },
  ]
  for (const { load, files } of cases) {
    const sizes = [...makeFirmwareSet(load)].map(([name, bytes]) => [name, bytes.length])
    t.same(Object.fromEntries(sizes), files, load)
  }
})

t.test('Cisco document 5455: unsigned before 5.0, both forms from 5.0 on', async (t) => {
  const names = (load: string) => [...makeFirmwareSet(load).keys()]
  t.same(names('P0S30203'), ['P0S30203.bin'])
  t.same(names('P00303010102'), ['P00303010102.bin'])
  t.same(names('P0S3-06-3-00'), ['P0S3-06-3-00.bin', 'P0S3-06-3-00.sbn'])
  t.same(names('P00305000200'), ['P00305000200.bin', 'P00305000200.sbn'])
})

t.test('.loads is a header of 404 octets and three lines', async (t) => {
  const cases = [
    {
      load: 'P0S3-8-12-00',
      lines: 'P003-8-12-00.sbn\nP0S3-8-12-00.sb2\nLA_VERSION=PAS30830\n',
    },
    {
      load: 'P0030801SR02',
      lines: 'P0030801SR02.sbn\nP0030801SR02.sb2\nLA_VERSION=PAS30831\n',
    },
    {
      load: 'P0S3-07-5-00',
      lines: 'P003-07-5-00.sbn\r\nP0S3-07-5-00.sb2\r\nLA_VERSION=PAS3X060\r\n',
    },
  ]
  for (const { load, lines } of cases) {
    const loads = makeFirmwareSet(load).get(`${load}.loads`)
    t.equal(text(loads?.subarray(404)), lines, load)
    t.equal(text(loads?.subarray(0, 10)), '\x01\x00\x02\x01\x01\x02\x00\x02\x01\x94')
  }
})

t.test(
  'a signed image is its header and the unsigned image, named at 0x20 and 0x1B4',
  async (t) => {
    const set = makeFirmwareSet('P0S3-8-12-00')
    const plain = set.get('P003-8-12-00.bin') as Uint8Array
    const signed = set.get('P003-8-12-00.sbn') as Uint8Array
    t.ok(Buffer.from(signed.subarray(404)).equals(plain))
    t.equal(text(plain.subarray(0x20, 0x2d)), 'P003-8-12-00\0')
    t.equal(text(signed.subarray(0x1b4, 0x1c1)), 'P003-8-12-00\0')
    t.equal(
      text(signed).indexOf('\x0e\x00\x11P003-8-12-00.sbn\0'),
      text(signed).indexOf('P003') - 3,
    )
  },
)

t.test('the same load gives the same octets, another load others', async (t) => {
  const image = (load: string) => Buffer.from(makeFirmwareSet(load).get(`${load}.bin`) ?? [])
  t.ok(image('P0S30203').equals(image('P0S30203')))
  t.notOk(image('P0S30203').equals(image('P0S30202')))
})

t.test('what is no load has no set', async (t) => {
  for (const name of ['', 'POS30203', 'P003-8-12-00', '../P0S30203']) {
    t.throws(() => makeFirmwareSet(name), RangeError, name)
  }
})

t.test('the shipped OS79XX.TXT names the loader, followed by a space and CR LF', async (t) => {
  t.equal(text(shippedOs79xx('P0S3-8-12-00')), 'P003-8-12-00 \r\n')
  t.equal(shippedOs79xx('P0S3-8-12-00').length, 15)
})
