import t from 'tap'
import { aTftpRoot, findingsIn } from '../../../support/a-tftp-root.ts'

t.test(
  'syncinfo.xml and ring lists must be well-formed; what no phone asks for may be as it is',
  async (t) => {
    const bad = '<a>\n<b>\n</a>'
    const files = {
      'syncinfo.xml': bad,
      'RINGLIST.XML': bad,
      'DISTINCTIVERINGLIST.XML': '<a/>',
      'menu.xml': bad,
      'sub/syncinfo.xml': bad,
    }
    t.same(findingsIn(aTftpRoot(files)), [
      'warns xml-syntax RINGLIST.XML:3',
      'warns xml-syntax syncinfo.xml:3',
    ])
  },
)
