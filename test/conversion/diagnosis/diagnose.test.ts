import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type AddressState, NO_ADDRESS_YET } from '../../../src/conversion/address-state.ts'
import {
  type BootState,
  readAbsence,
  readFile,
  readImage,
} from '../../../src/conversion/boot-state.ts'
import { DIAGNOSES, diagnose } from '../../../src/conversion/diagnosis/diagnose.ts'
import type { StepTrace } from '../../../src/conversion/diagnosis/step-trace.ts'
import { NO_FACTS } from '../../../src/conversion/step-facts.ts'
import {
  aBoot,
  aStep,
  aTrace,
  MAC,
  SCCP_5_0,
  SCCP_8_0,
  SIP_6_3,
  SIP_8_12,
} from '../../support/conversion-builders.ts'
import { ROOT } from '../../support/source-files.ts'

const asked = aBoot(['OS79XX.TXT', `SEP${MAC}.cnf.xml`])
const deaf = aBoot([])
const fetching = aStep({
  stage: 'fetching',
  progress: { file: 'P0S3-06-3-00.sbn', bytes: 512, of: 1_024 },
})

const once = {
  ...NO_FACTS,
  whole: [{ file: 'P0S3-06-3-00.sbn', times: 1, atMs: 0 }],
}
const refused = (times: number) =>
  aStep({
    facts: {
      ...NO_FACTS,
      whole: [{ file: 'P0S3-06-3-00.sbn', times, atMs: 0 }],
      refused: 'P0S3-06-3-00.sbn',
    },
  })

const CASES: readonly { why: string; trace: Partial<StepTrace>; code: string | null }[] = [
  { why: 'two whole transfers for nothing', trace: { step: refused(2) }, code: 'image-refused' },
  {
    why: 'one whole transfer, and the old application behind it',
    trace: { step: refused(1) },
    code: 'image-refused',
  },
  { why: 'one whole transfer', trace: { step: aStep({ facts: once }) }, code: null },
  { why: 'three broken ones', trace: { brokenTransfers: 3 }, code: 'transfer-broken' },
  { why: 'two broken ones', trace: { brokenTransfers: 2 }, code: null },
  {
    why: 'an image of another load',
    trace: { boot: readAbsence(asked, 'P0S3-07-4-00.bin') },
    code: 'image-absent',
  },
  {
    why: 'CTLSEP is absent in every healthy boot',
    trace: { boot: readAbsence(asked, `CTLSEP${MAC}.tlv`) },
    code: null,
  },
  {
    why: 'an image asked for while the right one is being flashed',
    trace: {
      step: aStep({ stage: 'flashing' }),
      boot: readAbsence(asked, 'P0S3-07-4-00.bin'),
    },
    code: null,
  },
  {
    why: 'an address, then silence',
    trace: { boot: deaf, nowMs: 60_000 },
    code: 'dhcp-without-tftp',
  },
  { why: 'an address, just now', trace: { boot: deaf, nowMs: 59_999 }, code: null },
  {
    why: 'silence of a phone that waits for its power-cycle',
    trace: { step: aStep(), boot: deaf, nowMs: 60_000 },
    code: null,
  },
  {
    why: 'files read, no image asked for',
    trace: { boot: asked, nowMs: 91_000 },
    code: 'trigger-ignored',
  },
  {
    why: 'files read at once, after minutes without an address',
    trace: { boot: { ...asked, startedAtMs: -300_000 }, nowMs: 2_000 },
    code: null,
  },
  { why: 'files read, early', trace: { boot: asked, nowMs: 90_999 }, code: null },
  {
    why: 'files read, image asked for',
    trace: { boot: readImage(asked, 'P0S3-06-3-00.sbn', 'begun'), nowMs: 91_000 },
    code: null,
  },
  {
    why: 'a transfer without an end',
    trace: { step: fetching, lastEventAtMs: 10_000, nowMs: 70_000 },
    code: 'transfer-silent',
  },
  {
    why: 'the same, nothing fetched yet and no event after a restart',
    trace: { step: { ...fetching, progress: null }, nowMs: 60_000 },
    code: 'transfer-silent',
  },
  {
    why: 'a slow transfer',
    trace: { step: fetching, lastEventAtMs: 10_001, nowMs: 70_000 },
    code: null,
  },
  {
    why: 'flashed, and dark for ten minutes',
    trace: { step: aStep({ stage: 'flashing' }), nowMs: 600_000 },
    code: 'no-reboot',
  },
  {
    why: 'flashed, and still busy',
    trace: { step: aStep({ stage: 'flashing' }), nowMs: 599_999 },
    code: null,
  },
]

