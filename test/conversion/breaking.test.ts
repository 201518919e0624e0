import t from 'tap'
import { ConversionJob } from '../../src/conversion/conversion-job.ts'
import {
  aConversion,
  aStep,
  MAC,
  SCCP_5_0,
  SCCP_8_0,
  SIP_6_3,
  SIP_8_12,
} from '../support/conversion-builders.ts'
import { ScriptedPhone } from '../support/scripted-phone.ts'

// Phones that broke an earlier form of the evidence: each of them was confirmed, or diagnosed, and should
// not have been. Found by scripted phones that went through every plan and were cut off at every second.

const SEP = `SEP${MAC}.cnf.xml`
const SIP = `SIP${MAC}.cnf`

t.test('a phone that is served nothing, because it is not what it is said to be', async (t) => {
  // Said to run SIP 8.12, and runs SCCP 3.3: it gets no configuration and goes on with what it has.
  const phone = new ScriptedPhone(SCCP_5_0, SIP_8_12.load)
  phone
    .ask(1, 'OS79XX.TXT', 'absent')
    .ask(2, SEP, 'absent')
    .ask(2.5, 'XMLDefault.cnf.xml', 'absent')
  phone.wait(200)
  t.equal(phone.confirmedAt, null)
  t.equal(phone.diagnosis, 'other-generation')
})

t.test('a configuration that is not there names no load', async (t) => {
  const phone = new ScriptedPhone(SIP_6_3, null)
  phone.ask(1, 'OS79XX.TXT', 'absent').ask(2, 'SIPDefault.cnf', 'absent').ask(2.5, SIP, 'absent')
  phone.wait(60)
  t.equal(phone.confirmedAt, null)
})

t.test('a phone that never gets its image whole has not refused .loads', async (t) => {
  const phone = new ScriptedPhone(SIP_8_12, 'P00308000500')
  for (let atS = 10; atS < 600; atS += 60) {
    phone
      .ask(atS, `CTLSEP${MAC}.tlv`, 'absent')
      .ask(atS + 0.5, SEP)
      .ask(atS + 1, 'P0S3-8-12-00.loads')
    phone.ask(atS + 3, 'P0S3-8-12-00.sb2', 'broken')
  }
  t.equal(phone.diagnosis, 'transfer-broken')
  t.equal(phone.reported.filter((event) => event === 'conversion.stalled').length, 1)
})

t.test('a start counts that ended by a power-cycle which DHCP saw', async (t) => {
  const phone = new ScriptedPhone(SCCP_5_0, 'P00303030300')
  const start = (atS: number) =>
    phone
      .dhcp(atS)
      .ask(atS + 1, 'OS79XX.TXT')
      .ask(atS + 2, SEP)
  start(1).ask(10, 'P00305000300.bin')
  start(60)
  start(75).wait(80)
  t.equal(phone.confirmedAt, null)
  phone.wait(82)
  t.equal(phone.confirmedAt, 81, 'the second start that asks for no image')
})

t.test('a phone that is cut off just ahead of asking for its image', async (t) => {
  const cut = new ScriptedPhone(SIP_6_3, 'P0S3-05-3-00')
  cut.ask(1, 'OS79XX.TXT').ask(2, 'SIPDefault.cnf').ask(2.5, SIP).wait(90)
  t.equal(
    cut.confirmedAt,
    null,
    'it is said to run another load, and asked for nothing of the target',
  )
  t.equal(cut.job.conversion.state, 'running')
  const goesOn = new ScriptedPhone(SIP_6_3, 'P0S3-05-3-00')
  goesOn.ask(1, 'OS79XX.TXT').ask(2, 'SIPDefault.cnf').ask(2.5, SIP).ask(3, 'RINGLIST.DAT').wait(24)
  t.equal(goesOn.confirmedAt, 23, 'it went on to what comes behind')
  const sccp = new ScriptedPhone(SCCP_8_0, 'P00307020300')
  sccp.ask(1, `CTLSEP${MAC}.tlv`, 'absent').ask(1.5, SEP).ask(2, 'P00308000500.loads').wait(200)
  t.equal(sccp.confirmedAt, null)
  // Its loader is in, and it is cut off ahead of the application's image.
  const between = new ScriptedPhone(SCCP_8_0, null)
  between.ask(1, `CTLSEP${MAC}.tlv`, 'absent').ask(1.5, SEP).ask(2, 'P00308000500.loads')
  between.ask(5, 'P00308000500.sbn').ask(33, `CTLSEP${MAC}.tlv`, 'absent').ask(33.5, SEP)
  between.ask(34, 'P00308000500.loads').wait(200)
  t.equal(between.confirmedAt, null)
})

