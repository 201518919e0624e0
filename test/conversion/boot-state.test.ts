import t from 'tap'
import {
  beginBoot,
  continuesPorts,
  followBoot,
  followRequest,
  readAbsence,
  readFile,
  readImage,
} from '../../src/conversion/boot-state.ts'
import { readRequestedFile } from '../../src/phones/requested-file.ts'
import { aBoot, MAC } from '../support/conversion-builders.ts'

const file = readRequestedFile

t.test('the first request tells the generation', async (t) => {
  t.equal(aBoot(['OS79XX.TXT']).generation, 'pre-ual')
  t.equal(aBoot([`CTLSEP${MAC}.tlv`]).generation, 'ual')
  t.equal(aBoot([`SEP${MAC}.cnf.xml`]).generation, null)
  t.equal(aBoot([`SEP${MAC}.cnf.xml`], 'ual').generation, 'ual', 'or option 60 did')
})

t.test('a request without a boot before it opens one', async (t) => {
  const { boot, opened } = followRequest(null, file('OS79XX.TXT'), 7)
  t.equal(opened, true)
  t.equal(boot.startedAtMs, 7)
})

t.test('the first file again after other files is another boot', async (t) => {
  const before = aBoot(['OS79XX.TXT', `SEP${MAC}.cnf.xml`])
  const later = followRequest(before, file('OS79XX.TXT'), 60_000)
  t.equal(later.opened, true)
  t.same(later.boot.asked, ['os79xx'])
  const atOnce = followRequest(before, file('OS79XX.TXT'), 1_500)
  t.equal(atOnce.opened, false, 'a repeated datagram is not a boot')
})

t.test('a loader that loops on CTLSEP stays in one boot, and is counted', async (t) => {
  let boot = beginBoot(0, 'ual')
  for (const nowMs of [1_000, 11_000, 21_000]) {
    const step = followRequest(boot, file(`CTLSEP${MAC}.tlv`), nowMs)
    t.equal(step.opened, false)
    boot = step.boot
  }
  t.equal(boot.ctlsepInARow, 3)
  const next = followRequest(boot, file(`SEP${MAC}.cnf.xml`), 22_000)
  t.equal(next.boot.ctlsepInARow, 0)
})

t.test('DISCOVER and REQUEST of one start are one boot', async (t) => {
  const discover = followBoot(null, null, 0)
  const request = followBoot(discover, 'ual', 4_000)
  t.equal(request.startedAtMs, 0)
  t.equal(request.generation, 'ual')
  const asked = followRequest(request, file(`CTLSEP${MAC}.tlv`), 5_000).boot
  t.equal(followBoot(asked, null, 90_000).startedAtMs, 90_000, 'the next start is another')
})

t.test('keeps the order in which files were last asked for', async (t) => {
  const names = ['SIPDefault.cnf', 'P0S3-8-12-00.loads', 'SIPDefault.cnf']
  const boot = aBoot(names)
  t.same(boot.asked, ['loads', 'sip-default'])
  t.equal(boot.loads, 'P0S3-8-12-00')
})

t.test('counts how each image went', async (t) => {
  let boot = aBoot(['P0S3-06-3-00.sbn'])
  t.same(boot.images, [{ file: 'P0S3-06-3-00.sbn', completed: 0, failed: 0 }])
  boot = readImage(boot, 'P0S3-06-3-00.sbn', 'failed')
  boot = readImage(boot, 'P0S3-06-3-00.sbn', 'completed')
  t.same(boot.images, [{ file: 'P0S3-06-3-00.sbn', completed: 1, failed: 1 }])
})

t.test('a file that was missing and then arrived is no longer missing', async (t) => {
  const missing = readAbsence(aBoot(['SIPDefault.cnf']), `SIP${MAC}.cnf`)
  t.same(readFile(missing, `SIP${MAC}.cnf`, 'failed').absent, [`SIP${MAC}.cnf`])
  t.same(readFile(missing, `SIP${MAC}.cnf`, 'completed').absent, [])
})

t.test('software that runs on asks from the next port', async (t) => {
  const { boot } = followRequest(null, file('OS79XX.TXT'), 0, { port: 50_000 })
  t.equal(continuesPorts(boot, 50_001), true)
  t.equal(continuesPorts(boot, 50_000), true)
  t.equal(continuesPorts(boot, 50_005), false)
  t.equal(continuesPorts(boot, 49_999), false)
  t.equal(continuesPorts(boot, null), false)
  t.equal(continuesPorts(null, 50_001), false)
})

t.test('a phone that asks for a thousand names fills no table', async (t) => {
  let boot = beginBoot(0, null)
  for (let index = 0; index < 1_000; index++) {
    boot = readAbsence(boot, `x${index}`)
    boot = readImage(boot, `x${index}.bin`, 'begun')
  }
  t.equal(boot.absent.length, 32)
  t.equal(boot.images.length, 32)
  t.equal(readAbsence(boot, 'x1'), boot, 'a name is kept once')
})
