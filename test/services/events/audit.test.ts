import t from 'tap'
import { audit } from '../../../src/services/events/audit.ts'
import { inWords } from '../../../src/services/events/words.ts'
import { anApplianceInside, NOW_MS } from '../../support/an-appliance-inside.ts'
import { MAC } from '../../support/conversion-builders.ts'

const CHANGE = {
  action: 'putPhone',
  path: `/v1/phones/${MAC}`,
  mac: MAC,
  fields: ['label'],
  status: 200,
  by: 'token',
  tokenName: null,
  address: '192.0.2.7',
} as const

t.test('a change is in the journal of its phone and in the log, in the same words', async (t) => {
  const { journal, log, lines } = await anApplianceInside()
  audit({ journal, log, nowMs: () => NOW_MS })(CHANGE)
  const { action, path, status, by, address } = CHANGE
  const facts = { action, path, status, by, address, sent: ['label'] }
  t.match(journal.recent(), [{ event: 'audit.change', mac: MAC, atMs: NOW_MS, fields: facts }])
  t.match(lines, [{ level: 'info', event: 'audit.change', mac: MAC, ...facts }])
})

t.test('a sentence says who did it', async (t) => {
  const { journal, log } = await anApplianceInside()
  const report = audit({ journal, log, nowMs: () => NOW_MS })
  report(CHANGE)
  report({ ...CHANGE, tokenName: 'ansible' })
  report({ ...CHANGE, action: 'reload', path: '', fields: [], by: 'signal', address: null })
  t.same(journal.recent().map(inWords), [
    'phone stored (label) by token from 192.0.2.7',
    'phone stored (label) by token ansible from 192.0.2.7',
    'configuration reloaded by signal',
  ])
})
