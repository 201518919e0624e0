import t from 'tap'
import { type AdmissionTables, admit, type EnrolledClient } from '../../src/dhcp/admission.ts'
import type { AdmissionRule } from '../../src/dhcp/scope.ts'
import { LeaseTable } from '../../src/leases/lease-table.ts'
import { type Mac, parseMac } from '../../src/net/mac.ts'
import { ip, PHONE_MAC } from '../support/a-dhcp-message.ts'
import { aScope, START_MS } from '../support/dhcp-lab.ts'

const RESERVED = parseMac('020000000010') as Mac
const KEY = 'hw:01'
const CISCO = 'Cisco Systems, Inc. IP Phone'
const reservations = [{ mac: RESERVED, address: ip('10.20.0.10') }]

type Asked = {
  readonly rule: AdmissionRule
  readonly mac?: Mac | null
  readonly enrolled?: EnrolledClient
  readonly vendorClass?: string
  readonly earlierClass?: string
}

function admitted({ rule, mac = PHONE_MAC, enrolled, vendorClass = '', earlierClass }: Asked) {
  const scope = aScope({ admit: rule, reservations })
  const directory = { find: () => enrolled, ownerOf: () => undefined }
  const leaseTable = new LeaseTable([scope], directory)
  if (earlierClass !== undefined) {
    const client = { key: KEY, mac, fixedAddress: null }
    const grant = {
      address: ip('10.20.0.60'),
      expiresAtMs: START_MS,
      vendorClass: earlierClass,
      hostName: '',
      relayAgent: '',
    }
    leaseTable.bind('bench', client, grant, START_MS)
  }
  const isPhone = (text: string) => text === CISCO
  const tables: AdmissionTables = { directory, leaseTable, isPhone }
  return admit(scope, { key: KEY, mac }, vendorClass, tables)
}

t.test('RFC 2131 section 4.2: who is served is a matter of policy', async (t) => {
  const here = { network: 'bench', address: null }
  const anywhere = { network: null, address: null }
  const elsewhere = { network: 'lab', address: null }
  const cases: readonly (Asked & { why: string; refusal: string | null })[] = [
    { why: 'anyone', rule: 'anyone', refusal: null },
    { why: 'enrolled here', rule: 'enrolled', enrolled: here, refusal: null },
    { why: 'enrolled for any network', rule: 'enrolled', enrolled: anywhere, refusal: null },
    { why: 'reserved in the file', rule: 'enrolled', mac: RESERVED, refusal: null },
    { why: 'an unknown device', rule: 'enrolled', refusal: 'not-enrolled' },
    { why: 'no Ethernet', rule: 'enrolled', mac: null, refusal: 'not-enrolled' },
    {
      why: 'enrolled elsewhere',
      rule: 'enrolled',
      enrolled: elsewhere,
      refusal: 'enrolled-elsewhere',
    },
    { why: 'a phone', rule: 'phones', vendorClass: CISCO, refusal: null },
    { why: 'an enrolled one that says nothing', rule: 'phones', enrolled: here, refusal: null },
    { why: 'a phone that said so earlier', rule: 'phones', earlierClass: CISCO, refusal: null },
    { why: 'a computer', rule: 'phones', vendorClass: 'MSFT 5.0', refusal: 'not-a-phone' },
    { why: 'one that says nothing', rule: 'phones', refusal: 'not-a-phone' },
    { why: 'enrolled elsewhere, anyone', rule: 'anyone', enrolled: elsewhere, refusal: null },
  ]
  for (const { why, refusal, ...asked } of cases) {
    t.equal(admitted(asked).refusal, refusal, `${asked.rule}: ${why}`)
  }
})

t.test('the fixed address of a phone counts on its own network, if it lies there', async (t) => {
  const fixed = (enrolled: EnrolledClient) => admitted({ rule: 'anyone', enrolled }).client
  const inside = ip('10.20.0.61')
  t.equal(fixed({ network: 'bench', address: inside }).fixedAddress, inside)
  t.equal(fixed({ network: null, address: inside }).fixedAddress, inside)
  t.equal(fixed({ network: 'lab', address: inside }).fixedAddress, null)
  t.equal(fixed({ network: null, address: ip('10.99.0.1') }).fixedAddress, null)
  t.equal(fixed({ network: 'bench', address: null }).fixedAddress, null)
})
