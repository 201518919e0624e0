import t from 'tap'
import { flashRunning } from '../../src/simulator/phone-flash.ts'
import { MessageType } from '../../src/wire/dhcp/message.ts'
import {
  type Asked,
  aFieldPhone,
  askedIn,
  FIELD_MAC,
  SIP_812,
  serving,
  xmlDefault,
} from '../support/field-phone.ts'
import { fieldTrace } from '../support/field-trace.ts'
import type { ScriptedBench } from '../support/scripted-bench.ts'

// How a phone with the universal loader behaves, by the numbers of traces of real ones (`test/vectors/field`).

const SCCP = 'P00308000500'
const CTL = 'CTLSEP<MAC>.tlv'
const SEP = 'SEP<MAC>.cnf.xml'
const OWN = 'SIP<MAC>.cnf'
const XML = 'XMLDefault.cnf.xml'
const LOADS = `${SIP_812}.loads`
const HUNT = [CTL, SEP, OWN, 'MGC<MAC>.cnf', XML]
const own = (content: string) => ({ [`SEP${FIELD_MAC}.cnf.xml`]: content })
const device = (load: string) => `<device><loadInformation>${load}</loadInformation></device>`
const provisioned = {
  'SIPDefault.cnf': 'tftp_cfg_dir: ./',
  [`./SIP${FIELD_MAC}.cnf`]: 'line1_name: 1',
}

const names = (asked: readonly Asked[]) => asked.map(({ name }) => name)

/** Seconds from the last request before `name` to that. */
function gapBefore(asked: readonly Asked[], name: string): number {
  const at = asked.findIndex((one) => one.name === name)
  return (asked[at]?.t ?? 0) - (asked[at - 1]?.t ?? 0)
}

/** When each request left, from the `first` on, in whole seconds after it. */
function timesOf(bench: ScriptedBench, first = 0): readonly number[] {
  const [start] = bench.sent.slice(first)
  return bench.sent.slice(first).map(({ atMs }) => Math.round((atMs - (start?.atMs ?? 0)) / 1000))
}

const portsOf = (bench: ScriptedBench) => bench.sent.map(({ port }) => port ?? 0)

t.test('teo-2: a SIP 8.12 phone in good state', async (t) => {
  const trace = askedIn(fieldTrace('teo-2-sip812-boot'))
  const { bench } = aFieldPhone(SIP_812, serving({ ...own(device(SIP_812)), ...provisioned }))
  bench.boot()
  const asked = askedIn(bench)
  t.same(names(asked), names(trace))
  const gap = gapBefore(asked, 'SIPDefault.cnf')
  t.ok(gap >= 23 && gap <= 24, `the application starts after ${gap} s`)
  const lists = gapBefore(asked, 'RINGLIST.DAT')
  t.ok(lists >= 1 && lists <= 2, `ring list ${lists} s after the own file`)
  t.match(bench.of('phone.running'), [{ load: SIP_812, provisioned: true }])
})

t.test('jh-b: an SCCP phone without a call manager goes round every 66 to 67 s', async (t) => {
  const trace = fieldTrace('jh-b-sccp-boot-loop').events.filter(({ kind }) => kind === 'rrq')
  const from = trace.findIndex(({ t }) => t === 78)
  const round = names(askedIn({ name: '', header: {}, events: trace.slice(from, from + 8) }))
  const xml = xmlDefault(SCCP).replace(/<loadInformation7>.*7>/, '')
  const { bench } = aFieldPhone(SCCP, serving(own(xml)), { quirks: { callManager: 'silent' } })
  bench.powerOn()
  bench.run(300_000)
  const asked = askedIn(bench)
  t.same(round, [CTL, SEP, CTL, SEP, '/7960-font.xml', 'US/7960-tones.xml', CTL, SEP])
  t.same(names(asked).slice(0, 24), [...round, ...round, ...round], 'no .loads, nor a default file')
  const at = (index: number) => asked[index]?.t ?? 0
  for (const start of [0, 8]) {
    const [period, gap, again, loader] = [
      at(start + 8) - at(start),
      at(start + 2) - at(start + 1),
      at(start + 6) - at(start + 5),
      at(start + 8) - at(start + 7),
    ]
    t.ok(period >= 66 && period <= 67, `period ${period}`)
    t.ok(gap >= 8 && gap <= 9, `loader to application ${gap}`)
    t.ok(again >= 43 && again <= 45, `reads again ${again}`)
    t.ok(loader >= 13 && loader <= 15, `back in the loader ${loader}`)
  }
  const ports = portsOf(bench)
  t.equal((ports[5] ?? 0) - (ports[4] ?? 0), 2, 'a port between font and tones goes by')
  t.ok(
    [60, 61].includes((ports[0] ?? 0) - (ports[2] ?? 0)),
    'the application begins below its loader',
  )
  t.match(bench.of('phone.boot.started').at(-1), { cause: 'unregistered' })
  t.ok(bench.of('phone.running').length >= 4, 'it runs each time')
})

