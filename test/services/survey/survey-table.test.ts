import t from 'tap'
import type { Ipv4 } from '../../../src/net/ipv4.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { seenLoad, seenVersion } from '../../../src/phones/seen-software.ts'
import { findPlaces, MAX_SURVEY_ADDRESSES } from '../../../src/services/survey/find-places.ts'
import {
  type AnswerAt,
  type KnownAt,
  NO_ANSWER,
  surveyRow,
} from '../../../src/services/survey/survey-row.ts'
import { MAX_SURVEYS, SurveyTable } from '../../../src/services/survey/survey-table.ts'
import { ipv4 } from '../../support/values.ts'

const ONE = ipv4('10.20.0.61')
const TWO = ipv4('10.20.0.62')
const FAR = ipv4('10.30.0.61')
const ROUTER = ipv4('10.20.0.1')
const PHONE = '000E84C060A6' as Mac
const OTHER = '0003E369A125' as Mac
const NETWORKS = [
  {
    name: 'bench',
    subnet: { base: ipv4('10.20.0.0'), prefixLength: 24 },
    taken: [ROUTER, ipv4('10.20.0.2')],
  },
  { name: 'floor', subnet: { base: ipv4('10.30.0.0'), prefixLength: 16 }, taken: [] },
]
const LEASED = [
  { address: ONE, network: 'bench' },
  { address: FAR, network: 'floor' },
  { address: ipv4('10.40.0.1'), network: 'gone' },
]
const all = { network: null, addresses: null }

const known = (change: Partial<KnownAt> = {}): KnownAt => ({
  lease: null,
  there: null,
  isEnrolled: (mac) => mac === PHONE,
  seen: () => undefined,
  model: () => null,
  ...change,
})

t.test('a survey asks those that are named, or all leases', async (t) => {
  const placesOf = (request: Parameters<typeof findPlaces>[0]) =>
    findPlaces(request, NETWORKS, LEASED)
  const bench = { address: ONE, network: 'bench', mayAsk: true }
  const floor = { address: FAR, network: 'floor', mayAsk: true }
  t.same(placesOf(all), { kind: 'places', places: [bench, floor] })
  t.same(placesOf({ ...all, network: 'floor' }), { kind: 'places', places: [floor] })
  t.same(
    placesOf({ ...all, addresses: [ONE, ROUTER, ONE] }),
    { kind: 'places', places: [bench, { ...bench, address: ROUTER, mayAsk: false }] },
    'each once, and no router is asked',
  )
  t.same(placesOf({ ...all, addresses: [] }), { kind: 'places', places: [] })
})

t.test('what no survey can ask is refused, each with its place', async (t) => {
  const cases = [
    { request: { ...all, network: 'attic' }, path: '/network', message: /no network attic/ },
    {
      request: { ...all, addresses: [ONE, ipv4('192.0.2.1')] },
      path: '/addresses/1',
      message: '192.0.2.1 is no host address of a configured network',
    },
    {
      request: { network: 'bench', addresses: [FAR] },
      path: '/addresses/0',
      message: '10.30.0.61 is no host address of network bench',
    },
    {
      request: { ...all, addresses: [ipv4('10.20.0.255')] },
      path: '/addresses/0',
      message: /10\.20\.0\.255 is no host/,
    },
    {
      request: { ...all, addresses: many(4097) },
      path: '/addresses',
      message: '4097 addresses, at most 4096 in one survey: name a part of them',
    },
  ]
  for (const { request, path, message } of cases) {
    const found = findPlaces(request, NETWORKS, LEASED)
    t.match(found, { kind: 'refused', problems: [{ path, message }] }, path)
  }
  t.equal(findPlaces({ ...all, addresses: many(4096) }, NETWORKS, []).kind, 'places')
  const leases = many(MAX_SURVEY_ADDRESSES + 1).map((address) => ({ address, network: 'floor' }))
  t.match(findPlaces(all, NETWORKS, leases), { kind: 'refused', problems: [{ path: '/network' }] })
})

function many(count: number): readonly Ipv4[] {
  return Array.from({ length: count }, (_, index) => (ipv4('10.30.1.0') + index) as Ipv4)
}

