import t from 'tap'
import { codeOf } from '../../src/services/error-code.ts'

t.test('an error of the operating system has its code, any other thing has none', async (t) => {
  t.equal(codeOf(Object.assign(new Error('no space left'), { code: 'ENOSPC' })), 'ENOSPC')
  t.equal(codeOf(Object.assign(new Error('odd'), { code: 7 })), 'UNKNOWN')
  t.equal(codeOf(new Error('plain')), 'UNKNOWN')
  t.equal(codeOf({ code: 'ENOSPC' }), 'UNKNOWN', 'no error')
})
