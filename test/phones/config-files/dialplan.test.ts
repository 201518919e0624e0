import t from 'tap'
import { DIAL_ANYTHING, renderDialplan } from '../../../src/phones/config-files/dialplan.ts'

t.test('dialplan.xml has one TEMPLATE a rule', async (t) => {
  const templates = [
    { match: '9,011*', timeoutSeconds: 6 },
    { match: '"<..>"', timeoutSeconds: 0 },
  ]
  const expected = [
    '<DIALTEMPLATE>',
    '  <TEMPLATE MATCH="9,011*" Timeout="6"/>',
    '  <TEMPLATE MATCH="&quot;&lt;..&gt;&quot;" Timeout="0"/>',
    '</DIALTEMPLATE>',
    '',
  ]
  t.equal(renderDialplan(templates), expected.join('\n'))
})

t.test('without a plan of its own a phone dials after five seconds', async (t) => {
  t.match(renderDialplan(DIAL_ANYTHING), '<TEMPLATE MATCH="*" Timeout="5"/>')
})