const OF_MGCP = `MGC${MAC}.cnf`
const CTLSEP = `CTLSEP${MAC}.tlv`
const SEP = `SEP${MAC}.cnf.xml`
const SIP = `SIP${MAC}.cnf`
const HUNT = [CTLSEP, SEP, SIP, 'XMLDefault.cnf.xml', 'SIPDefault.cnf']
const LOADS = 'P0S3-8-12-00.loads'
const absent = (names: readonly string[], which: readonly string[] = names) =>
  which.reduce(readAbsence, aBoot(names))
const withAddress = (address: Partial<AddressState>) => ({
  ...deaf,
  address: { ...NO_ADDRESS_YET, ...address },
})
const unheard = (times: number, boot = asked) =>
  Array.from({ length: times }).reduce<BootState>(
    (before) => readFile(before, 'OS79XX.TXT', 'unheard'),
    boot,
  )
const loaderBroke = readImage(
  aBoot([CTLSEP, SEP, LOADS, 'P0S3-8-12-00.sb2', 'SIPDefault.cnf']),
  'P0S3-8-12-00.sb2',
  'failed',
)
const sip8 = { step: aStep({ stage: 'booting', method: 'ual' }), target: SIP_8_12 } as const
const broken = { brokenTransfers: 3, boot: asked } as const

