import t from 'tap'
import type { Mac } from '../../src/net/mac.ts'
import { flashRunning } from '../../src/simulator/phone-flash.ts'
import { dhcpIdentity } from '../../src/simulator/phone-identity.ts'
import { DEFAULT_QUIRKS, type PhoneQuirks } from '../../src/simulator/phone-quirks.ts'

const mac = '000E84C060A6' as Mac
const BARE = 'Cisco Systems, Inc. IP Phone'

// The forms of option 60 and 55 that were seen in images, fingerprint lists and on the wire.
t.test('a phone introduces itself as its generation does, or as a quirk says', async (t) => {
  const cases: readonly {
    readonly load: string
    readonly quirks?: Partial<PhoneQuirks>
    readonly vendorClass: string
    readonly hostName: string
  }[] = [
    { load: 'P00303030300', vendorClass: `${BARE}\0`, hostName: `SEP${mac}` },
    { load: 'P0S3-06-3-00', vendorClass: `${BARE}\0`, hostName: `SIP${mac}` },
    { load: 'P00308000500', vendorClass: `${BARE} CP-7940G\0`, hostName: `SEP${mac}` },
    {
      load: 'P0S3-8-12-00',
      quirks: { vendorClass: 'CP', endsClassWithNul: false },
      vendorClass: `${BARE} CP-7940`,
      hostName: `SIP${mac}`,
    },
    {
      load: 'P0S3-8-12-00',
      quirks: { vendorClass: 'bare' },
      vendorClass: `${BARE}\0`,
      hostName: `SIP${mac}`,
    },
  ]
  for (const { load, quirks = {}, vendorClass, hostName } of cases) {
    const all = { ...DEFAULT_QUIRKS, ...quirks }
    const identity = dhcpIdentity(mac, '7940', flashRunning(load), all)
    t.match(identity, { mac, vendorClass, hostName, requestedOptions: [1, 66, 6, 3, 15, 150, 35] })
  }
})
