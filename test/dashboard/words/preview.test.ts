import t from 'tap'
import { previewOf } from '../../../src/dashboard/words/preview.ts'

const encoder = new TextEncoder()

t.test('configuration is shown as text', async (t) => {
  const text = 'image_version: "P0S3-8-12-00"\r\n\tline1_name: "Zürich"\n'
  t.same(previewOf(encoder.encode(text)), { kind: 'text', text, isCut: false })
  t.same(previewOf(new Uint8Array()), { kind: 'text', text: '', isCut: false })
})

t.test('an image is shown in hexadecimal, sixteen octets a line', async (t) => {
  const { kind, text, isCut } = previewOf(Uint8Array.from([0, 0x41, 0x7f, ...Array(15).fill(0x62)]))
  t.equal(kind, 'hex')
  t.equal(isCut, false)
  t.same(text.split('\n'), [
    `0000  00 41 7f ${Array(13).fill('62').join(' ')}  .A.${'b'.repeat(13)}`,
    `0010  62 62${' '.repeat(44)}bb`,
  ])
})

t.test('of a large file the beginning is shown, and that it is one', async (t) => {
  const long = previewOf(encoder.encode('x'.repeat(20_000)))
  t.equal(long.isCut, true)
  t.equal(long.text.length, 16_384)
  const image = previewOf(new Uint8Array(300))
  t.equal(image.isCut, true)
  t.equal(image.text.split('\n').length, 16)
})
