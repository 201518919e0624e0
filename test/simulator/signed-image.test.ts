import t from 'tap'
import { readSignedImage, signImage, textUpToNul } from '../../src/simulator/signed-image.ts'

const content = new Uint8Array(1_000).fill(7)
const at = (bytes: Uint8Array, offset: number, value: number) => {
  const changed = bytes.slice()
  changed[offset] = value
  return changed
}

t.test('reads what was signed', async (t) => {
  const signed = readSignedImage(signImage('P0S3-8-12-00.sb2', content))
  t.same(signed, { fileName: 'P0S3-8-12-00.sb2', content, intact: true })
})

t.test('tells that content or name were changed', async (t) => {
  const bytes = signImage('P0S3-8-12-00.sb2', content)
  t.equal(readSignedImage(at(bytes, 900, 8))?.intact, false)
  t.equal(readSignedImage(bytes.subarray(0, -1))?.intact, false)
  const nameAt = Buffer.from(bytes).indexOf('P0S3')
  t.match(readSignedImage(at(bytes, nameAt, 0x51)), { fileName: 'Q0S3-8-12-00.sb2', intact: false })
})

t.test('of another signer only the form is looked at', async (t) => {
  const bytes = signImage('P0S3-8-12-00.sb2', content)
  const signerAt = Buffer.from(bytes).indexOf('CN=Synthetic')
  t.equal(readSignedImage(at(at(bytes, signerAt, 0x58), 900, 8))?.intact, true)
})

t.test('takes nothing else for signed', async (t) => {
  const bytes = signImage('x.sbn', content)
  const cases = [
    { why: 'empty', bytes: new Uint8Array(0) },
    { why: 'shorter than a header', bytes: bytes.subarray(0, 403) },
    { why: 'no header', bytes: content },
    { why: 'another header length', bytes: at(bytes, 9, 0x93) },
    { why: 'an element that passes the end', bytes: at(bytes, 11, 0xff) },
    { why: 'no signature', bytes: at(bytes, Buffer.from(bytes).indexOf('\x07\x01', 10), 0x70) },
    { why: 'no name', bytes: at(bytes, Buffer.from(bytes).indexOf('\x0e\x00\x06'), 0x70) },
  ]
  for (const { why, bytes } of cases) t.equal(readSignedImage(bytes), undefined, why)
})

t.test('a name that leaves no room is refused', async (t) => {
  t.equal(signImage('x'.repeat(48), content).length, 1_404)
  t.throws(() => signImage('x'.repeat(49), content), RangeError)
})

t.test('a text without NUL goes to the end', async (t) => {
  t.equal(textUpToNul(Uint8Array.of(0x41, 0x42)), 'AB')
})
