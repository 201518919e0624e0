import t from 'tap'
import { generationOfFirstRequest, readRequestedFile } from '../../src/phones/requested-file.ts'

const mac = '000E84C060A6'

t.test('a requested name tells who asks', async (t) => {
  const cases = [
    { name: 'OS79XX.TXT', file: { kind: 'os79xx' } },
    { name: 'CTLSEP000E84C060A6.tlv', file: { kind: 'ctlsep', mac } },
    { name: 'SEP000E84C060A6.cnf.xml', file: { kind: 'sep-xml', mac } },
    { name: 'SEP000E84C060A6.cnf', file: { kind: 'sep-cnf', mac } },
    { name: 'SIP000E84C060A6.cnf', file: { kind: 'sip-phone', mac } },
    { name: './SIP000E84C060A6.cnf', file: { kind: 'sip-phone', mac } },
    { name: '/SIP000e84c060a6.cnf', file: { kind: 'sip-phone', mac } },
    { name: 'MGC000E84C060A6.cnf', file: { kind: 'mgc-phone', mac } },
    { name: 'SIPDefault.cnf', file: { kind: 'sip-default' } },
    { name: 'XMLDefault.cnf.xml', file: { kind: 'xml-default' } },
    { name: 'xmlDefault.CNF.XML', file: { kind: 'xml-default' } },
    { name: 'SEPDefault.cnf', file: { kind: 'sep-default' } },
    { name: 'mgcdefault.cnf', file: { kind: 'mgc-default' } },
    { name: 'P0S3-8-12-00.loads', file: { kind: 'loads', load: 'P0S3-8-12-00' } },
    { name: 'P0030801SR02.loads', file: { kind: 'loads', load: 'P0030801SR02' } },
    { name: 'P0S30203.bin', file: { kind: 'image', stem: 'P0S30203', extension: 'bin' } },
    { name: 'P003-8-12-00.sbn', file: { kind: 'image', stem: 'P003-8-12-00', extension: 'sbn' } },
    { name: 'p0s3-8-12-00.SB2', file: { kind: 'image', stem: 'P0S3-8-12-00', extension: 'sb2' } },
    { name: 'RINGLIST.DAT', file: { kind: 'ringlist-dat' } },
    { name: 'RINGLIST.XML', file: { kind: 'ringlist-xml' } },
    { name: 'DISTINCTIVERINGLIST.XML', file: { kind: 'ringlist-xml' } },
    { name: 'dialplan.xml', file: { kind: 'dialplan' } },
    { name: 'German_Germany/7960-font.xml', file: { kind: 'locale' } },
    { name: 'United_Kingdom/7960-tones.xml', file: { kind: 'locale' } },
    { name: 'German_Germany/SCCP-dictionary.xml', file: { kind: 'locale' } },
    { name: 'syncinfo.xml', file: { kind: 'syncinfo' } },
    { name: 'ringer1.pcm', file: { kind: 'other' } },
    { name: '', file: { kind: 'other' } },
    { name: 'SIP000E84C060.cnf', file: { kind: 'other' } },
    { name: '../OS79XX.TXT', file: { kind: 'other' } },
    { name: `P0S3${'x'.repeat(100)}.bin`, file: { kind: 'other' } },
  ]
  for (const { name, file } of cases) t.same(readRequestedFile(name), file, name)
})

t.test('other models give themselves away', async (t) => {
  const cases = [
    { name: 'term41.default.loads', model: '7941' },
    { name: 'term06.default.loads', model: '7906' },
    { name: 'jar41sccp.8-4-2S.sbn', model: '7941' },
    { name: 'SCCP45.8-4-2S.loads', model: '7945' },
    { name: 'SEP000e84c060a6.cnf.xml', model: '7902, 7905 or 7912' },
    { name: 'SEDDefault.cnf', model: '7902, 7905 or 7912' },
    { name: 'ld000e84c060a6', model: '7905, 7912 or ATA' },
    { name: 'gk000e84c060a6', model: '7905, 7912 or ATA' },
    { name: 'gkdefault.cfg', model: '7905, 7912 or ATA' },
    { name: 'WLAN000E84C060A6.xml', model: '7920 or 7921' },
    { name: 'WLANDefault.xml', model: '7920 or 7921' },
    { name: 'ITLSEP000E84C060A6.tlv', model: '7941, 7961 or later (a Java phone)' },
    { name: 'ITLFile.tlv', model: '7941, 7961 or later (a Java phone)' },
    { name: '/mk-sip.jar', model: '7941, 7961 or later (a Java phone)' },
    { name: 'German_Germany/tc-sccp.jar', model: '7941, 7961 or later (a Java phone)' },
    { name: '/g3-tones.xml', model: '7941, 7961 or later (a Java phone)' },
    { name: 'English_United_States/7921-font.dat', model: '7921' },
    { name: 'sip8845_65.12-8-1.loads', model: '8845' },
    { name: 'sip88xx.12-8-1-0001-455.loads', model: '88xx' },
    { name: 'rootfs78xx.12-8-1.sbn', model: '78xx' },
    { name: 'SEP000E84C060A6.cnf.xml.sgn', model: /Java phone/ },
    { name: 'SEP000E84C060A6.cnf.xml.enc.sgn', model: /Java phone/ },
    { name: 'CP7912080003SCCP070409A.sbin', model: '7912' },
    { name: 'cmterm_7936.3-3-21-0.bin', model: '7936' },
    { name: 'ATA000E84C060A6.cnf.xml', model: 'ATA' },
    { name: 'P00405000700.sbn', model: '7910' },
    { name: 'P00503020200.bin', model: '7935' },
  ]
  for (const { name, model } of cases) {
    const file = readRequestedFile(name)
    t.match(file, { kind: 'other-model', model, why: /./ }, name)
  }
})

t.test('a MAC address of digits alone has no letter case and is taken for ours', async (t) => {
  t.same(readRequestedFile('SEP001122334455.cnf.xml'), { kind: 'sep-xml', mac: '001122334455' })
})

t.test('the first request tells the generation', async (t) => {
  const cases = [
    { name: 'OS79XX.TXT', generation: 'pre-ual' },
    { name: 'CTLSEP000E84C060A6.tlv', generation: 'ual' },
    { name: 'SEP000E84C060A6.cnf.xml', generation: null },
    { name: 'SIPDefault.cnf', generation: null },
  ]
  for (const { name, generation } of cases) {
    t.equal(generationOfFirstRequest(readRequestedFile(name)), generation, name)
  }
})

t.test('however many names are asked for, each is read as the first time', async (t) => {
  for (let n = 0; n < 10_000; n++) {
    const mac = n.toString(16).toUpperCase().padStart(12, 'A')
    if (readRequestedFile(`SIP${mac}.cnf`).kind !== 'sip-phone') t.fail(mac)
  }
  t.same(readRequestedFile('SIP000E84C060A6.cnf'), { kind: 'sip-phone', mac: '000E84C060A6' })
})
