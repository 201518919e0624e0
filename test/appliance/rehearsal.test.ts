import t from 'tap'
import { rehearseDhcp } from '../../appliance/rehearsal.ts'
import type { DhcpEvent } from '../../src/dhcp/events.ts'
import { formatIpv4 } from '../../src/net/ipv4.ts'
import { ip } from '../support/a-dhcp-message.ts'
import { aScope, START_MS } from '../support/dhcp-lab.ts'

const NOBODY = { find: () => undefined, ownerOf: () => undefined }

async function rehearse(serverAddress: string) {
  const events: DhcpEvent[] = []
  const outcome = await rehearseDhcp(aScope({ address: ip(serverAddress) }), {
    directory: NOBODY,
    isPhone: () => true,
    onEvent: (event) => events.push(event),
    clockMs: () => START_MS,
  })
  return { outcome, events }
}

for (const { address, stage, why } of [
  { address: '10.20.0.2', stage: /^100\.64\./, why: 'small numbers' },
  { address: '192.168.7.2', stage: /^198\.18\./, why: 'large numbers' },
]) {
  t.test(`every exchange comes to an ACK where addresses are ${why}`, async (t) => {
    const { outcome, events } = await rehearse(address)
    t.ok(outcome.played > 0)
    t.equal(outcome.acknowledged, outcome.played)
    const [first] = events
    t.match(first, { event: 'dhcp.offer.sent', scope: 'rehearsal' })
    t.match(
      first !== undefined && 'address' in first ? formatIpv4(first.address ?? ip('0.0.0.0')) : '',
      stage,
    )
    const relayed = events.filter((event) => 'giaddr' in event && event.giaddr !== 0)
    t.equal(relayed.length, events.length / 2, 'every second phone comes by a relay agent')
  })
}
