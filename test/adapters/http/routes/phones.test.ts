import type { Test } from 'tap'
import t from 'tap'
import { seenLoad } from '../../../../src/phones/seen-software.ts'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'
import type { InMemoryOptions } from '../../../support/in-memory/an-appliance.ts'
import { ipv4, mac, NOW_MS } from '../../../support/values.ts'

const URL = '/v1/phones/000E84C060A6'

const PROFILE = {
  protocol: 'sip',
  load: 'P0S3-8-12-00',
  sip: { proxy1_address: '10.20.0.9', preferred_codec: 'g711ulaw' },
}

const PHONE = {
  model: '7960',
  network: 'bench',
  profile: 'to-sip',
  label: 'desk 12',
  address: '10.20.0.61',
  lines: [{ name: '1201', authName: '1201', password: 'hush-hush', displayName: 'Desk 12' }],
  settings: { phone_label: 'Lab' },
}

async function aPhoneApi(t: Test, options: InMemoryOptions = {}) {
  const api = await anApi(t, options)
  const ask = (method: 'GET' | 'PUT' | 'PATCH' | 'DELETE', payload?: object, headers = {}) =>
    api.app.inject({
      method,
      url: URL,
      headers: { ...WITH_TOKEN, ...headers },
      ...(payload === undefined ? {} : { payload }),
    })
  await api.app.inject({
    method: 'PUT',
    url: '/v1/profiles/to-sip',
    headers: WITH_TOKEN,
    payload: PROFILE,
  })
  return { ...api, ask }
}

t.test('PUT enrols once and is idempotent: 201 first, 200 after, at one revision', async (t) => {
  const { ask } = await aPhoneApi(t)
  const first = await ask('PUT', PHONE)
  t.equal(first.statusCode, 201)
  t.equal(first.headers['location'], URL)
  t.equal(first.headers['etag'], '"1"')
  t.same(first.json(), {
    mac: '000E84C060A6',
    model: '7960',
    label: 'desk 12',
    network: 'bench',
    profile: 'to-sip',
    address: '10.20.0.61',
    trustAddress: false,
    switchPort: null,
    lines: [{ name: '1201', authName: '1201', hasPassword: true, displayName: 'Desk 12' }],
    settings: { phone_label: 'Lab' },
    secretSettings: [],
    registration: null,
    seen: null,
    revision: 1,
  })
  const second = await ask('PUT', PHONE)
  t.equal(second.statusCode, 200)
  t.same(second.json(), first.json())
  const third = await ask('PUT', { ...PHONE, label: 'desk 13' })
  t.equal(third.statusCode, 200)
  t.equal(third.headers['etag'], '"2"')
  t.same((await ask('GET')).json(), third.json())
})

t.test('what is left out of a PUT is not there', async (t) => {
  const { ask } = await aPhoneApi(t)
  await ask('PUT', PHONE)
  const bare = await ask('PUT', {})
  t.equal(bare.statusCode, 200)
  t.match(bare.json(), { model: null, label: null, network: null, profile: null, address: null })
  t.same(bare.json().lines, [])
  t.same(bare.json().settings, {})
})

t.test('every spelling of a MAC address is the same phone', async (t) => {
  const { app, ask } = await aPhoneApi(t)
  await ask('PUT', PHONE)
  const spellings = [
    '000e84c060a6',
    '00:0e:84:c0:60:a6',
    '00-0E-84-C0-60-A6',
    '000e.84c0.60a6',
    'SEP000E84C060A6',
    '00%3A0e%3A84%3Ac0%3A60%3Aa6',
  ]
  for (const spelling of spellings) {
    const response = await app.inject({ url: `/v1/phones/${spelling}`, headers: WITH_TOKEN })
    t.equal(response.json().mac, '000E84C060A6', spelling)
  }
  const inBody = await ask('PUT', { ...PHONE, mac: '00-0e-84-c0-60-a6' })
  t.equal(inBody.statusCode, 200)
})

t.test('what is no MAC address is told so', async (t) => {
  const { app } = await aPhoneApi(t)
  for (const wrong of ['xyz', '000E84C060A', '000O84C060A6', '00:0E:84', '..%2f..%2fetc', '%00']) {
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE'] as const) {
      const payload = method === 'PUT' || method === 'PATCH' ? { payload: {} } : {}
      const url = `/v1/phones/${wrong}`
      const response = await app.inject({ method, url, headers: WITH_TOKEN, ...payload })
      t.equal(response.statusCode, 400, `${method} ${wrong}`)
      t.match(response.json().problems, [{ path: 'mac' }], wrong)
    }
  }
})

