import t from 'tap'
import { aTftpRoot, findingsIn, findingsOf } from '../../../support/a-tftp-root.ts'

t.test('what phones look for in the root is not found in a folder', async (t) => {
  const inside = { 'P0S3-8-12-00/P0S3-8-12-00.sb2': {}, 'cfg/OS79XX.TXT': {} }
  t.same(findingsIn(aTftpRoot(inside), 'sub-folder'), [
    'fails sub-folder P0S3-8-12-00/P0S3-8-12-00.sb2',
    'fails sub-folder cfg/OS79XX.TXT',
  ])
})

t.test('a copy, a locale folder and a tone in a folder are as they should be', async (t) => {
  const files = {
    'old/SEPDefault.cnf': {},
    'SEPDefault.cnf': {},
    'German_Germany/7960-font.xml': {},
    'rings/bell.pcm': {},
  }
  t.same(findingsIn(aTftpRoot(files), 'sub-folder'), [])
})

t.test('tftp_cfg_dir may lead to the files of the phones', async (t) => {
  const files = {
    'SIPDefault.cnf': 'tftp_cfg_dir: "./phones/"\n',
    'phones/SIP000E84C060A6.cnf': {},
    'other/SIP000E84C060A7.cnf': {},
  }
  t.same(findingsIn(aTftpRoot(files), 'sub-folder'), ['fails sub-folder other/SIP000E84C060A7.cnf'])
})

t.test('an archive that was not unpacked is a warning', async (t) => {
  const files = { 'P0S3-8-12-00.zip': {}, 'photos.zip': {}, 'cmterm-7940-7960-sccp.7-2-3.exe': {} }
  const root = aTftpRoot(files)
  t.same(findingsIn(root), [
    'warns archive P0S3-8-12-00.zip',
    'warns archive cmterm-7940-7960-sccp.7-2-3.exe',
  ])
  t.match(
    findingsOf(root).map(({ found }) => found),
    ['is an archive', 'is an installer'],
  )
})

t.test('a folder of one client is looked into by dnsmasq, where it is told to', async (t) => {
  const files = { '10.20.0.61/OS79XX.TXT': {}, '00-0e-84-c0-60-a6/SIPDefault.cnf': {} }
  t.same(findingsIn(aTftpRoot(files), 'sub-folder'), [
    'warns sub-folder 00-0e-84-c0-60-a6/SIPDefault.cnf',
    'warns sub-folder 10.20.0.61/OS79XX.TXT',
  ])
})