t.test('a row says what is known, and how', async (t) => {
  const lease = {
    mac: PHONE,
    vendorClass: 'Cisco Systems, Inc. IP Phone CP-7960G',
    grantedAtMs: 1,
  }
  const page = {
    mac: OTHER,
    model: '7940',
    load: 'P00308010200',
    version: '8.1(2.0)',
    serial: 'INM07120XYZ',
  }
  const told: AnswerAt = { found: seenLoad(page.load, 'web-page', 9), model: '7940', page }
  const nothing = { mac: null, model: null, protocol: null, load: null, serial: null, by: null }
  const cases = [
    { why: 'nobody knows anything', known: {}, answer: NO_ANSWER, is: nothing },
    {
      why: 'a lease with a vendor class',
      known: { lease },
      answer: NO_ANSWER,
      is: { mac: PHONE, model: '7960', by: 'vendor-class', enrolled: true, load: null },
    },
    {
      why: 'a lease of something else',
      known: { lease: { ...lease, mac: OTHER, vendorClass: 'udhcp' } },
      answer: NO_ANSWER,
      is: { mac: OTHER, model: null, by: 'lease', enrolled: false },
    },
    {
      why: 'an enrolled phone that was seen',
      known: { lease, seen: () => seenLoad('P0S3-8-12-00', 'requested-files', 5) },
      answer: NO_ANSWER,
      is: { load: 'P0S3-8-12-00', protocol: 'sip', by: 'requested-files' },
    },
    {
      why: 'and says less by OPTIONS than is known',
      known: { there: PHONE, seen: () => seenLoad('P0S3-8-12-00', 'requested-files', 5) },
      answer: { found: seenVersion('sip', '8.0', 'options', 9), model: '7960', page: null },
      is: { load: 'P0S3-8-12-00', by: 'requested-files', model: '7960' },
    },
    {
      why: 'the device that is there goes before the lease',
      known: { lease, there: OTHER },
      answer: NO_ANSWER,
      is: { mac: OTHER, model: null, by: null, enrolled: false },
    },
    {
      why: 'a page of a phone that nobody enrolled',
      known: {},
      answer: told,
      is: {
        mac: OTHER,
        model: '7940',
        protocol: 'sccp',
        load: 'P00308010200',
        serial: 'INM07120XYZ',
        by: 'web-page',
        enrolled: false,
      },
    },
    {
      why: 'a generation by OPTIONS',
      known: { there: PHONE, model: () => '7960' },
      answer: { found: seenVersion('sip', '7', 'options', 9), model: null, page: null },
      is: { mac: PHONE, model: '7960', protocol: 'sip', load: null, by: 'options' },
    },
  ] as const
  for (const { why, known: change, answer, is } of cases) {
    t.match(surveyRow(ONE, known(change), answer), { address: ONE, ...is }, why)
  }
})

function aTable() {
  return new SurveyTable({
    networks: () => NETWORKS,
    leased: () => LEASED,
    knownAt: () => known(),
    isBusy: () => false,
  })
}

t.test('one survey at a time on each network', async (t) => {
  const table = aTable()
  t.equal(table.wakeAtMs, null)
  t.match(table.start('a', { ...all, network: 'bench' }, 0), { kind: 'started' })
  t.same(table.start('b', all, 0), { kind: 'busy', network: 'bench', id: 'a' })
  t.match(table.start('c', { ...all, network: 'floor' }, 0), { kind: 'started' })
  t.match(table.start('d', { ...all, network: 'attic' }, 0), { kind: 'refused' })
  t.equal(table.wakeAtMs, 0)
  const [first] = table.onWake(0)
  t.match(first, { id: 'a', kind: 'page', place: { address: ONE } })
  t.equal(table.wakeAtMs, null)
  t.match(table.get('a'), { state: 'running', total: 1, done: 0, phones: [{ address: ONE }] })
  const place = { address: ONE, network: 'bench', mayAsk: true }
  t.match(table.onPage('a', place, 'closed', NO_ANSWER), [{ id: 'a', kind: 'options' }])
  const answer = { found: seenVersion('sip', '7', 'options', 5), model: null, page: null }
  t.same(table.onOptions('a', place, answer), [])
  t.match(table.get('a'), { state: 'done', done: 1, phones: [{ protocol: 'sip', by: 'options' }] })
  t.match(table.start('b', { ...all, network: 'bench' }, 9), { kind: 'started' })
})

t.test('a survey that fails keeps what it has found, and asks no further phones', async (t) => {
  const table = aTable()
  table.start('a', { ...all, addresses: [ONE, TWO] }, 0)
  table.onWake(0)
  table.fail('a')
  t.match(table.get('a'), { state: 'failed', total: 2, done: 0 })
  t.equal(table.wakeAtMs, null)
  t.same(table.onWake(5_000), [])
  t.match(table.start('b', { ...all, network: 'bench' }, 0), { kind: 'started' })
  table.fail('nobody')
})

t.test('the last twenty are kept', async (t) => {
  const table = aTable()
  table.start('running', { ...all, network: 'floor' }, 0)
  for (let index = 0; index < MAX_SURVEYS + 5; index++) {
    table.start(`${index}`, { ...all, addresses: [ROUTER] }, 0)
  }
  t.equal(table.get('0'), undefined)
  t.equal(table.get('running')?.state, 'running')
  t.equal(table.get(`${MAX_SURVEYS + 4}`)?.state, 'done')
  const place = { address: ROUTER, network: 'bench', mayAsk: false }
  t.same(table.onPage('0', place, 'told', NO_ANSWER), [], 'an answer to one that is gone')
  t.same(table.onOptions('0', place, NO_ANSWER), [])
})

t.test('surveys that still run are kept, however many there are', async (t) => {
  const networks = Array.from({ length: MAX_SURVEYS + 2 }, (_, index) => ({
    name: `n${index}`,
    subnet: { base: ipv4(`10.${50 + index}.0.0`), prefixLength: 24 },
    taken: [],
  }))
  const table = new SurveyTable({
    networks: () => networks,
    leased: () => [],
    knownAt: () => known(),
    isBusy: () => false,
  })
  for (const [index, { name }] of networks.entries()) {
    const addresses = [ipv4(`10.${50 + index}.0.9`)]
    t.match(table.start(name, { network: name, addresses }, 0), { kind: 'started' })
  }
  t.equal(table.get('n0')?.state, 'running')
})
