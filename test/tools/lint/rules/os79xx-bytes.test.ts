import t from 'tap'
import { aTftpRoot, findingsIn, findingsOf } from '../../../support/a-tftp-root.ts'
import { anImage } from '../../../support/synthetic-image.ts'

const IMAGE = { 'P0S30203.bin': anImage('P0S30203', 331_776) }

function bytesFound(text: string): readonly string[] {
  return findingsIn(aTftpRoot({ ...IMAGE, 'OS79XX.TXT': text })).filter((found) =>
    /os79xx-(?!everybody)/.test(found),
  )
}

t.test('the name alone, with one line end or none, has nothing wrong with it', async (t) => {
  for (const text of ['P0S30203', 'P0S30203\n']) t.same(bytesFound(text), [], JSON.stringify(text))
})

t.test('whatever else stands in OS79XX.TXT is found with its octet or line', async (t) => {
  const cases = [
    { why: 'extension', text: 'P0S30203.bin\n', found: ['fails os79xx-extension OS79XX.TXT:8'] },
    { why: 'letter O', text: 'POS30203\n', found: ['fails os79xx-letter-o OS79XX.TXT:1'] },
    {
      why: 'lower case, of an image that some servers find',
      text: 'p0s30203\n',
      found: ['warns os79xx-case OS79XX.TXT:0'],
    },
    {
      why: 'lower case, of an image that is not here',
      text: 'p0s30202\n',
      found: ['fails os79xx-case OS79XX.TXT:0'],
    },
    {
      why: 'several mistakes, each told',
      text: 'POS30203.BIN',
      found: ['fails os79xx-letter-o OS79XX.TXT:1', 'fails os79xx-extension OS79XX.TXT:8'],
    },
    { why: 'no load', text: 'FIRMWARE\n', found: ['fails os79xx-name OS79XX.TXT:0'] },
    { why: 'spelling', text: 'P0S3-08-12-00\n', found: ['fails os79xx-name OS79XX.TXT:0'] },
    { why: 'blank before', text: ' P0S30203\n', found: ['fails os79xx-blank OS79XX.TXT:0'] },
    { why: 'blank behind', text: 'P0S30203 \n', found: ['warns os79xx-line-end OS79XX.TXT:8'] },
    { why: 'CR LF', text: 'P0S30203\r\n', found: ['warns os79xx-line-end OS79XX.TXT:8'] },
    { why: 'second line', text: 'P0S30203\n\nx\n', found: ['fails os79xx-lines OS79XX.TXT:3'] },
    { why: 'empty', text: '', found: ['fails os79xx-empty OS79XX.TXT:0'] },
    { why: 'blank line first', text: '\nP0S30203\n', found: ['fails os79xx-empty OS79XX.TXT:0'] },
    {
      why: 'UTF-8 mark',
      text: '\xef\xbb\xbfP0S30203\n',
      found: ['fails os79xx-encoding OS79XX.TXT:0'],
    },
    { why: 'UTF-16', text: '\xff\xfeP\0', found: ['fails os79xx-encoding OS79XX.TXT:0'] },
    {
      why: 'UTF-16, big end first',
      text: '\xfe\xff\0P',
      found: ['fails os79xx-encoding OS79XX.TXT:0'],
    },
  ]
  for (const { why, text, found } of cases) t.same(bytesFound(text), found, why)
})

t.test('a letter O is a fault although a file of that name is here', async (t) => {
  const root = { 'POS30203.bin': anImage('P0S30203', 331_776), 'OS79XX.TXT': 'POS30203\n' }
  t.match(findingsIn(aTftpRoot(root)), [/^fails os79xx-letter-o OS79XX\.TXT:1$/])
})

t.test('the blank and CR LF of the shipped archive are told apart from CR LF alone', async (t) => {
  const found = (text: string) =>
    findingsOf(aTftpRoot({ ...IMAGE, 'OS79XX.TXT': text })).find(
      ({ rule }) => rule === 'os79xx-line-end',
    )?.found
  t.equal(found('P0S30203 \r\n'), 'has a blank after the name')
  t.equal(found('P0S30203\r\n'), 'ends in CR LF')
})

t.test('the remedy is the spelling that was probably meant', async (t) => {
  const remedy = (text: string) =>
    findingsOf(aTftpRoot({ 'OS79XX.TXT': text })).find(({ rule }) => /^os79xx-(?:l|n)/.test(rule))
      ?.remedy
  t.match(remedy('POS3-08-12-00.bin'), /^Write P0S3-8-12-00 /)
  t.match(remedy('FIRM\x01WARE'), /^Write the name of a load that is there/)
})