const MORE: typeof CASES = [
  {
    why: 'old SCCP gives a SIP image up',
    trace: { ...broken, running: 'P00303030300' },
    code: 'refuses-newer-sip',
  },
  { why: 'so does a phone that nobody knows', trace: broken, code: 'refuses-newer-sip' },
  {
    why: 'SCCP 5.x refuses no SIP image',
    trace: { ...broken, running: 'P00305000300' },
    code: 'transfer-broken',
  },
  { why: 'a name that is none', trace: { ...broken, running: '?' }, code: 'transfer-broken' },
  {
    why: 'SIP 2.3 is what old phones take',
    trace: { ...broken, target: { ...SIP_6_3, load: 'P0S30203' } },
    code: 'transfer-broken',
  },
  {
    why: 'no load at all',
    trace: { ...broken, target: { ...SIP_6_3, load: '?' } },
    code: 'transfer-broken',
  },
  { why: 'an SCCP image', trace: { ...broken, target: SCCP_5_0 }, code: 'transfer-broken' },
  {
    why: 'the network refuses, not the phone',
    trace: { ...broken, boot: unheard(1) },
    code: 'transfer-broken',
  },
  {
    why: 'the old application runs behind an image that arrived whole',
    trace: { ...sip8, suspectedSinceMs: 44_000, nowMs: 119_000 },
    code: 'old-application',
  },
  {
    why: 'the same, and the phone may still come back for the image',
    trace: { ...sip8, suspectedSinceMs: 44_000, nowMs: 118_999 },
    code: null,
  },
  {
    why: 'three starts that lead nowhere',
    trace: { ...sip8, step: aStep({ facts: { ...NO_FACTS, starts: 3 } }) },
    code: 'boot-loop',
  },
  {
    why: 'two starts that lead nowhere',
    trace: { ...sip8, step: aStep({ facts: { ...NO_FACTS, starts: 2 } }) },
    code: null,
  },
  { why: 'three transfers unheard', trace: { boot: unheard(3) }, code: 'replies-unheard' },
  { why: 'two transfers unheard', trace: { boot: unheard(2) }, code: null },
  {
    why: 'a Java phone',
    trace: { boot: aBoot(['term41.default.loads']) },
    code: 'other-model',
  },
  { why: 'MGCP', trace: { boot: aBoot(['OS79XX.TXT', OF_MGCP]) }, code: 'mgcp-phone' },
  {
    why: 'a loader hunts for MGCP as well',
    trace: { ...sip8, boot: aBoot([CTLSEP, OF_MGCP]) },
    code: null,
  },
  {
    why: 'letter O',
    trace: { boot: absent(['OS79XX.TXT'], ['POS3-06-3-00.bin']) },
    code: 'misspelt-image',
  },
  {
    why: 'an extension too many',
    trace: { boot: absent(['OS79XX.TXT'], ['P0S3-06-3-00.bin.bin']) },
    code: 'misspelt-image',
  },
  {
    why: 'another spelling of 8.12',
    trace: { boot: absent(['OS79XX.TXT'], ['P0S3-08-12-00.bin']) },
    code: 'misspelt-image',
  },
  {
    why: 'the image of this step is not there',
    trace: { boot: absent(['OS79XX.TXT'], ['P0S3-06-3-00.bin']) },
    code: 'firmware-incomplete',
  },
  {
    why: '.loads of this step is not there',
    trace: { ...sip8, boot: absent([CTLSEP, SEP, LOADS], [LOADS]) },
    code: 'firmware-incomplete',
  },
  {
    why: 'it is being flashed',
    trace: {
      step: aStep({ stage: 'flashing' }),
      boot: absent(['OS79XX.TXT'], ['P0S3-06-3-00.bin']),
    },
    code: null,
  },
  {
    why: 'the loader failed, the old application runs',
    trace: { ...sip8, boot: loaderBroke },
    code: 'loader-gave-up',
  },
  {
    why: 'the loader got it at its second try',
    trace: { ...sip8, boot: readImage(loaderBroke, 'P0S3-8-12-00.sb2', 'completed') },
    code: null,
  },
  {
    why: 'SIPDefault.cnf cut by SIP 2.x',
    trace: {
      boot: readFile(aBoot(['OS79XX.TXT', 'SIPDefault.cnf']), 'SIPDefault.cnf', 'failed'),
    },
    code: 'buffer-full',
  },
  {
    why: 'SIPDefault.cnf arrived',
    trace: { boot: readFile(asked, 'SIPDefault.cnf', 'completed') },
    code: null,
  },
  {
    why: 'SIPDefault.cnf unheard',
    trace: { boot: readFile(asked, 'SIPDefault.cnf', 'unheard') },
    code: null,
  },
  {
    why: 'SIPDefault.cnf cut behind a loader',
    trace: { ...sip8, boot: readFile(aBoot([CTLSEP, SEP]), 'SIPDefault.cnf', 'failed') },
    code: null,
  },
  {
    why: 'the dial plan is cut twice',
    trace: {
      boot: readFile(readFile(asked, 'dialplan.xml', 'failed'), 'dialplan.xml', 'failed'),
    },
    code: 'configuration-cut',
  },
  {
    why: 'the dial plan is cut once',
    trace: { boot: readFile(asked, 'dialplan.xml', 'failed') },
    code: null,
  },
  {
    why: 'a ring tone is cut twice',
    trace: { boot: readFile(readFile(asked, 'r.pcm', 'failed'), 'r.pcm', 'failed') },
    code: null,
  },
  {
    why: 'no address',
    trace: {
      step: aStep(),
      boot: withAddress({ ignored: 3, ignoredBecause: 'no-free-address' }),
    },
    code: 'no-address',
  },
  {
    why: 'two messages lost',
    trace: { boot: withAddress({ ignored: 2, ignoredBecause: 'no-free-address' }) },
    code: null,
  },
  {
    why: 'three addresses declined',
    trace: { boot: withAddress({ declined: 3 }) },
    code: 'address-declined',
  },
  { why: 'two addresses declined', trace: { boot: withAddress({ declined: 2 }) }, code: null },
  {
    why: 'four offers, no request',
    trace: { boot: withAddress({ offers: 4 }) },
    code: 'offer-not-taken',
  },
  { why: 'three offers, no request', trace: { boot: withAddress({ offers: 3 }) }, code: null },
  {
    why: 'a loader loops',
    trace: { ...sip8, boot: aBoot(Array.from({ length: 8 }, () => CTLSEP)) },
    code: 'ctlsep-loop',
  },
  {
    why: 'a loader asks seven times',
    trace: { ...sip8, boot: aBoot(Array.from({ length: 7 }, () => CTLSEP)) },
    code: null,
  },
  {
    why: 'SEPDefault.cnf again and again',
    trace: {
      boot: aBoot(['OS79XX.TXT', ...Array.from({ length: 4 }, () => 'SEPDefault.cnf')]),
    },
    code: 'old-default-loop',
  },
  {
    why: 'SEPDefault.cnf three times',
    trace: {
      boot: aBoot(['OS79XX.TXT', ...Array.from({ length: 3 }, () => 'SEPDefault.cnf')]),
    },
    code: null,
  },
  { why: 'nothing names a load', trace: { ...sip8, boot: absent(HUNT) }, code: 'no-load-named' },
  {
    why: 'one file names a load',
    trace: { ...sip8, boot: absent(HUNT, HUNT.slice(2)) },
    code: null,
  },
  {
    why: 'SIP without a file of its own',
    trace: { boot: absent(['OS79XX.TXT', 'SIPDefault.cnf', SIP, 'RINGLIST.DAT'], [SIP]) },
    code: 'unprovisioned',
  },
  {
    why: 'a loader looks for it on its way to SCCP',
    trace: { ...sip8, target: SCCP_8_0, boot: absent([CTLSEP, SEP, SIP], [SIP]) },
    code: null,
  },
  {
    why: 'silence behind the first file',
    trace: { boot: aBoot(['OS79XX.TXT']), nowMs: 95_000 },
    code: 'went-silent',
  },
  {
    why: 'silence in a transfer',
    trace: { boot: unheard(1), nowMs: 95_000 },
    code: 'went-silent',
  },
  { why: 'the same, early', trace: { boot: unheard(1), nowMs: 80_000 }, code: null },
  {
    why: 'silence behind an image that never came',
    trace: {
      boot: readImage(aBoot(['OS79XX.TXT']), 'P0S3-06-3-00.bin', 'unheard'),
      nowMs: 95_000,
    },
    code: 'went-silent',
  },
  {
    why: 'XML read, nothing behind it',
    trace: { ...sip8, boot: aBoot([CTLSEP, SEP]), nowMs: 62_000 },
    code: 'configuration-unusable',
  },
  {
    why: 'XML read, just now',
    trace: { ...sip8, boot: aBoot([CTLSEP, SEP]), nowMs: 60_000 },
    code: null,
  },
  {
    why: 'the trust list, just now',
    trace: { ...sip8, boot: aBoot([CTLSEP]), nowMs: 62_000 },
    code: null,
  },
  {
    why: 'SIP reads a long name in OS79XX.TXT and skips it',
    trace: {
      step: aStep({ stage: 'booting', method: 'os79xx' }),
      target: { ...SCCP_5_0, load: 'P00303030300' },
      boot: aBoot(['OS79XX.TXT', 'SIPDefault.cnf']),
      nowMs: 91_000,
    },
    code: 'name-too-long',
  },
  {
    why: 'the same, early',
    trace: {
      target: { ...SCCP_5_0, load: 'P00303030300' },
      boot: aBoot(['OS79XX.TXT', 'SIPDefault.cnf']),
      nowMs: 90_999,
    },
    code: null,
  },
  {
    why: 'SIP that was said to be SCCP',
    trace: {
      running: 'P00303030300',
      boot: aBoot(['OS79XX.TXT', 'SIPDefault.cnf']),
      nowMs: 91_000,
    },
    code: 'other-protocol',
  },
  {
    why: 'SCCP that was said to be SIP',
    trace: { running: 'P0S3-04-4-00', boot: asked, nowMs: 91_000 },
    code: 'other-protocol',
  },
  {
    why: 'a name that nobody can read',
    trace: { running: '?', boot: asked, nowMs: 91_000 },
    code: 'trigger-ignored',
  },
  {
    why: 'a loader that should not be there',
    trace: {
      ...sip8,
      running: 'P00305000300',
      boot: aBoot([CTLSEP, SEP, LOADS]),
      nowMs: 91_000,
    },
    code: 'other-generation',
  },
  {
    why: 'a loader that should be there',
    trace: { running: 'P0S3-07-4-00', boot: asked, nowMs: 91_000 },
    code: 'other-generation',
  },
  {
    why: 'a boot that names no protocol says nothing against the load',
    trace: { running: 'P00305000300', boot: aBoot(['OS79XX.TXT', 'OS79XX.TXT']), nowMs: 91_000 },
    code: 'trigger-ignored',
  },
  {
    why: 'the load that it was said to run',
    trace: { running: 'P00305000300', boot: asked, nowMs: 91_000 },
    code: 'trigger-ignored',
  },
  {
    why: 'started again, and no proof',
    trace: { step: aStep({ stage: 'rebooting' }), nowMs: 600_000 },
    code: 'not-confirmed',
  },
  {
    why: 'started again, early',
    trace: { step: aStep({ stage: 'rebooting' }), nowMs: 599_999 },
    code: null,
  },
]

