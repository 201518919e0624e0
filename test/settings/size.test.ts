import t from 'tap'
import { formatSize, parseSize } from '../../src/settings/size.ts'

t.test('a size is read with its unit, and printed as it was written', async (t) => {
  const cases = [
    { text: '1KiB', bytes: 1024 },
    { text: '1000KiB', bytes: 1_024_000 },
    { text: '64MiB', bytes: 67_108_864 },
    { text: '256MiB', bytes: 268_435_456 },
    { text: '2GiB', bytes: 2_147_483_648 },
  ]
  for (const { text, bytes } of cases) {
    t.equal(parseSize(text), bytes, text)
    t.equal(formatSize(bytes), text)
  }
  t.equal(parseSize('64 MiB'), 67_108_864)
  t.equal(formatSize(2048 * 1024), '2MiB')
  t.equal(formatSize(1025), '1025 octets')
})

t.test('what is no size is not guessed at', async (t) => {
  for (const text of [
    '',
    '64',
    '0MiB',
    '64MB',
    '64M',
    '-1MiB',
    '1.5GiB',
    '64  MiB',
    '9999999KiB',
  ]) {
    t.equal(parseSize(text), undefined, text)
  }
})
