import t from 'tap'
import { Counters } from '../../../src/services/events/counters.ts'

t.test('equal labels are one series, different ones are another', async (t) => {
  const counters = new Counters()
  counters.add('dhcp_events', { network: 'bench', event: 'dhcp.ack.sent' })
  counters.add('dhcp_events', { network: 'bench', event: 'dhcp.ack.sent' })
  counters.add('dhcp_events', { network: 'lab', event: 'dhcp.ack.sent' }, 5)
  t.same(counters.series('dhcp_events'), [
    { labels: { network: 'bench', event: 'dhcp.ack.sent' }, value: 2 },
    { labels: { network: 'lab', event: 'dhcp.ack.sent' }, value: 5 },
  ])
})

t.test('values are told apart by their place, not by what they come to together', async (t) => {
  const counters = new Counters()
  counters.add('x', { a: 'b', c: '' })
  counters.add('x', { a: '', c: 'b' })
  counters.add('x', { a: 'bc', c: 'd' })
  counters.add('x', { a: 'b', c: 'cd' })
  t.same(
    counters.series('x').map(({ value }) => value),
    [1, 1, 1, 1],
  )
})

t.test('what was never counted has no series; names keep their order', async (t) => {
  const counters = new Counters()
  counters.add('b', {})
  counters.add('a', {}, 0)
  counters.add('b', {})
  t.same(counters.names(), ['b', 'a'])
  t.same(counters.series('none'), [])
  t.same(counters.series('a'), [{ labels: {}, value: 0 }])
})