t.test('a password goes in and never comes out, and survives a round trip', async (t) => {
  const { app, services, ask } = await aPhoneApi(t)
  const withSecrets = { ...PHONE, settings: { phone_label: 'Lab', phone_password: 'psst-psst' } }
  const answers = [await ask('PUT', withSecrets), await ask('GET')]
  const { body } = answers[1] ?? { body: '' }
  answers.push(await ask('PUT', JSON.parse(body)), await ask('PATCH', { label: 'other' }))
  answers.push(await app.inject({ url: '/v1/phones', headers: WITH_TOKEN }))
  for (const answer of answers) {
    t.match(answer.statusCode, /^20/)
    t.notMatch(answer.body, /hush-hush|psst-psst|"password"/)
    t.match(answer.body, '"hasPassword":true')
    t.match(answer.body, '"secretSettings":["phone_password"]')
  }
  const [phone] = services.inventory.phones()
  t.equal(phone?.lines[0]?.password, 'hush-hush', 'what was read and written back kept it')
  t.same(phone?.settings, { phone_label: 'Lab', phone_password: 'psst-psst' })
})

t.test('a password is taken away by null, or by saying that there is none', async (t) => {
  for (const line of [
    { name: '1201', password: null },
    { name: '1201', hasPassword: false },
  ]) {
    const { services, ask } = await aPhoneApi(t)
    await ask('PUT', PHONE)
    const response = await ask('PUT', { ...PHONE, lines: [line] })
    t.same(response.json().lines, [{ name: '1201', hasPassword: false }])
    t.equal(services.inventory.phones()[0]?.lines[0]?.password, undefined)
  }
})

t.test('a secret that is not stored cannot be kept', async (t) => {
  const { ask } = await aPhoneApi(t)
  const response = await ask('PUT', { ...PHONE, secretSettings: ['phone_password', '__proto__'] })
  t.equal(response.statusCode, 422)
  t.match(response.json().problems, [{ path: '/secretSettings/0' }, { path: '/secretSettings/1' }])
})

t.test('RFC 7396: a patch changes what it names and takes away what it nulls', async (t) => {
  const { ask } = await aPhoneApi(t)
  const settings = { phone_label: 'Lab', telnet_level: '2' }
  await ask('PUT', { ...PHONE, settings })
  const cases = [
    { why: 'one field', patch: { label: 'desk 13' }, wanted: { label: 'desk 13', model: '7960' } },
    { why: 'null', patch: { address: null }, wanted: { address: null, network: 'bench' } },
    {
      why: 'a setting',
      patch: { settings: { telnet_level: '0' } },
      wanted: { settings: { phone_label: 'Lab', telnet_level: '0' } },
    },
    {
      why: 'a setting goes',
      patch: { settings: { telnet_level: null } },
      wanted: { settings: { phone_label: 'Lab' } },
    },
    { why: 'all settings go', patch: { settings: null }, wanted: { settings: {} } },
    {
      why: 'lines as a whole',
      patch: { lines: [{ name: '9' }] },
      wanted: { lines: [{ name: '9' }] },
    },
    { why: 'lines go', patch: { lines: null }, wanted: { lines: [] } },
  ]
  for (const { why, patch, wanted } of cases) {
    const headers = { 'content-type': 'application/merge-patch+json' }
    const response = await ask('PATCH', patch, headers)
    t.equal(response.statusCode, 200, why)
    t.match(response.json(), wanted, why)
  }
  const empty = await ask('PATCH', {})
  t.equal(empty.headers['etag'], `"${cases.length + 1}"`, 'an empty patch changes nothing')
})

t.test('a patch of a phone that is not there is 404', async (t) => {
  const { ask } = await aPhoneApi(t)
  const response = await ask('PATCH', { label: 'x' })
  t.equal(response.statusCode, 404)
  t.match(response.json(), { type: '/docs#not-found', detail: /phone 000E84C060A6/ })
})

