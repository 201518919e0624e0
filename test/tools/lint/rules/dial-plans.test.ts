import t from 'tap'
import { aTftpRoot, findingsIn, findingsOf } from '../../../support/a-tftp-root.ts'

const plan = (rules: string) =>
  aTftpRoot({ 'dialplan.xml': `<DIALTEMPLATE>\n${rules}\n</DIALTEMPLATE>` })
const found = (rules: string) => findingsOf(plan(rules)).map((finding) => finding.found)

t.test('a dial plan must be whole', async (t) => {
  const of = (text: string) => findingsIn(aTftpRoot({ 'dialplan.xml': text }))
  t.same(of('<DIALTEMPLATE><TEMPLATE MATCH="*" Timeout="5"/></DIALTEMPLATE>'), [])
  t.same(of('<DIALTEMPLATE>\n<TEMPLATE>'), ['warns dial-plan dialplan.xml:2'])
  t.same(of('<a/>'), ['warns dial-plan dialplan.xml'])
  t.same(of(''), ['warns dial-plan dialplan.xml:1'])
})

t.test("Cisco's own examples, and patterns for addresses, are as they should be", async (t) => {
  const rules = [
    '<TEMPLATE MATCH="9,1.........." Timeout="0" User="Phone" Tone="Bellcore-Outside"/>',
    '<TEMPLATE MATCH="ab..cd..ef*" Timeout="5" Rewrite="919%1%2%3"/>',
    '<TEMPLATE MATCH="0" Timeout="1" User="ip" Route="Default"/>',
    '<TEMPLATE MATCH="#..\\*" Timeout="0" Rewrite="%s"/>',
    '<TEMPLATE MATCH="+*" Timeout="3"/>',
    '<TEMPLATE MATCH="xenia" Timeout="3"/>',
    '<!-- MATCH="[x]" -->',
  ]
  t.same(found(rules.join('\n')), [])
})

t.test('what other systems write for any digit stands for itself', async (t) => {
  const patterns = {
    '[2-9]XXX': /"\["/,
    '00[1-9]!': /"\["/,
    '9XXXXXXX': /"X"/,
    '1NXXNXXXXXX': /"N"/,
    _1XX: /"_"/,
    '9.@': /"@"/,
    '0T': /"T"/,
    '9xxxxxxx': /"x"/,
    '8.|9.': /"\|"/,
    '(011)': /"\("/,
    '^9$': /"\^"/,
    '{4}': /"\{"/,
    '9?': /"\?"/,
  }
  for (const [pattern, said] of Object.entries(patterns)) {
    t.match(found(`<TEMPLATE MATCH="${pattern}" Timeout="0"/>`), [said], pattern)
  }
  t.same(findingsIn(plan('<TEMPLATE MATCH="" Timeout="0"/>\n<TEMPLATE Timeout="1"/>')), [
    'warns dial-plan-rule dialplan.xml:2',
    'warns dial-plan-rule dialplan.xml:3',
  ])
})

t.test('values and parts that are none of a rule', async (t) => {
  t.match(found('<TEMPLATE MATCH="1" Timeout="soon"/>'), [/Timeout is "soon"/])
  t.match(found('<TEMPLATE MATCH="1" User="sip"/>'), [/User is "sip"; IP or Phone/])
  t.match(found('<TEMPLATE MATCH="1" Rewrite="%9"/>'), [/Rewrite is "%9"/])
  t.match(found('<TEMPLATE MATCH="1" Prefix="9"/>'), [/prefix is no part of a rule/])
  t.match(found('<RULE MATCH="1"/>'), [/<RULE>, which is no TEMPLATE/])
})

t.test(
  'dial_template names the plan: another file is read, one that is absent is told',
  async (t) => {
    const sip = (name: string) => ({ 'SIPDefault.cnf': `dial_template: "${name}"\n` })
    const rule = (root: ReturnType<typeof aTftpRoot>) =>
      findingsIn(root).filter((text) => text.includes('dial-plan'))
    const bad = '<DIALTEMPLATE>\n<TEMPLATE MATCH="9X"/></DIALTEMPLATE>'
    t.same(rule(aTftpRoot({ ...sip('office'), 'office.xml': bad })), [
      'warns dial-plan-rule office.xml:2',
    ])
    t.same(rule(aTftpRoot({ ...sip(''), 'office.xml': bad })), [])
    t.same(rule(aTftpRoot(sip('./office.xml'))), ['warns dial-plan-absent SIPDefault.cnf:1'])
  },
)
