import t from 'tap'
import { readAsked, UNNAMED } from '../../src/clients/asked.ts'
import {
  type ClientFacts,
  ClientIdentities,
  type IdentifiedPhone,
} from '../../src/clients/client-identities.ts'
import { NO_HARDWARE } from '../../src/clients/hardware-address.ts'
import type { Mac } from '../../src/net/mac.ts'
import { ipOf } from '../support/an-inventory.ts'

const PHONE = '000E84C060A6' as Mac
const SECOND = '000E84C060A7' as Mac
/** Enrolled with a fixed address. */
const FIXED = '000E84F00001' as Mac
const TRUSTED = '000E84F00002' as Mac
const FOREIGN = '00AABBCCDDEE' as Mac
const FIXED_AT = ipOf('10.20.0.40')
const TRUSTED_AT = ipOf('10.20.0.41')
const HERE = ipOf('10.20.0.210')
const THERE = ipOf('10.20.0.211')

const MINUTE_MS = 60_000

class Place {
  readonly phones = new Map<Mac, IdentifiedPhone>([
    [PHONE, { network: 'bench', address: null }],
    [SECOND, { network: null, address: null }],
    [FIXED, { network: 'bench', address: FIXED_AT }],
    [TRUSTED, { network: 'bench', address: TRUSTED_AT, trustAddress: true }],
  ])
  readonly leases = new Map<number, Mac | null>()
  readonly identities = new ClientIdentities({
    phone: (mac) => this.phones.get(mac),
    phoneAt: (address) => [...this.phones].find(([, phone]) => phone.address === address)?.[0],
    hasLease: (mac) => [...this.leases.values()].includes(mac),
  })

  /** Who asks for `name` from there: a MAC address for a phone, else the kind. */
  ask(address: number, name: string | null, nowMs = 0, more: Partial<ClientFacts> = {}): string {
    const identity = this.identities.identify({
      address: address as ClientFacts['address'],
      network: 'bench',
      hardware: NO_HARDWARE,
      leaseHolder: this.leases.get(address),
      isPartOfNetwork: false,
      asked: name === null ? UNNAMED : readAsked(name),
      nowMs,
      ...more,
    })
    if (identity.kind === 'phone') return identity.mac
    return identity.kind === 'device' ? `device ${identity.mac}` : identity.kind
  }

  /** The same from a client whose hardware address is known. */
  askAs(mac: Mac, address: number, name: string): string {
    return this.ask(address, name, 0, { hardware: { kind: 'found', mac } })
  }
}

t.test('the hardware address decides, whatever the client uses and asks', async (t) => {
  const place = new Place()
  place.leases.set(HERE, PHONE)
  for (const address of [HERE, THERE, FIXED_AT]) {
    for (const name of ['OS79XX.TXT', `SIP${PHONE}.cnf`, `SIP${FIXED}.cnf`, 'SIPDefault.cnf']) {
      t.equal(place.askAs(FOREIGN, address, name), `device ${FOREIGN}`, `P1, P3, S4, S5: ${name}`)
      t.equal(place.askAs(PHONE, address, name), PHONE, `typed in, first request: ${name}`)
    }
  }
  t.equal(place.ask(FIXED_AT, `SIP${FIXED}.cnf`, 0, { hardware: { kind: 'resolving' } }), 'wait')
  t.equal(place.ask(FIXED_AT, `SIP${FIXED}.cnf`, 0, { hardware: { kind: 'own' } }), 'unknown')
})

t.test('a phone of another network is a device here', async (t) => {
  const place = new Place()
  place.phones.set(PHONE, { network: 'lab', address: null })
  t.equal(place.askAs(PHONE, HERE, 'OS79XX.TXT'), `device ${PHONE}`)
  t.equal(place.ask(HERE, `SIP${PHONE}.cnf`), 'unknown')
  place.leases.set(HERE, PHONE)
  t.equal(place.ask(HERE, `SIP${PHONE}.cnf`), `device ${PHONE}`)
  t.equal(place.askAs(SECOND, HERE, 'OS79XX.TXT'), SECOND, 'one of any network is not')
})

