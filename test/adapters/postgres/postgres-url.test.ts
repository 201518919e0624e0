import t from 'tap'
import { readPostgresUrl } from '../../../src/adapters/postgres/postgres-url.ts'

t.test('a certificate that cannot be read is named, and the password is not', async (t) => {
  const login = 'postgresql://u:secret@db1,db2/d'
  const missing = readPostgresUrl(`${login}?sslmode=verify-full&sslrootcert=/no/such/ca.pem`)
  t.equal(missing, 'the file /no/such/ca.pem that it names cannot be read (ENOENT)')
  const malformed = readPostgresUrl('postgresql://u:secret@h:port/d')
  t.equal(malformed, 'it is not a valid URL')
  t.equal(readPostgresUrl(login).length, 2)
})
