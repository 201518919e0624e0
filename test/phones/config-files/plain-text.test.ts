import t from 'tap'
import { isLineBreaking, plainValue, xmlText } from '../../../src/phones/config-files/plain-text.ts'

t.test('quotes and control characters are dropped, all else stays', async (t) => {
  t.equal(plainValue('Büro 12; #3'), 'Büro 12; #3')
  t.equal(plainValue('a"b\r\nc\0d\x7fe\x85f\u2029g'), 'abcdefg')
})

t.test('what breaks a line', async (t) => {
  for (const character of ['\n', '\r', '\0', '\t', '\x7f', '\x85', '\u2028', '\u2029']) {
    t.ok(isLineBreaking(character), `code point ${character.codePointAt(0)}`)
  }
  for (const character of [' ', '~', '\u00a0', 'é', '📞']) t.notOk(isLineBreaking(character))
})

t.test('text cannot leave its XML element or attribute', async (t) => {
  t.equal(
    xmlText(`<a href='x'>"&"</a>\n`),
    '&lt;a href=&apos;x&apos;&gt;&quot;&amp;&quot;&lt;/a&gt;',
  )
})
