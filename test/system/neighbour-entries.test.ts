import t from 'tap'
import { ip, Lab, SERVER_INTERFACE } from './support/lab.ts'
import { testWith } from './support/test-with.ts'

/** As long as a name can be. */
const LONG_NAME = 'fifteen-letters'
const ASK = [
  '--import',
  './test/runner/load-typescript.mjs',
  'test/system/support/ask-neighbours.ts',
]

t.setTimeout(60_000)

testWith([], 'SIOCGARP says what rtnetlink says, of each kind of entry', async (t) => {
  const lab = Lab.open(t, '10.20.0.2/24')
  ip('-n', lab.server, 'link', 'add', LONG_NAME, 'type', 'veth', 'peer', 'name', 'port')
  ip('-n', lab.server, 'link', 'set', 'port', 'master', SERVER_INTERFACE)
  const enter = (interfaceName: string, host: number, state: string, ...mac: string[]) => {
    const entry = [`10.20.0.${host}`, ...mac.flatMap((text) => ['lladdr', text]), 'nud', state]
    ip('-n', lab.server, 'neigh', 'replace', ...entry, 'dev', interfaceName)
  }
  for (const name of ['port', LONG_NAME]) ip('-n', lab.server, 'link', 'set', name, 'up')
  enter(LONG_NAME, 51, 'permanent', '02:00:00:00:00:01')
  enter(LONG_NAME, 52, 'reachable', '02:00:00:00:00:02')
  enter(LONG_NAME, 53, 'stale', '02:00:00:00:00:03')
  enter(LONG_NAME, 54, 'noarp', '02:00:00:00:00:04')
  enter(LONG_NAME, 55, 'reachable', '02:00:00:00:00:05')
  enter(LONG_NAME, 55, 'failed')
  ip('-n', lab.server, 'neigh', 'add', 'proxy', '10.20.0.56', 'dev', LONG_NAME)
  enter(SERVER_INTERFACE, 51, 'reachable', '02:00:00:00:01:01')

  const ask = async (interfaceName: string, ...hosts: readonly number[]) => {
    const addresses = hosts.map((host) => `10.20.0.${host}`)
    const words = [...ASK, interfaceName, ...addresses]
    const { output } = await lab.run(lab.server, process.execPath, ...words)
    return output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  }
  const found = (address: string, mac: string) => {
    return { address, arp: mac, rtnetlink: { kind: 'found', mac } }
  }
  const none = (address: string, kind: string) => ({ address, arp: null, rtnetlink: { kind } })
  t.same(await ask(LONG_NAME, 51, 52, 53, 54, 55, 56, 57), [
    found('10.20.0.51', '020000000001'),
    found('10.20.0.52', '020000000002'),
    found('10.20.0.53', '020000000003'),
    none('10.20.0.54', 'no-arp'),
    none('10.20.0.55', 'absent'),
    none('10.20.0.56', 'absent'),
    none('10.20.0.57', 'absent'),
  ])
  t.same(
    await ask(SERVER_INTERFACE, 51, 52),
    [found('10.20.0.51', '020000000101'), none('10.20.0.52', 'absent')],
    'the bridge has its own',
  )
  t.same(
    await ask('port', 51, 52),
    [none('10.20.0.51', 'absent'), none('10.20.0.52', 'absent')],
    'and its port none',
  )
})
