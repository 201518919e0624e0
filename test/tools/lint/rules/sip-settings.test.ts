import t from 'tap'
import { aTftpRoot, findingsIn } from '../../../support/a-tftp-root.ts'

const OWN = 'SIP000E84C060A6.cnf'
const settings = (files: Readonly<Record<string, string>>) =>
  findingsIn(aTftpRoot(files)).filter((found) => / sip-(?!default)/.test(found))
const inOwn = (text: string) => settings({ [OWN]: `line1_name: 1201\n${text}` })

t.test('settings in range, in every usual spelling, have nothing wrong with them', async (t) => {
  const text = [
    '# comment',
    '; another',
    '',
    'preferred_codec: g711alaw',
    'dtmf_avt_payload : "101"',
    "phone_label:'Lab'; visible",
    'timer_t1:500\r',
    'image_version: anything',
    'proxy2_address: ""',
  ]
  t.same(inOwn(`${text.join('\n')}\n`), [])
})

t.test(
  'a value that the phone refuses or cuts off is a warning: it goes on with its default',
  async (t) => {
    const cases = [
      { text: 'preferred_codec: g722', found: ['warns sip-value'] },
      { text: 'dtmf_db_level: 9', found: ['warns sip-value'] },
      { text: 'nat_enable: yes', found: ['warns sip-value'] },
      { text: 'phone_label: "A label of some length"', found: ['warns sip-value'] },
      { text: 'proxy1_adress: 10.0.0.1', found: ['warns sip-parameter'] },
      { text: 'enable_vad: 0\nenable_vad: 1', found: ['warns sip-repeated'], line: 3 },
      { text: 'just words', found: ['fails sip-syntax'] },
      { text: 'phone_prompt: "open', found: ['fails sip-syntax'] },
    ]
    for (const { text, found, line = 2 } of cases) {
      t.same(
        inOwn(text),
        found.map((short) => `${short} ${OWN}:${line}`),
        text,
      )
    }
  },
)

t.test('a byte order mark spoils the first line', async (t) => {
  t.same(settings({ 'SIPDefault.cnf': '\xef\xbb\xbfimage_version: P0S30203\n' }), [
    'fails sip-encoding SIPDefault.cnf:0',
  ])
})

t.test('a phone without a line is unprovisioned, unless the shared file gives one', async (t) => {
  t.same(settings({ [OWN]: 'enable_vad: 0\nline1_name: ""\n' }), [`fails sip-no-line ${OWN}`])
  const shared = { 'SIPDefault.cnf': 'line1_name: 1200\n' }
  t.same(settings({ [OWN]: 'enable_vad: 0\n', ...shared }), [])
  t.same(settings({ 'SIPDefault.cnf': 'enable_vad: 0\n' }), [])
})

t.test('what is wrong in a file of the wrong letter case is told at once', async (t) => {
  t.same(settings({ 'sip000e84c060a6.CNF': 'line1_name: 1201\nnat_enable: yes\n' }), [
    'warns sip-value sip000e84c060a6.CNF:2',
  ])
})
