import t from 'tap'
import { hostMeant, isAllowedHost } from '../../../src/adapters/http/host-check.ts'

t.test(
  'RFC 9110 section 7.2: a request without a host that can be read is not answered',
  async (t) => {
    for (const host of [
      undefined,
      '',
      ' ',
      ':8067',
      'a b',
      '[::1',
      'localhost:',
      'user@localhost',
    ]) {
      t.notOk(isAllowedHost(host, []), String(host))
    }
  },
)

t.test('names are compared without case, port and trailing dot', async (t) => {
  for (const host of ['Phones.Lab', 'phones.lab:8067', 'PHONES.LAB.', 'phones.lab.:80']) {
    t.ok(isAllowedHost(host, ['phones.LAB']), host)
    t.notOk(isAllowedHost(host, ['lab', 'phones']), host)
  }
})

t.test('addresses are answered, whatever else they look like is not', async (t) => {
  for (const host of ['192.0.2.1', '192.0.2.1:80', '[2001:db8::1]', '[2001:db8::1]:80', '[::]']) {
    t.ok(isAllowedHost(host, []), host)
  }
  for (const host of ['0x7f000001', '127.1', '192.0.2.1.nip.io', '2001:db8::1']) {
    t.notOk(isAllowedHost(host, []), host)
  }
})

t.test(
  'RFC 9112 section 3.2.2: a target with a host of its own goes before the header',
  async (t) => {
    t.equal(hostMeant('/v1/phones', 'localhost'), 'localhost')
    t.equal(hostMeant('http://evil.example/v1/phones', 'localhost'), 'evil.example')
    t.equal(hostMeant('HTTPS://evil.example?x', 'localhost'), 'evil.example')
    t.equal(hostMeant('//evil.example/x', 'localhost'), 'localhost', 'a path, however odd')
  },
)
