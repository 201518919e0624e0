import t from 'tap'
import { printable } from '../../appliance/printable.ts'

t.test('nothing from outside moves the cursor, ends a line or turns text around', async (t) => {
  t.equal(printable('a\x1b[2Jb\nc\u202ed\u200be'), 'a?[2Jb?c?d?e')
  t.equal(printable('P0S3-8-12-00 é …'), 'P0S3-8-12-00 é …')
})
