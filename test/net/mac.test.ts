import t from 'tap'
import { findMacFault, type Mac, macFromBytes, macToBytes, parseMac } from '../../src/net/mac.ts'

t.test('reads every usual spelling of one MAC address', async (t) => {
  const spellings = [
    { why: 'bare, as phones name their files', text: '000E84C060A6' },
    { why: 'lower case', text: '000e84c060a6' },
    { why: 'colons', text: '00:0e:84:c0:60:a6' },
    { why: 'colons, leading zeros dropped', text: '0:e:84:c0:60:a6' },
    { why: 'dashes', text: '00-0E-84-C0-60-A6' },
    { why: 'Cisco IOS', text: '000e.84c0.60a6' },
    { why: 'device name under SCCP', text: 'SEP000E84C060A6' },
    { why: 'surrounding blanks', text: ' 000E84C060A6 ' },
  ]
  for (const { why, text } of spellings) t.equal(parseMac(text), '000E84C060A6', why)
})

t.test('refuses what is no MAC address', async (t) => {
  const wrong = [
    '',
    '000E84C060A',
    '000E84C060A67',
    '00:0E-84:C0:60:A6',
    '00:0e:84:c0:60',
    '000O84C060A6',
    'SEP',
    '000e.84c060a6',
  ]
  for (const text of wrong) t.equal(parseMac(text), undefined, text)
})

t.test('octets and text are the same address', async (t) => {
  const octets = new Uint8Array([0x00, 0x0e, 0x84, 0xc0, 0x60, 0xa6])
  t.equal(macFromBytes(octets), '000E84C060A6')
  t.same(macToBytes(macFromBytes(octets)), octets)
})

t.test('no device has a null, a broadcast or a group address', async (t) => {
  const faultOf = (text: string) => findMacFault(parseMac(text) as Mac)
  t.match(faultOf('00:00:00:00:00:00'), /null/)
  t.match(faultOf('ff:ff:ff:ff:ff:ff'), /broadcast/)
  for (const text of [
    '01:00:5e:00:00:01',
    '33:33:00:00:00:01',
    '03:00:00:00:00:00',
    'ab:00:00:00:00:00',
  ]) {
    t.match(faultOf(text), /group/, text)
  }
  t.equal(faultOf('000E84C060A6'), undefined)
  t.equal(faultOf('02:00:00:00:00:01'), undefined, 'locally administered')
})