for (const { why, trace, code } of [...CASES, ...MORE]) {
  t.test(`${why}: ${code ?? 'healthy'}`, async (t) => {
    const found = diagnose(aTrace(trace))
    t.equal(found?.code ?? null, code)
    if (found === null) return
    for (const text of [found.seen, found.cause, found.remedy, found.source]) t.ok(text.length > 20)
  })
}

t.test('says how far a silent transfer came', async (t) => {
  const found = diagnose(aTrace({ step: fetching, lastEventAtMs: 0, nowMs: 60_000 }))
  t.match(found?.seen, 'after 512 of 1024 bytes')
})

t.test('every diagnosis has a trace that proves it, and a row in the document', async (t) => {
  const proved = new Set([...CASES, ...MORE].flatMap(({ code }) => code ?? []))
  const folder = join(ROOT, 'src/conversion/diagnosis')
  const source = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
  const codes = [
    ...new Set(Array.from(source.join('').matchAll(/^ +code: '([\w-]+)'/gm), ([, code]) => code)),
  ].sort()
  t.equal(DIAGNOSES.length, codes.length)
  t.same([...proved].sort(), codes)
  const rows = readFileSync(join(ROOT, 'docs/diagnoses.md'), 'utf8').matchAll(
    /^\| `([\w.-]+)` \|/gm,
  )
  t.same(Array.from(rows, ([, code]) => code).sort(), codes)
})

