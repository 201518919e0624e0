import { crc32 } from 'node:zlib'
import t from 'tap'
import { readZip } from '../../../src/adapters/zip/read-zip.ts'
import { type FileFault, IMPORT_LIMITS } from '../../../src/inventory/named-files.ts'
import { aZip, centralHeader, localHeader, overwritten, patched } from '../../support/a-zip.ts'
import { aUalSet } from '../../support/synthetic-image.ts'

const ascii = (text: string) => new TextEncoder().encode(text)
/** Octets without pattern, the same in each run. */
const noise = (count: number) => {
  let state = 1
  return Uint8Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647
    return state & 255
  })
}
const problemsOf = async (archive: Uint8Array, limits = IMPORT_LIMITS) => {
  const outcome = await readZip(archive, limits)
  return outcome.kind === 'refused' ? outcome.problems : []
}
const namesOf = async (archive: Uint8Array) => {
  const outcome = await readZip(archive)
  return outcome.kind === 'ok' ? [...outcome.files.keys()] : outcome.problems
}
/** Two stored files, whose headers can be patched. */
const pair = () =>
  aZip([
    { name: 'first.bin', content: ascii('first content'), stored: true },
    { name: 'other.bin', content: ascii('other content'), stored: true },
  ])
// Fields by APPNOTE.TXT sections 4.3.7 and 4.3.12: offset in the local and in the central header.
const FLAGS = { local: 6, central: 8 }
const METHOD = { local: 8, central: 10 }
const CRC = { local: 14, central: 16 }
const PACKED = { local: 18, central: 20 }
const NAME_LENGTH = { local: 26, central: 28 }
const EXTRA_LENGTH = { local: 28, central: 30 }
const UNPACKED = { local: 22, central: 24 }
const LOCAL_OFFSET_IN_CENTRAL = 42
const NAME = { local: 30, central: 46 }

t.test('an archive is unpacked whole, folders and packing included', async (t) => {
  const noisy = noise(300_000)
  const archive = await aZip([
    { name: 'P0S3-8-12-00/', content: new Uint8Array() },
    { name: 'P0S3-8-12-00/a.sb2', content: noisy },
    { name: 'P0S3-8-12-00/b.sbn', content: ascii('stored'), stored: true },
    { name: 'empty', content: new Uint8Array() },
    { name: 'streamed', content: noisy, streamed: true },
  ])
  const outcome = await readZip(archive)
  if (outcome.kind !== 'ok') throw new Error(JSON.stringify(outcome))
  t.same(
    [...outcome.files.keys()],
    ['P0S3-8-12-00/a.sb2', 'P0S3-8-12-00/b.sbn', 'empty', 'streamed'],
  )
  const unpacked = outcome.files.get('P0S3-8-12-00/a.sb2') ?? new Uint8Array()
  t.equal(Buffer.compare(unpacked, noisy), 0)
  t.same(outcome.files.get('P0S3-8-12-00/b.sbn'), ascii('stored'))
  t.same(outcome.files.get('empty'), new Uint8Array())
})

t.test('an archive that is a view on a larger buffer is read alone', async (t) => {
  const archive = await pair()
  const around = Buffer.concat([Buffer.alloc(50, 7), archive, Buffer.alloc(50, 7)])
  const view = new Uint8Array(around.buffer, around.byteOffset + 50, archive.length)
  t.same(await namesOf(view), ['first.bin', 'other.bin'])
})

t.test('a synthetic firmware set passes, though its filling packs a hundredfold', async (t) => {
  const set = aUalSet('P0S3-8-12-00', 'P003-8-12-00')
  const archive = await aZip(Array.from(set, ([name, content]) => ({ name, content })))
  t.same(await namesOf(archive), [...set.keys()])
})

t.test('names that lead elsewhere are refused, each by its name', async (t) => {
  const cases = [
    { name: '../x.bin', fault: /leaves its folder/ },
    { name: 'a/../..', fault: /leaves its folder/ },
    { name: '/tmp.bin', fault: /absolute name/ },
    { name: 'C:/x.bin', fault: /drive letter/ },
    { name: 'a\\b.bin', fault: /backslash/ },
    { name: 'a\u0000.bin', fault: /control character/ },
    { name: 'a\u001b[0m', fault: /control character/ },
    { name: 'a//b.bin', fault: /empty part/ },
    { name: './x.bin', fault: /empty part/ },
  ]
  for (const { name, fault } of cases) {
    const place = 'x'.repeat(name.length)
    const good = await aZip([{ name: place, content: ascii('content') }])
    const problems = await problemsOf(patched(good, place, name, 2))
    t.match(problems, [{ file: name, fault }], JSON.stringify(name))
    t.equal(problems.length, 1)
  }
})

