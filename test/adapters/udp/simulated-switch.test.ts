import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import t from 'tap'
import { SimulatedSwitch } from '../../../src/adapters/udp/simulated-switch.ts'
import type { PortChange } from '../../../src/simulator/poe-switch.ts'
import { ip } from '../../support/scripted-bench.ts'

const HOST = `127.67.${(process.pid >> 8) & 255}.${process.pid & 255}`
const PORT = 16_161
const ADMIN_ENABLE = '1.3.6.1.2.1.105.1.1.1.3.1.7'
const withSnmp = { skip: existsSync('/usr/bin/snmpset') ? false : 'Net-SNMP is not here' }

/** What a tool of Net-SNMP prints. */
async function snmp(tool: string, community: string, ...args: string[]): Promise<string> {
  const common = ['-v2c', '-c', community, '-On', '-t', '1', '-r', '0', `${HOST}:${PORT}`]
  try {
    return (await promisify(execFile)(tool, [...common, ...args])).stdout
  } catch (error) {
    return `${(error as { stderr?: string }).stderr}`
  }
}

t.test('Net-SNMP switches a port off and on', withSnmp, async (t) => {
  const changes: PortChange[] = []
  const config = { community: 'private', group: 1, ports: [7, 300], fault: 'none' } as const
  const place = { address: ip(HOST), mask: ip('255.255.255.0'), udpPort: PORT }
  const one = new SimulatedSwitch(
    { ...config, ...place },
    (change) => changes.push(change),
    (fault) => t.fail(fault.message),
  )
  t.teardown(() => one.close())
  t.match(await snmp('snmpget', 'private', ADMIN_ENABLE), 'INTEGER: 1')
  t.match(await snmp('snmpset', 'private', ADMIN_ENABLE, 'i', '2'), 'INTEGER: 2')
  t.notOk(one.isOn(7))
  t.match(await snmp('snmpset', 'private', ADMIN_ENABLE, 'i', '1'), 'INTEGER: 1')
  t.same(changes, [
    { port: 7, isOn: false },
    { port: 7, isOn: true },
  ])
  t.match(await snmp('snmpset', 'private', `${ADMIN_ENABLE}9`, 'i', '2'), 'notWritable')
  t.match(await snmp('snmpget', 'public', ADMIN_ENABLE), 'Timeout')
  const table = await snmp('snmpwalk', 'private', '1.3.6.1.2.1.105')
  t.equal(table.match(/INTEGER/g)?.length, 4, table)
  t.match(await snmp('snmpbulkget', 'private', ADMIN_ENABLE), '.3.1.300 = INTEGER: 1')
})
