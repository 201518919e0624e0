import type { Test } from 'tap'
import t from 'tap'
import { seenLoad } from '../../../../src/phones/seen-software.ts'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'
import { addFirmware } from '../../../support/in-memory/firmware.ts'
import { changesIn } from '../../../support/in-memory/watched.ts'
import { mac, NOW_MS } from '../../../support/values.ts'

const IMPORT = '/v1/phones/import'
const A = '000E84C060A6'
const B = '000E84C060A7'

async function aListApi(t: Test) {
  const api = await anApi(t)
  const send = (payload: string | object, query = '', headers = {}) =>
    api.app.inject({
      method: 'POST',
      url: `${IMPORT}${query}`,
      headers: {
        ...WITH_TOKEN,
        'content-type': typeof payload === 'string' ? 'text/csv' : 'application/json',
        ...headers,
      },
      payload: payload as string,
    })
  const read = async (url: string) => (await api.app.inject({ url, headers: WITH_TOKEN })).json()
  const put = (one: string, body: object) =>
    api.app.inject({ method: 'PUT', url: `/v1/phones/${one}`, headers: WITH_TOKEN, payload: body })
  await api.app.inject({
    method: 'PUT',
    url: '/v1/profiles/to-sip',
    headers: WITH_TOKEN,
    payload: { protocol: 'sip', load: 'P0S3-8-12-00' },
  })
  const changes = () => changesIn(api.appliance.state.journal)
  return { ...api, send, read, put, changes }
}

t.test('CSV enrols, changes and leaves alone; empty cells change nothing, - clears', async (t) => {
  const { send, read, put, services, changes } = await aListApi(t)
  await put(A, {
    model: '7960',
    label: 'desk 12',
    profile: 'to-sip',
    lines: [
      { name: '1201', password: 'hush-hush', contact: 'kept' },
      { name: '1202', displayName: 'Two' },
    ],
    settings: { phone_label: 'Lab' },
  })
  await put('000E84C060A8', { label: 'same' })
  const csv =
    'MAC;Label;profile;address;line1_displayname;line2_name\r\n' +
    'SEP000E84C060A6;;-;10.20.0.61;Desk;-\r\n' +
    "00-0e-84-c0-60-a7;'-new;to-sip;;;\r\n" +
    '000e.84c0.60a8;same;;;;\r\n'
  const dry = await send(csv, '?dryRun=true')
  t.equal(dry.statusCode, 200, dry.body)
  const report = {
    created: 1,
    changed: 1,
    unchanged: 1,
    conversions: 0,
    phones: [
      {
        row: 2,
        mac: A,
        outcome: 'changed',
        fields: ['profile', 'address', 'line1_displayName', 'line2_name', 'line2_displayName'],
      },
      { row: 3, mac: B, outcome: 'created', fields: ['label', 'profile'] },
      { row: 4, mac: '000E84C060A8', outcome: 'unchanged', fields: [] },
    ],
  }
  t.same(dry.json(), { dryRun: true, ...report })
  t.equal((await read('/v1/phones')).length, 2, 'a dry run stores nothing')
  const before = changes().length
  const done = await send(csv)
  t.same(done.json(), { dryRun: false, ...report })
  t.match(changes().slice(before), [{ action: 'importPhones', mac: null, fields: [] }])
  t.match(await read(`/v1/phones/${A}`), {
    label: 'desk 12',
    profile: null,
    address: '10.20.0.61',
    lines: [{ name: '1201', hasPassword: true, displayName: 'Desk', contact: 'kept' }],
    settings: { phone_label: 'Lab' },
    revision: 2,
  })
  t.equal(services.inventory.phone(mac(A))?.lines[0]?.password, 'hush-hush')
  t.match(await read(`/v1/phones/${B}`), { label: '-new', revision: 1 })
  const again = await send(csv.replace(';-\r', ';\r'))
  t.match(again.json(), { created: 0, changed: 0, unchanged: 3 })
  t.equal(changes().length, before + 1, 'an import that changes nothing is no change')
})

t.test('JSON is a list of merge patches', async (t) => {
  const { send, read, put, services } = await aListApi(t)
  await put(A, { label: 'old', lines: [{ name: '1201', password: 'hush-hush' }] })
  const answer = await send([
    { mac: A, label: null, lines: [{ name: '1201' }], settings: { phone_label: 'x' } },
    { mac: B, address: '10.20.0.62' },
  ])
  t.match(answer.json(), {
    created: 1,
    changed: 1,
    phones: [
      { row: 1, fields: ['label', 'settings.phone_label'] },
      { row: 2, mac: B },
    ],
  })
  t.equal(services.inventory.phone(mac(A))?.lines[0]?.password, 'hush-hush')
  const back = await send(await read('/v1/phones'))
  t.match(
    back.json(),
    { created: 0, changed: 0, unchanged: 2 },
    'what a list reads can be sent back',
  )
})

