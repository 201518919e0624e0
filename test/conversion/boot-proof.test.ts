import t from 'tap'
import { bootProof } from '../../src/conversion/boot-proof.ts'
import { readAbsence, readFile } from '../../src/conversion/boot-reading.ts'
import {
  aReading,
  MAC,
  SCCP_5_0,
  SCCP_8_0,
  SIP_6_3,
  SIP_8_12,
} from '../support/conversion-builders.ts'

const CTLSEP = `CTLSEP${MAC}.tlv`
const SEP = `SEP${MAC}.cnf.xml`
const SIP = `SIP${MAC}.cnf`

t.test('a boot proves the target, or does not', async (t) => {
  const cases = [
    {
      why: 'SIP 8.12: .loads read, application started',
      target: SIP_8_12,
      asked: [CTLSEP, SEP, 'P0S3-8-12-00.loads', 'SIPDefault.cnf'],
      proof: 'running',
    },
    {
      why: 'SIP 8.12: only the loader has spoken yet',
      target: SIP_8_12,
      asked: [CTLSEP, SEP, 'P0S3-8-12-00.loads'],
      proof: 'undecided',
    },
    {
      why: 'SIP 8.12: the loader fetches the application',
      target: SIP_8_12,
      asked: [CTLSEP, SEP, 'P0S3-8-12-00.loads', 'P0S3-8-12-00.sb2', 'SIPDefault.cnf'],
      proof: 'undecided',
    },
    {
      why: 'SIP 8.12: another load is named',
      target: SIP_8_12,
      asked: [CTLSEP, SEP, 'P0S3-07-5-00.loads', 'SIPDefault.cnf'],
      proof: 'undecided',
    },
    {
      why: 'SIP 8.12: the SIP file was asked by the loader, before .loads',
      target: SIP_8_12,
      asked: [CTLSEP, SEP, SIP, 'P0S3-8-12-00.loads'],
      proof: 'undecided',
    },
    {
      why: 'SIP 8.12: a pre-UAL phone cannot run it',
      target: SIP_8_12,
      asked: ['OS79XX.TXT', 'SIPDefault.cnf', SIP, 'RINGLIST.DAT'],
      proof: 'undecided',
    },
    {
      why: 'SIP 6.3: configured, content, goes on to its ring list',
      target: SIP_6_3,
      asked: ['OS79XX.TXT', 'SIPDefault.cnf', SIP, 'RINGLIST.DAT'],
      proof: 'running',
    },
    {
      why: 'SIP 6.3: configured, may still ask for an image',
      target: SIP_6_3,
      asked: ['OS79XX.TXT', 'SIPDefault.cnf', SIP],
      proof: 'running-if-quiet',
    },
    {
      why: 'SIP 6.3: an SCCP phone that skipped OS79XX.TXT',
      target: SIP_6_3,
      asked: ['OS79XX.TXT', SEP],
      proof: 'undecided',
    },
    {
      why: 'SIP 6.3: fetches the image',
      target: SIP_6_3,
      asked: ['OS79XX.TXT', 'P0S3-06-3-00.sbn'],
      proof: 'undecided',
    },
    {
      why: 'SIP 6.3: nothing tells the generation',
      target: SIP_6_3,
      asked: ['SIPDefault.cnf', SIP, 'RINGLIST.DAT'],
      proof: 'undecided',
    },
    {
      why: 'SCCP 5.0: reads its configuration',
      target: SCCP_5_0,
      asked: ['OS79XX.TXT', SEP],
      proof: 'running-if-quiet',
    },
    {
      why: 'SCCP 5.0: goes on to its ring list',
      target: SCCP_5_0,
      asked: ['OS79XX.TXT', SEP, 'RINGLIST.XML'],
      proof: 'running',
    },
    {
      why: 'SCCP 8.0: .loads read, then perhaps nothing more from TFTP',
      target: SCCP_8_0,
      asked: [CTLSEP, SEP, 'P00308000500.loads'],
      proof: 'running-if-quiet',
    },
    {
      why: 'SCCP 8.0: asks for its locale',
      target: SCCP_8_0,
      asked: [CTLSEP, SEP, 'P00308000500.loads', 'German_Germany/7960-font.xml'],
      proof: 'running',
    },
  ]
  for (const { why, target, asked, proof } of cases) {
    t.equal(bootProof(target, aReading(asked)).kind, proof, why)
  }
})

t.test('silence counts from the last request, or from the start', async (t) => {
  const reading = aReading(['OS79XX.TXT', 'SIPDefault.cnf', SIP])
  t.same(bootProof(SIP_6_3, reading), { kind: 'running-if-quiet', untilMs: 1_200 + 20_000 })
  const sccp = aReading([CTLSEP, SEP, 'P00308000500.loads'])
  t.same(bootProof(SCCP_8_0, sccp), { kind: 'running-if-quiet', untilMs: 1_200 + 48_000 })
})

t.test('a reading without a time counts its silence from the start of the boot', async (t) => {
  const reading = { ...aReading(['OS79XX.TXT', 'SIPDefault.cnf']), lastRequestAtMs: null }
  t.same(bootProof(SIP_6_3, reading), { kind: 'running-if-quiet', untilMs: 20_000 })
})

t.test('.loads that did not arrive proves nothing: the old application runs on', async (t) => {
  const loads = 'P0S3-8-12-00.loads'
  const asked = aReading([CTLSEP, SEP, loads, 'SIPDefault.cnf'])
  t.equal(bootProof(SIP_8_12, asked).kind, 'running')
  t.equal(bootProof(SIP_8_12, readAbsence(asked, loads)).kind, 'undecided')
  const broken = readFile(asked, loads, 'failed')
  t.equal(bootProof(SIP_8_12, broken).kind, 'undecided')
  t.equal(bootProof(SIP_8_12, readFile(broken, loads, 'completed')).kind, 'running')
  t.equal(bootProof(SIP_8_12, readAbsence(asked, 'P0S3-07-5-00.loads')).kind, 'running')
  t.equal(bootProof(SIP_8_12, readAbsence(asked, CTLSEP)).kind, 'running')
})

t.test('SEPDefault.cnf names no load: it proves the protocol, behind an image alone', async (t) => {
  const asked = aReading(['OS79XX.TXT', 'SEPDefault.cnf'])
  t.equal(bootProof(SCCP_5_0, asked).kind, 'undecided')
  t.equal(bootProof(SCCP_5_0, asked, true).kind, 'running-if-quiet')
  t.equal(bootProof(SIP_6_3, asked, true).kind, 'undecided')
})
