import t from 'tap'
import type { Mac } from '../../../../src/net/mac.ts'
import { dhcpNotes } from '../../../../src/tools/explain/observation/dhcp-notes.ts'
import {
  NO_DHCP_YET,
  type ServerNaming,
  traceDhcp,
} from '../../../../src/tools/explain/observation/dhcp-trace.ts'
import type {
  Observation,
  ObservedEvent,
} from '../../../../src/tools/explain/observation/observed-event.ts'
import { PhoneObserver } from '../../../../src/tools/explain/observation/phone-observer.ts'

const A = '192.0.2.2'
const B = '192.0.2.9'

const boot: ObservedEvent = { kind: 'boot', generation: null, atMs: 0 }
const offered: ObservedEvent = { kind: 'dhcp', address: { kind: 'offered' }, atMs: 1 }
const granted: ObservedEvent = { kind: 'dhcp', address: { kind: 'granted' }, atMs: 2 }
const reply = (naming: ServerNaming): ObservedEvent => ({ kind: 'reply', naming, atMs: 2 })
const request = (name: string, server: string, answers: boolean, atMs = 3): ObservedEvent => ({
  kind: 'request',
  name,
  server: { server, answers },
  atMs,
})
const absent = (name: string, atMs = 4): ObservedEvent => ({ kind: 'absent', name, atMs })

function observed(events: readonly ObservedEvent[], endMs: number): Observation {
  const observer = new PhoneObserver('000E84C060A6' as Mac)
  for (const observed of events) observer.add(observed)
  return observer.observe(endMs)
}

const whole = { isWhole: true, server: A, nextServer: A, option66: A, option150: [A] }

t.test('what DHCP says of TFTP servers and should not', async (t) => {
  const cases: readonly { why: string; naming: ServerNaming; seen: RegExp | null }[] = [
    { why: 'all equal', naming: whole, seen: null },
    { why: 'siaddr alone', naming: { isWhole: true, nextServer: A }, seen: null },
    { why: 'a log that leaves options out', naming: {}, seen: null },
    { why: 'none', naming: { isWhole: true, server: A }, seen: /names no TFTP server/ },
    {
      why: 'sname alone',
      naming: { isWhole: true, serverName: 'tftp.example' },
      seen: /siaddr is 0\.0\.0\.0\. Of the fields of BOOTP sname is "tftp\.example": no phone/,
    },
    {
      why: 'sname and file',
      naming: { isWhole: true, serverName: 'x', bootFile: 'OS79XX.TXT' },
      seen: /sname is "x" and file is "OS79XX\.TXT"/,
    },
    { why: 'six bytes', naming: { ...whole, option150: 6 }, seen: /150 has 6 bytes/ },
    { why: 'no bytes', naming: { ...whole, option150: 0 }, seen: /150 has 0 bytes/ },
    {
      why: 'two that differ',
      naming: { ...whole, option66: B },
      seen: /66 is "192\.0\.2\.9", and/,
    },
    { why: 'backup in 150', naming: { ...whole, option150: [B, A] }, seen: null },
    { why: 'a name without DNS', naming: { ...whole, option66: 'tftp' }, seen: /no DNS server/ },
    {
      why: 'a name with DNS',
      naming: { ...whole, option66: 'tftp', namesDns: true },
      seen: /SIP 2\.x/,
    },
    { why: 'a name in a log', naming: { option66: 'tftp' }, seen: /SIP 2\.x/ },
  ]
  for (const { why, naming, seen } of cases) {
    const trace = [boot, offered, granted, reply(naming)].reduce(traceDhcp, NO_DHCP_YET)
    const notes = dhcpNotes(trace).map((note) => note.seen)
    if (seen === null) t.same(notes, [], why)
    else t.match(notes, [seen], why)
  }
})