t.test('a load that was proved a step ago is not the target without an image', async (t) => {
  const phone = new ScriptedPhone(SIP_8_12, 'P0S3-07-4-00', { load: 'P0S3-07-4-00' })
  phone.ask(1, `CTLSEP${MAC}.tlv`, 'absent').ask(1.5, SEP).ask(2, 'P0S3-8-12-00.loads')
  phone.ask(25.5, 'SIPDefault.cnf').ask(26, SIP).wait(40)
  t.equal(phone.confirmedAt, null)
})

t.test('a restart of the appliance in the midst of a start loses nothing', async (t) => {
  const quiet = new ScriptedPhone(SCCP_5_0, 'P00303030300')
  quiet.ask(1, 'OS79XX.TXT').ask(2, SEP).ask(3, 'P00305000300.bin')
  quiet.restart(5).wait(55)
  t.equal(quiet.confirmedAt, null, 'it writes its flash')
  quiet.ask(60, 'OS79XX.TXT').ask(61, SEP).restart(70).wait(82)
  t.equal(quiet.confirmedAt, 81)
  const between = new ScriptedPhone(SIP_6_3, 'P0S3-05-3-00')
  between.ask(1, 'OS79XX.TXT').ask(2, 'SIPDefault.cnf').ask(3, 'P0S3-06-3-00.sbn')
  between.ask(60, 'OS79XX.TXT').restart(60.5).ask(61, 'SIPDefault.cnf').ask(61.5, SIP).wait(90)
  t.equal(between.confirmedAt, 81.5)
  const loader = new ScriptedPhone(SIP_8_12, null)
  loader.ask(1, `CTLSEP${MAC}.tlv`, 'absent').restart(1.2)
  t.equal(loader.job.generation, 'ual', 'its files go on to name the application')
  loader.dhcp(30).restart(31)
  t.equal(loader.job.boot, null, 'another start')
  t.equal(loader.job.generation, 'ual')
})

t.test('starts that DHCP opens are not diagnosed as if they had ended', async (t) => {
  const phone = new ScriptedPhone(SIP_8_12, 'P00308000500')
  for (let atS = 10; atS < 300; atS += 60) {
    phone
      .dhcp(atS)
      .ask(atS + 1, `CTLSEP${MAC}.tlv`, 'absent')
      .ask(atS + 1.5, SIP, 'absent')
  }
  t.equal(phone.diagnosis, 'trigger-ignored', 'what each of them shows, and no deaf phone')
  const deaf = new ScriptedPhone(SIP_8_12, 'P00308000500').dhcp(10).wait(80)
  t.equal(deaf.diagnosis, 'dhcp-without-tftp')
})

t.test('a phone that goes on with its old load after a refused image is no further', async (t) => {
  const phone = new ScriptedPhone(SIP_6_3, 'P0S3-05-3-00')
  for (const atS of [10, 200, 400]) {
    phone
      .ask(atS, 'OS79XX.TXT')
      .ask(atS + 1, 'SIPDefault.cnf')
      .ask(atS + 2, SIP)
    for (const later of [3, 20, 37]) phone.ask(atS + later, 'P0S3-06-3-00.sbn')
    phone.ask(atS + 50, 'RINGLIST.DAT').ask(atS + 50.5, 'dialplan.xml')
    t.equal(phone.diagnosis, 'image-refused')
  }
  t.equal(phone.reported.filter((event) => event === 'conversion.stalled').length, 1)
  t.notOk(phone.reported.includes('conversion.resumed'))
})

t.test('a loader that refuses an image is led nowhere else', async (t) => {
  let asked = 0
  const steps = [aStep({ load: SIP_8_12.load, method: 'ual' })]
  const conversion = aConversion({ from: 'P0S3-08-11-00', to: SIP_8_12.load, steps })
  const otherWay = () => {
    asked++
    return { kind: 'none' } as const
  }
  const phone = new ScriptedPhone(SIP_8_12, 'P0S3-08-11-00')
  phone.job = new ConversionJob(conversion, [SIP_8_12], { otherWay })
  for (const atS of [10, 60, 120]) {
    phone.ask(atS, `CTLSEP${MAC}.tlv`, 'absent').ask(atS + 0.5, SEP)
    phone.ask(atS + 1, 'P0S3-8-12-00.loads').ask(atS + 3, 'P0S3-8-12-00.sb2')
  }
  t.equal(phone.diagnosis, 'image-refused')
  t.equal(asked, 0)
})
