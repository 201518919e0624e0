import t from 'tap'
import { renderDefaultXml } from '../../../src/phones/config-files/default-xml.ts'

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