t.test('who holds a lease is its holder, whatever it asks', async (t) => {
  const place = new Place()
  place.leases.set(HERE, PHONE)
  for (const name of ['OS79XX.TXT', 'SIPDefault.cnf', `SIP${SECOND}.cnf`]) {
    t.equal(place.ask(HERE, name), PHONE, name)
  }
  place.leases.set(HERE, FOREIGN)
  t.equal(place.ask(HERE, `SIP${PHONE}.cnf`), `device ${FOREIGN}`)
  place.leases.set(HERE, null)
  t.equal(place.ask(HERE, `SIP${PHONE}.cnf`), 'unknown', 'hardware without a MAC address')
})

t.test('a phone with a lease is nowhere else, by whatever name', async (t) => {
  const place = new Place()
  place.leases.set(HERE, PHONE)
  t.equal(place.ask(THERE, `SIP${PHONE}.cnf`), 'unknown')
})

t.test('addresses of the network itself are no phone', async (t) => {
  const place = new Place()
  const router = { isPartOfNetwork: true }
  t.equal(place.ask(HERE, `SIP${PHONE}.cnf`, 0, router), 'unknown')
  t.equal(place.ask(HERE, `SIP${PHONE}.cnf`), PHONE)
  t.equal(place.ask(HERE, 'SIPDefault.cnf', 1, router), 'unknown')
  t.equal(place.ask(HERE, 'SIPDefault.cnf', 2), 'unknown', 'and what was recognised there is over')
})

t.test('without a lease, names without a MAC follow the own name for ten minutes', async (t) => {
  const place = new Place()
  t.equal(place.ask(HERE, 'SIPDefault.cnf', 0), 'unknown')
  t.equal(place.ask(HERE, 'OS79XX.TXT', 0), 'unknown')
  t.equal(place.ask(HERE, null, 0), 'unknown')
  t.equal(place.ask(HERE, `SIP${PHONE}.cnf`, 0), PHONE)
  t.equal(place.ask(HERE, 'P0S3-8-12-00.sb2', 10 * MINUTE_MS - 1), PHONE)
  t.equal(place.ask(HERE, 'OS79XX.TXT', 10 * MINUTE_MS - 1), PHONE, 'it has restarted')
  t.equal(place.ask(HERE, null, 10 * MINUTE_MS - 1), PHONE)
  t.equal(
    place.ask(HERE, 'SIPDefault.cnf', 10 * MINUTE_MS),
    'unknown',
    'other names prolong nothing',
  )
  t.equal(place.ask(HERE, `SEP${PHONE}.cnf.xml`, 10 * MINUTE_MS), PHONE)
  t.equal(place.ask(HERE, `SEP${PHONE}.cnf.xml`, 15 * MINUTE_MS), PHONE)
  t.equal(place.ask(HERE, 'SIPDefault.cnf', 25 * MINUTE_MS - 1), PHONE, 'the own name does')
})

t.test('P1: at a fixed address nothing comes before the own name', async (t) => {
  const place = new Place()
  for (const name of [`SEP${FOREIGN}.cnf.xml`, 'XMLDefault.cnf.xml', 'OS79XX.TXT', 'P0S3.sb2']) {
    t.equal(place.ask(FIXED_AT, name), 'unknown', name)
  }
  t.equal(place.ask(FIXED_AT, `SIP${FIXED}.cnf`), FIXED)
  t.equal(place.ask(FIXED_AT, 'XMLDefault.cnf.xml'), FIXED)
})

t.test('P3: another MAC, in whatever form, ends it at once', async (t) => {
  for (const [address, mac] of [
    [HERE, PHONE],
    [FIXED_AT, FIXED],
  ] as const) {
    for (const name of [
      `SEP${FOREIGN}.cnf.xml`,
      `SEP${FOREIGN.toLowerCase()}.cnf.xml`,
      `ld${FOREIGN.toLowerCase()}`,
      `ITLSEP${FOREIGN}.tlv`,
      `SIP${SECOND}.cnf`,
    ]) {
      const place = new Place()
      t.equal(place.ask(address, `SIP${mac}.cnf`), mac)
      t.not(place.ask(address, name), mac, name)
      for (const later of ['OS79XX.TXT', 'P003-8-12-00.bin', 'SIPDefault.cnf', null]) {
        t.not(place.ask(address, later), mac, `${later} after ${name}`)
      }
      t.equal(place.ask(address, `SIP${mac}.cnf`), mac, 'until the own name comes again')
    }
  }
})

t.test('the own MAC in a form that is not the phone proves nothing and ends nothing', async (t) => {
  const place = new Place()
  const other = `ld${PHONE.toLowerCase()}`
  t.equal(place.ask(HERE, other), 'unknown')
  t.equal(place.ask(HERE, `SIP${PHONE}.cnf`), PHONE)
  t.equal(place.ask(HERE, other), PHONE)
})

