import t from 'tap'
import {
  renderCallManagers,
  renderDefaultXml,
  renderOs79xx,
  renderSepXml,
} from '../../../src/phones/config-files/sccp-files.ts'

t.test('for the loader one load information is enough', async (t) => {
  const expected = [
    '<device>',
    '  <loadInformation model="IP Phone 7940">P0S3-8-12-00</loadInformation>',
    '</device>',
    '',
  ]
  t.equal(
    renderSepXml({ load: 'P0S3-8-12-00', model: '7940', callManagers: [] }),
    expected.join('\n'),
  )
})

t.test('where the model is not known 7960 is written, which both models accept', async (t) => {
  const text = renderSepXml({ load: 'P003-07-4-00', model: null, callManagers: [] })
  t.match(text, '<loadInformation model="IP Phone 7960">P003-07-4-00</loadInformation>')
})

t.test('an SCCP phone is told its call managers, best first', async (t) => {
  const text = renderSepXml({ load: null, model: '7960', callManagers: ['10.20.0.5', 'cm<2>'] })
  const expected = [
    '<device>',
    '  <devicePool>',
    '    <callManagerGroup>',
    '      <members>',
    '        <member priority="0">',
    '          <callManager>',
    '            <ports>',
    '              <ethernetPhonePort>2000</ethernetPhonePort>',
    '            </ports>',
    '            <processNodeName>10.20.0.5</processNodeName>',
    '          </callManager>',
    '        </member>',
    '        <member priority="1">',
    '          <callManager>',
    '            <ports>',
    '              <ethernetPhonePort>2000</ethernetPhonePort>',
    '            </ports>',
    '            <processNodeName>cm&lt;2&gt;</processNodeName>',
    '          </callManager>',
    '        </member>',
    '      </members>',
    '    </callManagerGroup>',
    '  </devicePool>',
    '</device>',
    '',
  ]
  t.equal(text, expected.join('\n'))
})

// As published by operators whose phones took the 7.4 loader from it ("Using Cisco IP Phones with
// Asterisk", 2005), without the elements of other models.
const PUBLISHED = `
    <Default>
      <callManagerGroup>
        <members>
          <member priority="0">
            <callManager>
              <ports>
                <ethernetPhonePort>2000</ethernetPhonePort>
              </ports>
              <processNodeName>192.168.77.4</processNodeName>
            </callManager>
          </member>
        </members>
      </callManagerGroup>
      <loadInformation8 model="IP Phone 7940">P003-07-4-00</loadInformation8>
      <loadInformation7 model="IP Phone 7960">P003-07-4-00</loadInformation7>
    </Default>
`

function withoutIndent(xml: string): string {
  return xml.replace(/^ +/gm, '').trim()
}

t.test('XMLDefault.cnf.xml has the elements that phones were seen to accept', async (t) => {
  const text = renderDefaultXml({ load: 'P003-07-4-00', callManagers: ['192.168.77.4'] })
  t.equal(withoutIndent(text), withoutIndent(PUBLISHED))
  t.match(text, /^<Default>\n {2}<callManagerGroup>\n.*<\/Default>\n$/s)
})

t.test('without a load the elements are there and empty', async (t) => {
  const text = renderDefaultXml({ load: null, callManagers: ['10.20.0.2'] })
  t.match(text, '<loadInformation7 model="IP Phone 7960"></loadInformation7>')
  t.match(text, '<loadInformation8 model="IP Phone 7940"></loadInformation8>')
})

t.test('a group without members is still a group', async (t) => {
  t.equal(
    renderCallManagers([], ''),
    '<callManagerGroup>\n  <members>\n  </members>\n</callManagerGroup>\n',
  )
})

t.test('Cisco document 5455: OS79XX.TXT is the name of the image and nothing else', async (t) => {
  t.equal(renderOs79xx('P0S30203'), 'P0S30203\n')
  t.equal(renderOs79xx('P003-8-12-00'), 'P003-8-12-00\n', 'no blank and CR LF, as Cisco ships it')
})

t.test('it is one line, whatever the load is called', async (t) => {
  t.equal(renderOs79xx('P003\n\rP0S3 \u010a'), 'P003P0S3\n')
})