t.test('a nameless and an overlong name are refused', async (t) => {
  const long = 'x'.repeat(256)
  const good = await aZip([{ name: long, content: ascii('content') }])
  t.match(await problemsOf(good), [{ file: long, fault: /more than 255/ }])
  // Four octets of the name become an empty extra field, and no name is left.
  const named = patched(await aZip([{ name: 'xxxx', content: ascii('a') }]), 'xxxx', 'xx\0\0', 2)
  const [local, central] = [localHeader(named, 0), centralHeader(named, 0)]
  const lengths: readonly [at: number, octets: number][] = [
    [local + NAME_LENGTH.local, 0],
    [local + EXTRA_LENGTH.local, 4],
    [central + NAME_LENGTH.central, 0],
    [central + EXTRA_LENGTH.central, 4],
  ]
  const nameless = lengths.reduce((bytes, [at, n]) => overwritten(bytes, at, n, 2), named)
  t.match(await problemsOf(nameless), [{ file: '', fault: 'has no name' }])
})

t.test('links and devices are refused', async (t) => {
  const cases = [
    { mode: 0o120777, fault: /symbolic link/ },
    { mode: 0o020666, fault: /device/ },
    { mode: 0o060666, fault: /device/ },
    { mode: 0o010666, fault: /pipe/ },
    { mode: 0o140666, fault: /socket/ },
  ]
  for (const { mode, fault } of cases) {
    const archive = await aZip([{ name: 'x', content: ascii('/etc/passwd'), mode }])
    t.match(await problemsOf(archive), [{ file: 'x', fault }])
  }
})

t.test(
  'names that differ in letter case alone are refused, and names that come twice',
  async (t) => {
    const archive = await aZip([
      { name: 'P0S3.bin', content: ascii('a') },
      { name: 'p0s3.BIN', content: ascii('b') },
      { name: 'twin', content: ascii('c') },
      { name: 'twin', content: ascii('d') },
    ])
    t.same(await problemsOf(archive), [
      { file: 'p0s3.BIN', fault: 'differs from P0S3.bin only in letter case' },
      { file: 'twin', fault: 'occurs twice' },
    ])
  },
)

t.test('an encrypted file is refused', async (t) => {
  const archive = await pair()
  const inDirectory = overwritten(archive, centralHeader(archive, 1) + FLAGS.central, 1, 2)
  const stored = await problemsOf(inDirectory)
  // yauzl expects twelve octets more of a stored file that is encrypted, and ends there.
  t.match(stored, [{ file: '', fault: /after first\.bin: .*size mismatch/ }])
  const packed = await aZip([{ name: 'a', content: noise(100) }])
  const encrypted = overwritten(packed, centralHeader(packed, 0) + FLAGS.central, 1, 2)
  t.match(await problemsOf(encrypted), [{ file: 'a', fault: 'is encrypted' }])
  const strong = overwritten(packed, centralHeader(packed, 0) + FLAGS.central, 0x41, 2)
  t.match(await problemsOf(strong), [{ fault: /strong encryption/ }])
  const inHeader = overwritten(archive, localHeader(archive, 1) + FLAGS.local, 1, 2)
  t.match(await problemsOf(inHeader), [
    { file: 'other.bin', fault: /encrypted, according to its local header/ },
  ])
})

t.test('a packing method that is not known is refused', async (t) => {
  const archive = await aZip([{ name: 'a', content: noise(100) }])
  const lzma = overwritten(archive, centralHeader(archive, 0) + METHOD.central, 14, 2)
  t.match(await problemsOf(lzma), [{ file: 'a', fault: /compression method 14/ }])
})

t.test('a wrong checksum is refused', async (t) => {
  const archive = await pair()
  const damaged = patched(archive, 'other content', 'other c0ntent', 1)
  t.match(await problemsOf(damaged), [{ file: 'other.bin', fault: /CRC-32/ }])
})

