import t from 'tap'
import { aZip } from '../../support/a-zip.ts'
import { anApi, TOKEN, WITH_TOKEN } from '../../support/an-api.ts'
import { aBinding } from '../../support/in-memory/a-binding.ts'
import { aPair } from '../../support/in-memory/a-pair.ts'
import { aBenchConfiguration } from '../../support/in-memory/an-appliance.ts'
import { addFirmware } from '../../support/in-memory/firmware.ts'
import { changesIn } from '../../support/in-memory/watched.ts'
import { aUalSet } from '../../support/synthetic-image.ts'
import { mac } from '../../support/values.ts'

const PHONE = '000E84C060A6'
const JSON_TYPE = 'application/json'

type Asked = {
  readonly operation: string
  readonly method: 'PUT' | 'PATCH' | 'POST' | 'DELETE'
  readonly url: string
  readonly body?: string | Buffer
  readonly type?: string
  /** Names of fields that the event has. */
  readonly sent?: readonly string[]
}

const ARCHIVE = await aZip(
  [...aUalSet('P0S3-07-4-00', 'P003-07-4-00')].map(([name, content]) => ({ name, content })),
)

/** Every operation that changes something, in an order in which each succeeds. */
const CHANGES: readonly Asked[] = [
  {
    operation: 'putProfile',
    method: 'PUT',
    url: '/v1/profiles/to-sip',
    body: '{"protocol":"sip","load":"P0S3-8-12-00","sip":{"phone_password":"hush-hush"}}',
    sent: ['protocol', 'load', 'sip'],
  },
  {
    operation: 'putPhone',
    method: 'PUT',
    url: '/v1/phones/00:0e:84:c0:60:a6?x=hush-hush',
    body: '{"model":"7960","lines":[{"name":"1201","password":"hush-hush"}]}',
    sent: ['model', 'lines'],
  },
  {
    operation: 'patchPhone',
    method: 'PATCH',
    url: `/v1/phones/${PHONE}`,
    body: '{"label":"desk"}',
    type: 'application/merge-patch+json',
    sent: ['label'],
  },
  {
    operation: 'importPhones',
    method: 'POST',
    url: '/v1/phones/import',
    body: `mac,label,line1_password\n${PHONE},a desk,hush-hush\n`,
    type: 'text/csv',
    sent: [],
  },
  {
    operation: 'restartPhone',
    method: 'POST',
    url: `/v1/phones/${PHONE}/restart`,
    body: '{"method":"command"}',
    sent: ['method'],
  },
  {
    operation: 'startConversion',
    method: 'PUT',
    url: `/v1/phones/${PHONE}/conversion`,
    body: '{"to":"P0S3-8-12-00","from":"P00308000500"}',
    sent: ['to', 'from'],
  },
  { operation: 'cancelConversion', method: 'DELETE', url: `/v1/phones/${PHONE}/conversion` },
  {
    operation: 'addFirmware',
    method: 'POST',
    url: '/v1/firmware',
    body: ARCHIVE,
    type: 'application/zip',
  },
  { operation: 'deleteFirmware', method: 'DELETE', url: '/v1/firmware/P0S3-07-4-00' },
  {
    operation: 'putFile',
    method: 'PUT',
    url: '/v1/files/a.raw',
    body: 'hush-hush',
    type: 'application/octet-stream',
  },
  { operation: 'deleteFile', method: 'DELETE', url: '/v1/files/a.raw' },
  { operation: 'freeLease', method: 'DELETE', url: '/v1/leases/10.20.0.50' },
  {
    operation: 'startRollout',
    method: 'PUT',
    url: '/v1/rollouts/all',
    body: `{"phones":["${PHONE}"],"to":"P0S3-8-12-00","from":"P0S3-07-4-00"}`,
    sent: ['phones', 'to', 'from'],
  },
  {
    operation: 'steerRollout',
    method: 'PATCH',
    url: '/v1/rollouts/all',
    body: '{"state":"stopped"}',
    sent: ['state'],
  },
  { operation: 'deleteRollout', method: 'DELETE', url: '/v1/rollouts/all' },
  {
    operation: 'startSurvey',
    method: 'POST',
    url: '/v1/surveys',
    body: '{"network":"bench"}',
    sent: ['network'],
  },
  {
    operation: 'forgetUnknownDevice',
    method: 'DELETE',
    url: '/v1/unknown-devices/00:0e:84:c0:60:a7',
  },
  {
    operation: 'createToken',
    method: 'POST',
    url: '/v1/tokens',
    body: '{"name":"ci","role":"read"}',
    sent: ['name', 'role'],
  },
  {
    operation: 'createWebhook',
    method: 'POST',
    url: '/v1/webhooks',
    body: '{"url":"http://127.0.0.1:9/","events":["rollout"],"secret":"hush-hush"}',
    sent: ['url', 'events', 'secret'],
  },
  {
    operation: 'changeWebhook',
    method: 'PATCH',
    url: '/v1/webhooks/hook-1',
    body: '{"events":["conversion"]}',
    sent: ['events'],
  },
  { operation: 'deleteWebhook', method: 'DELETE', url: '/v1/webhooks/hook-1' },
  { operation: 'deleteToken', method: 'DELETE', url: '/v1/tokens/ci' },
  { operation: 'deletePhone', method: 'DELETE', url: `/v1/phones/${PHONE}` },
  { operation: 'deleteProfile', method: 'DELETE', url: '/v1/profiles/to-sip' },
  { operation: 'reload', method: 'POST', url: '/v1/reload', body: '{}' },
  {
    operation: 'handOverNetwork',
    method: 'PUT',
    url: '/v1/networks/bench/owner',
    body: '{"owner":"sw-b"}',
    sent: ['owner'],
  },
]