t.test('RFC 9110 section 13.1.1: If-Match guards what two people might edit', async (t) => {
  const cases = [
    { why: 'the tag that stands', headers: { 'if-match': '"1"' }, status: 200 },
    { why: 'one of several', headers: { 'if-match': '"7", "1"' }, status: 200 },
    { why: 'any', headers: { 'if-match': '*' }, status: 200 },
    { why: 'another tag', headers: { 'if-match': '"2"' }, status: 412 },
    { why: 'a weak tag never matches', headers: { 'if-match': 'W/"1"' }, status: 412 },
    { why: 'no tag at all', headers: { 'if-match': 'nonsense' }, status: 412 },
    { why: 'must not exist', headers: { 'if-none-match': '*' }, status: 412 },
  ]
  for (const { why, headers, status } of cases) {
    for (const method of ['PUT', 'PATCH', 'DELETE'] as const) {
      const { ask } = await aPhoneApi(t)
      await ask('PUT', PHONE)
      const payload = method === 'DELETE' ? undefined : { label: 'changed' }
      const response = await ask(method, payload, headers)
      const wanted = method === 'DELETE' && status === 200 ? 204 : status
      t.equal(response.statusCode, wanted, `${method}, ${why}`)
      if (status !== 412) continue
      t.match(response.json(), { type: '/docs#precondition-failed', detail: /at revision 1/ }, why)
      t.equal((await ask('GET')).headers['etag'], '"1"', `${why}: nothing changed`)
    }
  }
})

t.test('RFC 9110 section 13.1.2: If-None-Match: * only makes what is not there', async (t) => {
  const { ask } = await aPhoneApi(t)
  t.equal((await ask('PUT', PHONE, { 'if-none-match': '*' })).statusCode, 201)
  t.equal((await ask('PUT', PHONE, { 'if-none-match': '*' })).statusCode, 412)
})

t.test('If-Match on a phone that is not there is 412 as well', async (t) => {
  const { ask } = await aPhoneApi(t)
  const response = await ask('PUT', PHONE, { 'if-match': '*' })
  t.equal(response.statusCode, 412)
  t.match(response.json().detail, 'does not exist')
})

t.test('of two edits at one revision, one wins', async (t) => {
  const { ask } = await aPhoneApi(t)
  await ask('PUT', PHONE)
  const edits = ['a', 'b', 'c'].map((label) => ask('PATCH', { label }, { 'if-match': '"1"' }))
  const statuses = (await Promise.all(edits)).map(({ statusCode }) => statusCode)
  t.same(statuses.sort(), [200, 412, 412])
})

t.test('RFC 9110 section 15.4.5: a reader that has it gets 304', async (t) => {
  const { ask } = await aPhoneApi(t)
  await ask('PUT', PHONE)
  const same = await ask('GET', undefined, { 'if-none-match': '"1"' })
  t.equal(same.statusCode, 304)
  t.equal(same.body, '')
  t.equal((await ask('GET', undefined, { 'if-none-match': '"0"' })).statusCode, 200)
})

t.test(
  'a phone that is registered says so, and no reader is told that nothing changed',
  async (t) => {
    const { ask, appliance } = await aPhoneApi(t, { callControl: true })
    await ask('PUT', PHONE)
    appliance.registrar?.register({
      mac: mac('000E84C060A6'),
      protocol: 'sccp',
      version: '7.2(2.0)',
      load: 'P00307020200',
      userAgent: null,
      address: ipv4('10.20.0.61'),
      expiresAtMs: NOW_MS + 90_000,
      lastReset: 'Reset-Reset',
      lastResetCode: 22,
    })
    const response = await ask('GET', undefined, { 'if-none-match': '"1"' })
    t.equal(response.statusCode, 200)
    t.same(response.json().registration, {
      protocol: 'sccp',
      version: '7.2(2.0)',
      load: 'P00307020200',
      userAgent: null,
      address: '10.20.0.61',
      registeredAt: '2026-03-01T09:30:00.000Z',
      expiresAt: '2026-03-01T09:31:30.000Z',
      lastReset: 'Reset-Reset',
      lastResetCode: 22,
    })
    const again = await ask('PUT', response.json())
    t.equal(again.statusCode, 200, 'what came out goes in')
    t.equal(again.json().revision, 1)
  },
)

t.test('DELETE forgets: 204, then 404', async (t) => {
  const { ask } = await aPhoneApi(t)
  await ask('PUT', PHONE)
  const response = await ask('DELETE')
  t.equal(response.statusCode, 204)
  t.equal(response.body, '')
  t.equal((await ask('DELETE')).statusCode, 404)
  t.equal((await ask('GET')).statusCode, 404)
})

t.test('all invalid values are reported at once', async (t) => {
  const { ask } = await aPhoneApi(t)
  const body = { network: 'nowhere', profile: 'none', label: 'x'.repeat(65) }
  const response = await ask('PUT', body)
  t.equal(response.statusCode, 422)
  const { type, problems } = response.json()
  t.equal(type, '/docs#values-refused')
  t.same(problems.map(({ path }: { path: string }) => path).sort(), [
    '/label',
    '/network',
    '/profile',
  ])
})

