import t from 'tap'
import { observePhone, type ShortLog } from '../../../support/observe-phone.ts'

const SIP = 'P0S3-8-12-00'
const SEP_XML = 'SEP000E84C060A6.cnf.xml'
const CTLSEP = 'CTLSEP000E84C060A6.tlv'

/** A loader up to its `.loads`, then the SIP application (field report of a 7960 on SIP 8.12). */
const loader = (at: number, load = SIP): ShortLog => [
  [at, 'none', CTLSEP],
  [at + 1, 'get', SEP_XML],
  [at + 1, 'get', `${load}.loads`],
]
const application = (at: number): ShortLog => [
  [at, 'get', 'SIPDefault.cnf'],
  [at + 1, 'get', './SIP000E84C060A6.cnf'],
  [at + 2, 'get', 'RINGLIST.DAT'],
  [at + 2, 'get', 'dialplan.xml'],
]

t.test('a healthy SIP phone behind its loader: CTLSEP absent, .loads on every boot', async (t) => {
  const healthy = {
    verdict: 'healthy',
    generation: 'ual',
    protocol: 'sip',
    load: SIP,
    target: SIP,
    registration: null,
    diagnosis: null,
    notes: [],
  }
  t.same(observePhone([[0, 'ual'], ...loader(1), ...application(25)]), healthy)
  t.same(
    observePhone([...loader(1), ...application(25), ...loader(900), ...application(925)]),
    healthy,
  )
})

t.test(
  'a healthy SCCP phone has nothing more to ask: silence after .loads is the proof',
  async (t) => {
    const log: ShortLog = loader(1, 'P00308000500')
    t.match(observePhone(log), {
      verdict: 'healthy',
      generation: 'ual',
      protocol: 'sccp',
      load: 'P00308000500',
    })
  },
)

t.test(
  'healthy phones without a loader: of either protocol, with no load to be known',
  async (t) => {
    const sip: ShortLog = [[0, 'none', 'OS79XX.TXT'], ...application(1)]
    t.match(observePhone(sip), {
      verdict: 'healthy',
      generation: 'pre-ual-sip',
      protocol: 'sip',
      load: null,
    })
    const sccp: ShortLog = [
      [0, 'none', 'OS79XX.TXT'],
      [1, 'get', SEP_XML],
    ]
    t.match(observePhone(sccp), {
      verdict: 'healthy',
      generation: 'pre-ual-sccp',
      protocol: 'sccp',
    })
  },
)

t.test('a phone that fetches an image is converting, as long as the log lasts', async (t) => {
  const fetching: ShortLog = [...loader(1), [3, 'ask', `${SIP}.sb2`]]
  t.match(observePhone(fetching), {
    verdict: 'converting',
    load: null,
    target: SIP,
    diagnosis: null,
  })
  const flashing: ShortLog = [...loader(1), [3, 'get', `${SIP}.sb2`]]
  t.match(observePhone(flashing), { verdict: 'converting', target: SIP })
})

t.test(
  'a whole conversion ends healthy, though the server never says how a transfer ended',
  async (t) => {
    const log: ShortLog = [
      [0, 'old'],
      [1, 'ask', 'OS79XX.TXT'],
      [2, 'ask', SEP_XML],
      [3, 'ask', 'P003-8-12-00.sbn'],
      [90, 'ual'],
      [91, 'none', CTLSEP],
      [92, 'ask', SEP_XML],
      [92, 'ask', `${SIP}.loads`],
      [93, 'ask', `${SIP}.sb2`],
      [200, 'ual'],
      ...loader(201),
      ...application(226),
    ]
    t.match(observePhone(log.slice(0, 4)), { verdict: 'converting', target: SIP })
    t.match(observePhone(log.slice(0, 9)), { verdict: 'converting', target: SIP })
    t.match(observePhone(log), { verdict: 'healthy', load: SIP })
  },
)

t.test(
  'document 5455, "Enable SIP Functionality", step 4: three broken transfers in a row',
  async (t) => {
    const log: ShortLog = [
      [0, 'get', 'OS79XX.TXT'],
      [0, 'broke', 'P0S30300.bin'],
      [9, 'broke', 'P0S30300.bin'],
      [19, 'broke', 'P0S30300.bin'],
    ]
    t.match(observePhone(log), {
      verdict: 'stalled',
      generation: 'pre-ual-sccp',
      diagnosis: { code: 'image-refused', remedy: /SIP 2\.3/ },
    })
    const silent: ShortLog = [
      [0, 'ask', 'OS79XX.TXT'],
      [0, 'ask', 'P0S30300.bin'],
      [9, 'ask', 'P0S30300.bin'],
      [19, 'ask', 'P0S30300.bin'],
      [29, 'ask', 'P0S30300.bin'],
    ]
    t.match(observePhone(silent), { verdict: 'stalled', diagnosis: { code: 'image-refused' } })
  },
)

