import t from 'tap'
import { readUserAgent, whoseMac } from '../../../src/call-control/sip/cisco-phone.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { PHONE } from '../../support/call-control.ts'

t.test('the User-Agent of a Cisco phone tells its generation', async (t) => {
  const agents = [
    { text: 'Cisco-CP7960G/8.0', version: '8.0' },
    { text: 'Cisco-CP7940G/8.0', version: '8.0' },
    { text: 'Cisco-CP7970G/8.4.0', version: '8.4.0' },
    { text: 'CSCO/7', version: '7' },
    { text: 'CSCO/4', version: '4' },
    { text: 'Cisco IP Phone/ Rev. 1/ SIP enabled', version: null },
  ]
  for (const { text, version } of agents) t.same(readUserAgent(text), { version }, text)
  for (const text of [
    '',
    'baresip v1.0.0',
    'CSCO',
    'CSCO/',
    'x CSCO/7',
    'Cisco-SIPGateway/IOS-12',
    'Cisco IP Phone/ Rev. 1/ \x1b[2J',
    `Cisco IP Phone/ Rev. ${'1'.repeat(8000)}`,
  ]) {
    t.equal(readUserAgent(text), undefined, text)
  }
})

const NOTHING = { callId: '', fromTag: '', instances: [] }

t.test('a MAC is read from the places where Cisco phones write it', async (t) => {
  const places = [
    { callId: '000e84c0-60a60002-63a6dd5e-3bd6f6b2@192.0.2.50' },
    { callId: '000e84c0-60a6-0002@192.0.2.50' },
    { fromTag: '000e84c060a60002479b1bd5-2e2cb2a9' },
    { fromTag: '000E84C060A6' },
    { instances: ['<urn:uuid:00000000-0000-0000-0000-000e84c060a6>'] },
  ]
  for (const place of places) {
    t.equal(whoseMac({ ...NOTHING, ...place }, PHONE), 'this', JSON.stringify(place))
    const other = '003094C25D40' as Mac
    t.equal(whoseMac({ ...NOTHING, ...place }, other), 'other', JSON.stringify(place))
  }
})

t.test('any other form is no MAC', async (t) => {
  const places = [
    NOTHING,
    { callId: '000e84c060a6@192.0.2.50' },
    { callId: 'x000e84c0-60a60002-1@192.0.2.50' },
    { fromTag: '000e84c060a' },
    { fromTag: 'a000:e84c060a6' },
    { instances: ['<urn:uuid:00000000-0000-0000-0001-000e84c060a6>'] },
    { instances: ['', '<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>'] },
  ]
  for (const place of places) {
    t.equal(whoseMac({ ...NOTHING, ...place }, PHONE), 'none', JSON.stringify(place))
  }
})

t.test('one that names another phone in one place is not this one', async (t) => {
  const places = {
    callId: '000e84c0-60a60002-63a6dd5e-3bd6f6b2@192.0.2.50',
    fromTag: '003094c25d400002',
    instances: [],
  }
  t.equal(whoseMac(places, PHONE), 'other')
  const ofPhone = '<urn:uuid:00000000-0000-0000-0000-000e84c060a6>'
  const ofAnother = '<urn:uuid:00000000-0000-0000-0000-003094c25d40>'
  t.equal(whoseMac({ ...NOTHING, instances: [ofPhone, ofAnother] }, PHONE), 'other', 'a Contact')
})

t.test(
  'loads 2.x write the octets the other way round, and it counts if it is the phone',
  async (t) => {
    const phone = '003094C25D40' as Mac
    const callId = 'c2943000-50405d-6af10a-382e3031@192.0.2.50'
    t.equal(whoseMac({ ...NOTHING, callId }, phone), 'this')
    t.equal(whoseMac({ ...NOTHING, callId: 'c2943000-405d0002-1@192.0.2.50' }, phone), 'this')
    t.equal(whoseMac({ ...NOTHING, callId }, PHONE), 'other')
    const elsewhere = { ...NOTHING, callId, fromTag: '000e84c060a60002' }
    t.equal(whoseMac(elsewhere, phone), 'other', 'another in the tag of From')
    const small = '00000001000A' as Mac
    t.equal(whoseMac({ ...NOTHING, callId: '1000000-a00-1@192.0.2.50' }, small), 'this')
  },
)
