import t from 'tap'
import { callControlAt } from '../../../src/services/registrations/call-control-at.ts'
import { ipOf } from '../../support/an-inventory.ts'

const HERE = ipOf('10.20.0.2')
const THERE = ipOf('10.30.0.2')
const networks = () => [
  { address: HERE, callControl: true },
  { address: THERE, callControl: false },
]

t.test('phones of networks with call control can register, others cannot', async (t) => {
  const at = callControlAt({ callControl: { sip: { port: 5061 }, sccp: { port: 2000 } } }, networks)
  t.same(at(HERE), { sipPort: 5061, sccp: true })
  t.equal(at(THERE), null)
  t.equal(callControlAt({}, networks)(HERE), null)
})

t.test('what is not there, or where phones do not look for it, is not named', async (t) => {
  const at = (callControl: object) => callControlAt({ callControl }, networks)(HERE)
  t.same(at({ sccp: { port: 2001 } }), { sipPort: null, sccp: false })
  t.same(at({ sip: { port: 5060 } }), { sipPort: 5060, sccp: false })
})
