import t from 'tap'
import { aTftpRoot, findingsIn } from '../../../support/a-tftp-root.ts'

t.test('a file that others cannot read is not served', async (t) => {
  const found = (mode: number | null) =>
    findingsIn(aTftpRoot({ 'SIPDefault.cnf': { mode } }), 'permissions')
  t.same(found(0o600), ['fails permissions SIPDefault.cnf'])
  t.same(found(0o640), ['fails permissions SIPDefault.cnf'])
  for (const mode of [0o644, 0o777, null]) t.same(found(mode), [])
})

t.test('what no phone asks for may be private, a ring tone may not', async (t) => {
  const mode = 0o600
  t.same(findingsIn(aTftpRoot({ notes: { mode }, 'ring.pcm': { mode } }), 'permissions'), [
    'fails permissions ring.pcm',
  ])
})

t.test('a folder that others cannot enter hides all that is in it', async (t) => {
  t.same(findingsIn(aTftpRoot({}, [{ path: 'rings', mode: 0o700 }])), ['fails permissions rings'])
  t.same(findingsIn(aTftpRoot({}, [{ path: 'rings', mode: null }])), [])
  t.same(findingsIn(aTftpRoot({}, [{ path: 'rings', unread: 'EACCES' }])), [
    'fails permissions rings',
  ])
})

t.test('a file that could not be read, a link out, and one too many are said', async (t) => {
  const of = (unread: object) => aTftpRoot({ 'dialplan.xml': { unread } as object })
  t.same(findingsIn(of({ kind: 'failed', reason: 'EACCES' })), ['fails permissions dialplan.xml'])
  t.same(findingsIn(of({ kind: 'outside' })), ['warns link-outside dialplan.xml'])
  t.same(findingsIn(of({ kind: 'too-much' })), ['note not-read dialplan.xml'])
})
