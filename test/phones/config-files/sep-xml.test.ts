import t from 'tap'
import { renderSepXml } from '../../../src/phones/config-files/sep-xml.ts'

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
