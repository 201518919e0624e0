import t from 'tap'
import type { LoadedSettings } from '../../../appliance/load-settings.ts'
import { reloader } from '../../../appliance/start/reload.ts'
import type { EntryProblem } from '../../../src/inventory/inventory-outcome.ts'
import type { Settings } from '../../../src/settings/settings.ts'
import { aLog } from '../../support/a-log.ts'
import { aConfiguration, settingsOf } from '../../support/configuration.ts'

function aReload(
  loaded: LoadedSettings | null,
  {
    certificate = null,
    misplacedPhones = [],
    shared = [],
    faults = [],
  }: {
    readonly certificate?: string | null
    readonly misplacedPhones?: readonly string[]
    readonly shared?: readonly EntryProblem[]
    readonly faults?: readonly EntryProblem[]
  } = {},
) {
  let current = settingsOf(aConfiguration())
  const applied: Settings[] = []
  const { log, lines } = aLog()
  const reload = reloader({
    load: loaded === null ? null : async () => loaded,
    current: () => current,
    apply: (settings) => {
      current = settings
      applied.push(settings)
    },
    renewCertificate: async () => certificate,
    readShared: async () => shared,
    examine: async () => faults,
    misplacedPhones: () => misplacedPhones,
    log,
  })
  return { reload, applied, lines }
}

function loaded(network: object, rest: object = {}): LoadedSettings {
  const settings = settingsOf(aConfiguration(network, rest))
  return {
    kind: 'ok',
    settings,
    warnings: [],
    token: null,
    placeOf: () => ({ line: 1, column: 1 }),
  }
}

t.test('edited networks are put in force', async (t) => {
  const { reload, applied } = aReload(loaded({ leaseTime: '9m' }))
  t.match(await reload(), { kind: 'reloaded', applied: true, restartNeeded: [] })
  t.match(applied, [{ networks: [{ leaseTime: { seconds: 540 } }] }])
})

t.test('edited switches and another restart command are put in force', async (t) => {
  const switches = [
    { name: 'sw1', host: '10.20.0.250', snmp: { version: '2c', communityFile: './community' } },
  ]
  const { reload, applied } = aReload(loaded({}, { switches, restart: { command: ['/bin/x'] } }))
  t.match(await reload(), { kind: 'reloaded', applied: true, restartNeeded: [] })
  t.match(applied, [{ switches: [{ name: 'sw1' }], restart: { timeout: { seconds: 30 } } }])
})

t.test('a secret file that cannot be read is a warning, and the rest is in force', async (t) => {
  const faults = [{ path: 'switches[0].snmp.communityFile', message: 'no such file' }]
  const { reload, applied } = aReload(loaded({ leaseTime: '9m' }), { faults })
  t.match(await reload(), { kind: 'reloaded', applied: true, warnings: faults })
  t.equal(applied.length, 1)
})

t.test('what is read at the start alone is named, and stays as it was', async (t) => {
  const { reload, applied } = aReload(loaded({}, { dataDir: './other', dhcp: { port: 6767 } }))
  t.match(await reload(), { applied: true, restartNeeded: ['dataDir', 'dhcp'] })
  t.match(applied, [{ dataDir: './data', dhcp: { port: 67 } }])
})

t.test('a network that wants another socket keeps all as they were', async (t) => {
  for (const moved of [{ interface: 'eth1' }, { address: '10.20.0.3' }]) {
    const { reload, applied } = aReload(loaded(moved))
    t.match(await reload(), { applied: false, restartNeeded: ['networks[0]'] })
    t.same(applied, [])
  }
})

t.test('with a problem nothing changes, and all of them are logged', async (t) => {
  const problems = [{ path: 'networks[0].pool', message: 'wrong' }]
  const { reload, applied, lines } = aReload({
    kind: 'refused',
    report: '',
    problems,
    warnings: [],
  })
  t.same(await reload(), { kind: 'refused', problems })
  t.same(applied, [])
  t.match(lines, [{ level: 'error', event: 'settings.reload.refused', problems }])
})

t.test('without a file there is nothing to reload', async (t) => {
  t.same(await aReload(null).reload(), { kind: 'no-file' })
})

t.test('phones without a place in the edited networks are warnings, fifty by name', async (t) => {
  const misplacedPhones = Array.from(
    { length: 52 },
    (_, nth) => `phone ${nth}: there is no network x`,
  )
  const outcome = await aReload(loaded({}), { misplacedPhones }).reload()
  if (outcome.kind !== 'reloaded') throw new Error(outcome.kind)
  t.equal(outcome.warnings.length, 51)
  t.match(outcome.warnings[0], { path: 'networks', message: misplacedPhones[0] })
  t.match(outcome.warnings[50], { path: 'networks', message: 'and 2 more phones' })
})

t.test('a certificate that cannot be used is a warning, and the rest goes on', async (t) => {
  const certificate = 'api.key does not belong to api.crt.'
  const { reload, applied } = aReload(loaded({ leaseTime: '9m' }), { certificate })
  t.match(await reload(), {
    applied: true,
    warnings: [
      { path: 'api.tls', message: `${certificate} The previous certificate stays in force.` },
    ],
  })
  t.equal(applied.length, 1)
})

t.test('what the shared folder holds and cannot be served is a warning', async (t) => {
  const shared = [{ path: 'tftp.sharedDir', message: '"big.iso" is left out' }]
  const { reload, applied } = aReload(loaded({ leaseTime: '9m' }), { shared })
  t.match(await reload(), { applied: true, warnings: shared })
  t.equal(applied.length, 1)
})
