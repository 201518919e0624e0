import { readFile } from 'node:fs/promises'
import t from 'tap'
import { EMBEDDED_DEFAULT } from '../../src/settings/embedded-default.ts'
import { parseSettings } from '../../src/settings/parse-settings.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { aConfiguration, networkOf, parsed, settingsOf } from '../support/configuration.ts'

const CONFIG = new URL('../../config/', import.meta.url)
const MINUTE = 60

function parsedWithoutWarning(text: string): Settings {
  const result = parseSettings(text)
  if (result.kind === 'refused') throw new Error(JSON.stringify(result.problems))
  if (result.warnings.length > 0) throw new Error(JSON.stringify(result.warnings))
  return result.settings
}

t.test('the shipped configurations are right, without a warning', async (t) => {
  for (const name of ['appliance.example.yaml', 'bench.yaml', 'lab-vlans.yaml']) {
    const text = await readFile(new URL(name, CONFIG), 'utf8')
    t.doesNotThrow(() => parsedWithoutWarning(text), name)
  }
})

t.test('the example says what holds where nothing is said', async (t) => {
  const text = await readFile(new URL('appliance.example.yaml', CONFIG), 'utf8')
  const example = parsedWithoutWarning(text)
  const { networks, ...defaults } = settingsOf({
    networks: [{ name: 'x', interface: 'x', address: '10.20.0.2', subnet: '10.20.0.0/24' }],
  })
  const { networks: shown, ...rest } = example
  t.same(rest, defaults)
  const given = ['name', 'vlan', 'interface', 'pool', 'router', 'dns', 'domain', 'options']
  const without = (network: object | undefined) =>
    Object.entries(network ?? {}).filter(
      ([key]) => ![...given, 'reservations', 'classes'].includes(key),
    )
  t.same(new Map(without(shown[0])), new Map(without(networks[0])))
})

t.test('the demonstration touches no network but its own', async (t) => {
  const { api, dhcp, tftp, networks } = parsedWithoutWarning(EMBEDDED_DEFAULT)
  t.same(api.listen, { host: '127.0.0.1', port: 8067 })
  t.equal(dhcp.port, 6767)
  t.equal(tftp.port, 6969)
  t.match(networks, [{ name: 'demo', relayed: true, admit: 'enrolled' }])
  t.equal(networks[0]?.interface, undefined)
})

t.test('some defaults follow from other keys', async (t) => {
  t.match(networkOf({}), {
    tftpServerName: '10.20.0.2',
    tftpServers: [0x0a140002],
    onRogueServer: 'warn',
    leaseTime: { seconds: 5 * MINUTE },
    maxLeaseTime: { seconds: 60 * MINUTE },
  })
  t.match(networkOf({}), { leases: 'here' })
  t.match(networkOf({ leaseTime: '12h' }), { maxLeaseTime: { seconds: 12 * 60 * MINUTE } })
  t.match(networkOf({ autoEnrol: 'to-sip' }), { onRogueServer: 'refuse' })
  t.match(networkOf({ autoEnrol: 'to-sip', onRogueServer: 'warn' }), { onRogueServer: 'warn' })
  t.match(networkOf({}), { identify: 'hardware' })
  t.match(networkOf({ identify: 'address' }), { identify: 'address' })
  t.match(networkOf({ interface: undefined, relayed: true }), { identify: 'address' })
  const peers = ['10.20.0.3', '10.20.0.4']
  t.match(networkOf({ peers }), { tftpServers: [0x0a140002, 0x0a140003, 0x0a140004] })
  t.match(networkOf({ peers, tftpServers: ['10.20.0.2'] }), { tftpServers: [0x0a140002] })
  t.match(networkOf({ tftpServerName: 'tftp.lab' }), { tftpServerName: 'tftp.lab' })
})

t.test('faults of form and of meaning are reported together, with warnings', async (t) => {
  const text = `
    tftp: { prot: 69 }
    networks:
      - { name: a, interface: eth0, address: 10.20.0.2, subnet: 10.20.0.0/24, router: [10.9.9.9] }
      - { name: a, interface: eth1, address: 10.30.0.300, subnet: 10.30.0.0/24 }`
  t.match(parseSettings(text), {
    kind: 'refused',
    problems: [
      { path: 'tftp.prot', message: /did you mean port/ },
      { path: 'networks[1].address', message: /^found "10.30.0.300", wanted an IPv4 address/ },
      { path: 'networks[1].name', message: /^found a again/ },
    ],
    warnings: [{ path: 'networks[0].router[0]' }],
  })
})

