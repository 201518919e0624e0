import t from 'tap'
import { aTftpRoot, findingsIn } from '../../../support/a-tftp-root.ts'

function meaning(files: Readonly<Record<string, string>>): readonly string[] {
  return findingsIn(aTftpRoot(files)).filter((found) => / os79xx-/.test(found))
}

t.test('any name in OS79XX.TXT converts every phone that asks', async (t) => {
  t.same(meaning({ 'OS79XX.TXT': 'P0S30203\n' }), ['note os79xx-everybody OS79XX.TXT:1'])
  t.same(meaning({}), [])
})

t.test(
  'SCCP phones skip the loader by its first four characters, unless XML names it',
  async (t) => {
    const skipped = 'warns os79xx-first-four OS79XX.TXT:1'
    t.ok(meaning({ 'OS79XX.TXT': 'P003-8-12-00\n' }).includes(skipped))
    const xml =
      '<Default><loadInformation7 model="IP Phone 7960">P003-8-12-00</loadInformation7></Default>'
    t.notOk(
      meaning({ 'OS79XX.TXT': 'P003-8-12-00\n', 'XMLDefault.cnf.xml': xml }).includes(skipped),
    )
  },
)

t.test('a long SCCP name is beyond SIP 2.1, a short one is not', async (t) => {
  const long = 'note os79xx-eight-three OS79XX.TXT:1'
  t.ok(meaning({ 'OS79XX.TXT': 'P00305000200\n' }).includes(long))
  t.notOk(meaning({ 'OS79XX.TXT': 'P0030302\n' }).includes(long))
})

t.test('an MGCP load is said to be one', async (t) => {
  t.ok(meaning({ 'OS79XX.TXT': 'P0M3-06-3-00\n' }).includes('note os79xx-mgcp OS79XX.TXT:1'))
})
