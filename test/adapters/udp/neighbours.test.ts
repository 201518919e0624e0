import type { NetworkInterfaceInfo } from 'node:os'
import t from 'tap'
import { loadLibc } from '../../../src/adapters/udp/native/libc.ts'
import { Neighbours } from '../../../src/adapters/udp/neighbours.ts'
import { formatIpv4, type Ipv4 } from '../../../src/net/ipv4.ts'
import { ipOf } from '../../support/an-inventory.ts'
import { ScriptedLibc } from '../../support/scripted-libc.ts'

const MISSING = { kind: 'missing', reason: 'a test' } as const
const LINE = '10.20.0.50       0x1         0x2         00:0e:84:c0:60:a6     *        eth0'

const anAddress = (address: string, mac: string) => ({ address, mac }) as NetworkInterfaceInfo

/** A machine with eth0, and a table as `/proc/net/arp` shows it. */
function aMachine(options: { loaded?: ConstructorParameters<typeof Neighbours>[0] } = {}) {
  const machine = {
    arp: `${LINE}\n`,
    interfaces: {
      lo: [anAddress('127.0.0.1', '00:00:00:00:00:00')],
      eth0: [anAddress('10.20.0.2', '02:00:00:00:00:01')],
    } as NodeJS.Dict<NetworkInterfaceInfo[]>,
    provoked: [] as string[],
  }
  const neighbours = new Neighbours(options.loaded ?? MISSING, {
    interfaces: () => machine.interfaces,
    arpFile: () => machine.arp,
    provoke: (address) => machine.provoked.push(formatIpv4(address)),
  })
  return { machine, neighbours }
}

const RESOLVING = { kind: 'resolving' }

t.test('what the table says is so in the same moment', async (t) => {
  const { machine, neighbours } = aMachine()
  const at = (address: string) => neighbours.at('eth0', ipOf(address), 0)
  t.same(at('10.20.0.50'), { kind: 'found', mac: '000E84C060A6' })
  machine.arp = LINE.replace('a6', 'a7')
  t.same(at('10.20.0.50'), { kind: 'found', mac: '000E84C060A7' }, 'one phone after another')
  machine.arp = LINE.replace('0x2', '0x0')
  t.same(at('10.20.0.50'), RESOLVING)
  t.same(machine.provoked, [], 'the kernel asks already')
  t.same(at('10.20.0.2'), { kind: 'own' })
  t.same(neighbours.at('lo', ipOf('127.0.0.9'), 0), { kind: 'none' })
  neighbours.close()
})

t.test('what is not in the table is asked for, within bounds', async (t) => {
  const { machine, neighbours } = aMachine()
  machine.arp = ''
  t.same(neighbours.at('eth0', ipOf('10.20.0.50'), 0), RESOLVING)
  t.same(machine.provoked, ['10.20.0.50'])
  for (let host = 0; host < 200; host++) {
    neighbours.at('eth0', (ipOf('10.20.0.0') + host) as Ipv4, 50)
  }
  t.equal(machine.provoked.length, 64)
  neighbours.at('eth0', ipOf('10.20.0.50'), 100)
  t.equal(machine.provoked.length, 65)
})

t.test('interfaces come and go, and are looked at once a second', async (t) => {
  const { machine, neighbours } = aMachine()
  const { eth0, ...others } = machine.interfaces
  machine.interfaces = others
  t.same(neighbours.at('eth0', ipOf('10.20.0.50'), 0), RESOLVING, 'gone: nobody can be served')
  machine.interfaces = { ...others, eth0, eth1: [], eth2: undefined }
  t.same(neighbours.at('eth0', ipOf('10.20.0.50'), 999), RESOLVING)
  t.match(neighbours.at('eth0', ipOf('10.20.0.50'), 1_000), { kind: 'found' })
  t.same(neighbours.at('eth1', ipOf('10.20.0.50'), 1_000), { kind: 'none' }, 'without addresses')
})

t.test('a kernel that does not answer single questions has its table read', async (t) => {
  for (const broken of ['socket', 'sendto', 'receive'] as const) {
    const libc = new ScriptedLibc()
    libc.interfaces.set('eth0', 2)
    if (broken !== 'receive') libc.failures.set(broken, 'EPROTONOSUPPORT')
    const { neighbours } = aMachine({ loaded: { kind: 'ok', libc } })
    t.match(neighbours.at('eth0', ipOf('10.20.0.50'), 0), { kind: 'found' }, broken)
    libc.interfaces.clear()
    t.match(neighbours.at('eth0', ipOf('10.20.0.50'), 9_999), { kind: 'found' }, 'index is gone')
    neighbours.close()
    t.equal(libc.openCount, 0)
  }
})

t.test('a hardware address that the kernel has is one question', async (t) => {
  const libc = new ScriptedLibc()
  libc.interfaces.set('eth0', 2)
  libc.arp.set('eth0 10.20.0.50', [0, 0x0e, 0x84, 0xc0, 0x60, 0xa7])
  libc.arp.set('eth0 10.20.0.51', [])
  const { machine, neighbours } = aMachine({ loaded: { kind: 'ok', libc } })
  const at = (address: string) => neighbours.at('eth0', ipOf(address), 0)
  t.same(at('10.20.0.50'), { kind: 'found', mac: '000E84C060A7' })
  const questions = () => [...libc.descriptors.values()].flatMap(({ sent }) => sent).length
  t.equal(questions(), 0, 'and none of rtnetlink')
  machine.arp = ''
  t.same(at('10.20.0.51'), RESOLVING, 'an entry without one')
  t.equal(questions(), 1, 'why is another question')
  libc.arp.set('eth0 10.20.0.50', [0, 0x0e, 0x84, 0xc0, 0x60, 0xa8])
  t.same(at('10.20.0.50'), { kind: 'found', mac: '000E84C060A8' }, 'nothing is remembered')
  neighbours.close()
  t.equal(libc.openCount, 0)
})

t.test('the real kernel answers about loopback, and for an unused address', async (t) => {
  const loaded = await loadLibc()
  const neighbours = new Neighbours(loaded)
  t.teardown(() => neighbours.close())
  t.same(neighbours.at('lo', ipOf('127.0.0.1'), 0), { kind: 'none' })
  const system = {
    interfaces: () => ({ lo: [anAddress('127.0.0.1', '02:00:00:00:00:01')] }),
    arpFile: () => '',
    provoke: () => undefined,
  }
  const asked = new Neighbours(loaded, system)
  t.teardown(() => asked.close())
  t.same(asked.at('lo', ipOf('192.0.2.1'), 0), RESOLVING)
})
