import { readFile } from 'node:fs/promises'
import { Agent } from 'node:https'
import { join } from 'node:path'
import t from 'tap'
import { CertificateRenewal } from '../../../appliance/start/certificate-renewal.ts'
import { anApi } from '../../support/an-api.ts'
import { certificateName } from '../../support/certificate-name.ts'
import { ROOT } from '../../support/source-files.ts'

const vector = (name: string) => readFile(join(ROOT, 'test/vectors/tls', name), 'utf8')
/** A renewal that serves this API. */
function renewalOf(
  ...[app, load]: [
    Parameters<CertificateRenewal['serve']>[0],
    ...ConstructorParameters<typeof CertificateRenewal>,
  ]
) {
  const renewal = new CertificateRenewal(load)
  renewal.serve(app)
  return renewal
}
const pair = async (name: string) => ({
  cert: await vector(`${name}.crt`),
  key: await vector(`${name}.key`),
})

t.test('a renewed certificate is for new connections, and open ones go on', async (t) => {
  const { app } = await anApi(t, { tls: await pair('api') })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const open = new Agent({ keepAlive: true, maxSockets: 1 })
  // A resumed session would show no certificate.
  const fresh = new Agent({ maxCachedSessions: 0 })
  t.teardown(() => open.destroy())
  const address = app.server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  t.equal(await certificateName(port, open), 'switchhook.test')
  const certificates = renewalOf(app, () => pair('renewed'))
  t.equal(await certificates.renew(), null)
  t.equal(await certificateName(port, open), 'switchhook.test', 'the same connection')
  t.equal(await certificateName(port, fresh), 'switchhook-renewed.test')
  const broken = renewalOf(app, async () => ({ cert: 'none', key: 'none' }))
  t.match(await broken.renew(), /PEM.*\.$/)
  t.equal(await certificateName(port, fresh), 'switchhook-renewed.test', 'the one before stays')
  const gone = renewalOf(app, () => Promise.reject(new Error('ENOENT: api.crt')))
  t.equal(await gone.renew(), 'ENOENT: api.crt.')
})

t.test('over plain HTTP there is nothing to renew', async (t) => {
  const { app } = await anApi(t)
  t.equal(await renewalOf(app, null).renew(), null)
  t.equal(await renewalOf(app, () => pair('api')).renew(), null)
})
