import { readFileSync } from 'node:fs'
import t from 'tap'
import { packageVersion } from '../../appliance/version.ts'

t.test('the version is that of the package', async (t) => {
  const file = new URL('../../package.json', import.meta.url)
  t.equal(packageVersion(), JSON.parse(readFileSync(file, 'utf8')).version)
})