t.test('an image that is not there, in words for a server that is not ours', async (t) => {
  const log: ShortLog = [...loader(1), [3, 'none', `${SIP}.sb2`]]
  t.match(observePhone(log), {
    verdict: 'stalled',
    diagnosis: {
      code: 'firmware-incomplete',
      seen: `The phone asked for ${SIP}.sb2 and was told that there is no such file.`,
      remedy: /Unzip the whole archive/,
    },
  })
})

t.test('a misspelled name leads nowhere, and is told', async (t) => {
  const log: ShortLog = [
    [0, 'get', 'OS79XX.TXT'],
    [1, 'none', 'POS3-8-12-00.bin'],
  ]
  t.match(observePhone(log), {
    verdict: 'stalled',
    target: null,
    diagnosis: { code: 'misspelt-image', remedy: /switchhook lint/ },
  })
})

t.test('an image that arrives whole boot after boot is refused', async (t) => {
  const boot = (at: number): ShortLog => [...loader(at), [at + 2, 'get', `${SIP}.sb2`]]
  const log = [...boot(0), ...boot(100), ...boot(200)]
  t.match(observePhone(log), {
    verdict: 'stalled',
    diagnosis: { code: 'image-refused', remedy: /Unzip/ },
  })
})

t.test(
  'a transfer that stops while the log goes on, and a loader that goes no further',
  async (t) => {
    const stopped: ShortLog = [...loader(1), [3, 'ask', `${SIP}.sb2`]]
    t.match(observePhone(stopped, 7_200), {
      verdict: 'stalled',
      diagnosis: { code: 'transfer-silent' },
    })
    t.match(observePhone(loader(1), 3_600), {
      verdict: 'stalled',
      diagnosis: { code: 'trigger-ignored' },
    })
    t.match(observePhone(loader(1)), { verdict: 'unknown', diagnosis: null, target: SIP })
  },
)

t.test('an address and no request is silence, once it lasts', async (t) => {
  t.match(observePhone([[0, 'ual']]), {
    verdict: 'stalled',
    generation: 'ual',
    diagnosis: { code: 'dhcp-without-tftp' },
  })
})

t.test('faults of a boot that need no target', async (t) => {
  const hunt: ShortLog = [
    [0, 'none', CTLSEP],
    [1, 'none', SEP_XML],
    [2, 'none', 'SIP000E84C060A6.cnf'],
    [3, 'none', 'XMLDefault.cnf.xml'],
    [4, 'none', 'SIPDefault.cnf'],
  ]
  t.match(observePhone(hunt), { verdict: 'stalled', diagnosis: { code: 'no-load-named' } })
  t.match(observePhone(hunt.slice(0, 4)), { verdict: 'unknown', diagnosis: null })
  // Twenty seconds apart it is no repeat of a request: a phone waits four at most.
  const loop: ShortLog = Array.from({ length: 700 }, (_, at) => [at * 20, 'none', CTLSEP])
  t.match(observePhone(loop), { verdict: 'stalled', diagnosis: { code: 'ctlsep-loop' } })
  t.match(observePhone(loop.slice(0, 3)), { verdict: 'unknown', diagnosis: null })
  const unheard: ShortLog = Array.from({ length: 12 }, (_, at) => [at * 4, 'none', CTLSEP])
  t.match(observePhone(unheard), { verdict: 'stalled', diagnosis: { code: 'replies-unheard' } })
})

t.test('a phone that runs and lacks its own file is unprovisioned', async (t) => {
  const log: ShortLog = [
    ...loader(1),
    [25, 'get', 'SIPDefault.cnf'],
    [26, 'none', 'SIP000E84C060A6.cnf'],
    [27, 'none', 'RINGLIST.DAT'],
  ]
  t.match(observePhone(log), {
    verdict: 'stalled',
    load: SIP,
    diagnosis: { code: 'unprovisioned' },
  })
})