t.test('jh-b, the other way: with a call manager, or without one named, it runs on', async (t) => {
  for (const [xml, callManager] of [
    [xmlDefault(SCCP), 'answers'],
    ['<device></device>', 'silent'],
  ] as const) {
    const { bench } = aFieldPhone(SCCP, serving(own(xml), SCCP), { quirks: { callManager } })
    bench.powerOn()
    bench.run(300_000)
    t.equal(bench.of('phone.boot.started').length, 1, callManager)
  }
})

t.test(
  'jh-c: a loader without any answer starts its application, which asks for ever',
  async (t) => {
    const events = fieldTrace('jh-c-sccp-unheard').events.filter(({ kind }) => kind === 'rrq')
    const from = events.findIndex(({ t }) => t === 1206)
    const trace = events.slice(from)
    const { bench } = aFieldPhone(SCCP, () => 'silence')
    bench.powerOn()
    bench.run(500_000)
    const wanted = trace.slice(0, 12).map(({ t }) => t - 1206)
    t.same(wanted, [0, 1, 5, 9, 13, 14, 18, 22, 26, 27, 31, 35], 'the log')
    t.same(timesOf(bench).slice(0, 12), wanted, 'the loader: three ports, 39 s')
    const start = (bench.sent[12]?.atMs ?? 0) - (bench.sent[11]?.atMs ?? 0)
    t.ok(
      start >= 12_000 && start <= 13_000,
      `the application starts ${start} ms after the last request`,
    )
    const round = timesOf(bench, 12).slice(0, 30)
    const once = [0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56]
    t.same(round, [...once, ...once.map((time) => time + 60)])
    const second = trace.slice(12, 42).map(({ t }) => t - (trace[12]?.t ?? 0))
    t.same(
      round.slice(0, second.length),
      second.length < 30 ? second : round,
      'as far as the log goes',
    )
    t.equal(timesOf(bench, 12)[30], 171, 'the next round')
    const ports = portsOf(bench)
    const first = ports[12] ?? 0
    t.same(
      [...new Set(ports.slice(12, 43))],
      [0, 1, 2, 3, 4, 5, 6].map((step) => first + step),
    )
    t.notOk(bench.requests.includes(XML), 'silence is not "not found"')
    t.match(bench.of('phone.running'), [{ load: SCCP }], 'it runs on its flash')
  },
)

t.test('jh-g: rounds of 171 s, as long as the log goes', async (t) => {
  const events = fieldTrace('jh-g-second-phone-unheard').events.filter(({ kind }) => kind === 'rrq')
  const starts = events.flatMap(({ t, name, repeat }, index) =>
    name.startsWith('CTLSEP') && !repeat && !events[index - 1]?.name.startsWith('CTLSEP')
      ? [t]
      : [],
  )
  for (const [index, start] of starts.slice(2).entries()) {
    const period = start - (starts[index + 1] ?? 0)
    t.ok(period >= 170 && period <= 171, `the log: ${period}`)
  }
  t.ok(starts.length > 1)
})