t.test('an address is the address of one phone', async (t) => {
  const { app, ask } = await aPhoneApi(t)
  await ask('PUT', PHONE)
  const other = { method: 'PUT', url: '/v1/phones/000E84C060A7', headers: WITH_TOKEN } as const
  const response = await app.inject({ ...other, payload: { address: PHONE.address } })
  t.equal(response.statusCode, 422)
  t.match(response.json().problems, [{ path: '/address', message: /000E84C060A6/ }])
})

t.test('a body of the wrong form is 400 with the place of each fault', async (t) => {
  const cases = [
    { why: 'array', body: '[]', path: '/' },
    { why: 'null', body: 'null', path: '/' },
    { why: 'text', body: '"phone"', path: '/' },
    { why: 'number', body: '7', path: '/' },
    { why: 'model as a number', body: '{"model":7960}', path: '/model' },
    { why: 'another model', body: '{"model":"7941"}', path: '/model' },
    { why: 'label as an object', body: '{"label":{}}', path: '/label' },
    { why: 'lines as an object', body: '{"lines":{"0":{}}}', path: '/lines' },
    { why: 'line without name', body: '{"lines":[{}]}', path: '/lines/0/name' },
    { why: 'line name as a number', body: '{"lines":[{"name":1201}]}', path: '/lines/0/name' },
    { why: 'unknown field', body: '{"nework":"bench"}', path: '/nework' },
    {
      why: 'unknown line field',
      body: '{"lines":[{"name":"1","pass":"x"}]}',
      path: '/lines/0/pass',
    },
    {
      why: 'setting as a number',
      body: '{"settings":{"phone_label":1}}',
      path: '/settings/phone_label',
    },
    {
      why: 'setting name with a line end',
      body: '{"settings":{"a\\nb":"1"}}',
      path: '/settings/a\nb',
    },
    { why: 'address as a number', body: '{"address":169090600}', path: '/address' },
    { why: 'address with leading zeros', body: '{"address":"10.20.0.061"}', path: '/address' },
    { why: 'address out of range', body: '{"address":"10.20.0.256"}', path: '/address' },
    { why: 'address with prefix', body: '{"address":"10.20.0.1/24"}', path: '/address' },
    { why: 'label too long', body: JSON.stringify({ label: 'x'.repeat(300) }), path: '/label' },
    {
      why: 'too many lines',
      body: JSON.stringify({ lines: Array(40).fill({ name: '1' }) }),
      path: '/lines',
    },
    { why: 'MAC address that is none', body: '{"mac":"no"}', path: '/mac' },
  ]
  const { app } = await aPhoneApi(t)
  for (const { why, body, path } of cases) {
    const headers = { ...WITH_TOKEN, 'content-type': 'application/json' }
    const response = await app.inject({ method: 'PUT', url: URL, headers, payload: body })
    t.equal(response.statusCode, 400, why)
    t.match(response.headers['content-type'], 'application/problem+json', why)
    const paths = response.json().problems.map((problem: { path: string }) => problem.path)
    t.ok(paths.includes(path), `${why}: ${paths}`)
  }
})

t.test('a wrong body is described without its values, which may be secrets', async (t) => {
  const { app } = await aPhoneApi(t)
  const payload = { lines: [{ name: '1', password: 'hush-hush'.repeat(99), authName: 7 }] }
  const response = await app.inject({ method: 'PUT', url: URL, headers: WITH_TOKEN, payload })
  t.equal(response.statusCode, 400)
  t.notMatch(response.body, 'hush')
  t.match(response.body, /has 891 characters, must have at most 256/)
})

t.test('a MAC address in the body must be that of the path', async (t) => {
  const { ask } = await aPhoneApi(t)
  for (const method of ['PUT', 'PATCH'] as const) {
    const response = await ask(method, { mac: '000E84C060A7' })
    t.equal(response.statusCode, 422, method)
    t.match(response.json().problems, [{ path: '/mac' }])
  }
})

