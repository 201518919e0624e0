import t, { type Test } from 'tap'
import {
  realFirmwareRefusal,
  realNetworks,
  rehearsalRefusal,
} from '../../../appliance/start/rehearsal.ts'
import { settingsOf } from '../../support/configuration.ts'

/** A machine with these interfaces, each with what it stands on; `hw` stands for hardware. */
function aMachine(t: Test, interfaces: Readonly<Record<string, readonly string[]>>): string {
  const place = (name: string, lower: readonly string[]) =>
    lower.includes('hw') ? `pci0000:00/net/${name}` : `virtual/net/${name}`
  const all = Object.entries(interfaces)
  const devices = Object.fromEntries(
    all.map(([name, lower]) => [
      place(name, lower),
      Object.fromEntries(lower.filter((one) => one !== 'hw').map((one) => [`lower_${one}`, 'x'])),
    ]),
  )
  const links = Object.fromEntries(
    all.map(([name, lower]) => [name, t.fixture('symlink', `../../devices/${place(name, lower)}`)]),
  )
  const head = 'Inter-|   Receive\n face |bytes\n'
  return t.testdir({
    sys: { class: { net: links }, devices: nested(devices) },
    proc: { net: { dev: `${head}${all.map(([name]) => `  ${name}: 0 0\n`).join('')}` } },
  })
}

type Folder = { [name: string]: string | Folder }

/** `a/b/c` as folders within folders. */
function nested(paths: Readonly<Record<string, Folder>>): Folder {
  const root: Folder = {}
  for (const [path, content] of Object.entries(paths)) {
    let folder = root
    for (const part of path.split('/')) {
      folder[part] ??= {}
      folder = folder[part] as Folder
    }
    Object.assign(folder, content)
  }
  return root
}

const bench = (place: object, subnet = '10.20.0.0/24', address = '10.20.0.2') =>
  settingsOf({ networks: [{ name: 'bench', address, subnet, ...place }] })

const on = (name: string) => ({ interface: name })

t.test('an interface of software alone is a place for a rehearsal', async (t) => {
  const root = aMachine(t, { lo: [], eth0: ['hw'], veth1: [], br0: ['veth1'] })
  for (const name of ['veth1', 'br0', 'gone']) {
    t.same(realNetworks(bench(on(name)), root), [], name)
  }
  t.same(realNetworks(bench(on('lo'), '127.83.0.0/24', '127.83.0.1'), root), [])
  t.same(realNetworks(bench({ relayed: true }, '127.83.0.0/24', '127.83.0.1'), root), [])
})

t.test('hardware is none, nor is what stands on it', async (t) => {
  const root = aMachine(t, {
    eth0: ['hw'],
    'eth0.120': ['eth0'],
    bond0: ['eth0'],
    br0: ['veth1', 'bond0'],
    veth1: ['br0'],
  })
  t.same(realNetworks(bench(on('eth0')), root), ['network bench is on eth0, which is hardware'])
  for (const name of ['eth0.120', 'bond0', 'br0', 'veth1']) {
    t.same(realNetworks(bench(on(name)), root), [
      `network bench is on ${name}, which may lead to eth0`,
    ])
  }
})

t.test('phones of a relayed network may come by any interface', async (t) => {
  const withHardware = aMachine(t, { lo: [], eth0: ['hw'] })
  t.match(realNetworks(bench({ relayed: true }), withHardware), [
    'network bench is on a relay agent (10.20.0.0/24), which may lead to eth0',
  ])
})

t.test('in a namespace without hardware they cannot', async (t) => {
  t.same(realNetworks(bench({ relayed: true }), aMachine(t, { lo: [], veth1: [] })), [])
})

t.test('a system that tells nothing does not keep a rehearsal from starting', async (t) => {
  const root = t.testdir({})
  for (const place of [on('eth0'), { relayed: true }]) {
    t.same(realNetworks(bench(place), root), [])
  }
})

t.test('refusals say what else to do', async (t) => {
  t.match(rehearsalRefusal(['network a is on eth0']), /^no rehearsal here: network a .*namespace/)
  t.match(realFirmwareRefusal('./data', ['P0S3-8-12-00']), /\.\/data: .*P0S3-8-12-00.*dataDir/)
})
