import t from 'tap'
import { FileView } from '../../../src/conversion/file-view.ts'
import type { Ipv4 } from '../../../src/net/ipv4.ts'
import { viewMaterial } from '../../../src/services/conversions/view-material.ts'
import { Tracking } from '../../../src/services/tracking/tracking.ts'
import { anApplianceInside, NOW_MS, PHONE_ADDRESS } from '../../support/an-appliance-inside.ts'
import { ipOf } from '../../support/an-inventory.ts'
import { MAC } from '../../support/conversion-builders.ts'

const OURS = ipOf('10.20.0.2')

const facts = {
  scope: 'bench',
  interfaceName: 'eth0',
  mac: MAC,
  client: `hw:01${MAC}`,
  xid: 1,
  giaddr: 0 as Ipv4,
  vendorClass: 'Cisco Systems, Inc. IP Phone',
  hostName: '',
  isBoot: true,
}

const offer = {
  ...facts,
  event: 'dhcp.offer.sent',
  address: PHONE_ADDRESS,
  leaseSeconds: 300,
  rule: 'free',
  omitted: [],
} as const

async function aTracking() {
  const inside = await anApplianceInside()
  const { inventory, cache, engine, lookup } = inside
  const folder = () => new Map()
  const view = new FileView(
    viewMaterial({ inventory, cache, folder, sharedTriggers: false }),
    engine,
  )
  let identified = 0
  const clients = {
    ...lookup,
    identify: (...asked: Parameters<typeof lookup.identify>) => {
      identified++
      return lookup.identify(...asked)
    },
  }
  const tracking = new Tracking({ engine, view, clients, inventory })
  return { ...inside, view, tracking, identified: () => identified }
}

t.test('a request identifies its client once, and what it becomes asks no more', async (t) => {
  const { tracking, identified } = await aTracking()
  const request = { client: PHONE_ADDRESS, clientPort: 50_000, atMs: NOW_MS }
  const answer = tracking.answer({ ...request, requestedName: `SIP${MAC}.cnf` })
  t.match(answer, { kind: 'file', mac: MAC })
  const client = { client: PHONE_ADDRESS, clientTid: 50_000, atMs: NOW_MS }
  const requestedName = 'RINGLIST.DAT'
  tracking.onTftpEvent({ ...client, event: 'tftp.request.absent', requestedName, mac: MAC })
  t.equal(identified(), 1)
})

t.test('looking names up in a snapshot moves nothing', async (t) => {
  const { view, engine, effects } = await aTracking()
  const files = view.filesOf(MAC, OURS)
  t.equal(files?.find('SIPDefault.cnf') !== undefined, true)
  t.equal(files?.find('OS79XX.TXT'), undefined)
  t.equal(engine.boot(MAC), null)
  t.same(effects, [])
  t.equal(view.filesOf(MAC, OURS), files, 'nothing has changed: it is the same snapshot')
  t.equal(view.filesOf('0201020304AA' as never, OURS), undefined, 'of a phone that is not enrolled')
})

t.test('those who follow are told of an event before it moves a conversion', async (t) => {
  const { tracking, engine } = await aTracking()
  const seen: unknown[] = []
  tracking.dhcpEvents.subscribe((event, isEnrolled) => {
    seen.push([event.event, isEnrolled, engine.boot(MAC)])
  })
  tracking.onDhcpEvent(offer, NOW_MS)
  t.same(seen, [['dhcp.offer.sent', true, null]])
  t.match(engine.boot(MAC), { startedAtMs: NOW_MS })
})

t.test('a message that only claims to come from a phone moves nothing', async (t) => {
  const { tracking, engine } = await aTracking()
  const source = PHONE_ADDRESS
  const forged = { ...facts, event: 'dhcp.release.ignored', reason: 'wrong-origin' } as const
  tracking.onDhcpEvent({ ...forged, requestKind: null, address: null, source }, NOW_MS)
  t.equal(engine.boot(MAC), null)
})
