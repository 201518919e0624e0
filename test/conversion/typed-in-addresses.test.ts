import t from 'tap'
import { TypedInAddresses } from '../../src/conversion/typed-in-addresses.ts'
import type { Mac } from '../../src/net/mac.ts'
import { ipOf } from '../support/an-inventory.ts'
import { MAC } from '../support/conversion-builders.ts'

const OTHER = '000E84C060A7' as Mac
const HERE = ipOf('10.20.0.200')
const THERE = ipOf('10.20.0.201')

function aTable() {
  const taken = new Set<number>()
  const leased = new Set<Mac>()
  const table = new TypedInAddresses({
    isTaken: (address) => taken.has(address),
    hasLease: (mac) => leased.has(mac),
  })
  return { table, taken, leased }
}

t.test('a phone is where it asks from, until it has been silent for ten minutes', async (t) => {
  const { table } = aTable()
  t.equal(table.macAt(HERE, 0), undefined)
  t.equal(table.claim(HERE, MAC, 0), true)
  t.equal(table.macAt(HERE, 1), MAC)
  t.equal(table.claim(HERE, MAC, 300_000), true, 'a later request prolongs it')
  t.equal(table.macAt(HERE, 899_999), MAC)
  t.equal(table.macAt(HERE, 900_000), undefined)
})

t.test('one address is one phone, and one phone is at one address', async (t) => {
  const { table } = aTable()
  table.claim(HERE, MAC, 0)
  t.equal(table.claim(HERE, OTHER, 1), false, 'who tries all names gets the files of one')
  t.equal(table.claim(THERE, MAC, 1), false, 'nobody takes the place of a phone at work')
  t.equal(table.claim(THERE, MAC, 600_000), true, 'it has been given another address')
  t.equal(table.macAt(HERE, 600_001), undefined)
  t.equal(table.claim(HERE, OTHER, 600_001), true)
})

t.test(
  "an address that is somebody's is no phone's, nor is a phone that has a lease",
  async (t) => {
    const { table, taken, leased } = aTable()
    taken.add(HERE)
    t.equal(table.claim(HERE, MAC, 0), false)
    leased.add(MAC)
    t.equal(table.claim(THERE, MAC, 0), false)
    leased.clear()
    t.equal(table.claim(THERE, MAC, 0), true)
    leased.add(MAC)
    t.equal(table.macAt(THERE, 1), undefined, 'a lease ends the claim')
    leased.clear()
    t.equal(table.macAt(THERE, 2), undefined)
  },
)
