import t from 'tap'
import {
  contradictsSeen,
  hintOfSeen,
  isSeenOn,
  mergeSeen,
  SEEN_BY,
  type SeenSoftware,
  saysTheSame,
  seen,
  seenLoad,
  seenOfVendorClass,
  seenVersion,
} from '../../src/phones/seen-software.ts'

const SIP_812 = seenLoad('P0S3-8-12-00', 'web-page', 1000)

t.test('the ways to see a phone have the names of the API', async (t) => {
  t.same(SEEN_BY, [
    'lease',
    'vendor-class',
    'requested-files',
    'registration',
    'web-page',
    'options',
  ])
})

t.test('a load tells protocol, generation and release by its name', async (t) => {
  const cases = [
    ['P0S3-8-12-00', 'sip', 'ual', 8],
    ['P0S30203', 'sip', 'pre-ual', 2],
    ['P00308010200', 'sccp', 'ual', 8],
    ['P00303020214', 'sccp', 'pre-ual', 3],
    ['P0M3-07-7-00', 'mgcp', 'ual', 7],
    ['CP7905080003SCCP070409A', null, null, null],
  ] as const
  for (const [load, protocol, generation, major] of cases) {
    const expected = { load, protocol, generation, major, atMs: 5, by: 'web-page' }
    t.same(seenLoad(load, 'web-page', 5), expected, load)
  }
})

t.test('a version tells the generation, and never a load', async (t) => {
  const cases = [
    ['sip', '8.0', 'ual', 8],
    ['sip', '7', 'ual', 7],
    ['sip', '6', 'pre-ual', 6],
    ['sip', null, 'pre-ual', 3],
    ['sccp', '7.2(2.0)', 'ual', 7],
    ['sccp', '5.0(1.1)', 'pre-ual', 5],
    ['sccp', null, null, null],
    ['sccp', 'SCCP41.8-5-3S', null, null],
  ] as const
  for (const [protocol, version, generation, major] of cases) {
    const expected = { load: null, protocol, generation, major, atMs: 1, by: 'registration' }
    const found = seenVersion(protocol, version, 'registration', 1)
    t.same(found, expected, `${protocol} ${version}`)
  }
})

t.test('a lease tells the generation by its vendor class, or nothing', async (t) => {
  const cases = [
    ['Cisco Systems, Inc. IP Phone CP-7960G', 'ual', 'vendor-class'],
    ['Cisco Systems, Inc. IP Phone', 'pre-ual', 'vendor-class'],
    ['Cisco Systems, Inc. IP Phone CP-7941G', null, 'lease'],
    ['', null, 'lease'],
  ] as const
  for (const [vendorClass, generation, by] of cases) {
    t.same(seenOfVendorClass(vendorClass, 7), seen({ generation }, by, 7), vendorClass)
  }
})

t.test('what was seen is merged by strength and age', async (t) => {
  const cases: readonly {
    readonly why: string
    readonly older: SeenSoftware
    readonly newer: SeenSoftware
    readonly is: Partial<SeenSoftware>
  }[] = [
    {
      why: 'a registration of the same generation leaves a load known, and its time',
      older: SIP_812,
      newer: seenVersion('sip', '8.0', 'registration', 2000),
      is: SIP_812,
    },
    {
      why: 'one of another generation makes the load unknown',
      older: SIP_812,
      newer: seenVersion('sip', '7', 'registration', 2000),
      is: { load: null, protocol: 'sip', major: 7, by: 'registration', atMs: 2000 },
    },
    {
      why: 'a registration that tells no release contradicts none below 4.0',
      older: seenLoad('P0S30203', 'requested-files', 1000),
      newer: seenVersion('sip', null, 'registration', 2000),
      is: seenLoad('P0S30203', 'requested-files', 1000),
    },
    {
      why: 'files that fit, asked for later, leave the release known',
      older: seenVersion('sip', null, 'registration', 1000),
      newer: seen({ protocol: 'sip' }, 'requested-files', 2000),
      is: { protocol: 'sip', generation: 'pre-ual', major: 3, by: 'requested-files' },
    },
    {
      why: 'so do files of the other protocol',
      older: SIP_812,
      newer: seen({ protocol: 'sccp' }, 'requested-files', 2000),
      is: { load: null, protocol: 'sccp', generation: null, by: 'requested-files' },
    },
    {
      why: 'so does a vendor class of a phone without a loader',
      older: SIP_812,
      newer: seen({ generation: 'pre-ual' }, 'vendor-class', 2000),
      is: { load: null, protocol: null, generation: 'pre-ual', by: 'vendor-class' },
    },
    {
      why: 'another load replaces a load, however it became known',
      older: SIP_812,
      newer: seenLoad('P0S3-08-11-00', 'requested-files', 2000),
      is: { load: 'P0S3-08-11-00', by: 'requested-files', atMs: 2000 },
    },
    {
      why: 'the same load again has the later time',
      older: SIP_812,
      newer: seenLoad('P0S3-8-12-00', 'requested-files', 2000),
      is: { load: 'P0S3-8-12-00', by: 'requested-files', atMs: 2000 },
    },
    {
      why: 'a lease takes nothing away',
      older: SIP_812,
      newer: seen({}, 'lease', 2000),
      is: SIP_812,
    },
    {
      why: 'a generation fills the gap of a protocol',
      older: seen({ protocol: 'sip' }, 'requested-files', 1000),
      newer: seen({ generation: 'ual' }, 'vendor-class', 2000),
      is: { protocol: 'sip', generation: 'ual', by: 'requested-files', atMs: 1000 },
    },
    {
      why: 'a protocol goes before a generation, and keeps it',
      older: seen({ generation: 'ual' }, 'vendor-class', 1000),
      newer: seen({ protocol: 'sccp' }, 'requested-files', 2000),
      is: { protocol: 'sccp', generation: 'ual', by: 'requested-files', atMs: 2000 },
    },
  ]
  for (const { why, older, newer, is } of cases) {
    t.match(mergeSeen(older, newer), is, why)
    t.same(mergeSeen(newer, older), mergeSeen(older, newer), `${why}, told in the other order`)
  }
  t.equal(mergeSeen(SIP_812, seenLoad('P0S3-08-11-00', 'options', 1000)).load, 'P0S3-08-11-00')
})