t.test('one phone after another may be at an address', async (t) => {
  const place = new Place()
  t.equal(place.ask(HERE, `SIP${PHONE}.cnf`), PHONE)
  t.equal(place.ask(HERE, `SIP${SECOND}.cnf`), SECOND)
  t.equal(place.ask(HERE, 'SIPDefault.cnf'), SECOND)
  t.equal(place.ask(THERE, `SIP${PHONE}.cnf`), PHONE, 'the first one has another by now')
})

t.test('no client takes the place of a phone at work', async (t) => {
  const place = new Place()
  t.equal(place.ask(HERE, `SIP${PHONE}.cnf`, 0), PHONE)
  t.equal(place.ask(THERE, `SIP${PHONE}.cnf`, 1), 'unknown')
  t.equal(place.ask(HERE, 'SIPDefault.cnf', 2), PHONE)
  t.equal(place.ask(THERE, `SIP${PHONE}.cnf`, 10 * MINUTE_MS), PHONE, 'it has moved')
  t.equal(place.ask(HERE, 'SIPDefault.cnf', 10 * MINUTE_MS), 'unknown')
})

t.test('S5: a phone with a fixed address is recognised there alone', async (t) => {
  const place = new Place()
  t.equal(place.ask(HERE, `SIP${FIXED}.cnf`), 'unknown')
  t.equal(place.ask(FIXED_AT, `SIP${PHONE}.cnf`), 'unknown', 'and no other phone there')
  place.leases.set(THERE, FIXED)
  t.equal(place.ask(FIXED_AT, `SIP${FIXED}.cnf`), FIXED, 'it has a lease from before')
})

t.test('only enrolled phones are recognised; a deleted phone is forgotten', async (t) => {
  const place = new Place()
  t.equal(place.ask(HERE, `SIP${FOREIGN}.cnf`), 'unknown')
  t.equal(place.ask(HERE, `SIP${PHONE}.cnf`), PHONE)
  place.phones.delete(PHONE)
  t.equal(place.ask(HERE, 'SIPDefault.cnf'), 'unknown')
  place.phones.set(PHONE, { network: 'bench', address: null })
  t.equal(place.ask(HERE, `SIP${PHONE}.cnf`), PHONE)
  place.identities.forget(PHONE)
  t.equal(place.ask(HERE, 'SIPDefault.cnf'), 'unknown')
})

t.test('a lease ends what was recognised at its address, and of its holder', async (t) => {
  const place = new Place()
  t.equal(place.ask(HERE, `SIP${PHONE}.cnf`), PHONE)
  place.leases.set(HERE, FOREIGN)
  t.equal(place.ask(HERE, 'SIPDefault.cnf'), `device ${FOREIGN}`)
  place.leases.delete(HERE)
  t.equal(place.ask(HERE, 'SIPDefault.cnf'), 'unknown')
  t.equal(place.ask(HERE, `SIP${PHONE}.cnf`), PHONE)
  place.leases.set(THERE, PHONE)
  t.equal(place.ask(HERE, 'SIPDefault.cnf'), 'unknown', 'the phone asks from its lease now')
})

t.test('a trusted fixed address may begin with OS79XX.TXT', async (t) => {
  const place = new Place()
  t.equal(place.ask(TRUSTED_AT, 'P00308000500.bin'), 'unknown', 'with nothing else')
  t.equal(place.ask(TRUSTED_AT, 'OS79XX.TXT'), TRUSTED)
  t.equal(place.ask(TRUSTED_AT, 'P00308000500.bin'), TRUSTED, 'the image that it names')
  t.equal(place.ask(TRUSTED_AT, `SEP${FOREIGN}.cnf`, 1_000), 'unknown')
  t.equal(place.ask(TRUSTED_AT, 'OS79XX.TXT', 1_001), 'unknown', 'somebody else is there')
  t.equal(place.ask(TRUSTED_AT, 'OS79XX.TXT', 1_000 + 10 * MINUTE_MS), TRUSTED)
  place.ask(TRUSTED_AT, `SEP${FOREIGN}.cnf`, 2_000_000)
  t.equal(place.ask(TRUSTED_AT, `SEP${TRUSTED}.cnf`, 2_000_001), TRUSTED)
  t.equal(place.ask(TRUSTED_AT, 'OS79XX.TXT', 2_000_002), TRUSTED, 'the own name came again')
  t.equal(place.ask(FIXED_AT, 'OS79XX.TXT'), 'unknown', 'an address that is not trusted')
  place.phones.set(TRUSTED, { network: 'lab', address: TRUSTED_AT, trustAddress: true })
  t.equal(place.ask(TRUSTED_AT, 'OS79XX.TXT', 9e6), 'unknown', 'a phone of another network')
})

