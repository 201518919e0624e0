import { once } from 'node:events'
import { createServer } from 'node:http'
import { Writable } from 'node:stream'
import t, { type Test } from 'tap'
import { ApiClient } from '../../../appliance/client/api-client.ts'
import { type ConversionSeen, followConversion } from '../../../appliance/demo/follow-conversion.ts'

const LOAD = 'P0S3-8-12-00'
const AT = '2026-01-01T00:00:00.000Z'

type Stage = ConversionSeen['steps'][number]['stage']

function aState(stage: Stage, change: Partial<ConversionSeen> = {}): ConversionSeen {
  const progress = { file: `${LOAD}.sb2`, bytes: 100, of: 400 }
  return {
    mac: '02000000A060',
    from: 'P00308000500',
    to: LOAD,
    state: 'running',
    step: 0,
    steps: [
      {
        load: LOAD,
        method: 'os79xx',
        oneWay: false,
        why: 'x',
        source: 'x',
        stage,
        stageSince: AT,
        progress: stage === 'fetching' ? progress : null,
      },
    ],
    path: 'cautious',
    acceptOneWay: false,
    refused: [],
    evidence: [],
    confirmedBy: null,
    atThePhone: [],
    warnings: [],
    startedAt: AT,
    updatedAt: AT,
    restart: 'manual',
    revision: 1,
    diagnosis: null,
    ...change,
  }
}

/** An API that shows these states one after another; null is the end of a wait without change. */
async function anApi(t: Test, states: readonly (ConversionSeen | null)[]) {
  const known: (string | undefined)[] = []
  const left = [...states]
  const server = createServer((request, response) => {
    known.push(request.headers['if-none-match'])
    const state = left.shift() ?? null
    response.writeHead(state === null ? 304 : 200, { etag: `"${states.length - left.length}"` })
    response.end(state === null ? undefined : JSON.stringify(state))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { api: new ApiClient(`http://127.0.0.1:${port}`, null), known }
}

async function followed(t: Test, states: readonly (ConversionSeen | null)[]) {
  const { api, known } = await anApi(t, states)
  const lines: string[] = []
  let drawn = ''
  const terminal = new Writable({
    write(text, _encoding, done) {
      drawn += text
      done()
    },
  }) as NodeJS.WriteStream
  const print = (line: string) => lines.push(line.replace(/^ *[\d.]+ s {2}/, ''))
  const end = await followConversion(api, '02000000A060', { print, progressTo: terminal })
  return { end, lines, drawn, known }
}

t.test('each stage is a line, what repeats is none, and the end is said', async (t) => {
  const { end, lines, known } = await followed(t, [
    aState('waiting', { state: 'waiting' }),
    null,
    aState('fetching'),
    aState('fetching'),
    aState('flashing'),
    aState('confirmed', { state: 'confirmed', step: 1 }),
  ])
  t.equal(end.state, 'confirmed')
  t.same(lines, [
    `step 1 of 1, ${LOAD}: waiting`,
    `step 1 of 1, ${LOAD}: fetching ${LOAD}.sb2`,
    `step 1 of 1, ${LOAD}: flashing`,
    `confirmed: the phone has booted ${LOAD}`,
  ])
  t.same(known, [undefined, '"1"', '"1"', '"3"', '"4"', '"5"'], 'waits for another state')
})

t.test('a bar is drawn while a file is transferred, and then cleared', async (t) => {
  const { drawn } = await followed(t, [
    aState('fetching'),
    aState('flashing'),
    aState('waiting', { state: 'cancelled' }),
  ])
  t.match(drawn, `${LOAD}.sb2 [########........................]  25 %`)
  t.ok(drawn.endsWith('\r\u001b[K'))
})

t.test('a stalled phone is told with its remedy, and watched until it goes on', async (t) => {
  const diagnosis = {
    code: 'no-boot',
    seen: 'It is silent.',
    cause: 'x',
    remedy: 'Plug it in.',
    source: 'x',
  }
  const { end, lines } = await followed(t, [
    aState('stalled', { state: 'stalled', diagnosis }),
    aState('confirmed', { state: 'confirmed' }),
  ])
  t.equal(end.state, 'confirmed')
  t.equal(lines[0], 'stalled (no-boot): It is silent. Plug it in.')
})

t.test('between the last step and the end the state is shown', async (t) => {
  const { lines } = await followed(t, [
    aState('confirmed', { step: 1 }),
    aState('confirmed', { state: 'cancelled', step: 1 }),
  ])
  t.same(lines, ['running', 'cancelled'])
})

t.test('an API that says no ends it with its words', async (t) => {
  const server = createServer((_request, response) => {
    response.writeHead(404)
    response.end('{"detail":"There is no conversion"}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const api = new ApiClient(`http://127.0.0.1:${port}`, null)
  const output = { print: () => undefined, progressTo: null }
  await t.rejects(followConversion(api, '02000000A060', output), {
    message: 'There is no conversion',
  })
})