t.test('damaged packed data is refused', async (t) => {
  const archive = await aZip([{ name: 'a', content: noise(2000) }])
  const header = localHeader(archive, 0)
  const damaged = Buffer.from(archive).fill(0xff, header + NAME.local + 1, header + NAME.local + 40)
  t.match(await problemsOf(damaged), [{ file: 'a', fault: /cannot be unpacked|CRC-32/ }])
})

t.test('a truncated archive is refused at every length', async (t) => {
  const archive = await pair()
  for (let length = 0; length < archive.length; length++) {
    const problems = await problemsOf(archive.subarray(0, length))
    t.match(problems, [{ file: '', fault: /not a valid ZIP file/ }], `${length} octets`)
  }
})

t.test('a file that is not an archive is refused', async (t) => {
  for (const bytes of [new Uint8Array(), ascii('hello'), noise(5000)]) {
    t.match(await problemsOf(bytes), [{ file: '', fault: /not a valid ZIP file/ }])
  }
})

t.test('a directory that disagrees with the local headers is refused', async (t) => {
  const archive = await pair()
  const header = localHeader(archive, 1)
  const cases: { bytes: Buffer; fault: RegExp }[] = [
    { bytes: overwritten(archive, header + NAME.local, 0x4141, 2), fault: /different name/ },
    {
      bytes: overwritten(archive, header + METHOD.local, 8, 2),
      fault: /different compression method/,
    },
    { bytes: overwritten(archive, header + CRC.local, 1, 4), fault: /different checksum/ },
    { bytes: overwritten(archive, header + UNPACKED.local, 5, 4), fault: /different size/ },
    {
      bytes: overwritten(archive, header + PACKED.local, 5, 4),
      fault: /different compressed size/,
    },
    {
      bytes: overwritten(archive, header, 0, 4),
      fault: /cannot be found: invalid local file header/,
    },
  ]
  for (const { bytes, fault } of cases) {
    t.match(await problemsOf(withoutDescriptors(bytes)), [{ file: 'other.bin', fault }], `${fault}`)
  }
  t.same(await problemsOf(withoutDescriptors(archive)), [], 'the pair itself is good')
})

t.test('files that lie in one another are refused', async (t) => {
  const inner = await aZip([{ name: 'inner.bin', content: ascii('inner content'), stored: true }])
  const quoted = inner.subarray(0, centralHeader(inner, 0))
  const outer = await aZip([
    { name: 'outer.bin', content: quoted, stored: true },
    { name: 'inner.bin', content: ascii('inner content'), stored: true },
  ])
  // The second entry now points at the local header within the first one's data.
  const within = outer.indexOf(quoted)
  const field = centralHeader(outer, 1) + LOCAL_OFFSET_IN_CENTRAL
  const problems = await problemsOf(overwritten(outer, field, within, 4))
  t.match(problems, [{ file: 'inner.bin', fault: 'overlaps outer.bin' }])
})

t.test('one piece of data for many names is refused (the overlapping bomb)', async (t) => {
  const content = noise(1000)
  const archive = await aZip([
    { name: 'a.bin', content },
    { name: 'a.bix', content },
  ])
  const field = centralHeader(archive, 1) + LOCAL_OFFSET_IN_CENTRAL
  const problems = await problemsOf(overwritten(archive, field, 0, 4))
  t.match(problems.at(-1), { file: 'a.bix', fault: 'overlaps a.bin' })
})

t.test('too many files are refused before any is read', async (t) => {
  const many = (count: number) =>
    aZip(Array.from({ length: count }, (_, index) => ({ name: `${index}`, content: ascii('x') })))
  t.same(await problemsOf(await many(200)), [])
  t.match(await problemsOf(await many(201)), [
    { file: '', fault: /has 201 files; the limit is 200/ },
  ])
  t.match(await problemsOf(await many(801)), [
    { file: '', fault: /has 801 entries; the limit is 200/ },
  ])
})

t.test(
  '65,535 entries that a directory claims and does not have are refused at once',
  async (t) => {
    const archive = await pair()
    const end = archive.lastIndexOf('PK\u0005\u0006', undefined, 'latin1')
    const claimed = overwritten(archive, end + 10, 65_534, 2)
    t.match(await problemsOf(claimed), [{ file: '', fault: /has 65534 entries/ }])
  },
)

