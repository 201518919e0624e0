import { writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { join } from 'node:path'
import t from 'tap'
import { ApiClient } from '../../../appliance/client/api-client.ts'
import { apiTls } from '../../../appliance/start/api-tls.ts'
import { anApi } from '../../support/an-api.ts'
import { aConfiguration, settingsOf } from '../../support/configuration.ts'
import { ROOT } from '../../support/source-files.ts'

const vector = (name: string) => join(ROOT, 'test/vectors/tls', name)
const withTls = (certificateFile: string, keyFile: string) =>
  settingsOf({ ...aConfiguration(), api: { tls: { certificateFile, keyFile } } })

t.test('without the key there is no TLS', async (t) => {
  t.equal(await apiTls(settingsOf(aConfiguration())), null)
})

t.test('the API answers over HTTPS with the certificate of the file', async (t) => {
  const tls = await apiTls(withTls(vector('api.crt'), vector('api.key')))
  if (tls === null) throw new Error('no TLS')
  const { app } = await anApi(t, { tls })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const address = app.server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const status = await new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: '/healthz', ca: tls.cert })
    asked.on('response', (answer) => resolve(answer.resume().statusCode))
    asked.on('error', reject).end()
  })
  t.equal(status, 200)
  await t.rejects(new ApiClient(`https://127.0.0.1:${port}`, null).get('/healthz'), {
    name: 'NoAnswer',
    message: /a certificate that this machine does not trust.*NODE_EXTRA_CA_CERTS=FILE/,
  })
})

t.test('files that are no pair, or no PEM, are named', async (t) => {
  const text = join(t.testdir(), 'text')
  await writeFile(text, 'hello')
  const pairs = [
    {
      cert: vector('api.crt'),
      key: vector('other.key'),
      says: /other\.key does not belong to .*api\.crt/,
    },
    { cert: text, key: vector('api.key'), says: /text does not contain a certificate in PEM form/ },
    { cert: vector('api.crt'), key: text, says: /text does not contain a private key in PEM form/ },
    {
      cert: vector('api.crt'),
      key: vector('gone'),
      says: /^api\.tls\.keyFile: .*gone cannot be read: no such file/,
    },
  ]
  for (const { cert, key, says } of pairs) {
    await t.rejects(apiTls(withTls(cert, key)), { message: says })
  }
})
