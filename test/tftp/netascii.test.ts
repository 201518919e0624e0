import t from 'tap'
import { FileCache } from '../../src/files/file-cache.ts'
import { NetasciiForms } from '../../src/tftp/netascii.ts'

t.test('RFC 1350 section 1 (RFC 764): LF travels as CR LF, CR as CR NUL', async (t) => {
  const cases = [
    { why: 'empty', text: '', form: '' },
    { why: 'no line ends', text: 'P003-8-12-00', form: 'P003-8-12-00' },
    { why: 'line feed', text: 'a\nb\n', form: 'a\r\nb\r\n' },
    { why: 'carriage return', text: 'a\rb', form: 'a\r\0b' },
    { why: 'both', text: '\r\n', form: '\r\0\r\n' },
    { why: 'only line feeds', text: '\n\n', form: '\r\n\r\n' },
  ]
  const cache = new FileCache(1000)
  for (const { why, text, form } of cases) {
    t.equal(Buffer.from(new NetasciiForms().of(cache.put(Buffer.from(text)))).toString(), form, why)
  }
})

t.test('a form is made once for a file, and is the file where nothing differs', async (t) => {
  const cache = new FileCache(1000)
  const forms = new NetasciiForms()
  const text = cache.put(Buffer.from('a\n'))
  t.equal(forms.of(text), forms.of(text))
  const plain = cache.put(Buffer.from('a'))
  t.equal(forms.of(plain), plain.bytes)
})
