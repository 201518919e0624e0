import t from 'tap'
import { changeWords } from '../../../src/services/events/change-words.ts'

const CASES = [
  [{ action: 'putProfile', path: '/v1/profiles/to-sip', sent: [] }, 'profile stored to-sip'],
  [{ action: 'deleteFile', path: '/v1/files/ring%2Fa.raw' }, 'shared file deleted ring/a.raw'],
  [{ action: 'deleteFile', path: '/v1/files/%zz' }, 'shared file deleted %zz'],
  [
    { action: 'patchPhone', path: '/v1/phones/000E84C060A6', sent: ['label', 'lines'] },
    'phone changed (label, lines)',
  ],
  [
    { action: 'handOverNetwork', path: '/v1/networks/voice/owner', sent: ['owner'] },
    'hand over network voice (owner)',
  ],
  [{ action: 'reload' }, 'configuration reloaded'],
] as const

t.test('what an operator did is said in words, with its name and the fields', async (t) => {
  for (const [fields, words] of CASES) t.equal(changeWords(fields), words)
})
