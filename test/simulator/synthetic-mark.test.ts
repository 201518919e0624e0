import t from 'tap'
import { makeFirmwareSet } from '../../src/simulator/synthetic-firmware.ts'
import { isSyntheticImage, isSyntheticSet } from '../../src/simulator/synthetic-mark.ts'
import { anImage, aUalSet, signed } from '../support/synthetic-image.ts'

t.test('every file of every kind of set is recognised by its content', async (t) => {
  for (const load of ['P00303020214', 'P0S30203', 'P0S3-06-3-00', 'P0S3-8-12-00', 'P00308000500']) {
    for (const [name, bytes] of makeFirmwareSet(load)) t.ok(isSyntheticImage(bytes), name)
  }
})

t.test('it is recognised without its signature, cut, padded and with octets changed', async (t) => {
  const files = makeFirmwareSet('P0S3-8-12-00')
  const loader = files.get('P003-8-12-00.bin') as Uint8Array
  const application = files.get('P0S3-8-12-00.sb2') as Uint8Array
  t.ok(isSyntheticImage(application.subarray(404)), 'without its signature')
  t.ok(isSyntheticImage(loader.subarray(0, 600)), 'cut')
  t.ok(isSyntheticImage(Buffer.concat([loader, Buffer.alloc(512)])), 'padded')
  const patched = Uint8Array.from(loader)
  for (const at of [0x40, 0x50, 0x7f, 0x1000]) patched[at] = 255 - Number(patched[at])
  t.ok(isSyntheticImage(patched), 'changed')
})

t.test('what others made is not, whatever its form', async (t) => {
  for (const [name, bytes] of aUalSet('P0S3-8-12-00', 'P003-8-12-00')) {
    t.notOk(isSyntheticImage(bytes), name)
  }
  t.notOk(isSyntheticImage(signed('P0S3-8-12-00.sb2', anImage('P0S3-8-12-00', 5_000))))
  t.notOk(isSyntheticImage(anImage('P0S30203', 5_000, 0)), 'zeros')
  for (const length of [0, 1, 0x40, 0x80, 0x81, 404]) {
    t.notOk(isSyntheticImage(new Uint8Array(length)), `${length} octets`)
  }
})

t.test('one synthetic file makes a set synthetic; what is not there is not judged', async (t) => {
  const [made] = makeFirmwareSet('P0S30203').values()
  const contents = new Map([
    ['a', { bytes: anImage('P0S30203', 5_000) }],
    ['b', { bytes: made as Uint8Array }],
  ])
  let looks = 0
  const contentOf = (sha256: string) => {
    looks++
    return contents.get(sha256)
  }
  const set = (...hashes: string[]) => ({ files: hashes.map((sha256) => ({ sha256 })) })
  t.notOk(isSyntheticSet(set('a', 'gone'), contentOf))
  const mixed = set('a', 'b')
  t.ok(isSyntheticSet(mixed, contentOf))
  looks = 0
  t.ok(isSyntheticSet(mixed, contentOf))
  t.equal(looks, 0, 'a set is looked at once')
})
