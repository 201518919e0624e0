import t from 'tap'
import {
  type ByteSource,
  bytesAsSource,
  linesBackwards,
  linesOf,
} from '../../../src/tools/explain/text-lines.ts'

/** As a file: one buffer for all pieces. */
function aFile(text: string): ByteSource {
  const bytes = Buffer.from(text)
  const piece = Buffer.alloc(1 << 20)
  return {
    sizeBytes: bytes.length,
    read: (at, length) => piece.subarray(0, bytes.copy(piece, 0, at, at + length)),
  }
}

const LINES = Array.from(
  { length: 9_000 },
  (_, index) => `line ${index} äöü ${'x'.repeat(index % 90)}`,
)

t.test('lines come whole, whatever pieces they are read in, forwards and backwards', async (t) => {
  for (const [end, text] of [
    ['\n', `${LINES.join('\n')}\n`],
    ['\r\n', LINES.join('\r\n')],
  ] as const) {
    const filled = (lines: Iterable<string>) => [...lines].filter((line) => line !== '')
    t.same(filled(linesOf(aFile(text))), LINES, JSON.stringify(end))
    t.same(filled(linesBackwards(aFile(text))), LINES.toReversed(), JSON.stringify(end))
  }
})

t.test('empty, one line, and a line longer than a piece', async (t) => {
  const long = 'y'.repeat(200_000)
  for (const text of ['', 'a', '\n', 'a\nb', `a\n${long}\nb`, long]) {
    const lines = text.split('\n')
    const forwards = [...linesOf(aFile(text))].join('|').replace(/\|$/, '')
    t.equal(forwards, lines.join('|').replace(/\|$/, ''), `${text.length}`)
    const backwards = [...linesBackwards(aFile(text))].reverse().join('|').replace(/\|$/, '')
    t.equal(backwards, lines.join('|').replace(/\|$/, ''), `${text.length}`)
  }
})

t.test('a text without line ends is told in parts, and one that became shorter ends', async (t) => {
  const parts = [...linesOf(aFile('z'.repeat(3_000_000)))]
  t.ok(parts.length > 1)
  t.equal(parts.join('').length, 3_000_000)
  t.equal([...linesBackwards(aFile('z'.repeat(3_000_000)))].join('').length, 3_000_000)
  const cut = { ...bytesAsSource(Buffer.from('a\nb\n')), sizeBytes: 100_000 }
  t.same([...linesOf(cut)].slice(0, 2), ['a', 'b'])
})
