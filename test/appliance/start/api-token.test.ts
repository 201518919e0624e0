import { existsSync, readFileSync } from 'node:fs'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { apiToken } from '../../../appliance/start/api-token.ts'
import { aConfiguration, settingsOf } from '../../support/configuration.ts'
import { turn } from '../../support/slow-store.ts'

function aPlace(t: Test, files = {}) {
  const tokenFile = join(t.testdir(files), 'data', 'api-token')
  return { tokenFile, settings: settingsOf(aConfiguration({}, { api: { tokenFile } })) }
}

t.test('a token is made once, for its owner alone, and read from then on', async (t) => {
  const { tokenFile, settings } = aPlace(t)
  const token = await apiToken(settings, null)
  t.match(token, /^[\w-]{43}$/, '32 octets in base64url')
  t.equal((await stat(tokenFile)).mode & 0o777, 0o600)
  t.equal((await stat(join(tokenFile, '..'))).mode & 0o777, 0o700)
  t.equal(await readFile(tokenFile, 'utf8'), `${token}\n`)
  t.equal(await apiToken(settings, null), token)
})

t.test('an own token of the operator is taken as it is, without white space', async (t) => {
  const { settings } = aPlace(t, { data: { 'api-token': '  my-own-token \n' } })
  t.equal(await apiToken(settings, null), 'my-own-token')
})

t.test('many that start at once have one token and leave nothing behind', async (t) => {
  for (let round = 0; round < 20; round++) {
    const { tokenFile, settings } = aPlace(t)
    const tokens = await Promise.all(Array.from({ length: 8 }, () => apiToken(settings, null)))
    t.equal(new Set(tokens).size, 1)
    t.same(await readdir(join(tokenFile, '..')), ['api-token'])
  }
})

t.test('the file never exists without its token', async (t) => {
  const found = new Set<number>()
  for (let round = 0; round < 40; round++) {
    const { tokenFile, settings } = aPlace(t)
    let isMade = false
    const made = apiToken(settings, null).finally(() => {
      isMade = true
    })
    while (!isMade) {
      if (existsSync(tokenFile)) found.add(readFileSync(tokenFile).length)
      await turn()
    }
    await made
  }
  t.same([...found], [44])
})

t.test('an empty file is an error that names it', async (t) => {
  for (const text of ['', ' \n']) {
    const { tokenFile, settings } = aPlace(t, { data: { 'api-token': text } })
    const message = `${tokenFile} is empty: delete it, and a new token is created`
    await t.rejects(apiToken(settings, null), { message })
  }
})

t.test('a place that cannot be had is an error that names it', async (t) => {
  const { tokenFile, settings } = aPlace(t)
  await writeFile(join(tokenFile, '..', '..', 'data'), 'a file')
  await t.rejects(apiToken(settings, null), { message: new RegExp(`${t.testdirName}/data`) })
  const folder = aPlace(t, { data: { 'api-token': {} } })
  await t.rejects(apiToken(folder.settings, null), { code: 'EISDIR' })
})

t.test('the environment goes before the file, and no file is made', async (t) => {
  const { tokenFile, settings } = aPlace(t)
  t.equal(await apiToken(settings, 'from-outside'), 'from-outside')
  await t.rejects(stat(tokenFile), { code: 'ENOENT' })
})

t.test('no token is asked for on loopback, and never none beyond it', async (t) => {
  const settings = settingsOf(aConfiguration())
  t.equal(await apiToken(settings, null), null)
  const open = { ...settings, api: { ...settings.api, listen: { host: '0.0.0.0', port: 8067 } } }
  await t.rejects(apiToken(open, null), {
    message: /needs a token when it listens beyond loopback: set api\.tokenFile/,
  })
  t.equal(await apiToken(open, 'from-outside'), 'from-outside')
})
