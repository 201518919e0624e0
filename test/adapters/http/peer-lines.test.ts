import t from 'tap'
import { anApi, WITH_TOKEN } from '../../support/an-api.ts'

/** Lines of the log about this event. */
const about = (lines: readonly string[], event: string) =>
  lines.filter((line) => line.includes(`"${event}"`)).map((line) => JSON.parse(line))

t.test('each kind of refusal is limited for each client, and says what was left out', async (t) => {
  const kinds = [
    { event: 'http.host.refused', headers: { host: `${'e'.repeat(250)}.example` }, status: 421 },
    { event: 'http.token.refused', headers: { authorization: 'Bearer no' }, status: 401 },
    { event: 'http.request.answered', headers: {}, status: 401 },
  ]
  for (const { event, headers, status } of kinds) {
    let nowMs = 1_700_000_000_000
    const { app, lines } = await anApi(t, { now: () => nowMs })
    const url = `/v1/${'A'.repeat(3000)}`
    const ask = (remoteAddress: string) => app.inject({ url, headers, remoteAddress })
    const floods = event === 'http.token.refused' ? 10 : 200
    for (let number = 0; number < floods; number++) {
      t.equal((await ask('192.0.2.1')).statusCode, status)
    }
    const said = about(lines, event)
    t.equal(said.length, 10, event)
    const octets = Math.round(lines.join('').length / floods)
    t.ok(octets < (floods > 10 ? 60 : 800), `${octets} octets of log for each`)
    nowMs += 10_000
    await ask('192.0.2.1')
    const last = about(lines, event).at(-1)
    if (floods > 10) t.match(last, { leftOut: floods - 10, client: '192.0.2.1' }, event)
    await ask('192.0.2.2')
    t.match(about(lines, event).at(-1), { client: '192.0.2.2' }, 'another client has its own lines')
  }
})

t.test('what an operator changes is logged each time', async (t) => {
  const { app, lines } = await anApi(t)
  for (let number = 0; number < 50; number++) {
    const url = `/v1/phones/0000000001${String(number).padStart(2, '0')}`
    const headers = { ...WITH_TOKEN, 'content-type': 'application/json' }
    await app.inject({ method: 'PUT', url, headers, payload: '{}' })
  }
  t.equal(about(lines, 'http.request.answered').length, 50)
})
