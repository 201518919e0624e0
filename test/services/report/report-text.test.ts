import t from 'tap'
import type { Mac } from '../../../src/net/mac.ts'
import { seen, seenLoad } from '../../../src/phones/seen-software.ts'
import type { PhoneReport, RolloutReport, StartedBy } from '../../../src/services/report/report.ts'
import { phoneReportText, rolloutReportText } from '../../../src/services/report/report-text.ts'
import { aStep, MAC } from '../../support/conversion-builders.ts'

const AT_MS = Date.UTC(2026, 2, 1, 9, 30)
const AT = '2026-03-01T09:30:00.000Z'

const operator: StartedBy = { how: 'operator', by: 'anna', address: '192.0.2.7', rollout: null }
const evidence = [{ atMs: AT_MS, kind: 'registration', detail: 'It registered.' }] as const
const file = { name: 'P003-8-12-00.sbn', bytes: 129_824, sha256: 'ab'.repeat(32) }

const conversion: NonNullable<PhoneReport['conversion']> = {
  from: 'P00308000500',
  to: 'P0S3-8-12-00',
  state: 'confirmed',
  steps: [
    { ...aStep({ stage: 'confirmed' }), load: 'P0S3-8-12-00', oneWay: true, method: 'loads' },
  ] as never,
  confirmedBy: 'registration',
  evidence,
  diagnosis: null,
  startedAtMs: AT_MS,
  endedAtMs: AT_MS,
  startedBy: operator,
}

function aReport(change: Partial<PhoneReport> = {}): PhoneReport {
  return {
    ...{ mac: MAC, serial: null, model: null, label: null, network: null, profile: null },
    ...{ seen: null, conversion: null, firmware: [], fetched: [] },
    ...{ writtenAtMs: AT_MS, version: '1.2.3' },
    ...change,
  }
}

/** The lines without those that are empty. */
const linesOf = (text: string) => text.split('\n').filter((line) => line !== '')

t.test('a phone of which little is known has few lines, and says what is missing', async (t) => {
  t.same(linesOf(phoneReportText(aReport())), [
    `Phone ${MAC}`,
    'Serial number   not known',
    'No conversion.',
    `Written by Switchhook 1.2.3, ${AT}`,
  ])
})

t.test('a converted phone is told with its proof, its files and who began it', async (t) => {
  const report = aReport({
    ...{ serial: 'FCH0937K0AB', model: '7960', label: 'Desk 12', network: 'bench' },
    profile: 'to-sip',
    seen: seenLoad('P0S3-8-12-00', 'web-page', AT_MS),
    conversion,
    fetched: [{ ...file, atMs: AT_MS }],
    firmware: [{ load: 'P0S3-8-12-00', files: [file] }],
  })
  t.same(linesOf(phoneReportText(report)), [
    `Phone ${MAC}`,
    'Serial number   FCH0937K0AB',
    'Model           7960',
    'Label           Desk 12',
    'Network         bench',
    'Profile         to-sip',
    `Runs            P0S3-8-12-00 (by web-page, ${AT})`,
    'Conversion',
    'From            P00308000500',
    'To              P0S3-8-12-00',
    'State           confirmed',
    'Confirmed by    registration',
    `Started         ${AT}`,
    'Started by      an operator (anna, 192.0.2.7)',
    `Ended           ${AT}`,
    'Step 1          P0S3-8-12-00 (loads, one-way): confirmed',
    'Evidence',
    `${AT}  registration: It registered.`,
    'Firmware files that the phone fetched whole',
    `${AT}  ${file.name}, 129824 bytes`,
    `  sha256 ${file.sha256}`,
    'Firmware set P0S3-8-12-00, as stored now',
    `${file.name}, 129824 bytes`,
    `  sha256 ${file.sha256}`,
    `Written by Switchhook 1.2.3, ${AT}`,
  ])
})

