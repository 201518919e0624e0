import t from 'tap'
import { renderSipDefault } from '../../../src/phones/config-files/sip-default.ts'

t.test('SIPDefault.cnf names the image first and then the parameters in order', async (t) => {
  const parameters = {
    preferred_codec: 'g711ulaw',
    proxy1_address: '192.168.1.9',
    image_version: 'P0S30203',
    proxy1_port: '5060',
  }
  const text = renderSipDefault({ imageVersion: 'P0S3-8-12-00', parameters, oneLine: false })
  const expected = [
    'image_version: P0S3-8-12-00',
    'proxy1_address: "192.168.1.9"',
    'proxy1_port: "5060"',
    'preferred_codec: "g711ulaw"',
    '',
  ]
  t.equal(text, expected.join('\n'))
})

t.test('Cisco document 5455, W210 TFTP Error: one line for SIP 2.x', async (t) => {
  const parameters = { proxy1_address: '192.168.1.9' }
  t.equal(
    renderSipDefault({ imageVersion: 'P0S30203', parameters, oneLine: true }),
    'image_version: P0S30203\n',
  )
})

t.test('without a load the line is left out', async (t) => {
  const parameters = { proxy_register: '1' }
  const text = renderSipDefault({ imageVersion: null, parameters, oneLine: false })
  t.equal(text, 'proxy_register: "1"\n')
})