t.test(
  'jh-i: small answers pass, full blocks do not: DHCP and a new hunt, again and again',
  async (t) => {
    const long = `${xmlDefault(SIP_812)}<!--${'x'.repeat(600)}-->`
    const { bench, phone } = aFieldPhone(SCCP, serving({ [XML]: long }), {
      quirks: { fullBlockLossRate: 1 },
    })
    bench.powerOn()
    bench.run(400_000)
    const hunts = askedIn(bench)
    t.same(names(hunts).slice(0, 14), [...HUNT, XML, XML, ...HUNT, XML, XML])
    const last = bench.sent.filter(({ name }) => name === XML)[11]
    const next = bench.sent.find(({ atMs, name }) => atMs > (last?.atMs ?? 0) && name !== XML)
    const wait = (next?.atMs ?? 0) - (last?.atMs ?? 0)
    t.ok(wait >= 24_000 && wait <= 25_000, `the next hunt ${wait} ms after the last request`)
    t.equal(next?.port, (last?.port ?? 0) + 1, 'on the next port: it did not start again')
    const taken = bench.of('phone.address.taken').length
    t.equal(
      taken,
      bench.requests.filter((name) => name.startsWith('CTLSEP')).length,
      'DHCP before each',
    )
    t.equal(bench.of('phone.boot.started').length, 1)
    t.equal(phone.state, 'booting', 'it never starts what it has')
    t.same(bench.screens[0], 'TFTP Timeout')
  },
)

t.test('jh-i: an image, or .loads, that does not come whole is the same', async (t) => {
  for (const lost of [LOADS, 'P003-8-12-00.sbn']) {
    const serve = serving({ [XML]: xmlDefault(SIP_812) })
    const answer = (name: string, server: string) =>
      name === lost ? 'silence' : serve(name, server)
    const { bench } = aFieldPhone(SCCP, answer)
    bench.powerOn()
    bench.run(300_000)
    t.equal(bench.of('phone.boot.started').length, 1)
    t.ok(bench.requests.filter((name) => name.startsWith('CTLSEP')).length > 2, lost)
  }
})

t.test('jh-e, jh-l: an SCCP application that is to be another load reads that twice', async (t) => {
  const xml = xmlDefault(SIP_812)
  let served = false
  const serve = serving({ [XML]: xml })
  // The loader finds nothing at first: the file is put there while the application starts.
  const answer = (name: string, server: string) => (served ? serve(name, server) : 'absent')
  const { bench } = aFieldPhone(SCCP, answer)
  bench.powerOn()
  bench.run(3_600_000, () => bench.requests.length === 7)
  served = true
  bench.run(bench.nowMs + 3_600_000, () => bench.requests.includes(LOADS))
  const asked = askedIn(bench).slice(6)
  const trace = askedIn(fieldTrace('jh-l-conversion')).slice(0, 12)
  t.same(names(asked), names(trace))
  t.same(names(trace), [CTL, SEP, XML, CTL, SEP, XML, ...HUNT, LOADS])
  for (const [index, least, most] of [
    [3, 33, 34],
    [6, 13, 15],
  ] as const) {
    const [found, seen] = [asked, trace].map(
      (all) => (all[index]?.t ?? 0) - (all[index - 1]?.t ?? 0),
    )
    t.ok((found ?? 0) >= least && (found ?? 0) <= most, `${found} s`)
    t.ok((seen ?? 0) >= least && (seen ?? 0) <= most, `the log: ${seen} s`)
  }
})

t.test('an SCCP application whose file names its own load again stays', async (t) => {
  const contents = [device(SCCP), device(SIP_812), device(SCCP)]
  const serve = serving({}, SCCP)
  const answer = (name: string, server: string) =>
    name.startsWith('SEP') ? (contents.shift() ?? 'absent') : serve(name, server)
  const { bench } = aFieldPhone(SCCP, answer)
  bench.boot()
  t.equal(bench.of('phone.boot.started').length, 1)
  t.same(bench.requests.slice(-2), ['/7960-font.xml', 'US/7960-tones.xml'])
})

t.test(
  'an SCCP application without any file runs; with locales it asks for their folders',
  async (t) => {
    const bare = aFieldPhone(SCCP, () => 'absent').bench
    bare.boot()
    t.same(names(askedIn(bare)).slice(-3), [CTL, SEP, XML])
    t.same(bare.screens, ['Defaulting CM to TFTP Server'])
    const unusable = aFieldPhone(SCCP, serving(own('nothing of use'))).bench
    unusable.boot()
    t.same(names(askedIn(unusable)), [CTL, SEP, CTL, SEP])
    const xml =
      '<device><userLocale><name>German_Germany</name></userLocale><networkLocale>Germany</networkLocale></device>'
    const { bench } = aFieldPhone(SCCP, serving(own(xml)))
    bench.boot()
    t.same(bench.requests.slice(4), [
      'German_Germany/7960-font.xml',
      'German_Germany/7960-dictionary.xml',
      'German_Germany/7960-kate.xml',
      'German_Germany/SCCP-dictionary.xml',
      'Germany/7960-tones.xml',
    ])
  },
)

