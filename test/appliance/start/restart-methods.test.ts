import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { restartMethods } from '../../../appliance/start/restart-methods.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { Journal } from '../../../src/services/events/journal.ts'
import { inWords } from '../../../src/services/events/words.ts'
import type { Settings } from '../../../src/settings/settings.ts'
import { aLog } from '../../support/a-log.ts'
import { aConfiguration, settingsOf } from '../../support/configuration.ts'

const MAC = '000E84C060A6' as Mac
const NEVER = new AbortController().signal

function theMethods(dataDir: string, rest: object) {
  let settings: Settings = settingsOf(aConfiguration({}, rest))
  const { log, lines } = aLog()
  const journal = new Journal({ append: async () => {} }, 0, () => {})
  const wants = { settings: () => settings, dataDir, journal, log, nowMs: () => 7 }
  const methods = restartMethods(wants)
  const send = async (name: string, switchPort: string | null = null) => {
    const target = { mac: MAC, address: null, switchPort, telnet: null }
    const method = methods.adapters.find((one) => one.name === name)
    return method?.send(target, NEVER)
  }
  const reload = (edited: object) => {
    settings = settingsOf(aConfiguration({}, edited))
  }
  return { methods, send, reload, lines, journal }
}

t.test('telnet, PoE and the command, in the order in which they are tried', async (t) => {
  const { methods } = theMethods(t.testdir(), {})
  const names = methods.adapters.map(({ name }) => name)
  t.same(names, ['telnet', 'poe', 'command'])
  await methods.close()
})

t.test('the command is the one in force, and what it prints is logged', async (t) => {
  const { send, reload, lines, methods } = theMethods(t.testdir(), {})
  t.match(await send('command'), { reason: /no restart.command/ })
  reload({ restart: { command: ['sh', '-c', 'echo "$SWITCHHOOK_MAC"'] } })
  t.same(await send('command'), { kind: 'sent' })
  const output = { event: 'phone.restart.command', mac: MAC, output: MAC, code: 0 }
  t.match(lines, [{ level: 'info', ...output }])
  await methods.close()
})

t.test('a port that was left off is an error that operators see, and stays stored', async (t) => {
  const dataDir = t.testdir()
  const file = join(dataDir, 'ports-off.json')
  const left = JSON.stringify([{ port: 'sw9/1.7', mac: MAC, atMs: 1 }])
  writeFileSync(file, left)
  const { methods, lines, journal } = theMethods(dataDir, {})
  methods.recover()
  await methods.close()
  t.match(lines, [{ level: 'error', event: 'switch.port.stuck', mac: MAC, port: 'sw9/1.7' }])
  t.match(journal.recent(), [{ event: 'switch.port.stuck', mac: MAC, atMs: 7 }])
  const [event] = journal.recent()
  const words =
    'sw9/1.7 may be without power: no switch of that name is configured. Switch it on by hand'
  t.equal(event && inWords(event), words)
  t.equal(readFileSync(file, 'utf8'), left)
})

t.test('a file of ports that cannot be read is an error', async (t) => {
  const dataDir = t.testdir({ 'ports-off.json': '{' })
  const { methods, lines } = theMethods(dataDir, {})
  methods.recover()
  await methods.close()
  t.match(lines, [{ level: 'error', event: 'switch.ports.unread', why: /cannot be read/ }])
})

t.test('switches are those in force', async (t) => {
  const { methods, send, reload } = theMethods(t.testdir(), {})
  t.match(await send('poe', 'sw1/7'), { reason: 'no switch is configured for sw1/7' })
  const snmp = { version: '2c', communityFile: join(t.testdirName, 'none') }
  reload({ switches: [{ name: 'sw1', host: '127.0.0.1', snmp }] })
  t.match(await send('poe', 'sw1/7'), {
    reason: /^sw1: communityFile: .* cannot be read: no such file/,
  })
  await methods.close()
})