t.test('what is no YAML, or no mapping, is refused', async (t) => {
  t.match(parseSettings('a: ['), { kind: 'refused', problems: [{ path: '' }], warnings: [] })
  t.match(parseSettings(''), {
    kind: 'refused',
    problems: [{ path: '', message: /^found nothing, wanted a mapping/ }],
  })
  t.match(parseSettings('networks: []'), {
    kind: 'refused',
    problems: [{ path: 'networks', message: /^found 0 items, wanted a list of networks/ }],
  })
})

t.test('a character that is invisible, or looks like another, is named', async (t) => {
  const cases = [
    {
      keys: { domain: 'lab\u200b.example' },
      message: /with U\+200B \(invisible\), wanted a domain/,
    },
    { keys: { tftpServerName: 'Ģ' }, message: /^found "Ģ" with U\+0122 "Ģ", wanted an address/ },
    { keys: { name: 'b\u0435nch' }, message: /with U\+0435 "е", wanted a name/ },
    { keys: { options: { rootPath: 'a\nb' } }, message: /^U\+000A \(line feed\)/ },
  ]
  for (const { keys, message } of cases) {
    t.match(parsed(aConfiguration(keys)), { kind: 'refused', problems: [{ message }] })
  }
})

t.test('problems have their places, and of more than can be read the number is told', async (t) => {
  const wrong = Array.from({ length: 250 }, (_, index) => `wrong${index}: 1`).join('\n')
  const result = parseSettings(wrong)
  const problems = result.kind === 'refused' ? result.problems : []
  t.equal(problems.length, 201)
  t.match(problems[1], { path: 'wrong1', line: 2, column: 1 })
  t.match(problems.at(-1), { path: '', message: 'and 51 more' })
})

t.test('switches and the restart command, with their defaults', async (t) => {
  const v3 = { version: 3, user: 'switchhook', authFile: './auth', privFile: './priv' }
  const v2c = { version: '2c', communityFile: './community', port: 1161 }
  const { switches, restart, networks } = settingsOf(
    aConfiguration(
      { switchPort: 'sw1/2.7' },
      {
        switches: [
          { name: 'sw1', host: '10.20.0.250', snmp: v3 },
          { name: 'sw2', host: 'sw2.lab.example', snmp: v2c, portGroup: 3 },
        ],
        restart: { command: ['/etc/switchhook/power-cycle'] },
      },
    ),
  )
  const first = { ...v3, auth: 'sha1', priv: 'aes128', port: 161 }
  t.strictSame(switches, [
    { name: 'sw1', host: '10.20.0.250', snmp: first, portGroup: 1 },
    { name: 'sw2', host: 'sw2.lab.example', snmp: v2c, portGroup: 3 },
  ])
  t.strictSame(restart, { command: ['/etc/switchhook/power-cycle'], timeout: { seconds: 30 } })
  t.equal(networks[0]?.switchPort, 'sw1/2.7')
})

t.test('what is wrong with switches is told all at once, with its path', async (t) => {
  const switches = [
    { name: 'sw/1', host: 'a b', snmp: { version: 1, community: 'private' }, portGroup: 0 },
    { name: 'sw2', host: 'sw2', snmp: { version: 3, user: 'x', authfile: './a', auth: 'md5' } },
  ]
  const result = parsed(
    aConfiguration({ switchPort: 'sw1' }, { switches, restart: { command: [], timeout: 30 } }),
  )
  const listed = result.kind === 'ok' ? [] : result.problems.map(({ path }) => path)
  t.same(listed.sort(), [
    'networks[0].switchPort',
    'restart.command',
    'restart.timeout',
    'switches[0].host',
    'switches[0].name',
    'switches[0].portGroup',
    'switches[0].snmp.version',
    'switches[1].snmp.auth',
    'switches[1].snmp.authFile',
    'switches[1].snmp.authfile',
    'switches[1].snmp.privFile',
  ])
})

t.test('PostgreSQL for several appliances, with its defaults', async (t) => {
  const postgres = { urlFile: '/etc/switchhook/postgres-url', site: 'prague', name: 'sw-a' }
  const { database, networks } = settingsOf(
    aConfiguration({ leases: 'shared' }, { database: { postgres } }),
  )
  t.strictSame(database?.postgres, {
    ...postgres,
    takeoverAfter: { seconds: 8 },
    repeatFor: { seconds: 600 },
  })
  t.match(networks[0], { leases: 'shared', leaseTime: { seconds: 60 * MINUTE } })
  t.equal(settingsOf(aConfiguration()).database, undefined)
})
