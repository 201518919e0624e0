import t from 'tap'
import {
  type Ask,
  Asks,
  isRepeating,
  isSccpTimer,
} from '../../../../src/tools/explain/observation/asks.ts'

const CTLSEP = 'CTLSEP000E84C060A6.tlv'
const SEP = 'SEP000E84C060A6.cnf.xml'
const OWN = 'SIP000E84C060A6.cnf'

type Request = readonly [seconds: number, name: string, port?: number]

function asked(requests: readonly Request[], isTimed = true): Asks {
  const asks = new Asks(isTimed)
  for (const [seconds, name, port = null] of requests) asks.request(name, port, seconds * 1_000)
  return asks
}

const shown = ({ list }: Asks) => list.map(({ name, tries, end }: Ask) => [name, tries, end])

t.test('the timers of loader and SCCP application, with and without ports', async (t) => {
  // Field traces: 0, 1, 5, 9 s and the next port at 13; 0, 4, 8, 12, 16 s and the next at 20.
  const loader: Request[] = [0, 1, 5, 9, 13, 14, 18, 22].map((at, index) => [
    at,
    CTLSEP,
    50 + Math.floor(index / 4),
  ])
  const sccp: Request[] = Array.from({ length: 10 }, (_, index) => [
    index * 4,
    CTLSEP,
    50 + Math.floor(index / 5),
  ])
  const withoutPorts = (requests: readonly Request[]): Request[] =>
    requests.map(([at, name]) => [at, name])
  for (const requests of [loader, withoutPorts(loader)]) {
    const [ask] = asked(requests).list
    t.match(ask, { tries: 8, end: 'open' })
    t.equal(ask !== undefined && isSccpTimer(ask), false)
    t.equal(ask !== undefined && isRepeating(ask), true)
  }
  for (const requests of [sccp, withoutPorts(sccp)]) {
    const [ask] = asked(requests).list
    t.equal(ask !== undefined && isSccpTimer(ask), true)
  }
  const gaveUp: Request[] = [...loader, [26, SEP, 52]]
  t.match(asked(gaveUp).list, [{ end: 'given-up' }, { end: 'open' }])
})

t.test('how an ask went shows in what the phone does next', async (t) => {
  t.same(
    shown(
      asked([
        [0, CTLSEP],
        [0, SEP],
      ]),
    ),
    [
      [CTLSEP, 1, 'heard'],
      [SEP, 1, 'open'],
    ],
  )
  t.same(
    shown(
      asked([
        [0, OWN],
        [31, OWN],
      ]),
    ),
    [
      [OWN, 1, 'single'],
      [OWN, 1, 'open'],
    ],
  )
  t.same(
    shown(
      asked([
        [0, SEP],
        [4, CTLSEP],
      ]),
    ),
    [
      [SEP, 1, 'unclear'],
      [CTLSEP, 1, 'open'],
    ],
  )
  t.same(
    shown(
      asked([
        [0, SEP],
        [500, CTLSEP],
      ]),
    ),
    [
      [SEP, 1, 'unclear'],
      [CTLSEP, 1, 'open'],
    ],
    'a hole',
  )
  t.same(
    shown(
      asked([
        [0, SEP],
        [4, SEP],
        [60, SEP],
      ]),
    ),
    [
      [SEP, 2, 'unclear'],
      [SEP, 1, 'open'],
    ],
  )
})

t.test('two hunts at once are told apart by name and port', async (t) => {
  const asks = asked([
    [0, CTLSEP, 50],
    [0, SEP, 51],
    [1, CTLSEP, 50],
    [1, 'XMLDefault.cnf.xml', 52],
    [40, CTLSEP, 50],
  ])
  t.same(
    shown(asks).map(([name, tries]) => [name, tries]),
    [
      [CTLSEP, 2],
      [SEP, 1],
      ['XMLDefault.cnf.xml', 1],
      [CTLSEP, 1],
    ],
  )
})

t.test('one that had its answer is asked for once more, not repeated', async (t) => {
  const asks = new Asks(true)
  const twice = (name: string, answer: 'whole' | 'broken' | 'absent') => {
    asks.request(name, 7, 0)
    asks.record(name, answer)
    return asks.request(name, 7, 2_000).ask.tries
  }
  t.equal(twice('P0S30203.bin', 'broken'), 1)
  t.equal(twice('P0S3-8-12-00.sb2', 'whole'), 1)
  t.equal(twice(SEP, 'absent'), 2)
})

t.test('what the server says goes to the ask of that port', async (t) => {
  const asks = asked([
    [0, SEP, 50],
    [30, CTLSEP, 51],
    [60, SEP, 52],
  ])
  asks.record(SEP, 'unheard', 50)
  asks.record(SEP, 'unheard', 99)
  asks.record('nothing', 'absent')
  asks.record(SEP, 'absent')
  t.match(asks.list, [{ unheard: 1, answer: 'nothing' }, {}, { unheard: 0, answer: 'absent' }])
})

t.test('without times only the order counts', async (t) => {
  const twice: Request[] = [
    [0, SEP],
    [0, SEP],
    [0, CTLSEP],
  ]
  t.same(shown(asked(twice, false)), [
    [SEP, 2, 'unclear'],
    [CTLSEP, 1, 'open'],
  ])
  const often: Request[] = [...Array.from({ length: 5 }, (): Request => [0, SEP]), [0, CTLSEP]]
  t.same(shown(asked(often, false))[0], [SEP, 5, 'given-up'])
  const polls: Request[] = [
    [0, OWN],
    [0, OWN],
    [0, OWN],
  ]
  t.same(shown(asked(polls, false)), [
    [OWN, 1, 'single'],
    [OWN, 1, 'single'],
    [OWN, 1, 'open'],
  ])
})

t.test('a start leaves what was under way, and an end is judged once', async (t) => {
  const asks = new Asks(true)
  asks.leave(0)
  asks.request(SEP, null, 0)
  asks.leave(60_000)
  t.equal(asks.list[0]?.end, 'single')
  asks.request(CTLSEP, null, 61_000)
  t.equal(asks.list[0]?.end, 'single')
})

t.test('a list without end is kept in bounds', async (t) => {
  const asks = new Asks(true)
  for (let at = 0; at < 2_000; at++) asks.request(`file-${at}`, null, at * 1_000)
  t.ok(asks.list.length <= 2 * 192)
  t.equal(asks.list.at(-1)?.name, 'file-1999')
})

t.test('a request that comes twice at once was doubled, not repeated', async (t) => {
  const doubled: Request[] = [
    [0, SEP],
    [0.4, SEP],
  ]
  t.match(asked(doubled).list, [{ tries: 1, hasShortPause: false }])
  t.match(asked(doubled, false).list, [{ tries: 2 }], 'without times nobody can tell')
})

t.test('one file from ever new ports is one ask, and its ports are kept in bounds', async (t) => {
  const asks = new Asks(true)
  for (let index = 0; index < 100; index++) asks.request(SEP, 50_000 + index, index * 4_000)
  t.match(asks.list, [{ tries: 100, port: 50_099 }])
  t.equal(asks.list[0]?.ports.length, 32)
})