t.test(
  'a boot that the log cuts short does not unsay what an earlier one has proved',
  async (t) => {
    const log: ShortLog = [...loader(1), ...application(25), [900, 'none', CTLSEP]]
    t.match(observePhone(log), { verdict: 'healthy', load: SIP, target: null })
  },
)

t.test('files of other models, of unknown devices, and no event at all', async (t) => {
  t.match(observePhone([[0, 'none', 'term41.default.loads']]), { verdict: 'other-device' })
  t.match(observePhone([[0, 'get', 'pxelinux.0']]), {
    verdict: 'unknown',
    generation: null,
    protocol: null,
  })
  t.same(observePhone([]), {
    verdict: 'unknown',
    generation: null,
    protocol: null,
    load: null,
    target: null,
    registration: null,
    diagnosis: null,
    notes: [],
  })
})

t.test('an absence before any request moves nothing', async (t) => {
  const { PhoneObserver } = await import(
    '../../../../src/tools/explain/observation/phone-observer.ts'
  )
  const observer = new PhoneObserver(null)
  observer.add({ kind: 'absent', name: 'x', atMs: 0 })
  t.match(observer.observe(0), { verdict: 'unknown' })
})

t.test('a phone that gets no address is told from one that asks for no file', async (t) => {
  const asks = (at: number, why: string): ShortLog => [
    [at, 'ual'],
    [at, 'refused', why],
  ]
  const full = [...asks(0, 'no free leases'), ...asks(4, 'no free leases'), ...asks(12, 'x')]
  t.match(observePhone(full), {
    verdict: 'stalled',
    diagnosis: { code: 'no-address', seen: /3 times and got none: x/, remedy: /dhcp-range/ },
  })
  t.notMatch(observePhone(full).diagnosis?.remedy, '/v1/', 'it is not our server')
  t.equal(observePhone(asks(0, 'wrong network')).diagnosis, null, 'one NAK is healthy')
  const moved: ShortLog = [...asks(0, 'wrong network'), [1, 'offered'], [1, 'granted']]
  t.match(observePhone(moved).diagnosis, { code: 'dhcp-without-tftp', remedy: /option-?=?.*150/ })
  t.equal(observePhone([...moved, ...loader(2), ...application(26)]).diagnosis, null)
})

t.test('offers that are not taken and addresses that are declined are told', async (t) => {
  const offers: ShortLog = [0, 4, 12, 28].flatMap((at) => [
    [at, 'boot'] as const,
    [at, 'offered'] as const,
  ])
  t.match(observePhone(offers).diagnosis, {
    code: 'offer-not-taken',
    remedy: /another DHCP server/,
  })
  const declines: ShortLog = [0, 10, 20].flatMap((at) => [
    [at, 'granted'] as const,
    [at, 'declined'] as const,
  ])
  t.match(observePhone(declines).diagnosis, { code: 'address-declined', remedy: /ARP/ })
  t.equal(observePhone(declines.slice(0, 2)).diagnosis, null, 'one may happen')
})

t.test('DHCP in the middle of a conversion disturbs none', async (t) => {
  const image: ShortLog = [
    [2, 'get', 'P003-8-12-00.sbn'],
    [20, 'get', `${SIP}.sb2`],
  ]
  const log: ShortLog = [[0, 'ual'], [0, 'granted'], ...loader(1), [1, 'granted'], ...image]
  t.match(observePhone(log), { verdict: 'converting', target: SIP, diagnosis: null })
})

/** A conversion as eight real phones made it: no second hunt after the last image. */
const conversion: ShortLog = [
  ...loader(0),
  [2, 'get', 'P003-8-12-00.sbn'],
  ...loader(31),
  [34, 'get', `${SIP}.sb2`],
  [76, 'get', 'SIPDefault.cnf'],
  [77, 'none', 'SIP000E84C060A6.cnf'],
]

t.test('a load is proved by its application, which starts without another hunt', async (t) => {
  const converted = { load: SIP, protocol: 'sip', target: SIP }
  t.match(observePhone(conversion.slice(0, -1)), { ...converted, verdict: 'healthy' })
  t.match(observePhone(conversion.slice(0, -1), 3_600), { ...converted, verdict: 'healthy' })
  const polls = [108, 139, 170].map((at) => [at, 'none', 'SIP000E84C060A6.cnf'] as const)
  t.match(observePhone([...conversion, ...polls], 3_600), {
    ...converted,
    verdict: 'stalled',
    diagnosis: { code: 'unprovisioned', seen: /every 31 s/ },
  })
  const again: ShortLog = [...conversion, ...loader(600), ...application(625)]
  t.match(observePhone(again), { load: SIP, verdict: 'healthy', target: SIP })
})