t.test('an SCCP application whose default file is not answered waits, too', async (t) => {
  let asked = 0
  const answer = (name: string) => (name === XML && ++asked > 1 ? 'silence' : 'absent')
  const { bench } = aFieldPhone(SCCP, answer)
  bench.boot()
  bench.run(bench.nowMs + 52_000)
  t.same(names(askedIn(bench)).slice(-2), [CTL, SEP].concat(XML).slice(-2))
  t.equal(bench.of('phone.boot.started').length, 1)
})

t.test(
  'jh-l: polls without an answer: 0, 1, 5, 9 s, the next port at 13 s, then the next poll',
  async (t) => {
    const events = fieldTrace('jh-l-conversion').events.filter(
      ({ kind, t }) => kind === 'rrq' && t >= 219,
    )
    t.same(
      events.slice(0, 8).map(({ t }) => t - 219),
      [0, 1, 5, 9, 13, 14, 18, 22],
      'the log',
    )
    let isSilent = false
    const serve = serving({ ...own(device(SIP_812)), 'SIPDefault.cnf': '' })
    const { bench } = aFieldPhone(SIP_812, (name, server) =>
      isSilent ? 'silence' : serve(name, server),
    )
    bench.boot()
    const seen = bench.sent.length
    isSilent = true
    bench.run(bench.nowMs + 120_000)
    t.same(timesOf(bench, seen).slice(0, 13), [0, 1, 5, 9, 13, 14, 18, 22, 26, 27, 31, 35, 70])
  },
)

t.test(
  'seed-2002: a phone without the universal loader asks for a refused image three times',
  async (t) => {
    const files = { 'OS79XX.TXT': 'P0S30300' }
    const trace = askedIn(fieldTrace('seed-2002-refused-image'))
    const { bench } = aFieldPhone('P00303010102', serving(files, 'P0S30300'), {
      quirks: { needsSip23First: true },
    })
    bench.boot()
    const asked = askedIn(bench)
    t.same(names(asked).slice(0, 4), names(trace))
    for (const index of [2, 3]) {
      const gap = (asked[index]?.t ?? 0) - (asked[index - 1]?.t ?? 0)
      t.ok(gap >= 8 && gap <= 10.2, `again after ${gap} s`)
      const seen = (trace[index]?.t ?? 0) - (trace[index - 1]?.t ?? 0)
      t.ok(seen >= 9 && seen <= 10, `the log: ${seen} s`)
    }
  },
)

/** A server whose last image, or `.loads`, or loader, is not signed as it was. */
function damaging(name: string, files: Readonly<Record<string, string>>) {
  const serve = serving({ ...files, [XML]: xmlDefault(SIP_812) })
  return (asked: string, server: string) => {
    const answer = serve(asked, server)
    if (asked !== name || !(answer instanceof Uint8Array)) return answer
    const damaged = answer.slice()
    damaged[450] = (damaged[450] ?? 0) ^ 1
    return damaged
  }
}

t.test(
  'a refused image: the old application starts, sooner than a flashed one would',
  async (t) => {
    const old = 'P0S3-08-11-00'
    for (const [load, first, least, most] of [
      [old, 'SIPDefault.cnf', 23, 24],
      [SCCP, CTL, 8, 9],
    ] as const) {
      for (const name of [LOADS, `${SIP_812}.sb2`, 'P003-8-12-00.sbn']) {
        const { bench, phone } = aFieldPhone(load, damaging(name, { 'SIPDefault.cnf': '' }))
        bench.boot()
        const refused = bench.of('phone.image.refused').find((event) => event.name === name)
        const next = askedIn(bench).find(
          ({ t, name }) => t * 1000 > (refused?.atMs ?? 0) && name === first,
        )
        const gap = (next?.t ?? 0) - (refused?.atMs ?? 0) / 1000
        t.ok(gap >= least && gap <= most, `${load}, ${name}: ${gap} s`)
        t.equal(phone.flash.load, load)
        t.ok(bench.screens.includes('Image Authentication Failed'))
      }
    }
  },
)

