import t from 'tap'
import {
  dropSecretFields,
  isSecretName,
  maskSecrets,
  partSecrets,
} from '../../../src/adapters/http/secrets.ts'

const masked = (name: string, content: string, known: string[] = []) =>
  Buffer.from(maskSecrets(name, Buffer.from(content, 'utf8'), known)).toString('utf8')

t.test('names of secrets are distinguished from other names', async (t) => {
  for (const name of [
    'line1_password',
    'phone_password',
    'authPassword',
    'PASSWD',
    'shared_secret',
    'encrypt_key',
  ]) {
    t.ok(isSecretName(name), name)
  }
  for (const name of ['line1_name', 'phone_label', 'proxy1_address', 'pass']) {
    t.notOk(isSecretName(name), name)
  }
})

t.test('secrets are masked in every form in which a configuration holds them', async (t) => {
  const cases = [
    {
      why: 'quoted',
      name: 'SIP.cnf',
      from: 'line1_password: "abcd"',
      to: 'line1_password: "********"',
    },
    {
      why: 'bare',
      name: 'SIP.cnf',
      from: 'phone_password: abcd',
      to: 'phone_password: "********"',
    },
    {
      why: 'blanks',
      name: 'SIP.cnf',
      from: ' line2_password  : ab',
      to: ' line2_password  : "********"',
    },
    {
      why: 'upper case',
      name: 'SIP.CNF',
      from: 'LINE1_PASSWORD: a',
      to: 'LINE1_PASSWORD: "********"',
    },
    {
      why: 'carriage returns stay',
      name: 'SIP.cnf',
      from: 'line1_password: "a"\r\nline1_name: "1"\r\n',
      to: 'line1_password: "********"\r\nline1_name: "1"\r\n',
    },
    {
      why: 'an empty value does not eat the next line',
      name: 'SIP.cnf',
      from: 'line1_password:\nline1_name: "1"\n',
      to: 'line1_password:"********"\nline1_name: "1"\n',
    },
    {
      why: 'XML element',
      name: 'SEP.cnf.xml',
      from: '<a><phonePassword x="1">ab</phonePassword><b>ab</b></a>',
      to: '<a><phonePassword x="1">********</phonePassword><b>ab</b></a>',
    },
    {
      why: 'the key of an encrypted file',
      name: 'SIP.cnf',
      from: 'encrypt_key: "abcd"',
      to: 'encrypt_key: "********"',
    },
    { why: 'other lines stay', name: 'SIP.cnf', from: 'phone_label: "é"', to: 'phone_label: "é"' },
  ]
  for (const { why, name, from, to } of cases) t.equal(masked(name, from), to, why)
})

t.test('a known secret is masked wherever it stands, as it is spelled there', async (t) => {
  t.equal(masked('a.cnf', 'x: "hush-hush"', ['hush-hush']), 'x: "********"')
  t.equal(masked('a.xml', '<x>a&amp;b&lt;c</x>', ['a&b<c']), '<x>********</x>')
  t.equal(masked('a.cnf', 'x: "grüße"', ['grüße']), 'x: "********"')
  t.equal(masked('a.cnf', 'line1_name: "12"', ['12']), 'line1_name: "12"', 'too short to tell')
  const inLatin1 = Buffer.from('x: "grüße"', 'latin1')
  t.equal(
    Buffer.from(maskSecrets('a.cnf', inLatin1, ['grüße'])).toString('latin1'),
    'x: "********"',
  )
  t.equal(masked('a.cnf', 'x: "hushhush"', ['hush"\u010ahush']), 'x: "********"', 'as written')
  t.equal(masked('a.cnf', 'x: $& ok', ['$&xx']), 'x: $& ok')
})

t.test('what is no configuration file stays byte for byte', async (t) => {
  const image = Buffer.from('password: hush-hush\xff\x00', 'latin1')
  t.equal(maskSecrets('P0S3-8-12-00.sb2', image, ['hush-hush']), image)
})

t.test('masking takes time that grows with the file, not faster', async (t) => {
  const hostile = `${'<passwd '.repeat(20_000)}\n${'passw'.repeat(40_000)}\n${' \t'.repeat(20_000)}`
  const before = process.hrtime.bigint()
  masked('a.xml', hostile)
  const tookMs = Number(process.hrtime.bigint() - before) / 1e6
  t.ok(tookMs < 5_000, `${tookMs} ms`)
})

t.test('parameters are parted, fields are dropped at any depth', async (t) => {
  t.same(partSecrets({ a: '1', phone_password: 'x' }), {
    shown: { a: '1' },
    secretNames: ['phone_password'],
  })
  const fields = { a: 1, b: null, list: [1], password: 'x', c: { d: 2, authPassword: 'x' } }
  t.same(dropSecretFields(fields), { a: 1, b: null, list: [1], c: { d: 2 } })
})
