import t from 'tap'
import { readLoadsFile } from '../../src/phones/loads-file.ts'
import { aHeader, aLoads, ascii, signed } from '../support/synthetic-image.ts'

t.test('three lines name loader, application and version', async (t) => {
  const said = {
    kind: 'ok',
    loader: 'P003-8-12-00',
    application: 'P0S3-8-12-00',
    laVersion: 'PAS30830',
    fileName: 'P0S3-8-12-00.loads',
  }
  const lf = aLoads('P0S3-8-12-00', 'P003-8-12-00')
  t.equal(lf.length, 458, 'as long as the real one of SIP 8.12')
  t.same(readLoadsFile(lf), said)
  const crLf = aLoads('P0S3-07-5-00', 'P003-07-5-00', '\r\n')
  t.equal(crLf.length, 461, 'as long as the real one of SIP 7.5')
  t.match(readLoadsFile(crLf), { loader: 'P003-07-5-00', application: 'P0S3-07-5-00' })
})

t.test('what is no .loads file is refused by what is wrong with it', async (t) => {
  const text = (body: string) => signed('P0S3-8-12-00.loads', ascii(body))
  const cases = [
    { why: 'no header', bytes: ascii('P003-8-12-00.sbn\n'), fault: /no signature header/ },
    { why: 'cut', bytes: aHeader('x.loads').subarray(0, 100), fault: /ends after 100/ },
    { why: 'no text', bytes: text(''), fault: /first line/ },
    { why: 'no loader', bytes: text('P003-8-12-00.bin\n'), fault: /first line/ },
    { why: 'one line', bytes: text('P003-8-12-00.sbn'), fault: /second line/ },
    { why: 'no application', bytes: text('a.sbn\nb.bin\n'), fault: /second line/ },
    { why: 'two lines', bytes: text('a.sbn\nb.sb2'), fault: /third line/ },
    { why: 'no version', bytes: text('a.sbn\nb.sb2\nPAS30830\n'), fault: /third line/ },
    { why: 'an image', bytes: text('x'.repeat(2000)), fault: /2000 bytes/ },
  ]
  for (const { why, bytes, fault } of cases) {
    t.match(readLoadsFile(bytes), { kind: 'bad', fault }, why)
  }
})
