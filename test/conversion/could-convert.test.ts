import t from 'tap'
import { couldConvert } from '../../src/conversion/could-convert.ts'

t.test('names that make a phone load something are told from harmless ones', async (t) => {
  for (const name of [
    'OS79XX.TXT',
    'os79xx.txt',
    'SIPDefault.cnf',
    'XMLDefault.cnf.xml',
    'SEP000E84C060A6.cnf.xml',
    'P0S3-8-12-00.loads',
    'P003-8-12-00.sbn',
    './P0S30203.bin',
    'MGCDefault.cnf',
    'MGC000E84C060A6.cnf',
    'phones/SIP000E84C060A6.cnf',
    './a/b/SIPDefault.cnf',
    'old/P0S3-8-12-00.loads',
  ]) {
    t.equal(couldConvert(name), true, name)
  }
  for (const name of ['RINGLIST.DAT', 'ringer1.pcm', 'dialplan.xml', 'logo.bmp', 'syncinfo.xml']) {
    t.equal(couldConvert(name), false, name)
  }
})
