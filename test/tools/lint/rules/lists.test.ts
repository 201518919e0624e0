import t from 'tap'
import { aTftpRoot, findingsIn } from '../../../support/a-tftp-root.ts'

t.test('each tone of a ring list must be there', async (t) => {
  const list = 'Bell\tbell.pcm\nOld\t./old.raw\r\nGone\tgone.pcm\nno tab\n\n'
  const root = aTftpRoot({ 'RINGLIST.DAT': list, 'bell.pcm': {}, 'old.raw': {} })
  t.same(findingsIn(root, 'ringlist'), [
    'warns ringlist RINGLIST.DAT:3',
    'warns ringlist RINGLIST.DAT:4',
  ])
})

t.test('a list that was not read is no finding of the lists', async (t) => {
  t.same(findingsIn(aTftpRoot({ 'RINGLIST.DAT': { bytes: null } })), [])
})
