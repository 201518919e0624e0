import t from 'tap'
import { macInName } from '../../src/phones/mac-in-name.ts'

t.test('a MAC address is found in the names of every make', async (t) => {
  for (const name of [
    'SEP000E84C060A6.cnf.xml',
    'sep000e84c060a6.cnf.xml',
    'ITLSEP000E84C060A6.tlv',
    'ld000e84c060a6',
    'gk000E84C060A6',
    'ATA000E84C060A6.cnf.xml',
    'WLAN000E84C060A6.xml',
    '000e84c060a6-directory.xml',
    'cfg/00-0e-84-c0-60-a6.cfg',
    'pxelinux.cfg/01-00-0e-84-c0-60-a6',
    '00:0e:84:c0:60:a6',
    '00.0e.84.c0.60.a6',
    'cfg_00_0e_84_c0_60_a6.xml',
    'SEP000e.84c0.60a6.cnf',
  ]) {
    t.equal(macInName(name), '000E84C060A6', name)
  }
})

t.test('names of loads and of files that all phones share carry none', async (t) => {
  for (const name of [
    'OS79XX.TXT',
    'SIPDefault.cnf',
    'XMLDefault.cnf.xml',
    'P00308000500.loads',
    'P0S3-8-12-00.sb2',
    'P003-08-12-00.bin',
    'English_United_States/7960-font.xml',
    '00-0e-84.cfg',
    'ring-2004-0812-0001.raw',
    'logo_12_2004.08.12.bmp',
    '',
  ]) {
    t.equal(macInName(name), null, name)
  }
})