t.test('nothing is stored if any row has a problem; each is told by row and column', async (t) => {
  const { send, read } = await aListApi(t)
  const csv = [
    'mac,model,network,profile,label,address,switchPort,line1_name,line2_name,to,from',
    `${A},7960,bench,to-sip,fine,,,1201,,,`,
    `${A},,,,twice,,,,,,`,
    '1.12233E+11,,,,,,,,,,',
    '"01:00:5e:00:00:01",,,,,,,,,,',
    `${B},7941,nowhere,none,"a\u2028b",10.20.0.999,sw9/1,,1202,-,`,
    '000E84C060A8,,,,,,,,,,P00308000500',
    ',,,,no address,,,,,,',
  ].join('\n')
  for (const query of ['', '?dryRun=true']) {
    const answer = await send(csv, query)
    t.equal(answer.statusCode, 422)
    t.match(answer.json(), {
      type: '/docs#values-refused',
      detail: /nothing was stored: the list has 13 problems/,
      problems: [
        { row: 3, column: 'mac', message: `${A} is in row 2 already` },
        { row: 4, column: 'mac', message: /no MAC address.*took it for a number/ },
        { row: 5, column: 'mac', message: /group address/ },
        { row: 6, column: 'model', message: /7941.*7940 or 7960/ },
        { row: 6, column: 'address', message: /10\.20\.0\.999/ },
        { row: 6, column: 'to', message: /cancels no conversion/ },
        { row: 6, column: 'line1_name', message: 'line 1 has no name, but line 2 has one' },
        { row: 6, column: 'label', message: /U\+2028/ },
        { row: 6, column: 'network', message: /no network nowhere/ },
        { row: 6, column: 'switchPort', message: /no switch sw9/ },
        { row: 6, column: 'profile', message: /no profile none/ },
        { row: 7, column: 'from', message: /"to" names none/ },
        { row: 8, column: 'mac', message: /no MAC address in this row/ },
      ],
    })
  }
  t.same(await read('/v1/phones'), [])
  const json = await send([
    { mac: A, address: 'x' },
    { mac: 'y' },
    { mac: B, label: 'a\nb' },
    { mac: B },
  ])
  t.match(json.json().problems, [
    { row: 1, column: 'address', path: '/0/address' },
    { row: 2, column: 'mac', path: '/1/mac' },
    { row: 3, column: 'label', path: '/2/label' },
    { row: 4, column: 'mac', path: '/3/mac', message: `${B} is in row 3 already` },
  ])
})

t.test('unknown columns and properties are named', async (t) => {
  const { send } = await aListApi(t)
  const csv = await send('mac,labl,,mac\n1,2,3,4\n')
  t.equal(csv.statusCode, 422)
  t.match(csv.json().problems, [
    { row: 1, column: 'labl', message: /"labl" is no known column/ },
    { row: 1, column: '', message: /column 3 without a name/ },
    { row: 1, column: 'mac', message: /twice/ },
  ])
  t.match((await send('label\nx')).json().problems, [{ column: 'mac', message: /no column mac/ }])
  t.match((await send('')).json().problems, [{ row: 1, column: 'mac' }])
  const json = await send([{ mac: A, labl: 'x' }])
  t.equal(json.statusCode, 400)
  t.match(json.json().problems, [{ row: 1, column: 'labl', path: '/0/labl' }])
  t.equal((await send({ mac: A })).statusCode, 400, 'no array')
  t.match((await send('mac\n', '?dry=true')).json().problems, [{ path: '/dry' }])
  t.equal((await send('<x/>', '', { 'content-type': 'text/xml' })).statusCode, 415)
  const many = Array.from({ length: 10_001 }, () => ({ mac: A }))
  t.equal((await send(many)).statusCode, 400)
  t.match((await send(`mac\n${'1\n'.repeat(10_001)}`)).json().problems, [{ row: 10_002 }])
  t.equal((await send('x'.repeat(17 * 1024 * 1024))).statusCode, 413)
})

t.test('two phones may exchange their addresses and ports in one list', async (t) => {
  const { send, read } = await aListApi(t)
  await send(`mac,address,switchPort\n${A},10.20.0.61,sw1/1\n${B},10.20.0.62,sw1/2`)
  const swap = await send(`mac,address,switchPort\n${A},10.20.0.62,sw1/1.2\n${B},10.20.0.61,sw1/1`)
  t.match(swap.json(), { changed: 2 })
  t.match(await read('/v1/phones'), [{ address: '10.20.0.62' }, { address: '10.20.0.61' }])
  const both = await send(`mac,address\n${A},10.20.0.70\n${B},10.20.0.70`)
  t.match(both.json().problems, [
    { row: 3, column: 'address', message: /10\.20\.0\.70 is the address/ },
  ])
})

t.test('the tag of a dry run holds off a list whose phones have changed since', async (t) => {
  const { send, put } = await aListApi(t)
  const csv = `mac,label\n${A},one\n`
  const tag = (await send(csv, '?dryRun=true')).headers['etag']
  t.match(tag, /^"[0-9a-f]{32}"$/)
  await put(A, { label: 'another' })
  const late = await send(csv, '', { 'if-match': tag })
  t.equal(late.statusCode, 412)
  t.match(late.json().detail, /preview the list again/)
  const next = (await send(csv, '?dryRun=true')).headers['etag']
  t.equal((await send(csv, '', { 'if-match': next })).statusCode, 200)
})