t.test('whether two tell the same has nothing to do with their time', async (t) => {
  t.ok(saysTheSame(SIP_812, seenLoad('P0S3-8-12-00', 'options', 9)))
  t.notOk(saysTheSame(SIP_812, seenLoad('P0S3-08-11-00', 'web-page', 1000)))
})

t.test('what a planner is told where the load is not known', async (t) => {
  t.equal(hintOfSeen(seenVersion('sip', '8.0', 'options', 1)), 'ual')
  t.equal(hintOfSeen(seenVersion('sip', '5', 'options', 1)), 'pre-ual-sip')
  t.equal(hintOfSeen(seenVersion('sccp', '3.2(2.14)', 'registration', 1)), 'pre-ual-sccp')
  t.equal(hintOfSeen(seen({ generation: 'pre-ual' }, 'vendor-class', 1)), 'pre-ual')
  t.equal(hintOfSeen(seen({ protocol: 'sip' }, 'requested-files', 1)), null)
})

t.test("an operator's load is compared with the one that was seen", async (t) => {
  const cases = [
    ['P0S3-8-12-00', 'P0S3-8-12-00', 'web-page', false, 'the same'],
    ['P0S30300', 'P0S3-03-0-00', 'web-page', false, 'the same in another spelling'],
    ['P0S3-08-11-00', 'P0S3-8-12-00', 'web-page', true, 'another release'],
    ['P00308010200', 'P0S3-8-12-00', 'web-page', true, 'the other protocol'],
    ['P0S3-8-12-00', null, 'options', false, 'no load was named'],
    ['nonsense', 'P0S3-8-12-00', 'web-page', false, 'no load name: the planner says so'],
    ['P0S3-8-12-00', 'CP7905080003SCCP070409A', 'web-page', true, 'another model'],
    ['P003-8-12-00', 'P0S3-8-12-00', 'web-page', false, 'its loader'],
    ['P003-8-12-00', 'P0S30203', 'web-page', true, 'a loader that it cannot have'],
    ['P0030801SR02', 'P00308010000', 'registration', false, 'the release of a service release'],
    ['P0030801SR02', 'P00308010000', 'web-page', true, 'which a page names in full'],
    ['P0030801SR02', 'P00307020200', 'registration', true, 'another release than that'],
    ['P0030801SR02', 'P00308000500', 'registration', true, 'another minor release'],
    ['P0030801SR02', 'P0S3-08-1-00', 'registration', true, 'the other protocol'],
  ] as const
  for (const [from, load, by, is, why] of cases) {
    const found = load === null ? seen({}, by, 1) : seenLoad(load, by, 1)
    t.equal(contradictsSeen(from, found), is, why)
  }
})

t.test('a phone is on a load that it was seen to run, in whatever spelling', async (t) => {
  t.ok(isSeenOn('P0S3-8-12-00', SIP_812))
  t.ok(isSeenOn('P0S30300', seenLoad('P0S3-03-0-00', 'web-page', 1)))
  t.notOk(isSeenOn('P0S3-08-11-00', SIP_812))
  t.notOk(isSeenOn('P0S3-8-12-00', undefined))
  t.notOk(isSeenOn('P0S3-8-12-00', seen({}, 'lease', 1)))
  t.notOk(isSeenOn('nonsense', SIP_812))
})
