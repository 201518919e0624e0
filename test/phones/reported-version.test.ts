import t from 'tap'
import { planConversion } from '../../src/phones/conversion-plan.ts'
import { parseFirmwareName } from '../../src/phones/firmware-name.ts'
import { readReportedVersion } from '../../src/phones/reported-version.ts'

t.test('a version as displays, archives and forums write it names the loads', async (t) => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    // Both protocols have had it; of an inexact SCCP release the known ones are named, too.
    '7.2': ['P0S3-07-2-00', 'P00307020000', 'P0030702T023', 'P00307020300'],
    '2.3': ['P0S30203', 'P00302030000'],
    // What a display shows, and what Cisco prints.
    '8.1(2.0)': ['P00308010200'],
    'Version 8.1(2.0)': ['P00308010200'],
    '8.0(5)': ['P00308000500'],
    '5.0(1.1)': ['P00305000101'],
    ' 8.0.10 ': ['P00308001000'],
    '8.1(2)SR2': ['P0030801SR02'],
    '8.1(2)_SR2': ['P0030801SR02'],
    '8.1(2) SR2': ['P0030801SR02'],
    'cmterm-7940-7960-sccp.8-1-2': ['P00308010200'],
    'cmterm-7940-7960-sccp.8-1-2-SR2.zip': ['P0030801SR02'],
    // SCCP never had 8.12.
    '8.12': ['P0S3-8-12-00'],
    'v8.12': ['P0S3-8-12-00'],
    '8-12-00': ['P0S3-8-12-00'],
    '8.12(0)': ['P0S3-8-12-00'],
    'SIP 8.12': ['P0S3-8-12-00'],
    'sip8.12': ['P0S3-8-12-00'],
    'P0S3-08-12': ['P0S3-8-12-00'],
    'SIP 2.1': ['P0S30201'],
    'SIP 7.5.1': ['P0S3-07-5-01'],
    'P003 8.0(9)': ['P00308000900'],
    // What a SIP phone says of itself in its requests.
    'Cisco-CP7960G/8.0': ['P0S3-08-0-00'],
    'CSCO/7': ['P0S3-07-1-00', 'P0S3-07-2-00', 'P0S3-07-4-00', 'P0S3-07-5-00'],
    'SCCP 3.x': ['P00303010102', 'P00303020209', 'P00303030300'],
    '8.1(x)': ['P0S3-08-1-00', 'P00308010000', 'P00308010200', 'P0030801SR02'],
  }
  for (const [text, loads] of Object.entries(cases)) {
    t.same(readReportedVersion(text), { kind: 'loads', loads }, text)
  }
  t.match(readReportedVersion('8'), { loads: /P0S3-8-12-00.*P00308010200/ })
})

t.test('releases of other models, and what is no version', async (t) => {
  for (const text of ['8.5.4s', '8-5-4S', '9.2(1)S']) {
    t.match(readReportedVersion(text), { kind: 'other-model', why: /7941/ }, text)
  }
  for (const text of ['9.4(2)', 'SCCP 8.12', '8.12 SR1', '8.5(4)', '8.12.1']) {
    t.match(readReportedVersion(text), { kind: 'other-model', why: /last ones/ }, text)
  }
  for (const text of ['latest', 'windows 7.2', '', '7.2 or so', '7.2.3.4.5']) {
    t.equal(readReportedVersion(text), undefined, text)
  }
})

t.test('a long text is read in no time', async (t) => {
  for (const text of ['sip '.repeat(16), `${'7-'.repeat(31)}x`, ' '.repeat(64)]) {
    t.equal(parseFirmwareName(text).kind, 'bad')
  }
})

t.test('a plan says which loads a version may mean', async (t) => {
  const planned = (from: string) =>
    planConversion({
      model: null,
      from,
      to: 'P0S3-8-12-00',
      path: 'cautious',
      available: 'everything',
    })
  t.match(planned('7.2'), {
    code: 'from-not-a-load',
    reason: /7\.2 is a release/,
    remedy: 'Did you mean P0S3-07-2-00, P00307020000, P0030702T023 or P00307020300?',
  })
  t.match(planned('8.1(2.0)'), { remedy: 'Did you mean P00308010200?' })
  t.match(planned('8.5.4s'), { reason: /8\.5\.4s is written as releases of the 7941/ })
})
