import { networkInterfaces } from 'node:os'
import t from 'tap'
import { MachineAddresses } from '../../../src/adapters/udp/machine-addresses.ts'
import { ip } from '../../support/a-dhcp-message.ts'

t.test('the addresses of every interface count, IPv6 aside', async (t) => {
  const machine = new MachineAddresses(
    () => 0,
    () => ({
      eth0: [{ address: '10.20.0.2' }, { address: 'fe80::1' }],
      eth1: [{ address: '10.40.0.2' }],
      gone: undefined,
    }),
  )
  t.ok(machine.has(ip('10.20.0.2')))
  t.ok(machine.has(ip('10.40.0.2')))
  t.notOk(machine.has(ip('10.20.0.3')))
})

t.test('the system is asked every three seconds, not for every message', async (t) => {
  let nowMs = 1000
  let asked = 0
  const addresses = ['10.20.0.2']
  const list = () => {
    asked++
    return { eth0: addresses.map((address) => ({ address })) }
  }
  const machine = new MachineAddresses(() => nowMs, list)
  t.notOk(machine.has(ip('10.20.0.3')))
  addresses.push('10.20.0.3')
  nowMs += 2999
  t.notOk(machine.has(ip('10.20.0.3')))
  t.equal(asked, 1)
  nowMs += 1
  t.ok(machine.has(ip('10.20.0.3')))
  t.equal(asked, 2)
})

t.test('without a list of its own it reads this machine', async (t) => {
  const found = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family }) => family === 'IPv4')
  const machine = new MachineAddresses(() => 0)
  t.ok(found !== undefined && machine.has(ip(found.address)))
})
