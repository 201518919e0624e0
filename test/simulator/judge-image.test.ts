import t from 'tap'
import { judgeApplication, judgeImage } from '../../src/simulator/judge-image.ts'
import { flashRunning, flashWithLoader } from '../../src/simulator/phone-flash.ts'
import { DEFAULT_QUIRKS, type PhoneQuirks } from '../../src/simulator/phone-quirks.ts'
import { SIGNATURE_HEADER_BYTES, signImage } from '../../src/simulator/signed-image.ts'
import { makeFirmwareSet } from '../../src/simulator/synthetic-firmware.ts'

type StepRules = PhoneQuirks['ladder']
const aPhone = (load: string, ladder: StepRules = 'document-5455') => ({
  flash: flashRunning(load),
  quirks: { ...DEFAULT_QUIRKS, ladder },
})
const file = (load: string, name: string) => makeFirmwareSet(load).get(name) as Uint8Array

/** The image that a phone of `from` would ask for on its way to `load`. */
const offered = (from: string, load: string) => {
  const signed = flashRunning(from).generation === 'ual' || /^P0(?:S3-0[56]|0305)/.test(from)
  const stem =
    load.startsWith('P0S3-0') && !/^P0S3-0[78]/.test(load)
      ? load
      : load.replace(/^P0S3-(0[78]|8)/, 'P003-$1')
  const name = `${stem}.${signed ? 'sbn' : 'bin'}`
  return { name, bytes: file(load, name) }
}

t.test('steps that a phone goes along with', async (t) => {
  const both: readonly StepRules[] = ['document-5455', 'cme-guide']
  const first: readonly StepRules[] = ['document-5455']
  const cases = [
    { from: 'P00305000200', to: 'P0S3-06-3-00', acceptedBy: both },
    { from: 'P00305000200', to: 'P0S3-07-4-00', acceptedBy: both },
    { from: 'P00305000200', to: 'P00308000500', acceptedBy: both },
    { from: 'P00303010102', to: 'P0S30203', acceptedBy: both },
    { from: 'P00303010102', to: 'P00305000200', acceptedBy: both },
    { from: 'P00303010102', to: 'P0S3-06-3-00', acceptedBy: first },
    { from: 'P00303010102', to: 'P0S3-07-4-00', acceptedBy: first },
    { from: 'P0S30203', to: 'P0S3-04-4-00', acceptedBy: both },
    { from: 'P0S30203', to: 'P0S3-06-3-00', acceptedBy: first },
    { from: 'P0S3-04-4-00', to: 'P0S3-05-3-00', acceptedBy: both },
    { from: 'P0S3-04-4-00', to: 'P0S3-07-4-00', acceptedBy: [] },
    { from: 'P0S3-05-3-00', to: 'P0S3-07-4-00', acceptedBy: first },
    { from: 'P0S3-06-3-00', to: 'P0S3-07-4-00', acceptedBy: both },
    { from: 'P0S3-06-3-00', to: 'P00305000200', acceptedBy: first },
    { from: 'P0S3-06-3-00', to: 'P00308000500', acceptedBy: first },
    { from: 'P0S3-04-4-00', to: 'P00305000200', acceptedBy: both },
    { from: 'P0S3-07-4-00', to: 'P00308000500', acceptedBy: both },
  ]
  for (const { from, to, acceptedBy } of cases) {
    for (const ladder of both) {
      const image = offered(from, to)
      const verdict = judgeImage(aPhone(from, ladder), image.name, image.bytes)
      const wanted = acceptedBy.includes(ladder) ? 'accepted' : 'refused'
      t.equal(verdict.kind, wanted, `${from} to ${to} by ${ladder}`)
    }
  }
})

t.test('Cisco document 5455: from 5.0 on an unsigned image fails its authentication', async (t) => {
  const plain = file('P0S3-06-3-00', 'P0S3-06-3-00.bin')
  const verdict = judgeImage(aPhone('P00305000200'), 'P0S3-06-3-00.sbn', plain)
  t.same(verdict, { kind: 'refused', reason: 'not signed', screen: 'Image Authentication Failed' })
})