t.test('an application that runs is neither silent nor on its way', async (t) => {
  const old: ShortLog = [...conversion.slice(0, -2), [58, 'get', 'SIPDefault.cnf']]
  t.match(observePhone(old, 3_600), {
    verdict: 'stalled',
    load: null,
    diagnosis: { code: 'old-application', seen: /24 s later/ },
  })
  const sccp: ShortLog = [...loader(0, 'P00308010200'), [3, 'get', 'P00308010200.sb2']]
  t.match(observePhone([...sccp, [30, 'get', 'US/7960-tones.xml']], 3_600), {
    verdict: 'healthy',
    protocol: 'sccp',
    diagnosis: null,
  })
})

t.test('an image that was repeated and given up has not arrived', async (t) => {
  const tries = [3, 4, 8, 12, 16].map((at) => [at, 'ask', `${SIP}.sb2`] as const)
  t.match(observePhone([...loader(1), ...tries, ...loader(40)]), { load: null })
})

t.test('what a phone told its call manager is believed', async (t) => {
  const { PhoneObserver } = await import(
    '../../../../src/tools/explain/observation/phone-observer.ts'
  )
  const observer = new PhoneObserver(null)
  const step = (name: 'asked' | 'accepted', load: string | null) =>
    observer.add({ kind: 'registration', protocol: 'sccp', step: name, load, atMs: 0 })
  step('asked', '8.0(2.0)')
  t.match(observer.observe(0), { verdict: 'healthy', load: '8.0(2.0)', registration: 'asked' })
  step('accepted', null)
  t.match(observer.observe(0), { verdict: 'healthy', load: '8.0(2.0)', registration: 'accepted' })
  observer.add({ kind: 'request', name: SEP_XML, atMs: 1 })
  t.match(observer.observe(9_999_999), { verdict: 'healthy', diagnosis: null })
})

t.test('a log that tells no ends: what was asked for and not missed was read', async (t) => {
  const silent: ShortLog = [
    [0, 'none', CTLSEP],
    [1, 'ask', SEP_XML],
    [1, 'ask', `${SIP}.loads`],
    [24, 'ask', 'SIPDefault.cnf'],
    [25, 'ask', './SIP000E84C060A6.cnf'],
    [26, 'ask', 'RINGLIST.DAT'],
  ]
  t.match(observePhone(silent), { verdict: 'healthy', load: SIP })
  const missed = silent.map((line) =>
    line[2]?.endsWith('.loads') ? ([1, 'none', line[2]] as const) : line,
  )
  t.match(observePhone(missed), { load: null })
  const results = silent.map((line) =>
    line[2] === SEP_XML ? ([1, 'get', SEP_XML] as const) : line,
  )
  t.match(observePhone(results), { load: null }, 'a server that tells ends told none of this')
  const tries: ShortLog = [1, 2, 6, 10].map((at) => [at, 'ask', `${SIP}.loads`])
  t.match(observePhone([...silent.slice(0, 2), ...tries, ...silent.slice(3)]), { load: null })
})

t.test('a file that was put there while the phone asked for it is there', async (t) => {
  const own = 'SIP000E84C060A6.cnf'
  const polls = [108, 139].map((at) => [at, 'none', own] as const)
  const corrected: ShortLog = [
    ...conversion,
    ...polls,
    [170, 'get', own],
    [171, 'get', 'RINGLIST.DAT'],
  ]
  t.match(observePhone(corrected), { verdict: 'healthy', load: SIP, diagnosis: null })
})

t.test('an image of which no end is told ended long before the application starts', async (t) => {
  const sccp = 'P00308010200'
  const log = (application: number): ShortLog => [
    [0, 'none', CTLSEP],
    [0, 'ask', SEP_XML],
    [1, 'ask', `${sccp}.loads`],
    [3, 'ask', `${sccp}.sb2`],
    [application, 'none', CTLSEP],
    [application, 'ask', SEP_XML],
    [application + 1, 'none', 'US/7960-tones.xml'],
  ]
  t.match(observePhone(log(45), 300), { verdict: 'healthy', load: sccp, protocol: 'sccp' })
  t.match(observePhone(log(23), 300), { load: null, diagnosis: { code: 'old-application' } })
})
