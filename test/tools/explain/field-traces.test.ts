import { readFileSync } from 'node:fs'
import t from 'tap'
import { EventStore } from '../../../src/tools/explain/event-store.ts'
import { type ExplainedPhone, explainEach } from '../../../src/tools/explain/explain-phones.ts'
import { readTrace } from '../../../src/tools/explain/read-trace.ts'
import { bytesAsSource } from '../../../src/tools/explain/text-lines.ts'
import type { Trace } from '../../../src/wire/trace/read-trace.ts'
import { fieldTrace, fieldTraceNames } from '../../support/field-trace.ts'
import { asCapture, asDnsmasq, asPumpkin, asTftpdHpa } from '../../support/trace-forms.ts'

type Expected = Readonly<Record<string, unknown>>

const CONVERTED: Expected = {
  verdict: 'stalled',
  protocol: 'sip',
  load: 'P0S3-8-12-00',
  diagnosis: { code: 'unprovisioned', seen: /polls for SIP[0-9A-F]{12}\.cnf.*every 3[01] s/ },
}
const UNHEARD: Expected = { protocol: 'sccp', diagnosis: { code: 'replies-unheard' } }
const OTHER: Expected = { verdict: 'other-device', diagnosis: { code: 'other-model' } }

/** What each trace's `truth` means in the words of `explain`. */
const TRUTHS: Readonly<Record<string, Expected>> = {
  'jh-b-sccp-boot-loop': {
    protocol: 'sccp',
    diagnosis: { code: 'boot-loop', seen: /every 6[67] s/, remedy: /call manager/ },
  },
  'jh-c-sccp-unheard': UNHEARD,
  'jh-e-conversion': CONVERTED,
  'jh-g-second-phone-unheard': UNHEARD,
  'jh-i-lossy-attempts': { diagnosis: { code: 'data-not-arriving' }, load: null },
  'jh-l-conversion': CONVERTED,
  'jh-n-conversion': CONVERTED,
  'jh-p-conversion': CONVERTED,
  'other-7906-no-firmware': { ...OTHER, model: '7906' },
  'other-7921-boot': { ...OTHER, model: '7921' },
  'other-79x1-http-repeats': { ...OTHER, model: /7941, 7961/ },
  'other-java-journal': { ...OTHER, model: /7941, 7961/ },
  'seed-2002-refused-image': {
    protocol: 'sccp',
    diagnosis: { code: 'image-refused', remedy: /SIP 2\.3/ },
  },
  'teo-2-sip812-boot': { verdict: 'healthy', protocol: 'sip', load: 'P0S3-8-12-00' },
}

/** A server's log has files only, and no phone that merely registers. */
const REGISTRATIONS: Readonly<Record<string, Expected>> = {
  'cme-reset-sccp802': { protocol: 'sccp', load: '8.0(2.0)', registration: 'asked' },
  'teo-3-sip812-dhcp-register': {
    verdict: 'healthy',
    protocol: 'sip',
    model: '7960',
    registration: 'accepted',
  },
}

function explained(bytes: Uint8Array | string): readonly ExplainedPhone[] {
  const store = new EventStore()
  readTrace(bytesAsSource(Buffer.from(bytes)), { year: 2021, nth: 0, store })
  return Array.from(explainEach(store), ({ phone }) => phone)
}

type Form = readonly [name: string, write: (trace: Trace) => Uint8Array | string]

const LOGS: readonly Form[] = [
  ['tftpd-hpa', asTftpdHpa],
  ['dnsmasq', asDnsmasq],
  ['a capture', asCapture],
]

t.test('every field trace is judged as its truth says, in every form', async (t) => {
  t.same(
    [...Object.keys(TRUTHS), ...Object.keys(REGISTRATIONS), 'cmedbg-two-phones'].sort(),
    fieldTraceNames(),
  )
  for (const [name, expected] of Object.entries(TRUTHS)) {
    const trace = fieldTrace(name)
    // What a server says only of requests that it does not answer is lost in dnsmasq's log.
    const isSaid = trace.events.some(({ kind }) => kind !== 'rrq')
    for (const [form, write] of LOGS) {
      if (form === 'dnsmasq' && !isSaid) continue
      const phones = explained(write(trace))
      t.equal(phones.length, 1, `${name} as ${form}`)
      t.match(phones[0], expected, `${name} as ${form}`)
    }
  }
})

t.test('traces themselves are read', async (t) => {
  for (const [name, expected] of Object.entries({ ...TRUTHS, ...REGISTRATIONS })) {
    const file = new URL(`../../vectors/field/${name}.jsonl`, import.meta.url)
    t.match(explained(readFileSync(file)), [expected], name)
  }
})

t.test('registrations are seen in a capture', async (t) => {
  for (const [name, expected] of Object.entries(REGISTRATIONS)) {
    t.match(explained(asCapture(fieldTrace(name))), [expected], name)
  }
})

t.test("PumpKIN's own words, in which most of the traces were told", async (t) => {
  for (const name of fieldTraceNames().filter((one) => one.startsWith('jh-'))) {
    t.match(explained(asPumpkin(fieldTrace(name))), [TRUTHS[name]], name)
  }
})

t.test(
  'two phones of which only the first request is known: nothing is wrong with them',
  async (t) => {
    for (const [form, write] of LOGS) {
      const found = explained(write(fieldTrace('cmedbg-two-phones')))
      t.match(
        found,
        [
          { mac: '000B5F0A0012', generation: 'ual', verdict: 'unknown', diagnosis: null },
          { mac: '000ED70A0013', generation: 'ual', verdict: 'unknown', diagnosis: null },
        ],
        form,
      )
    }
  },
)
