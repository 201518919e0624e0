import t from 'tap'
import type { Mac } from '../../src/net/mac.ts'
import { ConversionBench } from '../support/conversion-bench.ts'

const ROUTES = [
  { from: 'P00305000300', to: 'P0S3-06-3-00' },
  { from: 'P0S30203', to: 'P0S3-04-4-00' },
  { from: 'P00303030300', to: 'P0S30203' },
  { from: 'P00308000500', to: 'P0S3-8-12-00' },
  { from: 'P0S3-07-5-00', to: 'P00305000300' },
  { from: 'P0S3-06-3-00', to: 'P0S3-8-12-00' },
  { from: 'P0S3-04-4-00', to: 'P00303030300' },
  { from: 'P00303030300', to: 'P00305000300' },
] as const

const LOADS = [
  ...new Set(ROUTES.flatMap(({ from, to }) => [from, to])),
  'P0S3-07-4-00',
  'P00305000500',
]

/** An hour: the longest path here takes a few minutes of a phone's own time. */
const BOUND_MS = 3_600_000

const macOf = (block: string, index: number) =>
  `000E84${block}${index.toString(16).toUpperCase().padStart(4, '0')}` as Mac

t.setTimeout(600_000)

t.test('200 phones with different targets convert at once, and 50 other phones stay', async (t) => {
  const bench = await ConversionBench.open(LOADS, { admit: 'phones' })
  const phones = Array.from({ length: 200 }, (_, index) => ({
    mac: macOf('C0', index),
    ...(ROUTES[index % ROUTES.length] as (typeof ROUTES)[number]),
  }))
  const others = Array.from({ length: 50 }, (_, index) => ({
    mac: macOf('B0', index),
    from: (ROUTES[index % ROUTES.length] as (typeof ROUTES)[number]).from,
  }))
  for (const { mac, from, to } of phones) {
    await bench.enrol(mac)
    t.equal(bench.start(mac, { from, to }).kind, 'started', `${from} to ${to}`)
  }
  const startedAtMs = bench.time.nowMs
  for (const { mac, from } of [...phones, ...others]) bench.plugIn(mac, { load: from })
  const isConfirmed = ({ mac }: { mac: Mac }) => bench.conversion(mac)?.state === 'confirmed'
  bench.run(BOUND_MS, () => phones.every(isConfirmed))

  const left = phones.filter((phone) => !isConfirmed(phone))
  t.same(
    left.map(({ mac, from, to }) => `${from} to ${to}: ${bench.conversion(mac)?.diagnosis?.code}`),
    [],
  )
  t.ok(bench.time.nowMs - startedAtMs < BOUND_MS / 2, 'within half an hour')
  for (const { mac, to } of phones) t.equal(bench.phones.get(mac)?.phone.flash.load, to)
  for (const { mac, from } of others) {
    const plugged = bench.phones.get(mac)
    t.equal(plugged?.phone.flash.load, from, 'another phone runs what it ran')
    const got = plugged?.events.filter(({ event }) => event === 'phone.file.got')
    t.same(got, [], 'and was given no file at all')
    t.ok(plugged?.events.some(({ event }) => event === 'phone.address.taken'))
  }
})
