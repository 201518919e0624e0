import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { findLapse } from '../../appliance/api-tls.ts'
import { examineFiles } from '../../appliance/examine-files.ts'
import { weaknessOf } from '../../appliance/weak-token.ts'
import { aConfiguration, settingsOf } from '../support/configuration.ts'
import { ROOT } from '../support/source-files.ts'

const GOOD_TOKEN = 'kq3ZtV9cM0bW7xLr5yNd'
const tls = (name: string) => join(ROOT, 'test/vectors/tls', name)

function examined(dir: string, api: object, token: string | null = null) {
  const settings = settingsOf(aConfiguration({}, { dataDir: join(dir, 'data'), api }))
  return examineFiles({ settings, token, shared: true })
}

t.test('a token that can be guessed is warned about, and not shown', async (t) => {
  const dir = t.testdir()
  const tokenFile = join(dir, 'token')
  for (const token of ['x', 'short-token', 'aaaaaaaaaaaaaaaaaaaaaaaa', 'abcdefgh'.repeat(4)]) {
    writeFileSync(tokenFile, `${token}\n`, { mode: 0o600 })
    const { problems, warnings } = await examined(dir, { tokenFile })
    t.same(problems, [])
    t.match(warnings, [{ path: 'api.tokenFile', message: /the token can be guessed: it / }], token)
    t.notOk(token.length > 3 && JSON.stringify(warnings).includes(token))
  }
  t.match(await examined(dir, {}, 'x'), { warnings: [{ path: 'SWITCHHOOK_API_TOKEN' }] })
  t.match(await examined(dir, {}, GOOD_TOKEN), { warnings: [] })
  for (const good of [GOOD_TOKEN, '0f9e8d7c6b5a4321']) t.equal(weaknessOf(good), undefined)
})

t.test('a token file that others can read is warned about', async (t) => {
  const dir = t.testdir({ token: GOOD_TOKEN })
  const tokenFile = join(dir, 'token')
  for (const mode of [0o644, 0o640, 0o666, 0o604]) {
    chmodSync(tokenFile, mode)
    const shown = mode.toString(8)
    t.match(await examined(dir, { tokenFile }), {
      problems: [],
      warnings: [{ path: 'api.tokenFile', message: new RegExp(`mode 0${shown}\\); wanted 0600`) }],
    })
  }
  for (const mode of [0o600, 0o400]) {
    chmodSync(tokenFile, mode)
    t.same(await examined(dir, { tokenFile }), { problems: [], lapses: [], warnings: [] })
  }
})

t.test('an empty token file is a problem, an absent one is made by the start', async (t) => {
  const dir = t.testdir({ token: '\n' })
  const tokenFile = join(dir, 'token')
  t.match(await examined(dir, { tokenFile }), { problems: [{ message: /is empty: delete it/ }] })
  t.match(await examined(dir, { tokenFile: join(dir, 'new/folder/token') }), {
    problems: [],
    warnings: [{ path: 'api.tokenFile', message: /is not there yet/ }],
  })
})

t.test('a certificate out of its time is no reason to leave phones without DHCP', async (t) => {
  const keyFile = join(t.testdir({ key: t.fixture('symlink', tls('api.key')) }), 'key')
  const pair = { certificateFile: tls('expired.crt'), keyFile }
  t.match(await examined(t.testdirName, { tls: pair }), {
    problems: [],
    lapses: [{ path: 'api.tls.certificateFile', message: /expired Jan {2}2 .*2020/ }],
  })
})

t.test('a certificate is good between its dates', async (t) => {
  const { readFileSync } = await import('node:fs')
  const cert = readFileSync(tls('expired.crt'), 'utf8')
  t.match(findLapse('x', cert, Date.UTC(2019, 11, 31)), 'is not valid before Jan')
  t.equal(findLapse('x', cert, Date.UTC(2020, 0, 1, 12)), undefined)
  t.match(findLapse('x', cert, Date.UTC(2020, 0, 3)), 'expired')
})
