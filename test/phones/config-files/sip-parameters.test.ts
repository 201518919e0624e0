import t from 'tap'
import {
  findParameter,
  isSecretParameter,
  parameterPosition,
  sipParameters,
} from '../../../src/phones/config-files/sip-parameters.ts'

t.test('the catalogue has every numbered parameter once', async (t) => {
  const names = sipParameters().map(({ name }) => name)
  t.equal(new Set(names).size, names.length)
  for (const name of ['line1_name', 'line6_contact', 'proxy6_port', 'speed_line2']) {
    t.ok(names.includes(name), name)
  }
  for (const name of ['line7_name', 'speed_line1', 'call_manager6_addr', 'dyn_dns_addr_3']) {
    t.notOk(names.includes(name), name)
  }
})

t.test('a parameter tells its line, its first release and its limit', async (t) => {
  t.match(findParameter('line3_name'), { line: 3, since: null })
  t.match(findParameter('call_manager2_addr'), { line: null, since: '8.x' })
  t.match(findParameter('dtmf_avt_payload'), { limit: { kind: 'integer', min: 96, max: 127 } })
  t.equal(findParameter('nonsense'), undefined)
  t.ok(parameterPosition('image_version') < parameterPosition('sntp_mode'))
  t.equal(parameterPosition('nonsense'), sipParameters().length)
})

t.test('passwords and keys are secret, and nothing else is', async (t) => {
  const secret = sipParameters().filter(({ name }) => isSecretParameter(name))
  const lines = [1, 2, 3, 4, 5, 6].map((line) => `line${line}_password`)
  t.same(
    secret.map(({ name }) => name),
    ['phone_password', ...lines, 'encrypt_key'],
  )
  t.notOk(isSecretParameter('nonsense'))
})
