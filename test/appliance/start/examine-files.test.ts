import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { findLapse } from '../../../appliance/start/api-tls.ts'
import { examineFiles, examineReloaded } from '../../../appliance/start/examine-files.ts'
import { weaknessOf } from '../../../appliance/start/weak-token.ts'
import { aConfiguration, settingsOf } from '../../support/configuration.ts'
import { ROOT } from '../../support/source-files.ts'

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
    t.match(warnings, [{ path: 'api.tokenFile', message: /the token is weak: it / }], token)
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
    t.same(await examined(dir, { tokenFile }), {
      problems: [],
      misconfigured: [],
      lapses: [],
      warnings: [],
    })
  }
})

t.test('an empty token file is a problem, an absent one is made by the start', async (t) => {
  const dir = t.testdir({ token: '\n' })
  const tokenFile = join(dir, 'token')
  t.match(await examined(dir, { tokenFile }), { problems: [{ message: /is empty: delete it/ }] })
  t.match(await examined(dir, { tokenFile: join(dir, 'new/folder/token') }), {
    problems: [],
    warnings: [{ path: 'api.tokenFile', message: /does not exist yet/ }],
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

t.test('a secret of a switch that is absent, short or open to all is a problem', async (t) => {
  const dir = t.testdir({
    good: 'correct horse\n',
    short: 'seven77',
    empty: '\n',
    two: 'one\ntwo\n',
  })
  for (const name of ['good', 'short', 'empty', 'two']) chmodSync(join(dir, name), 0o600)
  const problemsWith = async (name: string) => {
    const snmp = { version: 3, user: 'x', authFile: join(dir, name), privFile: join(dir, 'good') }
    const rest = {
      dataDir: join(dir, 'data'),
      switches: [
        { name: 'sw1', host: 'sw1', snmp },
        { name: 'sw2', host: 'sw2', snmp: { version: '2c', communityFile: join(dir, name) } },
      ],
    }
    const settings = settingsOf(aConfiguration({}, rest))
    return (await examineFiles({ settings, token: null, shared: true })).problems
  }
  t.same(await problemsWith('good'), [])
  t.match(await problemsWith('short'), [
    { path: 'switches[0].snmp.authFile', message: /holds 7 characters; wanted at least 8$/ },
  ])
  const both = (message: RegExp) => [
    { path: 'switches[0].snmp.authFile', message },
    { path: 'switches[1].snmp.communityFile', message },
  ]
  t.match(await problemsWith('empty'), both(/empty is empty$/))
  t.match(await problemsWith('two'), both(/has more than one line$/))
  t.match(await problemsWith('none'), both(/none cannot be read: no such file$/))
  t.match(await problemsWith('.'), both(/is not a regular file$/))
  chmodSync(join(dir, 'good'), 0o604)
  t.match(await problemsWith('good'), [
    {
      path: 'switches[0].snmp.authFile',
      message: /every user \(mode 0604\); wanted 0600 or 0640$/,
    },
    { path: 'switches[0].snmp.privFile' },
    { path: 'switches[1].snmp.communityFile' },
  ])
  t.notMatch(JSON.stringify(await problemsWith('short')), /seven77/, 'no secret is shown')
})

t.test('a restart command that is not there is told, and phones are served', async (t) => {
  const dir = t.testdir({ program: '#!/bin/sh\n' })
  const program = join(dir, 'program')
  const lapsesWith = async (command: string) => {
    const rest = { dataDir: join(dir, 'data'), restart: { command: [command] } }
    const settings = settingsOf(aConfiguration({}, rest))
    const { lapses } = await examineFiles({ settings, token: null, shared: true })
    t.same(await examineReloaded(settings), lapses, 'a reload reports the same')
    return lapses
  }
  chmodSync(program, 0o700)
  for (const good of [program, 'sh']) t.same(await lapsesWith(good), [], good)
  chmodSync(program, 0o600)
  for (const bad of [program, join(dir, 'none'), dir, 'no-such-program-anywhere']) {
    const message = `${bad} is not an executable program`
    t.same(await lapsesWith(bad), [{ path: 'restart.command[0]', message }])
  }
})

t.test(
  'a URL of PostgreSQL that is none is part of the configuration, and not shown',
  async (t) => {
    const dir = t.testdir({
      good: 'postgresql://u:secret@db1,db2/switchhook\n',
      bad: 'mysql://u:secret@db1/x\n',
    })
    const examined = async (name: string) => {
      const urlFile = join(dir, name)
      if (name !== 'none') chmodSync(urlFile, 0o600)
      const postgres = { urlFile, site: 'prague', name: 'sw-a' }
      const settings = settingsOf(aConfiguration({}, { dataDir: dir, database: { postgres } }))
      return examineFiles({ settings, token: null, shared: true })
    }
    t.match(await examined('good'), { problems: [], misconfigured: [] })
    const bad = await examined('bad')
    t.match(bad, { problems: [], misconfigured: [{ path: 'database.postgres.urlFile' }] })
    t.notMatch(JSON.stringify(bad), 'secret')
    t.match(await examined('none'), { problems: [{ message: /no such file/ }], misconfigured: [] })
  },
)
