import t from 'tap'
import { renderSipPhone } from '../../../src/phones/config-files/sip-phone.ts'

t.test('SIP<MAC>.cnf holds image, lines and the parameters of the phone', async (t) => {
  const text = renderSipPhone({
    imageVersion: 'P0S3-8-12-00',
    lines: [
      {
        name: '1201',
        authName: 'desk12',
        password: 'horse staple',
        displayName: 'Desk 12',
        shortName: 'Desk',
        contact: '1201@example.net',
      },
      { name: '1202' },
    ],
    parameters: { phone_label: 'Lab', line2_shortname: 'Two' },
  })
  const expected = [
    'image_version: P0S3-8-12-00',
    'line1_name: "1201"',
    'line1_authname: "desk12"',
    'line1_password: "horse staple"',
    'line1_shortname: "Desk"',
    'line1_displayname: "Desk 12"',
    'line1_contact: "1201@example.net"',
    'line2_name: "1202"',
    'line2_authname: "1202"',
    'phone_label: "Lab"',
    'line2_shortname: "Two"',
    '',
  ]
  t.equal(text, expected.join('\n'))
})

t.test('a phone has six lines at most, and may have no load named', async (t) => {
  const lines = Array.from({ length: 9 }, (_, index) => ({ name: `12${index}` }))
  const text = renderSipPhone({ imageVersion: null, lines, parameters: {} })
  t.match(text, /^line1_name: "120"\n/)
  t.match(text, /line6_authname: "125"\n$/)
})
