import t from 'tap'
import { findInArpFile } from '../../../src/adapters/udp/arp-file.ts'
import { ipOf } from '../../support/an-inventory.ts'

const TEXT = `IP address       HW type     Flags       HW address            Mask     Device
10.20.0.50       0x1         0x2         00:0e:84:c0:60:a6     *        eth0
10.20.0.50       0x1         0x2         00:0e:84:c0:60:a7     *        eth1
10.20.0.5        0x1         0x0         00:00:00:00:00:00     *        eth0
10.20.0.51       0x1         0x6         00:0e:84:c0:60:a8     *        eth0
`

t.test('an entry is found by address and interface', async (t) => {
  const find = (interfaceName: string, address: string) =>
    findInArpFile(TEXT, interfaceName, ipOf(address))
  t.same(find('eth0', '10.20.0.50'), { kind: 'found', mac: '000E84C060A6' })
  t.same(find('eth1', '10.20.0.50'), { kind: 'found', mac: '000E84C060A7' })
  t.same(find('eth0', '10.20.0.51'), { kind: 'found', mac: '000E84C060A8' }, 'permanent')
  t.same(find('eth0', '10.20.0.5'), { kind: 'incomplete' })
  t.same(find('eth1', '10.20.0.5'), { kind: 'absent' })
  t.same(find('eth0', '10.20.0.6'), { kind: 'absent' })
  t.same(findInArpFile('', 'eth0', ipOf('10.20.0.50')), { kind: 'absent' })
})
