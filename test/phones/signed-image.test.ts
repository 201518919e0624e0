import t from 'tap'
import { readEmbeddedName, readSignature } from '../../src/phones/signed-image.ts'
import { aHeader, anImage, ascii, signed } from '../support/synthetic-image.ts'

// The first octets of the images of SIP 7.5, SIP 8.12 and SCCP 8.1(2)SR2.
const REAL_START = [0x01, 0x00, 0x02, 0x01, 0x01, 0x02, 0x00, 0x02, 0x01, 0x94]

t.test('a signature header of 404 bytes holds the original file name', async (t) => {
  const bytes = signed('P0S3-8-12-00.sb2', new Uint8Array(1000))
  t.same([...bytes.subarray(0, 10)], REAL_START, 'begins as real images do')
  t.same(readSignature(bytes), { kind: 'signed', headerBytes: 404, fileName: 'P0S3-8-12-00.sb2' })
})

t.test('signer and signature may hold their elements within them', async (t) => {
  const bytes = new Uint8Array(404)
  bytes.set(REAL_START)
  bytes.set([0x03, 0x00, 0x04, 0x04, 0x00, 0x01, 0x41], 10)
  bytes.set([0x07, 0x01, 0x00], 17)
  bytes.set([0x0e, 0x00, 0x0d, ...ascii('P0030801SR02\0')], 276)
  t.match(readSignature(bytes), { kind: 'signed', fileName: 'P0030801SR02' })
})

t.test('what begins otherwise is unsigned', async (t) => {
  const cases = [
    { why: 'nothing', bytes: new Uint8Array(0) },
    { why: 'two octets of a header', bytes: Uint8Array.from(REAL_START.slice(0, 2)) },
    { why: 'an image', bytes: anImage('P003-8-12-00', 1000) },
    { why: 'text', bytes: ascii('P003-8-12-00 \r\n') },
  ]
  for (const { why, bytes } of cases) t.same(readSignature(bytes), { kind: 'unsigned' }, why)
})

t.test('a damaged header is told from none', async (t) => {
  const whole = aHeader('P003-8-12-00.sbn')
  const overlong = whole.slice()
  // The length of the signer element, beyond the header.
  overlong.set([0xff, 0xff], 11)
  const otherLength = whole.slice()
  otherLength.set([0x01, 0x95], 8)
  const otherElement = whole.slice()
  otherElement[5] = 0x09
  const nameless = whole.slice()
  nameless.fill(0x0d, 300)
  const emptyName = new Uint8Array(404)
  emptyName.set([...REAL_START, 0x0e, 0x00, 0x01, 0x00])
  const cases = [
    { why: 'ends within', bytes: whole.subarray(0, 200), fault: /ends after 200 bytes/ },
    { why: 'ends after three octets', bytes: whole.subarray(0, 3), fault: /how long/ },
    { why: 'an element reaches beyond', bytes: overlong, fault: /no file name/ },
    { why: 'says 405', bytes: otherLength, fault: /how long/ },
    { why: 'no length', bytes: otherElement, fault: /how long/ },
    { why: 'padding and no name', bytes: nameless, fault: /no file name/ },
    { why: 'an empty name', bytes: emptyName, fault: /no file name/ },
    {
      why: 'elements up to the last octet, none of them a name',
      bytes: Uint8Array.from({ length: 404 }, (_, index) => REAL_START[index] ?? 0),
      fault: /no file name/,
    },
  ]
  for (const { why, bytes, fault } of cases) {
    t.match(readSignature(bytes), { kind: 'damaged', fault }, why)
  }
})

t.test('an image carries its name at byte 0x20, and at 0x1B4 after a header', async (t) => {
  const image = anImage('P003-8-12-00', 1000)
  t.equal(readEmbeddedName(image), 'P003-8-12-00')
  t.equal(signed('P003-8-12-00.sbn', image).indexOf(0x50, 0x1b4), 0x1b4)
  t.equal(readEmbeddedName(anImage('readme', 1000)), null, 'no load name')
  t.equal(readEmbeddedName(new Uint8Array(0x20)), null, 'ends before it')
  t.equal(readEmbeddedName(anImage('P003-8-12-00', 1000).subarray(0, 0x28)), 'P003-8-1')
})