t.test('sizes above the limits are refused, of the archive, of one file, of all', async (t) => {
  const limits = { files: 10, fileBytes: 1_000, totalBytes: 2_500 }
  const parts = (sizes: number[]) =>
    aZip(sizes.map((size, index) => ({ name: `${index}`, content: new Uint8Array(size) })))
  t.same(await problemsOf(await parts([1_000, 1_000, 500]), limits), [])
  t.match(await problemsOf(await parts([1_001]), limits), [
    { file: '0', fault: /holds 1001 bytes; the limit for one file is 1000/ },
  ])
  t.match(await problemsOf(await parts([1_000, 1_000, 501]), limits), [
    { file: '', fault: /holds 2501 bytes in total; the limit is 2500/ },
  ])
  const large = await aZip([
    { name: '0', content: noise(900) },
    { name: '1', content: noise(900) },
    { name: '2', content: noise(900) },
  ])
  t.match(await problemsOf(large, limits), [
    { file: '', fault: /has \d+ bytes; the limit is 2500/ },
  ])
})

t.test('a file that packs a thousandfold is refused', async (t) => {
  const archive = await aZip([{ name: 'bomb', content: new Uint8Array(3_000_000) }])
  t.match(await problemsOf(archive), [
    { file: 'bomb', fault: /\d+ times its size; the limit is 100 times/ },
  ])
})

t.test('a bomb that declares a small size stops at that size', async (t) => {
  const archive = await aZip([{ name: 'bomb', content: new Uint8Array(3_900_000) }])
  const declared = 100
  const small = withoutDescriptors(
    overwritten(archive, centralHeader(archive, 0) + UNPACKED.central, declared, 4),
  )
  const agreeing = overwritten(small, localHeader(small, 0) + UNPACKED.local, declared, 4)
  const before = process.memoryUsage().arrayBuffers
  t.match(await problemsOf(agreeing), [{ file: 'bomb', fault: /too many bytes in the stream/ }])
  t.ok(process.memoryUsage().arrayBuffers - before < 2_000_000, 'and is not held in memory')
})

t.test('a file that unpacks to less than it declares is refused', async (t) => {
  const archive = await aZip([{ name: 'short', content: noise(100) }])
  const larger = overwritten(archive, centralHeader(archive, 0) + UNPACKED.central, 200, 4)
  const problems = await problemsOf(larger)
  t.match(problems, [{ file: 'short' }])
})

t.test('all problems of an archive are told at once, and nothing is unpacked', async (t) => {
  const archive = patched(
    await aZip([
      { name: 'xx/a', content: ascii('a') },
      { name: 'link', content: ascii('b'), mode: 0o120777 },
      { name: 'good', content: ascii('c') },
    ]),
    'xx/a',
    '../a',
    2,
  )
  const files = (await problemsOf(archive)).map(({ file }: FileFault) => file)
  t.same(files.sort(), ['../a', 'link'])
})

/**
 * The same archive with sizes and checksum in the local headers, where they are compared, and not
 * in a descriptor behind the data.
 */
function withoutDescriptors(archive: Buffer): Buffer {
  let copy: Buffer = Buffer.from(archive)
  const count = copy.readUInt16LE(copy.lastIndexOf('PK\u0005\u0006', undefined, 'latin1') + 10)
  for (let nth = 0; nth < count; nth++) {
    const central = centralHeader(copy, nth)
    const local = copy.readUInt32LE(central + LOCAL_OFFSET_IN_CENTRAL)
    const flags = copy.readUInt16LE(local + FLAGS.local)
    if ((flags & 8) === 0 || copy.readUInt32LE(local) !== 0x04034b50) continue
    for (const { local: to, central: from } of [CRC, PACKED, UNPACKED]) {
      const isUntouched = copy.readUInt32LE(local + to) === 0
      if (isUntouched) copy = overwritten(copy, local + to, copy.readUInt32LE(central + from), 4)
    }
    copy = overwritten(copy, local + FLAGS.local, flags & ~8, 2)
  }
  return copy
}

t.test('the checksum is that of RFC 1952', async (t) => {
  // The check value of the CRC-32 catalogue for the octets of "123456789".
  t.equal(crc32(ascii('123456789')), 0xcbf43926)
})
