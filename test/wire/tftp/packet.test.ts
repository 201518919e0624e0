import t from 'tap'
import { ERROR_CODE, OPCODE } from '../../../src/wire/tftp/packet.ts'

t.test(
  'RFC 1350 section 5, RFC 2347: opcodes and error codes are those of the documents',
  async (t) => {
    t.same(Object.values(OPCODE), [1, 2, 3, 4, 5, 6])
    t.same(Object.values(ERROR_CODE), [0, 1, 2, 3, 4, 5, 6, 7, 8])
  },
)
