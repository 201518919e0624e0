import t from 'tap'
import { hexOf } from '../../src/net/mac.ts'
import { scopeOf, scopesOf } from '../../src/settings/scopes.ts'
import { aConfiguration, networkOf, settingsOf } from '../support/configuration.ts'

const inHex = (options: readonly (readonly [number, Uint8Array])[]) =>
  options.map(([code, value]) => [code, hexOf(value)])

t.test(
  'where phones are enrolled by themselves, they get an address to show what they are',
  async (t) => {
    const cases = [
      { admit: 'enrolled', autoEnrol: 'to-sip', becomes: 'phones' },
      { admit: 'phones', autoEnrol: 'to-sip', becomes: 'phones' },
      { admit: 'anyone', autoEnrol: undefined, becomes: 'anyone' },
      { admit: 'enrolled', autoEnrol: undefined, becomes: 'enrolled' },
    ]
    for (const { admit, autoEnrol, becomes } of cases) {
      const network = networkOf({ admit, ...(autoEnrol === undefined ? {} : { autoEnrol }) })
      t.equal(scopeOf(network).admit, becomes, `${admit}, ${autoEnrol}`)
    }
  },
)

t.test('a network becomes a scope', async (t) => {
  const network = networkOf({
    router: ['10.20.0.1'],
    leaseTime: '5m',
    maxLeaseTime: 'infinite',
    declineHold: '10m',
    reservations: [{ mac: '02:00:00:00:00:10', address: '10.20.0.10' }],
    admit: 'phones',
  })
  const { options, classes, offerHoldMs, ...scope } = scopeOf(network)
  t.same(scope, {
    name: 'bench',
    subnet: { base: 0x0a140000, prefixLength: 24 },
    address: 0x0a140002,
    peers: [],
    pools: [{ first: 0x0a140032, last: 0x0a140063 }],
    reservations: [{ mac: '020000000010', address: 0x0a14000a }],
    reuseAfterMs: 0,
    interfaceName: 'eth0',
    admit: 'phones',
    leaseSeconds: 300,
    maxLeaseSeconds: 0xffffffff,
    authoritative: true,
    rapidCommit: false,
    subnetSelection: false,
    probe: true,
    declineHoldMs: 600_000,
    reclaim: 'idle',
    onRogueServer: 'warn',
    siaddr: 0x0a140002,
    forcedCodes: [66, 150],
  })
  t.ok(offerHoldMs >= 10_000)
  t.equal(classes.size, 0)
})

t.test('R2: an address of shared leases rests before another client gets it', async (t) => {
  const postgres = { urlFile: '/x', site: 'lab', name: 'sw-a' }
  const shared = settingsOf(aConfiguration({ leases: 'shared' }, { database: { postgres } }))
  t.equal(scopesOf(shared)[0]?.reuseAfterMs, 60_000)
})

t.test('options are merged and encoded, keys first', async (t) => {
  const { options, siaddr } = scopeOf(
    networkOf({
      router: ['10.20.0.1'],
      dns: ['10.20.0.1', '10.20.0.3'],
      domain: 'lab.example',
      tftpServers: ['10.20.0.9', '10.20.0.2'],
      options: { ntpServers: ['10.20.0.1'], 43: { hex: '0104c0000201' } },
    }),
  )
  t.same(inHex(options), [
    [1, 'FFFFFF00'],
    [3, '0A140001'],
    [6, '0A1400010A140003'],
    [15, '6C61622E6578616D706C65'],
    [66, '31302E32302E302E32'],
    [150, '0A1400090A140002'],
    [43, '0104C0000201'],
    [42, '0A140001'],
  ])
  t.equal(siaddr, 0x0a140009, 'siaddr agrees with option 150')
})

t.test('peers come after us in option 150, and siaddr is ours', async (t) => {
  const { options, siaddr, peers } = scopeOf(networkOf({ peers: ['10.20.0.3'] }))
  t.same(inHex(options).at(-1), [150, '0A1400020A140003'])
  t.equal(siaddr, 0x0a140002)
  t.same(peers, [0x0a140003])
})

t.test('what is not configured is not sent', async (t) => {
  t.same(
    scopeOf(networkOf({})).options.map(([code]) => code),
    [1, 66, 150],
  )
})

t.test('a class may replace what its network says', async (t) => {
  const { classes } = scopeOf(
    networkOf({
      classes: [
        { vendorClass: 'Acme Phone 9', options: { router: ['10.20.0.7'], 150: '10.20.0.8' } },
      ],
    }),
  )
  t.same(inHex(classes.get('Acme Phone 9') ?? []), [
    [150, '0A140008'],
    [3, '0A140007'],
  ])
})

t.test('a network behind relay agents is on no interface', async (t) => {
  const relayed = settingsOf(aConfiguration({ interface: undefined, relayed: true }))
  t.same(
    scopesOf(relayed).map(({ interfaceName }) => interfaceName),
    [null],
  )
})