t.test('S4: new recognitions are limited on each network, and what is beyond waits', async (t) => {
  const place = new Place()
  const macs = Array.from(
    { length: 121 },
    (_, index) => `000E85${index.toString(16).padStart(6, '0').toUpperCase()}` as Mac,
  )
  for (const mac of macs) place.phones.set(mac, { network: null, address: null })
  const answers = macs.map((mac, index) => place.ask(HERE + index, `SIP${mac}.cnf`, 0))
  t.same(answers.slice(0, 120), macs.slice(0, 120))
  t.equal(answers[120], 'wait', 'never "not found": a phone would go on without its files')
  t.equal(
    place.ask(HERE, `SIP${macs[0]}.cnf`, 1),
    macs[0],
    'one that is recognised already is not new',
  )
  const elsewhere = { network: 'lab' }
  t.equal(place.ask(HERE + 120, `SIP${macs[120]}.cnf`, 1, elsewhere), macs[120])
  t.equal(place.ask(FIXED_AT, `SIP${FIXED}.cnf`, 498), 'wait')
  t.equal(place.ask(FIXED_AT, `SIP${FIXED}.cnf`, 500), FIXED, 'two a second')
})

t.test('a lease given up opens no other address for ten minutes', async (t) => {
  const place = new Place()
  place.identities.onLeaseGivenUp(PHONE, HERE, 0)
  t.equal(place.ask(THERE, `SIP${PHONE}.cnf`, 1), 'unknown', 'S1, S2: a forged RELEASE')
  t.equal(place.ask(HERE, `SIP${PHONE}.cnf`, 2), PHONE, 'where it was before')
  t.equal(place.askAs(PHONE, THERE, `SIP${PHONE}.cnf`), PHONE, 'its hardware address')
  place.leases.set(THERE, PHONE)
  t.equal(place.ask(THERE, `SIP${PHONE}.cnf`, 3), PHONE, 'a lease of its own, of the voice VLAN')
  place.leases.clear()
  t.equal(place.ask(THERE, `SIP${PHONE}.cnf`, 10 * MINUTE_MS + 2), PHONE)

  place.identities.onLeaseGivenUp(SECOND, null, 0)
  t.equal(place.ask(HERE, `SIP${SECOND}.cnf`, 1), 'unknown', 'S3: after a DECLINE at none')
  place.identities.forget(SECOND)
  t.equal(place.ask(HERE, `SIP${SECOND}.cnf`, 1), SECOND)
  place.identities.onLeaseGivenUp(FIXED, HERE, 0)
  t.equal(place.ask(FIXED_AT, `SIP${FIXED}.cnf`, 1), FIXED, 'a fixed address was open before')
  place.identities.onLeaseGivenUp(FOREIGN, HERE, 0)
  place.phones.set(FOREIGN, { network: null, address: null })
  t.equal(place.ask(HERE, `SIP${FOREIGN}.cnf`, 2), FOREIGN, 'it was nobody then')
})

t.test(
  'a phone that was known at an address stays there until it is known elsewhere',
  async (t) => {
    const place = new Place()
    const mayStay = (mac: Mac, more: Partial<ClientFacts> = {}) =>
      place.identities.mayStayAt(mac, {
        address: HERE,
        network: 'bench',
        hardware: NO_HARDWARE,
        leaseHolder: undefined,
        isPartOfNetwork: false,
        asked: UNNAMED,
        nowMs: 0,
        ...more,
      })
    t.equal(mayStay(PHONE), true)
    t.equal(mayStay(PHONE, { leaseHolder: null }), false, 'somebody leased the address')
    t.equal(mayStay(PHONE, { isPartOfNetwork: true }), false, 'it is a router')
    t.equal(mayStay(FIXED), false, 'it has another address')
    t.equal(mayStay(FOREIGN), false, 'it is not enrolled')
    place.leases.set(THERE, PHONE)
    t.equal(mayStay(PHONE), false, 'it has a lease of another address')
  },
)
