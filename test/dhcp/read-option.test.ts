import t from 'tap'
import {
  printable,
  readAddress,
  readText,
  readUint16,
  readUint32,
} from '../../src/dhcp/read-option.ts'
import { aDiscover, ip, textOctets } from '../support/a-dhcp-message.ts'

const withOption = (code: number, value: Uint8Array) => aDiscover({ options: [[code, value]] })

t.test(
  'RFC 2132 section 9.1: an address has four octets, whatever else comes is none',
  async (t) => {
    t.equal(readAddress(aDiscover({ requested: '10.20.0.60' }), 50), ip('10.20.0.60'))
    t.equal(readAddress(aDiscover(), 50), null, 'absent')
    for (const length of [0, 1, 2, 3, 5, 6, 7, 8, 255]) {
      const message = withOption(50, new Uint8Array(length))
      t.equal(readAddress(message, 50), undefined, `${length} octets`)
    }
  },
)

t.test('numbers of the wrong length are as good as absent', async (t) => {
  t.equal(readUint32(aDiscover({ leaseSeconds: 0xffffffff }), 51), 0xffffffff)
  t.equal(readUint32(withOption(51, new Uint8Array(3)), 51), null)
  t.equal(readUint32(aDiscover(), 51), null)
  t.equal(readUint16(withOption(57, Uint8Array.of(5, 0xdc)), 57), 1500)
  t.equal(readUint16(withOption(57, Uint8Array.of(5)), 57), null)
  t.equal(readUint16(aDiscover(), 57), null)
})

t.test('RFC 2132 section 2: trailing NULs of a text do not count', async (t) => {
  t.equal(readText(withOption(60, textOctets('IP Phone\0\0')), 60), 'IP Phone')
  t.equal(readText(withOption(60, textOctets('a\0b')), 60), 'a\0b', 'others do')
  t.equal(readText(withOption(60, textOctets('\0\0')), 60), '')
  t.equal(readText(withOption(12, new Uint8Array(0)), 12), '')
  t.equal(readText(aDiscover(), 12), '')
  t.equal(readText(withOption(12, new Uint8Array(60_000).fill(65)), 12).length, 255)
})

t.test('text from the network cannot steer a terminal or break a line', async (t) => {
  const cases = [
    { why: 'plain', text: 'SEP000E84C060A6', shown: 'SEP000E84C060A6' },
    { why: 'escape sequence', text: '\x1b[2Jphone', shown: '?[2Jphone' },
    { why: 'line break', text: 'a\r\nb', shown: 'a??b' },
    { why: 'NUL inside', text: 'a\0b', shown: 'a?b' },
    { why: 'UTF-8 octets', text: 'b\xc3\xbcro', shown: 'b??ro' },
    { why: 'markup is for the page to escape', text: '<b>x</b>', shown: '<b>x</b>' },
    { why: 'nothing but control octets is nothing', text: '\x01\x02', shown: '' },
    { why: 'blank', text: '   ', shown: '' },
  ]
  for (const { why, text, shown } of cases) t.equal(printable(text), shown, why)
})