t.test('the document says what the code says', async (t) => {
  const text = readFileSync(join(ROOT, 'docs/diagnoses.md'), 'utf8')
  for (const { why, trace, code } of [...CASES, ...MORE]) {
    const found = diagnose(aTrace(trace))
    if (found === null) continue
    const row = text.split('\n').find((line) => line.startsWith(`| \`${code}\` |`))
    t.ok(row?.includes(found.remedy), `${why}: remedy of ${code}`)
    t.ok(row?.includes(found.source), `${why}: source of ${code}`)
  }
})

// Messages of the display by Cisco document 5455 and the SIP IP phone administrator guides.
const ON_THE_DISPLAY = [
  'Protocol Application Invalid',
  'Image Authentication Failed',
  'No Load Specified',
  'Phone Unprovisioned (W362)',
  'W210',
  'W220',
  'W250',
  'W260',
  'W261',
  'W270',
  'W365',
  'W366',
  'W710',
  'TFTP Size Error',
  'Load ID Incorrect',
  'TFTP Timeout',
  'Configuring IP',
  'Upgrading Software',
]
const NO_DIAGNOSIS = [
  'W310',
  'W320',
  'W330',
  'W340',
  'CFG File Not Found',
  'Defaulting CM to TFTP Server',
  'Configuring CM List',
]

t.test('every message of the display leads to a diagnosis, or is said to need none', async (t) => {
  const text = readFileSync(join(ROOT, 'docs/diagnoses.md'), 'utf8')
  const [rows = '', others = ''] = text
    .slice(text.indexOf('## From the display to the code'))
    .split('Some messages leave no trace')
  const known = new Set([...CASES, ...MORE].map(({ code }) => code))
  const table = rows.split('\n').filter((line) => line.includes('`'))
  for (const row of table) {
    for (const [, code = ''] of row.matchAll(/`([\w-]+)`/g)) t.ok(known.has(code), row)
  }
  for (const shown of ON_THE_DISPLAY)
    t.ok(
      table.some((row) => row.includes(shown)),
      shown,
    )
  for (const shown of NO_DIAGNOSIS) t.ok(others.includes(shown), shown)
})

t.test(
  'a cause names what the display shows, where the document or the image has the text',
  async (t) => {
    const shown: Readonly<Record<string, readonly string[]>> = {
      'dhcp-without-tftp': ['TFTP Timeout', 'Protocol Application Invalid', 'W261', 'W365', 'W366'],
      'image-refused': ['Image Authentication Failed', 'Load ID Incorrect', 'Upgrading Software'],
    }
    for (const [code, messages] of Object.entries(shown)) {
      const given = [...CASES, ...MORE].find((one) => one.code === code)
      const found = given === undefined ? null : diagnose(aTrace(given.trace))
      for (const message of messages) t.ok(found?.cause.includes(message), `${code}: ${message}`)
    }
  },
)
