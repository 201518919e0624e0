import t from 'tap'
import { isAtLeast, type LoadName, loaderOf, readLoadName } from '../../src/simulator/load-name.ts'

const read = (text: string) => readLoadName(text) as LoadName

t.test('reads the names of real loads', async (t) => {
  const cases = [
    { text: 'P0S30100', protocol: 'sip', major: 1, minor: 0, universal: false },
    { text: 'P0S30203', protocol: 'sip', major: 2, minor: 3, universal: false },
    { text: 'P0S3-04-4-00', protocol: 'sip', major: 4, minor: 4, universal: false },
    { text: 'P0S3-06-3-00', protocol: 'sip', major: 6, minor: 3, universal: false },
    { text: 'P0S3-07-4-00', protocol: 'sip', major: 7, minor: 4, universal: true },
    { text: 'P0S3-08-11-00', protocol: 'sip', major: 8, minor: 11, universal: true },
    { text: 'P0S3-8-12-00', protocol: 'sip', major: 8, minor: 12, universal: true },
    { text: 'P003-8-12-00', protocol: 'sccp', major: 8, minor: 12, universal: true },
    { text: 'P00303010102', protocol: 'sccp', major: 3, minor: 1, universal: false },
    { text: 'P00305000200', protocol: 'sccp', major: 5, minor: 0, universal: false },
    { text: 'P00306000100', protocol: 'sccp', major: 6, minor: 0, universal: true },
    { text: 'P0030702T023', protocol: 'sccp', major: 7, minor: 2, universal: true },
    { text: 'P0030801SR02', protocol: 'sccp', major: 8, minor: 1, universal: true },
    { text: 'P0030301', protocol: 'sccp', major: 3, minor: 1, universal: false },
    { text: 'P003AL', protocol: 'sccp', major: 2, minor: 0, universal: false },
    { text: 'P0M3-06-1-00', protocol: 'mgcp', major: 6, minor: 1, universal: false },
  ]
  for (const { text, ...expected } of cases) t.match(readLoadName(text), expected, text)
})

t.test('reads nothing else, the letter O for the digit zero least of all', async (t) => {
  const wrong = ['', 'POS3-08-11-00', 'P0S3-8-12-00.bin', 'P00405000700', 'p0s30203', 'P0S3-8-12']
  for (const text of wrong) t.equal(readLoadName(text), undefined, text)
})

t.test('compares versions', async (t) => {
  t.equal(isAtLeast(read('P0S3-05-3-00'), 5), true)
  t.equal(isAtLeast(read('P0S3-04-4-00'), 5), false)
  t.equal(isAtLeast(read('P0S3-04-4-00'), 4, 4), true)
  t.equal(isAtLeast(read('P0S3-04-1-00'), 4, 4), false)
})

t.test('names the loader of a set', async (t) => {
  t.equal(loaderOf(read('P0S3-8-12-00')), 'P003-8-12-00')
  t.equal(loaderOf(read('P00308000500')), 'P00308000500')
})
