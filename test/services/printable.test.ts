import t from 'tap'
import { printable, printableJson } from '../../src/services/printable.ts'

t.test('nothing from outside moves the cursor, ends a line or turns text around', async (t) => {
  t.equal(printable('a\x1b[2Jb\nc\u202ed\u200be'), 'a?[2Jb?c?d?e')
  t.equal(printable('P0S3-8-12-00 é …'), 'P0S3-8-12-00 é …')
})

t.test('in JSON such characters are escaped, and it means the same', async (t) => {
  const value = { name: 'a\x1b[2J\x9b31mb\u2028c\u202ed\u{e0001}\ud800', lines: ['é'] }
  const text = printableJson(JSON.stringify(value, null, 2))
  t.equal(printable(text.replaceAll('\n', '')), text.replaceAll('\n', ''))
  t.same(JSON.parse(text), value)
})
