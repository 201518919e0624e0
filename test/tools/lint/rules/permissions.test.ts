import t from 'tap'
import { aTftpRoot, findingsIn, findingsOf } from '../../../support/a-tftp-root.ts'

t.test('a file that others cannot read is served by some servers, and warned of', async (t) => {
  const found = (mode: number | null) =>
    findingsIn(aTftpRoot({ 'SIPDefault.cnf': { mode } }), 'permissions')
  t.same(found(0o600), ['warns permissions SIPDefault.cnf'])
  t.same(found(0o640), ['warns permissions SIPDefault.cnf'])
  for (const mode of [0o644, 0o777, null]) t.same(found(mode), [])
})

t.test('what no phone asks for may be private, a ring tone may not', async (t) => {
  const mode = 0o600
  t.same(findingsIn(aTftpRoot({ notes: { mode }, 'ring.pcm': { mode } }), 'permissions'), [
    'warns permissions ring.pcm',
  ])
})

t.test('a folder that others cannot enter hides all that is in it', async (t) => {
  t.same(findingsIn(aTftpRoot({}, [{ path: 'rings', mode: 0o700 }])), ['warns permissions rings'])
  t.same(findingsIn(aTftpRoot({}, [{ path: 'rings', mode: null }])), [])
  t.same(findingsIn(aTftpRoot({}, [{ path: 'rings', unread: 'EACCES' }])), [
    'warns permissions rings',
  ])
})

t.test('a file that could not be read, a link out, and one too many are said', async (t) => {
  const of = (unread: object) => aTftpRoot({ 'dialplan.xml': { unread } as object })
  t.same(findingsIn(of({ kind: 'failed', reason: 'EACCES' })), ['warns permissions dialplan.xml'])
  t.same(findingsIn(of({ kind: 'no-file' })), ['fails permissions dialplan.xml'])
  t.same(findingsIn(of({ kind: 'outside' })), ['warns link-outside dialplan.xml'])
  t.same(findingsIn(of({ kind: 'too-much' })), ['note not-read dialplan.xml'])
})

t.test('who may read it is said by user and group', async (t) => {
  const found = (mode: number, owner?: { readonly uid: number; readonly gid: number }) =>
    findingsOf(
      aTftpRoot({ 'OS79XX.TXT': { mode, ...(owner === undefined ? {} : { owner }) } }),
    ).find(({ rule }) => rule === 'permissions')
  const nobody = { uid: 65_534, gid: 65_534 }
  t.match(found(0o660, nobody), {
    found: 'has mode 660: only its owner (user 65534) and its group (65534) may read it',
    phone: /works only if the TFTP server runs as such a user/,
    source: /--permissive/,
  })
  t.match(found(0o600, nobody)?.found, 'only its owner (user 65534) may read it')
  t.match(found(0o040)?.found, 'only its group may read it')
  t.match(found(0o000)?.found, 'only root may read it')
})