t.test('text that a phone cannot show is refused, and the character is named', async (t) => {
  const { ask } = await aPhoneApi(t)
  const low = (text: string) =>
    text.replace(/["\n:]/g, (character) => String.fromCharCode(0x100 + character.charCodeAt(0)))
  const smuggled = low('x"\nimage_version: EVILLOAD\nproxy1_address: "6.6.6.6')
  const cases: readonly (readonly [body: object, path: string, message: RegExp])[] = [
    [
      { lines: [{ name: '1', displayName: smuggled }] },
      '/lines/0/displayName',
      /^U\+0122 "Ģ" cannot be shown by the phone; wanted ISO 8859-1$/,
    ],
    [{ lines: [{ name: '1', password: 'p€' }] }, '/lines/0/password', /^U\+20AC "€"/],
    [{ lines: [{ name: '1\u0085' }] }, '/lines/0/name', /^U\+0085 \(next line\)/],
    [{ label: 'Ģirts' }, '/label', /^U\+0122/],
    [{ label: 'a\ud800' }, '/label', /^U\+D800 \(half of a surrogate pair\)/],
    [{ settings: { phone_label: '\u202elab' } }, '/settings/phone_label', /^U\+202E \(invisible\)/],
  ]
  for (const [body, path, message] of cases) {
    for (const method of ['PUT', 'PATCH'] as const) {
      if (method === 'PATCH') await ask('PUT', PHONE)
      const { statusCode, ...answer } = await ask(method, body)
      t.equal(statusCode, 422, `${method} ${path}`)
      t.match(answer.json(), { problems: [{ path, message }] })
    }
    await ask('DELETE')
  }
})

t.test('group, null and broadcast addresses are not enrolled', async (t) => {
  const { app } = await aPhoneApi(t)
  for (const mac of ['01:00:5e:00:00:01', '00:00:00:00:00:00', 'ffff.ffff.ffff']) {
    const answer = await app.inject({
      method: 'PUT',
      url: `/v1/phones/${mac}`,
      headers: WITH_TOKEN,
      payload: {},
    })
    t.equal(answer.statusCode, 422, mac)
    t.match(answer.json(), { problems: [{ path: '/mac', message: /which no device has/ }] })
  }
})

t.test('trustAddress is stored, shown, and taken away again', async (t) => {
  const { ask } = await aPhoneApi(t)
  await ask('PUT', PHONE)
  t.match((await ask('PATCH', { trustAddress: true })).json(), { trustAddress: true, revision: 2 })
  t.match((await ask('PATCH', { label: 'x' })).json(), { trustAddress: true }, 'it stays')
  t.match((await ask('PATCH', { trustAddress: null })).json(), { trustAddress: false })
  t.match((await ask('PUT', { ...PHONE, trustAddress: true })).json(), { trustAddress: true })
  t.match((await ask('PUT', PHONE)).json(), { trustAddress: false }, 'a PUT says all of it')
})

t.test('switchPort is stored, shown, refused for an unknown switch, and taken away', async (t) => {
  const { ask } = await aPhoneApi(t)
  t.match((await ask('PUT', { ...PHONE, switchPort: 'sw1/7' })).json(), { switchPort: 'sw1/7' })
  t.match((await ask('PATCH', { label: 'x' })).json(), { switchPort: 'sw1/7' }, 'it stays')
  t.match((await ask('PATCH', { switchPort: 'sw1/2.7' })).json(), { switchPort: 'sw1/2.7' })
  const unknown = await ask('PATCH', { switchPort: 'sw9/7' })
  t.equal(unknown.statusCode, 422)
  const message = 'there is no switch sw9; there is sw1'
  t.match(unknown.json(), { problems: [{ path: '/switchPort', message }] })
  const unread = await ask('PATCH', { switchPort: 'Gi0/7 on sw1' })
  t.equal(unread.statusCode, 400)
  t.match(unread.json(), { problems: [{ path: '/switchPort', message: /write it as sw1\/7/ }] })
  t.match((await ask('PATCH', { switchPort: null })).json(), { switchPort: null })
  t.match((await ask('PUT', PHONE)).json(), { switchPort: null }, 'a PUT says all of it')
})

t.test('a phone says what it was seen to run, and what came out goes in', async (t) => {
  const { ask, appliance } = await aPhoneApi(t)
  await ask('PUT', PHONE)
  appliance.tracking.onSeen(mac('000E84C060A6'), seenLoad('P00308010200', 'web-page', NOW_MS))
  const response = await ask('GET', undefined, { 'if-none-match': '"1"' })
  t.equal(response.statusCode, 200, 'the entity tag is that of what the operator said')
  t.same(response.json().seen, {
    load: 'P00308010200',
    protocol: 'sccp',
    at: '2026-03-01T09:30:00.000Z',
    by: 'web-page',
  })
  t.equal((await ask('PUT', response.json())).json().revision, 1)
})
