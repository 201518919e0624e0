import t from 'tap'
import { renderRinglistDat, renderRinglistXml } from '../../../src/phones/config-files/ringlist.ts'

const tones = [
  { name: 'Old Style', file: 'ringer1.pcm' },
  { name: 'Bits & Bytes', file: 'tones/bits.raw' },
]

t.test('RINGLIST.DAT is name, tab, file, one tone a line', async (t) => {
  t.equal(renderRinglistDat(tones), 'Old Style\tringer1.pcm\nBits & Bytes\ttones/bits.raw\n')
  t.equal(renderRinglistDat([]), '')
})

t.test('a tab or line end in a name cannot make another field', async (t) => {
  t.equal(renderRinglistDat([{ name: 'a\tb\nc', file: 'd.pcm' }]), 'abc\td.pcm\n')
})

t.test('a tone whose file no phone can ask for is left out', async (t) => {
  const odd = ['d\te.pcm', 'd\ne.pcm', 'Ģ.pcm'].map((file) => ({ name: 'odd', file }))
  t.equal(renderRinglistDat([...odd, { name: 'good', file: 'd.pcm' }]), 'good\td.pcm\n')
  t.notMatch(renderRinglistXml(odd), '<Ring>')
})

t.test('RINGLIST.XML names the same tones for SCCP', async (t) => {
  const expected = [
    '<CiscoIPPhoneRingList>',
    '  <Ring>',
    '    <DisplayName>Old Style</DisplayName>',
    '    <FileName>ringer1.pcm</FileName>',
    '  </Ring>',
    '  <Ring>',
    '    <DisplayName>Bits &amp; Bytes</DisplayName>',
    '    <FileName>tones/bits.raw</FileName>',
    '  </Ring>',
    '</CiscoIPPhoneRingList>',
    '',
  ]
  t.equal(renderRinglistXml(tones), expected.join('\n'))
})