t.test(
  'a refused image, the other ways: back in the loader within 10 s, or asked for again',
  async (t) => {
    const refusing = damaging(`${SIP_812}.sb2`, {})
    const { bench } = aFieldPhone(SCCP, refusing, { quirks: { afterRefusedImage: 'restarts' } })
    bench.powerOn()
    bench.run(600_000)
    const refused = bench.of('phone.image.refused').map(({ atMs }) => atMs)
    t.ok(refused.length > 3)
    const next = bench.sent.find(({ atMs }) => atMs > (refused[0] ?? 0))
    t.ok((next?.atMs ?? 0) - (refused[0] ?? 0) <= 10_000)
    t.match(next, { name: `CTLSEP${FIELD_MAC}.tlv` })
    for (const name of [`${SIP_812}.sb2`, LOADS]) {
      const again = aFieldPhone('P0S3-08-11-00', damaging(name, { 'SIPDefault.cnf': '' }), {
        quirks: { afterRefusedImage: 'asks-again' },
      })
      again.bench.boot()
      const asked = again.bench.requests.filter((one) => one === name)
      t.equal(asked.length, name === LOADS ? 1 : 3)
      t.equal(again.phone.flash.load, 'P0S3-08-11-00')
    }
  },
)

t.test('a phone without an application that refuses the image stands still', async (t) => {
  const flash = { ...flashRunning(SCCP), load: null, loader: 'P003-8-12-00' }
  const { bench } = aFieldPhone(SCCP, damaging(`${SIP_812}.sb2`, {}), { flash })
  bench.boot()
  t.match(bench.of('phone.stopped'), [{ screen: 'Protocol Application Invalid' }])
})

t.test(
  'inferred: after a flash into SCCP the application starts 20 s or more after the image',
  async (t) => {
    for (let seed = 1; seed <= 20; seed++) {
      const answer = serving(own(device(SCCP)), SCCP)
      const { bench, phone } = aFieldPhone(SIP_812, answer, { seed: seed * 0x9e3779b1 })
      bench.boot()
      const end = bench.of('phone.file.got').find(({ name }) => name.endsWith('.sb2'))?.atMs ?? 0
      const next = bench.sent.find(({ atMs }) => atMs > end)
      const gap = ((next?.atMs ?? 0) - end) / 1000
      t.ok(gap >= 20 && gap <= 53, `${gap} s`)
      t.equal(phone.flash.load, SCCP)
      t.equal(bench.of('phone.boot.started').length, 2, 'one restart, behind the loader')
    }
  },
)

t.test('teo-3: an application may ask DHCP itself, and may get another address', async (t) => {
  const answer = serving({ [XML]: xmlDefault(SIP_812), 'SIPDefault.cnf': '' })
  const { bench } = aFieldPhone(SCCP, answer, { quirks: { applicationAsksDhcp: true } })
  bench.boot()
  const end = bench.of('phone.file.got').find(({ name }) => name.endsWith('.sb2'))?.atMs ?? 0
  const first = bench.sent.find(({ name }) => name === 'SIPDefault.cnf')?.atMs ?? 0
  const between = bench.dhcp.filter(({ atMs }) => atMs > end && atMs < first)
  t.match(between, [{ message: { op: 1 } }])
  t.same(between[0]?.message.options.get(53), Uint8Array.of(MessageType.request))
  const sccp = aFieldPhone(SCCP, serving(own(device(SCCP)), SCCP), {
    quirks: { applicationAsksDhcp: true },
  })
  sccp.bench.boot()
  t.equal(sccp.bench.of('phone.address.taken').length, 2)
})

