import t from 'tap'
import {
  formatListenAddress,
  isLoopback,
  type ListenAddress,
  parseListenAddress,
} from '../../src/settings/listen-address.ts'

t.test('reads host and port, prints them again, knows loopback', async (t) => {
  const cases = [
    { text: '127.0.0.1:8067', host: '127.0.0.1', port: 8067, loopback: true },
    { text: '127.1.2.3:0', host: '127.1.2.3', port: 0, loopback: true },
    { text: 'localhost:80', host: 'localhost', port: 80, loopback: true },
    { text: '[::1]:8067', host: '::1', port: 8067, loopback: true },
    { text: '0.0.0.0:65535', host: '0.0.0.0', port: 65535, loopback: false },
    { text: '[::]:8067', host: '::', port: 8067, loopback: false },
    { text: '10.20.0.2:8067', host: '10.20.0.2', port: 8067, loopback: false },
    { text: '127.example.net:1', host: '127.example.net', port: 1, loopback: false },
  ]
  for (const { text, host, port, loopback } of cases) {
    const listen = parseListenAddress(text) as ListenAddress
    t.same(listen, { host, port }, text)
    t.equal(formatListenAddress(listen), text)
    t.equal(isLoopback(listen), loopback, text)
  }
})

t.test('refuses what nobody can listen on', async (t) => {
  const wrong = ['', '8067', ':8067', '127.0.0.1', '127.0.0.1:65536', '::1:8067', 'a b:1', '[x]:1']
  for (const text of wrong) t.equal(parseListenAddress(text), undefined, text)
})