t.test('a phone that changes while a list is judged is a conflict, not lost', async (t) => {
  const { send, services } = await aListApi(t)
  const { inventory } = services
  const original = inventory.importPhones.bind(inventory)
  inventory.importPhones = async (rows, isDryRun) => {
    const outcome = await original(rows, isDryRun)
    if (isDryRun) await inventory.putPhone({ mac: mac(A), label: 'meanwhile' })
    return outcome
  }
  const answer = await send(`mac,label\n${A},mine\n`)
  t.equal(answer.statusCode, 412)
  t.match(answer.json().detail, `phone ${A}`)
  t.equal(inventory.phone(mac(A))?.label, 'meanwhile')
})

t.test('conversions are judged before anything is stored, and start with it', async (t) => {
  const { send, read, services } = await aListApi(t)
  await addFirmware(services.inventory, 'P0S3-8-12-00', 'P0S3-05-3-00', 'P0S3-06-3-00')
  const csv = (to: string, from: string) => `mac,to,from\n${A},${to},${from}\n${B},,\n`
  const [oneWayTo, oneWayFrom] = ['P0S3-06-3-00', 'P0S3-04-4-00']
  const refused = await send(csv(oneWayTo, oneWayFrom))
  t.match(refused.json().problems, [{ row: 2, column: 'to', message: /there is no way back/ }])
  const json = await send([{ mac: B }, { mac: A, to: 'P0S3-8-12-00' }])
  t.match(json.json().problems, [
    { row: 2, column: 'to', path: '/1/to', message: /depends on the load that the phone runs/ },
  ])
  t.same(await read('/v1/phones'), [])
  const dry = await send(csv('P0S3-8-12-00', 'P00308000500'), '?dryRun=true')
  t.match(dry.json(), { conversions: 1, phones: [{ conversion: { outcome: 'starts' } }, {}] })
  t.same(services.conversions.list(), [])
  const done = await send(csv('P0S3-8-12-00', 'P00308000500'))
  t.match(done.json(), {
    created: 2,
    conversions: 1,
    phones: [{ conversion: { to: 'P0S3-8-12-00', outcome: 'started' } }, { mac: B }],
  })
  t.match(services.conversions.get(mac(A)), { from: 'P00308000500' })
  const again = await send(csv('P0S3-8-12-00', ''))
  t.match(again.json(), { conversions: 0, phones: [{ conversion: { outcome: 'unchanged' } }, {}] })
  const other = await send(`mac,to\n${A},P0S3-06-3-00`)
  t.match(other.json().problems, [{ row: 2, column: 'to', message: /cancel that first/ }])
  const oneWay = `mac,to,from\n${B},${oneWayTo},${oneWayFrom}`
  t.match((await send(oneWay, '?acceptOneWay=true')).json(), { conversions: 1 })
})

t.test('a from that contradicts what the phone was seen to run is told of its row', async (t) => {
  const { send, put, services, appliance } = await aListApi(t)
  await addFirmware(services.inventory, 'P0S3-8-12-00')
  await put(A, {})
  appliance.tracking.onSeen(mac(A), seenLoad('P00308000500', 'web-page', NOW_MS))
  const refused = await send(`mac,to,from\n${A},P0S3-8-12-00,P00307020200`)
  t.match(refused.json().problems, [
    { row: 2, column: 'to', message: /seen to run P00308000500 .*not P00307020200/ },
  ])
})

t.test('a conversion that cannot start any more is told of its row', async (t) => {
  const meanwhile = [
    ['convert', /another conversion/],
    ['delete', /deleted/],
    ['see', /seen to run P00307020200/],
    ['remove firmware', /not available/],
  ] as const
  for (const [what, message] of meanwhile) {
    const { send, services, appliance } = await aListApi(t)
    const { inventory, conversions } = services
    await addFirmware(inventory, 'P0S3-8-12-00', 'P00308000500')
    const start = conversions.start.bind(conversions)
    // What another operator, or the phone, does between the judgement and the start.
    conversions.start = async (phone, request) => {
      if (what === 'delete') await inventory.deletePhone(phone)
      if (what === 'remove firmware') {
        await inventory.deleteProfile('to-sip')
        await inventory.deleteFirmware('P0S3-8-12-00')
      }
      if (what === 'see') {
        appliance.tracking.onSeen(phone, seenLoad('P00307020200', 'web-page', NOW_MS))
      }
      if (what === 'convert') {
        await start(phone, { ...request, to: 'P00308000500', from: 'P0S3-07-4-00' })
      }
      return start(phone, request)
    }
    const answer = await send(`mac,to,from\n${A},P0S3-8-12-00,P00308000500\n`)
    t.match(answer.json(), {
      conversions: 0,
      phones: [{ conversion: { outcome: 'refused', message } }],
    })
  }
})
