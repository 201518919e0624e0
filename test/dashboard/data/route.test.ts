import t from 'tap'
import { hrefOf, parseRoute, type Route, shownOn } from '../../../src/dashboard/data/route.ts'

const ROUTES: readonly Route[] = [
  { kind: 'phones' },
  { kind: 'phone', mac: '000E84C060A6' },
  { kind: 'rollouts' },
  { kind: 'rollout', id: 'floor-3_a.b' },
  { kind: 'new-rollout' },
  { kind: 'surveys' },
  { kind: 'survey', id: '0b5a61e4-7c1f-4f0a-9d8e-3d7f5a0e1c22' },
  { kind: 'enrol' },
  { kind: 'import' },
  { kind: 'edit-phone', mac: '000E84C060A6' },
  { kind: 'phone-report', mac: '000E84C060A6' },
  { kind: 'rollout-report', id: 'floor-3' },
  { kind: 'devices' },
  { kind: 'profiles' },
  { kind: 'profile', name: 'to-sip' },
  { kind: 'new-profile' },
  { kind: 'leases', network: null },
  { kind: 'leases', network: 'bench' },
  { kind: 'files' },
  { kind: 'events', about: null },
  { kind: 'events', about: '000E84C060A6' },
  { kind: 'appliance' },
  { kind: 'tokens' },
  { kind: 'webhooks' },
  { kind: 'webhook', id: '6f1c09ab' },
  { kind: 'networks' },
  { kind: 'firmware' },
]

t.test('a link leads to its route, and every route shows something', async (t) => {
  for (const route of ROUTES) {
    t.same(parseRoute(hrefOf(route)), route)
    t.not(shownOn(route).size, 0, route.kind)
  }
})

t.test('an address that is none of ours is the list of phones', async (t) => {
  const others = [
    '#/phones/XYZ',
    '#/phones/000e84c060a6/x',
    '#/rollouts/..',
    '#/rollouts/a/b',
    '#/surveys/..',
    '#/profiles/..',
    '#/firmware/x',
    '#/leases/a/b',
    '#/phones/000E84C060A6/report/x',
  ]
  for (const hash of ['', '#', '#/', '#/nowhere', ...others]) {
    t.same(parseRoute(hash), { kind: 'phones' }, hash)
  }
})