t.test('an address and no request: the diagnosis names the bytes that are wrong', async (t) => {
  const seen = observed([boot, offered, granted, reply({ ...whole, option150: 6 })], 120_000)
  t.match(seen, {
    verdict: 'stalled',
    notes: [],
    diagnosis: { code: 'dhcp-without-tftp', seen: /150 has 6 bytes/, remedy: /^Send options 150/ },
  })
})

t.test('two OFFERs with different ids in one exchange', async (t) => {
  const events = [boot, offered, reply({ server: A }), offered, reply({ server: B })]
  const taken = [...events, reply({ chosen: B }), granted, reply({ server: B })]
  t.match(observed(taken, 120_000).diagnosis, {
    code: 'dhcp-without-tftp',
    seen: /Several DHCP servers answered the phone \(option 54\): 192\.0\.2\.2, 192\.0\.2\.9\./,
  })
  const healthy = [
    ...taken,
    request('OS79XX.TXT', B, true),
    absent('OS79XX.TXT'),
    request('SIPDefault.cnf', B, true),
    { kind: 'ended', name: 'SIPDefault.cnf', outcome: 'completed', atMs: 5 } as const,
  ]
  t.match(observed(healthy, 120_000), {
    verdict: 'healthy',
    diagnosis: null,
    notes: [/Several DHCP servers/],
  })
  const again = { ...boot, atMs: 60_000 }
  t.same(observed([...healthy, again, granted, reply(whole)], 60_000).notes, [], 'another boot')
  const many = Array.from({ length: 20 }, (_, index) => reply({ server: `192.0.2.${index}` }))
  t.equal(many.reduce(traceDhcp, NO_DHCP_YET).offeredBy.length, 8, 'bounded')
})

t.test('the offer of a server that was not seen is taken', async (t) => {
  const events = [boot, offered, reply({ chosen: B })]
  t.match(observed(events, 120_000), {
    verdict: 'stalled',
    diagnosis: { code: 'offer-not-taken', seen: /took the offer of the DHCP server 192\.0\.2\.9/ },
  })
  t.equal(observed(events, 1_000).diagnosis, null, 'the ACK may be on its way')
  t.equal(observed([...events, boot], 120_000).diagnosis, null, 'and another try')
  const ours = [boot, offered, reply({ server: B }), reply({ chosen: B })]
  t.not(observed(ours, 120_000).diagnosis?.code, 'offer-not-taken')
})

t.test('a file server that does not answer', async (t) => {
  const events = [boot, granted, reply(whole), request('OS79XX.TXT', A, false)]
  t.match(observed(events, 120_000), {
    verdict: 'stalled',
    diagnosis: { code: 'replies-unheard', seen: /asked 192\.0\.2\.2 for files, which answered/ },
  })
  t.equal(observed(events, 1_000).diagnosis, null, 'the answer may be on its way')
})

t.test('files from a server that the lease does not name', async (t) => {
  const hunt = [
    'CTLSEP000E84C060A6.tlv',
    'SEP000E84C060A6.cnf.xml',
    'SIP000E84C060A6.cnf',
    'XMLDefault.cnf.xml',
  ]
  const asked = [...hunt, 'SIPDefault.cnf'].flatMap((name) => [
    request(name, B, true),
    absent(name),
  ])
  t.match(observed([boot, granted, reply(whole), ...asked], 120_000).diagnosis, {
    seen: /lease came from 192\.0\.2\.2 and names 192\.0\.2\.2; the phone asked 192\.0\.2\.9/,
    remedy: /Alternate TFTP to No/,
  })
  const notes = (naming: ServerNaming) =>
    dhcpNotes(
      [boot, granted, reply(naming), request('OS79XX.TXT', B, true)].reduce(traceDhcp, NO_DHCP_YET),
    )
  t.match(notes({ nextServer: A }), [{ seen: /came from a server and names 192\.0\.2\.2/ }])
  t.same(notes({ ...whole, option150: [A, B] }), [], 'the second of two')
  t.same(notes({}), [], 'nobody knows')
  t.equal(notes({ ...whole, option66: 'tftp' }).length, 1, 'a name may stand for any address')
})
