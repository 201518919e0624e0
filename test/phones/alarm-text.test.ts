import t from 'tap'
import { loadOfVersion, readAlarmText } from '../../src/phones/alarm-text.ts'

t.test('texts of real phones are read', async (t) => {
  const texts = [
    {
      why: '79x0, a Cisco router',
      text: '22: Name=SEP000E325C9A43 Load=7.2(2.0) Last=Reset-Reset',
      says: [22, 'SEP000E325C9A43', '7.2(2.0)', 'P00307020200', 'Reset-Reset'],
    },
    {
      why: 'a blank behind Load=',
      text: '25: Name=SEPB8BEBF227D79 Load= 9.4(2SR3.1S) Last=Initialized',
      says: [25, 'SEPB8BEBF227D79', '9.4(2SR3.1S)', null, 'Initialized'],
    },
    {
      why: '7925, chan-sccp issue 497',
      text: 'Name=SEP30F70D4D19FD Load=CP7925G-1.4.8SR1.5 Last=TCP-timeout',
      says: [null, 'SEP30F70D4D19FD', 'CP7925G-1.4.8SR1.5', null, 'TCP-timeout'],
    },
    {
      why: 'SPA524, chan-sccp issue 492',
      text: 'Name=SEP001DE5EA99B8  Load=8.1.17 Last=Halt+7372016c',
      says: [null, 'SEP001DE5EA99B8', '8.1.17', null, 'Halt+7372016c'],
    },
    {
      why: '7911, chan-sccp issue 424',
      text: '32: Name=SEP00215503A8FB Load= term06.default : Invalid SCCP message! : ID :87:',
      says: [32, 'SEP00215503A8FB', 'term06.default', null, null],
    },
    {
      why: '7960, chan-sccp issue 564',
      text: '27: Waiting for Requesting Feature Key Status From 192.168.10.203',
      says: [27, null, null, null, null],
    },
  ]
  for (const { why, text, says } of texts) {
    const [code, name, version, load, lastReset] = says
    t.same(readAlarmText(text), { code, name, version, load, lastReset }, why)
  }
})

t.test('no text is refused', async (t) => {
  const nothing = { code: null, name: null, version: null, load: null, lastReset: null }
  for (const text of ['', '=', 'Load=', 'Load= Last', ':', '\x80\xff', '999999: x']) {
    t.match(readAlarmText(text), { code: null, name: null }, text)
  }
  t.same(readAlarmText('what is this'), nothing)
  t.match(readAlarmText('Name=SEP1 Load=8.1(2.0)'), { version: '8.1(2.0)', load: 'P00308010200' })
})

t.test('a version in full names its load', async (t) => {
  t.equal(loadOfVersion('8.1(2.0)'), 'P00308010200')
  t.equal(loadOfVersion('3.2(2.14)'), 'P00303020214')
  for (const text of ['8.1', '8.1(2)', '8.0(8.1SR1)', 'P00308010200']) {
    t.equal(loadOfVersion(text), null, text)
  }
})