async function anAudited(t: Parameters<typeof anApi>[0], token: string | null = TOKEN) {
  const configuration = { restart: { command: ['/bin/true'] } }
  const { app, services, appliance, lines } = await anApi(t, {
    token,
    configuration,
    shared: { appliances: aPair().service },
  })
  appliance.lease(aBinding())
  await appliance.phone(mac('000E84C060A7')).boots()
  appliance.file.content = aBenchConfiguration({ configuration })
  await addFirmware(services.inventory, 'P0S3-8-12-00')
  const ask = ({ method, url, body, type = JSON_TYPE }: Asked) =>
    app.inject({
      method,
      url,
      headers: { ...WITH_TOKEN, ...(body === undefined ? {} : { 'content-type': type }) },
      ...(body === undefined ? {} : { payload: body }),
    })
  const changes = () => changesIn(appliance.state.journal)
  return { app, changes, lines, ask }
}

t.test('every operation that changes something is told: who, what, which fields', async (t) => {
  const { changes, ask, app, lines } = await anAudited(t)
  for (const asked of CHANGES) {
    const before = changes().length
    const response = await ask(asked)
    t.ok(response.statusCode < 300, `${asked.operation}: ${response.body}`)
    t.match(changes().slice(before), [
      {
        action: asked.operation,
        path: asked.url.split('?')[0],
        mac: macIn(asked.url),
        fields: asked.sent ?? [],
        status: response.statusCode,
        by: 'token',
        tokenName: null,
        address: '127.0.0.1',
      },
    ])
    t.equal(changes().length, before + 1, `${asked.operation} is told once`)
  }
  t.notMatch(JSON.stringify(changes()), 'hush-hush')
  t.notMatch(lines.join(), 'hush-hush')
  const { paths } = (await app.inject('/openapi.json')).json()
  const operations = Object.values(paths as Record<string, Record<string, Operation>>).flatMap(
    (path) =>
      ['put', 'patch', 'post', 'delete'].flatMap((method) => path[method]?.operationId ?? []),
  )
  const known = [...CHANGES.map(({ operation }) => operation), 'makePlan']
  t.same(operations.sort(), known.sort(), 'this table has every operation')
})

type Operation = { readonly operationId: string }

t.test(
  'what changes nothing is not told: reading, planning, asking again, a refusal',
  async (t) => {
    const { changes, ask, app } = await anAudited(t)
    const same = CHANGES.filter(({ operation }) =>
      ['putProfile', 'putPhone', 'addFirmware'].includes(operation),
    )
    for (const asked of same) await ask(asked)
    const conversion = CHANGES.find(({ operation }) => operation === 'startConversion') as Asked
    await ask(conversion)
    const before = changes().length
    for (const asked of [...same, conversion]) t.equal((await ask(asked)).statusCode, 200)
    await ask({ operation: 'none', method: 'PUT', url: '/v1/nothing', body: '{}' })
    await ask({ operation: 'none', method: 'PUT', url: '/v1/profiles/x', body: '{"load":7}' })
    await ask({
      operation: 'none',
      method: 'POST',
      url: '/v1/plans',
      body: '{"to":"P0S3-8-12-00"}',
    })
    await app.inject({ url: '/v1/phones', headers: WITH_TOKEN })
    t.same(changes().slice(before), [])
  },
)

t.test('a roll-out that is asked for again, or steered where it is, is no news', async (t) => {
  const { changes, ask } = await anAudited(t)
  const of = (operation: string) => CHANGES.find((one) => one.operation === operation) as Asked
  for (const operation of ['putPhone', 'startRollout']) await ask(of(operation))
  const before = changes().length
  t.equal((await ask(of('startRollout'))).statusCode, 200)
  await ask({ ...of('steerRollout'), body: '{"state":"running"}' })
  t.same(changes().slice(before), [])
})

t.test('a change without a token is attributed to loopback', async (t) => {
  const { changes, ask } = await anAudited(t, null)
  await ask(CHANGES[1] as Asked)
  t.match(changes(), [{ by: 'loopback' }])
})

function macIn(url: string) {
  if (url.startsWith('/v1/unknown-devices/')) return mac('000E84C060A7')
  return url.startsWith('/v1/phones/0') ? mac(PHONE) : null
}
