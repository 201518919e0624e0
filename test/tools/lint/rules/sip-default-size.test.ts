import t from 'tap'
import { aTftpRoot, findingsIn } from '../../../support/a-tftp-root.ts'

const size = (files: Readonly<Record<string, string>>) =>
  findingsIn(aTftpRoot(files), 'sip-default-size')
const LONG = { 'SIPDefault.cnf': 'image_version: P0S30203\nenable_vad: 0\n' }

t.test('a SIP 2.x load and a long SIPDefault.cnf do not go together', async (t) => {
  t.same(size(LONG), ['fails sip-default-size SIPDefault.cnf'])
  const unnamed = { 'SIPDefault.cnf': 'enable_vad: 0\n' }
  t.same(size({ ...unnamed, 'P0S30202.bin': 'x' }), ['fails sip-default-size SIPDefault.cnf'])
})

t.test(
  'where phones of 2.x may come from is a warning, with later loads alone it is nothing',
  async (t) => {
    const to = (load: string) => ({ 'SIPDefault.cnf': `image_version: ${load}\nenable_vad: 0\n` })
    t.same(size(to('P0S3-06-3-00')), ['warns sip-default-size SIPDefault.cnf'])
    t.same(size(to('P0S3-8-12-00')), [])
    t.same(size(to('P00305000200')), [])
    t.same(size(to('firmware')), [])
  },
)

t.test('one line is what the document asks for', async (t) => {
  t.same(size({ 'SIPDefault.cnf': 'image_version: P0S30203\n' }), [])
  t.same(size({}), [])
})