t.test('a conversion under way has no end, a stalled one its diagnosis', async (t) => {
  const diagnosis = { code: 'no-reboot', seen: 'Nothing.', cause: '', remedy: '', source: '' }
  const open = { endedAtMs: null, confirmedBy: null, evidence: [], startedBy: null }
  const steps = [{ ...conversion.steps[0], oneWay: false }] as never
  const stalled = {
    ...conversion,
    ...open,
    from: null,
    state: 'stalled',
    diagnosis,
    steps,
  } as const
  const text = phoneReportText(
    aReport({
      conversion: stalled,
      seen: seen({ protocol: 'sip' }, 'lease', AT_MS),
      fetched: [{ ...file, sha256: null, atMs: AT_MS }],
      firmware: [{ load: 'P0S3-8-12-00', files: [] }],
    }),
  )
  t.match(text, `Runs            sip (by lease, ${AT})`)
  t.match(text, 'From            not known')
  t.match(text, 'Diagnosis       no-reboot: Nothing.')
  t.match(text, 'Started by      not known')
  t.match(text, 'Step 1          P0S3-8-12-00 (loads): ')
  t.match(text, '  sha256 not known')
  t.match(text, 'Firmware set P0S3-8-12-00 is no longer stored.')
  t.notMatch(text, /Ended|Evidence|Confirmed/)
})

function aRollout(change: Partial<RolloutReport> = {}): RolloutReport {
  const nothing = { confirmedBy: null, evidence: [], startedAtMs: null, endedAtMs: null }
  const waiting = { serial: null, model: null, label: null, reason: null, from: null }
  return {
    ...{ id: 'floor-3', to: 'P0S3-8-12-00', from: null, state: 'running', reason: null },
    ...{ startedAtMs: AT_MS, endedAtMs: null, startedBy: null },
    phones: [
      {
        ...{ mac: MAC, serial: 'FCH0937K0AB', model: '7960', label: 'Desk 12', isCanary: true },
        ...{ state: 'confirmed', reason: null, from: 'P00308000500', confirmedBy: 'registration' },
        ...{ evidence, startedAtMs: AT_MS, endedAtMs: AT_MS },
      },
      { mac: '000E84C060A7' as Mac, ...waiting, ...nothing, isCanary: false, state: 'waiting' },
    ],
    ...{ firmware: [], writtenAtMs: AT_MS, version: '1.2.3' },
    ...change,
  }
}

t.test('a roll-out is told phone by phone, each with its proof', async (t) => {
  t.same(linesOf(rolloutReportText(aRollout())), [
    'Roll-out floor-3',
    'To              P0S3-8-12-00',
    'State           running',
    'Confirmed       1 of 2 phones',
    `Started         ${AT}`,
    'Started by      not known',
    `${MAC} (Desk 12, 7960, canary)`,
    '  Serial number FCH0937K0AB',
    '  From          P00308000500',
    '  State         confirmed',
    '  Confirmed by  registration',
    `  ${AT}  registration: It registered.`,
    `  Started       ${AT}`,
    `  Ended         ${AT}`,
    '000E84C060A7',
    '  State         waiting',
    `Written by Switchhook 1.2.3, ${AT}`,
  ])
})

t.test('a stopped roll-out says why, and so does a phone that failed', async (t) => {
  const [first, second] = aRollout().phones
  const failed = { ...second, state: 'failed', reason: 'no-address' } as never
  const text = rolloutReportText(
    aRollout({
      state: 'stopped',
      reason: '1 failed',
      endedAtMs: AT_MS,
      phones: [first, failed] as never,
    }),
  )
  t.match(text, 'State           stopped: 1 failed')
  t.match(text, '  State         failed: no-address')
  t.match(text, `Ended           ${AT}`)
})

t.test('who began it is named as far as it is known', async (t) => {
  const nameless = { by: null, address: null, rollout: null }
  const cases: readonly [StartedBy, string][] = [
    [{ how: 'import', ...nameless }, 'an import of phones'],
    [{ how: 'automatic-enrolment', ...nameless }, 'automatic enrolment'],
    [{ how: 'rollout', ...nameless }, 'a roll-out'],
    [{ how: 'rollout', ...nameless, rollout: 'floor-3', by: 'anna' }, 'roll-out floor-3 (anna)'],
  ]
  for (const [startedBy, words] of cases) {
    t.match(rolloutReportText(aRollout({ startedBy })), `Started by      ${words}\n`)
  }
})

t.test('a label cannot write a line of its own', async (t) => {
  const text = phoneReportText(aReport({ label: 'Desk\nState confirmed' }))
  t.match(text, 'Label           Desk?State confirmed')
})
