import t from 'tap'
import type { LeaseClient } from '../../src/leases/lease-scope.ts'
import { ReservationTable } from '../../src/leases/reservation.ts'
import type { Ipv4 } from '../../src/net/ipv4.ts'
import { type Mac, parseMac } from '../../src/net/mac.ts'
import { ip } from '../support/a-dhcp-message.ts'
import { aScope } from '../support/dhcp-lab.ts'

const mac = (text: string) => parseMac(text) as Mac
const RESERVED = mac('02:00:00:00:00:10')
const LOBBY = mac('02:00:00:00:00:11')
const PHONE = mac('00:0e:84:c0:60:a6')

const client = (of: Mac | null, fixedAddress: Ipv4 | null = null): LeaseClient => ({
  key: 'hw:test',
  mac: of,
  fixedAddress,
})

const scope = aScope({
  reservations: [
    { mac: RESERVED, address: ip('10.20.0.10') },
    { mac: RESERVED, address: ip('10.20.0.11') },
    { mac: LOBBY, address: ip('10.20.0.10') },
  ],
})
const table = new ReservationTable(scope, {
  ownerOf: (address) => (address === ip('10.20.0.61') ? PHONE : undefined),
})

t.test('RFC 4361 section 6.3: a reservation is found by hardware address', async (t) => {
  t.equal(table.addressOf(client(RESERVED)), ip('10.20.0.10'), 'the first of two counts')
  t.equal(table.addressOf(client(LOBBY)), undefined, 'an address has one owner')
  t.equal(table.addressOf(client(null)), undefined, 'no hardware address, no reservation')
  t.ok(table.has(RESERVED))
  t.notOk(table.has(PHONE), 'enrolled phones are not of the configuration file')
})

t.test('the fixed address of an enrolled phone goes before the file', async (t) => {
  t.equal(table.addressOf(client(RESERVED, ip('10.20.0.61'))), ip('10.20.0.61'))
})

t.test('a reserved address is for its owner alone', async (t) => {
  t.ok(table.isReserved(ip('10.20.0.10')))
  t.ok(table.isReserved(ip('10.20.0.61')))
  t.notOk(table.isReserved(ip('10.20.0.11')))
  t.ok(table.isForAnother(ip('10.20.0.61'), client(RESERVED)))
  t.notOk(table.isForAnother(ip('10.20.0.61'), client(PHONE)))
  t.notOk(table.isForAnother(ip('10.20.0.99'), client(RESERVED)), 'nobody owns it')
})