t.test(
  'DHCP in the middle of a boot may refuse the address; the phone goes on with another',
  async (t) => {
    let naks = 0
    const dhcp = (message: { readonly options: ReadonlyMap<number, Uint8Array> }) => {
      const type = message.options.get(53)?.[0]
      if (type === MessageType.discover) return MessageType.offer
      if (type === MessageType.request && naks === 1) {
        naks++
        return MessageType.nak
      }
      if (type === MessageType.request) naks++
      return type === MessageType.request ? MessageType.ack : null
    }
    const answer = serving({ ...own(device(SIP_812)), ...provisioned })
    const { bench, phone } = aFieldPhone(
      SIP_812,
      answer,
      { quirks: { applicationAsksDhcp: true } },
      { dhcp },
    )
    bench.boot()
    t.equal(bench.of('phone.address.refused').length, 1)
    t.equal(phone.state, 'running')
    t.equal(bench.of('phone.boot.started').length, 1)
  },
)

t.test('two hunts at once: every name of a hunt twice, on one port counter', async (t) => {
  const answer = serving({ [XML]: xmlDefault(SIP_812), 'SIPDefault.cnf': '' })
  const { bench, phone } = aFieldPhone(SCCP, answer, { quirks: { huntsTwiceAtOnce: true } })
  bench.boot()
  t.same(names(askedIn(bench)).slice(0, 11), [...HUNT.flatMap((name) => [name, name]), LOADS])
  const ports = portsOf(bench).slice(0, 11)
  t.same(
    ports,
    ports.map((_, index) => (ports[0] ?? 0) + index),
  )
  t.equal(phone.flash.load, SIP_812)
})

t.test(
  'the cable pulled at any moment: the phone begins again and comes to its load',
  async (t) => {
    const answer = serving({ [XML]: xmlDefault(SIP_812), 'SIPDefault.cnf': '' })
    for (let atMs = 1_000; atMs <= 120_000; atMs += 8_900) {
      const { bench, phone } = aFieldPhone(SCCP, answer, { seed: atMs })
      bench.powerOn()
      bench.run(atMs)
      bench.boot()
      t.equal(phone.flash.load, SIP_812, `${atMs} ms`)
      t.equal(phone.state, 'running')
    }
  },
)

t.test('speed divides every time of the phone', async (t) => {
  const answer = serving({ [XML]: xmlDefault(SIP_812), 'SIPDefault.cnf': '' })
  const slow = aFieldPhone(SCCP, answer).bench
  const quick = aFieldPhone(SCCP, answer, { speed: 4 }).bench
  for (const bench of [slow, quick]) {
    bench.boot()
    bench.run(bench.nowMs + 100_000)
  }
  t.same(names(askedIn(quick)).slice(0, 19), names(askedIn(slow)).slice(0, 19))
  for (const [index, { t: at }] of askedIn(slow).slice(0, 19).entries()) {
    const found = (askedIn(quick)[index]?.t ?? 0) * 4
    t.ok(Math.abs(found - at) < 30, `${found} s and ${at} s: only the wire takes its own time`)
  }
})

t.test(
  'MGC<MAC>.cnf that names a load decides; one that names none ends the hunt for a load',
  async (t) => {
    const name = `MGC${FIELD_MAC}.cnf`
    const named = aFieldPhone(
      SCCP,
      serving({ [name]: `image_version: ${SIP_812}`, 'SIPDefault.cnf': '' }),
    )
    named.bench.boot()
    t.equal(named.phone.flash.load, SIP_812)
    const none = aFieldPhone(SCCP, serving({ [name]: '', [XML]: xmlDefault(SIP_812) }))
    none.bench.powerOn()
    none.bench.run(none.bench.nowMs + 12_000)
    t.notOk(none.bench.requests.includes(XML))
  },
)

t.test('what the application wanted outlives the restart of its loader', async (t) => {
  const old = 'P0S3-08-11-00'
  const files = {
    'SIPDefault.cnf': `image_version: ${SIP_812}`,
    [`SIP${FIELD_MAC}.cnf`]: 'line1_name: 1',
  }
  const { bench, phone } = aFieldPhone(old, serving({ ...files, ...own(device(old)) }, old))
  bench.run(0)
  bench.powerOn()
  bench.run(600_000, () => phone.flash.load === SIP_812)
  t.equal(phone.flash.load, SIP_812)
  t.match(
    bench.of('phone.boot.started').map(({ cause }) => cause),
    ['power', 'retry', 'flash'],
  )
})
