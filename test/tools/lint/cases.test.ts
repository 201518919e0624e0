import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { aTftpRoot, type FileGiven, findingsIn, findingsOf } from '../../support/a-tftp-root.ts'
import { anImage, aUalSet } from '../../support/synthetic-image.ts'

const FOLDER = fileURLToPath(new URL('../../vectors/cases/', import.meta.url))

/** The files of a case, without those in folders within it. */
function filesOf(name: string): Readonly<Record<string, string>> {
  const folder = join(FOLDER, name)
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(
    files.map((entry) => [entry.name, readFileSync(join(folder, entry.name), 'latin1')]),
  )
}

const SIP_8_12 = Object.fromEntries(aUalSet('P0S3-8-12-00', 'P003-8-12-00'))

t.test('T2-24: rules of a dial plan that nothing matches, SIP text in SEP<MAC>.cnf', async (t) => {
  const root = aTftpRoot({ ...SIP_8_12, ...filesOf('T2-24') })
  t.same(findingsIn(root), [
    'fails sip-in-sep SEP02000000D006.cnf',
    'warns dial-plan-rule dialplan.xml:2',
    'warns dial-plan-rule dialplan.xml:3',
  ])
  const [sip, range, mark] = findingsOf(root)
  t.match(sip?.remedy, 'Rename it to SIP02000000D006.cnf')
  t.match(range?.found, 'MATCH="[2-9]XXXXXXX" has "["')
  t.match(mark?.found, 'MATCH="00[1-9]!" has "["')
})

t.test('T2-25: an unsigned image that is there is enough for phones below 5.0', async (t) => {
  const image = anImage('P0S3-07-5-00', 331_776)
  const found = findingsIn(aTftpRoot({ ...filesOf('T2-25'), 'P0S3-07-5-00.bin': image }))
  t.same(
    found.filter((text) => text.startsWith('fails')),
    [],
  )
  t.match(found, [/^warns image-absent OS79XX\.TXT:1$/])
  t.ok(found.includes('warns placeholder SIPDefault.cnf:6'))
  t.ok(found.includes('warns sip-value SIPDefault.cnf:4'))
  t.ok(found.includes('warns image-absent SIPDefault.cnf:1'))
})

t.test('T2-26: XML that is not well-formed, with the line', async (t) => {
  const found = findingsIn(aTftpRoot({ ...SIP_8_12, ...filesOf('T2-26') }), 'xml-syntax')
  t.same(found, ['fails xml-syntax SEP02000000D005.cnf.xml:7', 'warns xml-syntax syncinfo.xml:3'])
  const other = aTftpRoot({ ...SIP_8_12, ...filesOf('T2-26/b') })
  t.same(findingsIn(other, 'xml-syntax'), [
    'fails xml-syntax SEP02000000D009.cnf.xml:2',
    'fails xml-syntax XMLDefault.cnf.xml:4',
  ])
})

t.test('T2-31: a 7942 and a 7962 are given a load of the 7960', async (t) => {
  t.same(findingsIn(aTftpRoot(filesOf('T2-31')), 'other-model-load'), [
    'warns other-model-load XMLDefault.cnf.xml:6',
    'warns other-model-load XMLDefault.cnf.xml:7',
  ])
})

t.test('T2-32: mode 660 works where the server runs as that user', async (t) => {
  const given = Object.entries({ ...SIP_8_12, ...filesOf('T2-32') }).map(([name, text]) => {
    const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text
    const owner = { uid: 65_534, gid: 65_534 }
    return [name, { bytes, sizeBytes: bytes.length, mode: 0o660, owner } satisfies FileGiven]
  })
  const findings = findingsOf(aTftpRoot(Object.fromEntries(given)))
  t.same(
    findings.filter(({ severity }) => severity === 'fails'),
    [],
  )
  const closed = findings.filter(({ rule }) => rule === 'permissions')
  t.equal(closed.length, given.length)
  t.match(closed, [{ severity: 'warns', found: /only its owner \(user 65534\) and its group/ }])
})
