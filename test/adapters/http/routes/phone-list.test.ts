import type { Test } from 'tap'
import t from 'tap'
import { seenLoad } from '../../../../src/phones/seen-software.ts'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'
import { addFirmware } from '../../../support/in-memory/firmware.ts'
import { ipv4, mac, NOW_MS } from '../../../support/values.ts'

const A = '02000000A001'
const B = '02000000A002'
const C = '02000000A003'

async function aListedApi(t: Test) {
  const api = await anApi(t)
  const { inventory, conversions } = api.services
  const { appliance } = api
  await addFirmware(inventory, 'P0S3-8-12-00')
  await inventory.putPhone({
    mac: mac(A),
    label: 'desk 42',
    network: 'bench',
    address: ipv4('10.20.0.62'),
    lines: [{ name: '=1201', displayName: 'Anna, Ä', password: 'hush-hush' }],
  })
  await inventory.putPhone({ mac: mac(B), label: 'desk 420', model: '7960' })
  await inventory.putPhone({ mac: mac(C), label: '-', address: ipv4('10.20.0.61') })
  const request = { to: 'P0S3-8-12-00', path: undefined, acceptOneWay: false }
  await conversions.start(mac(C), { ...request, from: 'P00308000900' })
  await conversions.cancel(mac(C))
  await conversions.start(mac(B), { ...request, from: 'P00308000500' })
  appliance.phone(mac(B), ipv4('10.20.0.63')).starts()
  await appliance.clock.pass(200_000)
  appliance.tracking.onSeen(mac(A), seenLoad('P00308000500', 'web-page', NOW_MS))
  const ask = (url: string) => api.app.inject({ url, headers: WITH_TOKEN })
  const listed = async (query: string) =>
    (await ask(`/v1/phones?${query}`)).json().map((phone: { mac: string }) => phone.mac)
  return { ...api, ask, listed }
}

t.test('phones are filtered by what a list shows', async (t) => {
  const { listed } = await aListedApi(t)
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['', [A, B, C]],
    ['network=bench', [A]],
    ['profile=none', []],
    ['state=none', [A]],
    ['state=stalled,cancelled', [B, C]],
    ['load=p00308000500', [A]],
    ['registered=true', []],
    ['registered=false', [A, B, C]],
    ['q=desk%2042', [A]],
    ['q=DESK', [A, B]],
    ['q=a002', [B]],
    ['q=02:00:00:00:a0:03', [C]],
    ['q=10.20.0.6', [A, C]],
    ['q=stall%20p0s3', [B]],
    ['q=anna', [A]],
  ]
  for (const [query, macs] of cases) t.same(await listed(query), macs, query)
})

t.test('phones are sorted; what a phone does not have comes last', async (t) => {
  const { listed } = await aListedApi(t)
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['mac', [A, B, C]],
    ['-mac', [C, B, A]],
    ['label', [C, A, B]],
    ['address', [C, A, B]],
    ['-address', [A, C, B]],
    ['state', [B, C, A]],
    ['-state', [A, C, B]],
    ['load', [A, B, C]],
    ['model', [B, A, C]],
    ['network', [A, B, C]],
    ['profile', [A, B, C]],
    ['updated', [C, B, A]],
  ]
  for (const [sort, macs] of cases) t.same(await listed(`sort=${sort}`), macs, sort)
})

t.test('a list is read in parts, and a link leads on', async (t) => {
  const { ask, listed, services } = await aListedApi(t)
  const first = await ask('/v1/phones?limit=1&sort=-address&q=desk')
  t.equal(first.headers['x-total-count'], '2')
  t.equal(first.headers['link'], `</v1/phones?limit=1&sort=-address&q=desk&after=${A}>; rel="next"`)
  t.equal(first.json().length, 1)
  const next = await ask(/<(.*)>/.exec(`${first.headers['link']}`)?.[1] ?? '')
  t.match(next.json(), [{ mac: B }])
  t.equal(next.headers['link'], undefined)
  t.same(await listed('limit=1&offset=1'), [B])
  t.same(await listed(`after=${B}&sort=-mac`), [A])
  t.same(await listed(`after=${C}`), [])
  await services.inventory.deletePhone(mac(B))
  t.same(await listed(`after=02-00-00-00-a0-02`), [C], 'also behind one that is gone')
  const gone = await ask(`/v1/phones?after=${B}&sort=label`)
  t.equal(gone.statusCode, 400)
  t.match(gone.json().problems, [{ path: 'after', message: /begin again/ }])
})

t.test('what no list takes is refused and named', async (t) => {
  const { ask } = await aListedApi(t)
  for (const [query, path] of [
    ['foo=x', '/foo'],
    ['limit=0', '/limit'],
    ['limit=10001', '/limit'],
    ['state=lost', '/state'],
    ['sort=colour', '/sort'],
    ['after=x', 'after'],
  ] as const) {
    const answer = await ask(`/v1/phones?${query}`)
    t.equal(answer.statusCode, 400, query)
    t.match(answer.json().problems, [{ path }])
  }
  t.equal((await ask('/v1/phones.csv?limit=1')).statusCode, 400)
  t.equal((await ask('/v1/phones/counts?sort=mac')).statusCode, 400)
})

t.test('conversions come along where they are asked for, and are counted', async (t) => {
  const { ask } = await aListedApi(t)
  const plain = (await ask('/v1/phones')).json()
  t.notOk('conversion' in plain[1])
  const full = (await ask('/v1/phones?with=conversion')).json()
  t.notOk('conversion' in full[0])
  t.match(full[1].conversion, { state: 'stalled', to: 'P0S3-8-12-00', restart: 'manual' })
  t.same((await ask('/v1/phones/counts?q=desk&state=none')).json(), {
    enrolled: 3,
    total: 2,
    none: 1,
    waiting: 0,
    running: 0,
    stalled: 1,
    confirmed: 0,
    cancelled: 0,
  })
})

t.test('the export has the columns of an import, no secret and no formula', async (t) => {
  const { ask } = await aListedApi(t)
  const answer = await ask('/v1/phones.csv')
  t.equal(answer.headers['content-type'], 'text/csv; charset=utf-8')
  t.match(answer.headers['content-disposition'], /phones\.csv/)
  const [heading = '', a = '', b, c] = answer.body.split('\r\n')
  t.match(heading, /^mac,model,network,profile,label,address,switchPort,line1_name,line1_authName,/)
  t.match(heading, /,line6_displayName,to,from,state,evidence$/)
  const commas = (count: number) => ','.repeat(count)
  t.equal(a, `${A},,bench,,desk 42,10.20.0.62,,'=1201,,,"Anna, Ä",${commas(23)}`)
  t.equal(b, `${B},7960,,,desk 420,${commas(25)},P0S3-8-12-00,P00308000500,stalled,`)
  t.equal(c, `${C},,,,'-,10.20.0.61,${commas(25)},,cancelled,`)
  t.notMatch(answer.body, /hush/)
  t.match((await ask('/v1/phones.csv?q=anna&sort=-mac')).body, /\r\n02000000A001,[^\r]*\r\n$/)
})

t.test('an export that is imported again changes nothing and starts nothing', async (t) => {
  const { ask, app, services } = await aListedApi(t)
  const { body } = await ask('/v1/phones.csv')
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/phones/import',
    headers: { ...WITH_TOKEN, 'content-type': 'text/csv' },
    payload: body,
  })
  t.match(answer.json(), { created: 0, changed: 0, unchanged: 3, conversions: 0 })
  t.equal(services.inventory.phone(mac(A))?.lines[0]?.password, 'hush-hush')
  t.equal(services.inventory.phone(mac(C))?.label, '-')
})
