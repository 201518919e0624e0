import t from 'tap'
import { explainStartFailure } from '../../../appliance/start/start-failure.ts'
import { DatabaseError } from '../../../src/adapters/sqlite/database-error.ts'
import { SocketError } from '../../../src/adapters/udp/socket-error.ts'
import { ipOf } from '../../support/an-inventory.ts'

const anError = (code: string, more: object = {}) =>
  Object.assign(new Error(`it failed: ${code}`), { code, ...more })

t.test('an error that an operator can fix comes with what to do', async (t) => {
  const cases = [
    { why: 'port taken', error: anError('EADDRINUSE'), said: 'stop it, or set another port' },
    { why: 'port below 1024', error: anError('EACCES'), said: 'CAP_NET_BIND_SERVICE' },
    { why: 'address', error: anError('EADDRNOTAVAIL'), said: 'check networks[].address' },
    { why: 'file', error: anError('EACCES', { path: '/x' }), said: 'check owner and mode' },
    { why: 'read-only', error: anError('EROFS', { path: '/x' }), said: 'set dataDir' },
    { why: 'disk', error: anError('ENOSPC', { path: '/x' }), said: 'free some space' },
    {
      why: 'database',
      error: new DatabaseError('/x/switchhook.db', 'SQLITE_FULL', 'open', 'full'),
      said: 'free some space',
    },
  ]
  for (const { why, error, said } of cases) {
    const words = explainStartFailure(error)
    t.ok(words.startsWith(`${error.message}. `), why)
    t.ok(words.includes(said), `${why}: ${words}`)
  }
})

t.test('a file that cannot be had is not explained as a port', async (t) => {
  t.notMatch(explainStartFailure(anError('EACCES', { path: '/x' })), /port/i)
})

t.test('a socket error says what to do by itself, and once', async (t) => {
  const wanted = { address: ipOf('10.20.0.2'), port: 67, interfaceName: null }
  const error = SocketError.ofBind(wanted, 'EADDRINUSE', new Error('bind'))
  t.equal(explainStartFailure(error), error.message)
})

t.test('anything else keeps its own words', async (t) => {
  t.equal(explainStartFailure(new Error('the API needs a token')), 'the API needs a token')
  t.equal(explainStartFailure(anError('ELSE')), 'it failed: ELSE')
  t.equal(explainStartFailure(anError('ELSE', { code: 7 })), 'it failed: ELSE')
  t.equal(explainStartFailure('thrown text'), 'thrown text')
  t.equal(explainStartFailure(null), 'null')
})
