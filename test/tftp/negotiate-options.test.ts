import t from 'tap'
import { negotiateOptions } from '../../src/tftp/negotiate-options.ts'

const LIMITS = { maxBlockSize: 1468, maxWindowSize: 64 }
const OCTET = { mode: 'octet', sizeBytes: 130_228 } as const

t.test('RFC 2347: without an option that is agreed on there is no OACK', async (t) => {
  const cases = [
    { why: 'no options: the phones', asked: {} },
    { why: 'unknown options', asked: { multicast: '', password: 'x' } },
    { why: 'only what is out of range', asked: { blksize: '7', timeout: '0', windowsize: '0' } },
  ]
  for (const { why, asked } of cases) {
    t.same(terms(asked), { blockSize: 512, windowSize: 1, retryMs: null, accepted: {} }, why)
  }
})

t.test('a name that objects of JavaScript have is an unknown option', async (t) => {
  t.same(terms({ constructor: '1', toString: '1' }).accepted, {})
})

t.test('RFC 2347: the OACK names what was asked for, in its order, and nothing else', async (t) => {
  const { accepted } = negotiateOptions(
    new Map([
      ['tsize', '0'],
      ['unknown', '1'],
      ['blksize', '1428'],
    ]),
    OCTET,
    LIMITS,
  )
  t.same(
    [...accepted],
    [
      ['tsize', '130228'],
      ['blksize', '1428'],
    ],
  )
})

t.test(
  'RFC 2348: block sizes from 8 to 65464, none above what the client or we want',
  async (t) => {
    const cases = [
      { asked: '8', blockSize: 8 },
      { asked: '512', blockSize: 512 },
      { asked: '1468', blockSize: 1468 },
      { asked: '1469', blockSize: 1468 },
      { asked: '65464', blockSize: 1468 },
      { asked: '00512', blockSize: 512 },
    ]
    for (const { asked, blockSize } of cases) {
      t.match(
        terms({ blksize: asked }),
        { blockSize, accepted: { blksize: `${blockSize}` } },
        asked,
      )
    }
    const large = negotiateOptions(new Map([['blksize', '65464']]), OCTET, {
      ...LIMITS,
      maxBlockSize: 65_464,
    })
    t.equal(large.blockSize, 65_464)
  },
)

t.test('RFC 2348: what is no block size is left out, and blocks have 512 octets', async (t) => {
  const wrong = [
    '0',
    '7',
    '65465',
    '-1',
    '1000000000',
    '0x200',
    '1e3',
    ' 512',
    '512 ',
    '',
    '5.5',
    '9'.repeat(400),
  ]
  for (const asked of wrong)
    t.match(terms({ blksize: asked }), { blockSize: 512, accepted: {} }, asked)
})

t.test(
  'RFC 2349: a timeout from 1 to 255 s is echoed and used, any other is left out',
  async (t) => {
    t.match(terms({ timeout: '1' }), { retryMs: 1000, accepted: { timeout: '1' } })
    t.match(terms({ timeout: '255' }), { retryMs: 255_000, accepted: { timeout: '255' } })
    for (const asked of ['0', '256', '-1', '3s'])
      t.match(terms({ timeout: asked }), { retryMs: null, accepted: {} }, asked)
  },
)

t.test('RFC 2349: tsize is answered with the size, whatever number came with it', async (t) => {
  for (const asked of ['0', '1', '999999'])
    t.same(terms({ tsize: asked }).accepted, { tsize: '130228' }, asked)
  for (const asked of ['-1', '', 'x']) t.same(terms({ tsize: asked }).accepted, {}, asked)
  const empty = negotiateOptions(new Map([['tsize', '0']]), { ...OCTET, sizeBytes: 0 }, LIMITS)
  t.same([...empty.accepted], [['tsize', '0']], 'an empty file has a size, too')
})

t.test(
  'RFC 2349: tsize is left out for netascii, where it is not the size of the file',
  async (t) => {
    const asked = new Map([
      ['tsize', '0'],
      ['blksize', '1024'],
    ])
    const { accepted } = negotiateOptions(asked, { mode: 'netascii', sizeBytes: 5 }, LIMITS)
    t.same([...accepted], [['blksize', '1024']])
  },
)

t.test(
  'RFC 7440 section 3: windows from 1 to 65535, none above what the client or we want',
  async (t) => {
    const cases = [
      { asked: '1', windowSize: 1 },
      { asked: '8', windowSize: 8 },
      { asked: '64', windowSize: 64 },
      { asked: '65535', windowSize: 64 },
    ]
    for (const { asked, windowSize } of cases) {
      t.match(
        terms({ windowsize: asked }),
        { windowSize, accepted: { windowsize: `${windowSize}` } },
        asked,
      )
    }
    for (const asked of ['0', '65536', '-8'])
      t.match(terms({ windowsize: asked }), { windowSize: 1, accepted: {} }, asked)
  },
)

t.test('RFC 7440 section 6: a window is no burst of megabytes', async (t) => {
  const limits = { maxBlockSize: 65_464, maxWindowSize: 65_535 }
  const asked = (blksize: string) =>
    new Map([
      ['blksize', blksize],
      ['windowsize', '65535'],
    ])
  t.equal(negotiateOptions(asked('65464'), OCTET, limits).windowSize, 2)
  t.equal(negotiateOptions(asked('1024'), OCTET, limits).windowSize, 128)
  const huge = new Map([['windowsize', '65535']])
  t.equal(negotiateOptions(huge, OCTET, limits).windowSize, 256, 'of 512 octets each')
})

function terms(asked: Readonly<Record<string, string>>) {
  const { accepted, ...rest } = negotiateOptions(new Map(Object.entries(asked)), OCTET, LIMITS)
  return { ...rest, accepted: Object.fromEntries(accepted) }
}
