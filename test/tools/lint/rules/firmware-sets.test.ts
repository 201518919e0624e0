import t from 'tap'
import { aTftpRoot, findingsIn, findingsOf } from '../../../support/a-tftp-root.ts'
import { aLoads, anImage, aUalSet, signed } from '../../../support/synthetic-image.ts'

const LOAD = 'P0S3-8-12-00'
const LOADER = 'P003-8-12-00'
const without = (name: string) => {
  const set = aUalSet(LOAD, LOADER)
  set.delete(name)
  return Object.fromEntries(set)
}

t.test('a whole set has nothing wrong with it, nor have two', async (t) => {
  const set = Object.fromEntries(aUalSet(LOAD, LOADER))
  const other = Object.fromEntries(aUalSet('P0S3-07-5-00', 'P003-07-5-00'))
  t.same(findingsIn(aTftpRoot({ ...set, ...other })), [])
})

t.test('a file that a set lacks is named, with who asks for it', async (t) => {
  for (const name of [`${LOAD}.loads`, `${LOAD}.sb2`, `${LOADER}.sbn`]) {
    t.same(findingsIn(aTftpRoot(without(name))), [`fails set-incomplete ${name}`])
  }
  t.same(findingsIn(aTftpRoot(without(`${LOADER}.bin`))), [`warns set-incomplete ${LOADER}.bin`])
})

t.test('a loader alone belongs to an application that is not there', async (t) => {
  const loader = anImage(LOADER, 130_552)
  const files = { [`${LOADER}.bin`]: loader, [`${LOADER}.sbn`]: signed(`${LOADER}.sbn`, loader) }
  t.same(findingsIn(aTftpRoot(files)), [
    `fails set-incomplete ${LOAD}.loads`,
    `fails set-incomplete ${LOAD}.sb2`,
  ])
})

t.test('bytes of an image that contradict its name are found', async (t) => {
  const set = Object.fromEntries(aUalSet(LOAD, LOADER))
  const application = anImage('P0S3-07-5-00', 689_278)
  const cases = [
    {
      why: 'unsigned',
      file: `${LOAD}.sb2`,
      bytes: anImage(LOAD, 756_524),
      found: /no signature header/,
    },
    {
      why: 'renamed',
      file: `${LOAD}.sb2`,
      bytes: signed('P0S3-07-5-00.sb2', application),
      found: /was signed as P0S3-07-5-00\.sb2/,
    },
    {
      why: 'another set',
      file: `${LOAD}.loads`,
      bytes: signed(`${LOAD}.loads`, aLoads(LOAD, 'P003-07-5-00').subarray(404)),
      found: /names the loader P003-07-5-00/,
    },
    {
      why: 'signed where it must not be',
      file: `${LOADER}.bin`,
      bytes: signed(`${LOADER}.sbn`, anImage(LOADER, 130_552)),
      found: /under another name/,
    },
    {
      why: 'cut',
      file: `${LOAD}.sb2`,
      bytes: signed(`${LOAD}.sb2`, anImage(LOAD, 9_000)),
      found: /truncated/,
    },
  ]
  for (const { why, file, bytes, found } of cases) {
    const findings = findingsOf(aTftpRoot({ ...set, [file]: bytes }))
    t.match(findings, [{ severity: 'fails', rule: 'image-content', file, found }], why)
  }
})

t.test('an image too large to be one was not even read', async (t) => {
  const set = without(`${LOAD}.sb2`)
  const huge = { sizeBytes: 9_000_000, unread: { kind: 'not-wanted' } as const }
  t.same(findingsIn(aTftpRoot({ ...set, [`${LOAD}.sb2`]: huge })), [
    `fails image-content ${LOAD}.sb2`,
  ])
})

t.test('an MGCP load is noted and not looked into', async (t) => {
  t.same(findingsIn(aTftpRoot({ 'P0M3-06-3-00.bin': 'x' })), ['note mgcp P0M3-06-3-00.bin'])
})

t.test('an application as one image, and a set in another letter case, may do', async (t) => {
  const alone = { 'P0S3-07-5-00.bin': anImage('P0S3-07-5-00', 331_776) }
  t.match(
    findingsIn(aTftpRoot(alone)).filter((text) => text.startsWith('fails')),
    [],
  )
  const set = Object.fromEntries(aUalSet(LOAD, LOADER))
  const { [`${LOAD}.sb2`]: application, ...others } = set
  t.same(findingsIn(aTftpRoot({ ...others, [`${LOAD}.SB2`]: application as Uint8Array })), [
    `warns file-name ${LOAD}.SB2`,
  ])
})
