import t from 'tap'
import {
  decodeRelayAgentInformation,
  RelaySubOption,
} from '../../../src/wire/dhcp/relay-agent-information.ts'
import { bytes } from '../../support/vector.ts'

const hex = (value: Uint8Array | undefined) =>
  value === undefined ? undefined : Buffer.from(value).toString('hex')

t.test('RFC 3046 section 2.0: sub-options by code', async (t) => {
  const values = decodeRelayAgentInformation(
    bytes('0106000400780102 0208000600005e005301 0504c0000200 0a0180 0b04c0000201 1300'),
  )
  t.equal(hex(values.get(RelaySubOption.circuitId)), '000400780102')
  t.equal(hex(values.get(RelaySubOption.remoteId)), '000600005e005301')
  t.equal(hex(values.get(RelaySubOption.linkSelection)), 'c0000200', 'RFC 3527 section 3')
  t.equal(hex(values.get(RelaySubOption.flags)), '80', 'RFC 5010 section 5')
  t.equal(hex(values.get(RelaySubOption.serverIdOverride)), 'c0000201', 'RFC 5107 section 4')
  t.equal(hex(values.get(RelaySubOption.sourcePort)), '', 'RFC 8357 section 5.1: no octets')
})

t.test('keeps unknown sub-options, and the first of two', async (t) => {
  const values = decodeRelayAgentInformation(bytes('fe0141 010142 010143 ff00 0000'))
  t.same([...values.keys()], [254, 1, 255, 0], 'there is neither pad nor end here')
  t.equal(hex(values.get(1)), '42')
})

t.test('refuses what is no row of sub-options', async (t) => {
  const malformed = [
    { why: 'nothing at all', hex: '', code: 'BAD_LENGTH', offset: 0 },
    { why: 'code alone', hex: '01', code: 'TRUNCATED', offset: 0 },
    { why: 'no value', hex: '0101', code: 'BAD_LENGTH', offset: 0 },
    { why: 'second passes the end', hex: '010141 020941', code: 'BAD_LENGTH', offset: 3 },
    { why: 'second has no length', hex: '010141 ff', code: 'TRUNCATED', offset: 3 },
  ]
  for (const { why, hex, code, offset } of malformed) {
    const decode = () => decodeRelayAgentInformation(bytes(hex))
    t.throws(decode, { name: 'WireError', code, offset }, why)
  }
})

t.test('every prefix of a value decodes or throws WireError', async (t) => {
  const whole = bytes('0106000400780102 0504c0000200 1300')
  for (let length = 0; length < whole.length; length++) {
    try {
      decodeRelayAgentInformation(whole.subarray(0, length))
    } catch (error) {
      t.match(error, { name: 'WireError' }, `${length} octets`)
    }
  }
  t.equal(decodeRelayAgentInformation(whole).size, 3)
})
