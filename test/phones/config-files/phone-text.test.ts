import t from 'tap'
import {
  bareName,
  findAsciiFault,
  findTextFault,
  isPhoneCharacter,
  phoneOctets,
  phoneText,
  quotedText,
  xmlText,
} from '../../../src/phones/config-files/phone-text.ts'

t.test('what phones have is ISO 8859-1 without its control characters', async (t) => {
  for (const character of [' ', '~', '\u00a0', 'é', 'ÿ']) {
    t.ok(isPhoneCharacter(character), character)
    t.equal(findTextFault(character, 'quoted'), undefined)
  }
  for (let code = 0; code < 0x3000; code++) {
    const isPhones = (code >= 32 && code < 127) || (code >= 160 && code < 256)
    const character = String.fromCodePoint(code)
    if (isPhoneCharacter(character) !== isPhones) t.fail(`U+${code.toString(16)}`)
    if ((findTextFault(character, 'free') === undefined) !== isPhones) t.fail(`${code}`)
  }
})

t.test('the first character at fault is named, by code point and glyph', async (t) => {
  const shown = (named: string) => `${named} cannot be shown by the phone; wanted ISO 8859-1`
  const ended = (named: string) =>
    `${named} is a line break or control character; wanted ISO 8859-1 without those`
  const cases: readonly (readonly [text: string, fault: string])[] = [
    ['Ģirts Ozoliņš', shown('U+0122 "Ģ"')],
    ['€', shown('U+20AC "€"')],
    ['密', shown('U+5BC6 "密"')],
    ['📞', shown('U+1F4DE "📞"')],
    ['\u010a', shown('U+010A "Ċ"')],
    ['＂', shown('U+FF02 "＂"')],
    ['e\u0301', `${shown('U+0301 (combining mark)')}, letter and accent as one character`],
    ['\u2019', `${shown('U+2019 "’"')}, such as a straight apostrophe`],
    ['a\ud800b', shown('U+D800 (half of a surrogate pair)')],
    ['\u202e', shown('U+202E (invisible)')],
    ['\u200b', shown('U+200B (invisible)')],
    ['\u3000', shown('U+3000')],
    ['\ue000', shown('U+E000')],
    ['\0', ended('U+0000 (NUL)')],
    ['\t', ended('U+0009 (tab)')],
    ['\n', ended('U+000A (line feed)')],
    ['\r', ended('U+000D (carriage return)')],
    ['\x1b', ended('U+001B')],
    ['\x7f', ended('U+007F')],
    ['\u0085', ended('U+0085 (next line)')],
    ['\u009b', ended('U+009B')],
    ['\u2028', ended('U+2028 (line separator)')],
    ['\u2029', ended('U+2029 (paragraph separator)')],
  ]
  for (const [text, fault] of cases) t.equal(findTextFault(text, 'free'), fault)
})

t.test('a quote is at fault where it would end the value, and nowhere else', async (t) => {
  t.match(findTextFault('a"b', 'quoted'), /^U\+0022 """ is a quote/)
  t.equal(findTextFault('a"b', 'free'), undefined)
})

t.test('RFC 2132 section 2: DHCP options are NVT ASCII', async (t) => {
  t.equal(findAsciiFault('lab "1"'), undefined)
  t.equal(findAsciiFault('Büro'), 'U+00FC "ü" is not ASCII; wanted ASCII')
  t.match(findAsciiFault('Ģ'), /^U\+0122 "Ģ" cannot be shown/)
  t.match(findAsciiFault('a\nb'), /^U\+000A/)
})

t.test('the second check leaves out what is not allowed', async (t) => {
  t.equal(phoneText('Büro 12; #3'), 'Büro 12; #3')
  t.equal(quotedText('a"b\r\nc\0d\x7fe\x85f\u2029g\u0122h\ud800i'), 'abcdefghi')
  t.equal(bareName('P0S3-8-12-00"\n image_version: \u0122'), 'P0S3-8-12-00image_version')
})

t.test('text cannot leave its XML element or attribute', async (t) => {
  t.equal(
    xmlText(`<a href='x'>"&"</a>\n\u013c`),
    '&lt;a href=&apos;x&apos;&gt;&quot;&amp;&quot;&lt;/a&gt;',
  )
})

t.test('a file is one octet a character', async (t) => {
  t.same([...phoneOctets('aéÿ\n')], [0x61, 0xe9, 0xff, 0x0a])
  t.same([...phoneOctets('\u010aa\u0122')], [0x61], 'never the low octet of another character')
})
