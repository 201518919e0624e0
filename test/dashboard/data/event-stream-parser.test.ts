import t from 'tap'
import { EventStreamParser } from '../../../src/dashboard/data/event-stream-parser.ts'

// The examples of WHATWG HTML section 9.2.6, and what its rules say of line ends and ids.
const STREAMS = [
  {
    why: 'three lines of data are one message',
    text: 'data: YHOO\ndata: +2\ndata: 10\n\n',
    messages: [{ event: 'message', data: 'YHOO\n+2\n10', lastId: '' }],
  },
  {
    why: 'comments are passed over, an id stays until the next, an empty id takes it back',
    text: ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n',
    messages: [
      { event: 'message', data: 'first event', lastId: '1' },
      { event: 'message', data: 'second event', lastId: '' },
      { event: 'message', data: ' third event', lastId: '' },
    ],
  },
  {
    why: 'data without a value is an empty message; what no empty line ends is none',
    text: 'data\n\ndata\ndata\n\ndata:',
    messages: [
      { event: 'message', data: '', lastId: '' },
      { event: 'message', data: '\n', lastId: '' },
    ],
  },
  {
    why: 'any line end counts, CR LF as one',
    text: 'data: a\r\n\r\ndata: b\r\rdata: c\n\n',
    messages: ['a', 'b', 'c'].map((data) => ({ event: 'message', data, lastId: '' })),
  },
  {
    why: 'a named event keeps its name for itself',
    text: 'event: gap\ndata: {}\n\ndata: {}\n\n',
    messages: [
      { event: 'gap', data: '{}', lastId: '' },
      { event: 'message', data: '{}', lastId: '' },
    ],
  },
  { why: 'a heartbeat is no message', text: 'retry: 2000\n: heartbeat\n\n', messages: [] },
  {
    why: 'an id with a NUL is passed over',
    text: 'id: 7\ndata: a\nid: 8\0\n\n',
    messages: [{ event: 'message', data: 'a', lastId: '7' }],
  },
]

for (const { why, text, messages } of STREAMS) {
  t.test(`WHATWG HTML section 9.2.6: ${why}`, async (t) => {
    t.same(new EventStreamParser().push(text), messages, 'in one piece')
    const parser = new EventStreamParser()
    const bitwise = [...text].flatMap((character) => parser.push(character))
    t.same(bitwise, messages, 'character by character')
  })
}

t.test('a message without an end is not held for ever', async (t) => {
  const parser = new EventStreamParser()
  const pushMuch = () => {
    for (let count = 0; count < 20; count += 1) parser.push(`data: ${'x'.repeat(100_000)}\n`)
  }
  t.throws(pushMuch, { name: 'RangeError' })
})