t.test('a signed image under another name, or damaged, fails its authentication', async (t) => {
  const signed = file('P0S3-06-3-00', 'P0S3-06-3-00.sbn')
  const renamed = judgeImage(aPhone('P00305000200'), 'P0S3-06-0-00.sbn', signed)
  t.match(renamed, { reason: 'signed as P0S3-06-3-00.sbn', screen: 'Image Authentication Failed' })
  const damaged = signed.slice()
  damaged[5_000] = (damaged[5_000] ?? 0) ^ 0x80
  t.match(judgeImage(aPhone('P00305000200'), 'P0S3-06-3-00.sbn', damaged), { reason: 'damaged' })
})

t.test('Cisco document 5455: there is no way back below 5.0', async (t) => {
  const old = signImage('P0S30203.sbn', file('P0S30203', 'P0S30203.bin'))
  t.match(judgeImage(aPhone('P00305000200'), 'P0S30203.sbn', old), {
    kind: 'refused',
    reason: 'from 5.0 on there is no way back below 5.0',
    screen: 'Load ID Incorrect',
  })
})

t.test('a phone below 5.0 takes a signed image for what is in it', async (t) => {
  const signed = file('P00305000200', 'P00305000200.sbn')
  t.match(judgeImage(aPhone('P00303010102'), 'P00305000200.bin', signed), { kind: 'accepted' })
})

t.test('what holds no load of SCCP or SIP is no image', async (t) => {
  const mgcp = file('P0M3-06-1-00', 'P0M3-06-1-00.sbn')
  const cases = [
    { name: 'x.bin', bytes: new Uint8Array(0) },
    { name: 'x.bin', bytes: new Uint8Array(4_096).fill(0xaa) },
    { name: 'P0M3-06-1-00.bin', bytes: mgcp.slice(SIGNATURE_HEADER_BYTES) },
  ]
  for (const { name, bytes } of cases) {
    t.match(judgeImage(aPhone('P00303010102'), name, bytes), {
      kind: 'refused',
      reason: 'no load of ours',
    })
  }
})

t.test('the application of a set alone does not run', async (t) => {
  const alone = file('P0S3-07-5-00', 'P0S3-07-5-00.sb2').slice(SIGNATURE_HEADER_BYTES)
  const verdict = judgeImage(aPhone('P00303010102'), 'P0S3-07-5-00.bin', alone)
  t.match(verdict, { kind: 'refused', reason: 'an application without its loader' })
})

t.test('a loader forgets what was typed in; a whole image does not', async (t) => {
  const manual = { alternateTftp: 1 as never }
  const phone = { flash: flashRunning('P00305000200', manual), quirks: DEFAULT_QUIRKS }
  const loader = judgeImage(phone, 'P003-8-12-00.sbn', file('P0S3-8-12-00', 'P003-8-12-00.sbn'))
  t.match(loader, {
    kind: 'accepted',
    part: 'loader',
    flash: { load: null, manual: { alternateTftp: null } },
  })
  const whole = judgeImage(phone, 'P0S3-06-3-00.sbn', file('P0S3-06-3-00', 'P0S3-06-3-00.sbn'))
  t.match(whole, { kind: 'accepted', part: 'whole', flash: { manual } })
})

t.test('a loader takes an application of either protocol, and nothing else', async (t) => {
  const empty = flashWithLoader(flashRunning('P00305000200'), 'P003-8-12-00')
  const sccp = judgeApplication(empty, 'P00308000500.sb2', file('P00308000500', 'P00308000500.sb2'))
  t.match(sccp, { kind: 'accepted', flash: { load: 'P00308000500', loader: 'P003-8-12-00' } })
  const whole = signImage('P0S3-06-3-00.sb2', file('P0S3-06-3-00', 'P0S3-06-3-00.bin'))
  t.match(judgeApplication(empty, 'P0S3-06-3-00.sb2', whole), { reason: 'no application of ours' })
  t.match(judgeApplication(empty, 'x.sb2', new Uint8Array(9)), { reason: 'not signed' })
})

t.test('flash of a load that no phone of ours runs cannot be made', async (t) => {
  for (const load of ['P0M3-06-1-00', 'P003-8-12-00', 'POS30203']) {
    t.throws(() => flashRunning(load), RangeError, load)
  }
})
