import t from 'tap'
import { clientDirectory } from '../../../src/services/clients/client-directory.ts'
import { anInventory, ipOf, macOf } from '../../support/an-inventory.ts'

const PHONE = macOf('000E84C060A6')

t.test('DHCP finds enrolled phones as they are now, and whose an address is', async (t) => {
  const { inventory } = await anInventory()
  const directory = clientDirectory(inventory)
  t.equal(directory.find(PHONE), undefined)
  await inventory.putPhone({ mac: PHONE, network: 'bench', address: ipOf('10.20.0.61') })
  t.match(directory.find(PHONE), { network: 'bench', address: ipOf('10.20.0.61') })
  t.equal(directory.ownerOf(ipOf('10.20.0.61')), PHONE)
  t.equal(directory.ownerOf(ipOf('10.20.0.62')), undefined)
  await inventory.deletePhone(PHONE)
  t.equal(directory.ownerOf(ipOf('10.20.0.61')), undefined)
})
