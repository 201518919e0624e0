import t from 'tap'
import { ConversionEngine } from '../../src/conversion/conversion-engine.ts'
import { FileView, type ViewMaterial } from '../../src/conversion/file-view.ts'
import type { CallControlHere } from '../../src/conversion/phone-files.ts'
import { makeCachedFile } from '../../src/files/file-cache.ts'
import { FileNames } from '../../src/files/file-name.ts'
import type { StoredFirmware } from '../../src/inventory/firmware.ts'
import type { Phone, Profile } from '../../src/inventory/phone.ts'
import { type Ipv4, parseIpv4 } from '../../src/net/ipv4.ts'
import type { Mac } from '../../src/net/mac.ts'
import {
  type ClientLookup,
  type Enrolment,
  NO_ENROLMENT,
} from '../../src/services/tracking/clients.ts'
import { Tracking } from '../../src/services/tracking/tracking.ts'
import { MAC } from '../support/conversion-builders.ts'

const OTHER = '000E84C060A7' as Mac
const ip = (text: string) => parseIpv4(text) as Ipv4
const OURS = ip('10.20.0.2')
const PHONE_AT = ip('10.20.0.50')
const OTHER_AT = ip('10.20.0.51')
const UNENROLLED_AT = ip('10.20.0.99')
const UNRESOLVED_AT = ip('10.20.0.77')
const GUEST_AT = ip('10.21.0.99')
const OUTSIDE_AT = ip('192.0.2.1')

const aPhone = (mac: Mac): Phone => ({
  mac,
  model: '7960',
  label: null,
  network: 'bench',
  profile: 'to-sip',
  address: null,
  lines: [{ name: '1201', password: 'geheim' }],
  settings: {},
  revision: 1,
})

const PROFILE: Profile = {
  name: 'to-sip',
  protocol: 'sip',
  load: 'P0S3-06-3-00',
  sip: {},
  sccp: { callManagers: [] },
  revision: 1,
}

const image = makeCachedFile(Buffer.from('image'))
const FIRMWARE: readonly StoredFirmware[] = [
  {
    load: 'P0S3-06-3-00',
    protocol: 'sip',
    loader: null,
    addedAtMs: 0,
    files: [
      { name: 'P0S3-06-3-00.bin', bytes: 5, sha256: image.sha256 },
      { name: 'P0S3-06-3-00.sbn', bytes: 5, sha256: image.sha256 },
    ],
  },
  {
    load: 'P0S3-8-12-00',
    protocol: 'sip',
    loader: 'P003-8-12-00',
    addedAtMs: 0,
    files: [{ name: 'P0S3-8-12-00.loads', bytes: 5, sha256: image.sha256 }],
  },
]

function aBench(
  phones: readonly Phone[] = [aPhone(MAC), aPhone(OTHER)],
  onRequest: Enrolment['onRequest'] = NO_ENROLMENT.onRequest,
  findPhone = (mac: Mac) => phones.find((phone) => phone.mac === mac),
) {
  let revision = 0
  let callControl: CallControlHere | null = null
  const clients: ClientLookup = {
    networkAt: (address) => {
      if (address >>> 8 === OURS >>> 8) return { name: 'bench', address: OURS, admitsAnyone: false }
      if (address !== GUEST_AT) return undefined
      return { name: 'guests', address: ip('10.21.0.2'), admitsAnyone: true }
    },
    identify: (address) => {
      if (address === UNRESOLVED_AT) return { kind: 'wait' }
      const mac = address === PHONE_AT ? MAC : address === OTHER_AT ? OTHER : undefined
      if (mac === undefined) return { kind: 'unknown' }
      return { kind: phones.some((phone) => phone.mac === mac) ? 'phone' : 'device', mac }
    },
    onLeaseGivenUp: () => {},
  }
  const material: ViewMaterial = {
    phone: findPhone,
    profile: (name) => (name === 'to-sip' ? PROFILE : undefined),
    firmware: (load) => FIRMWARE.find((set) => set.load === load),
    cached: (sha256) => (sha256 === image.sha256 ? image : undefined),
    sharedFiles: () => new FileNames([['ringer1.pcm', image]]),
    sharedNames: () => ['ringer1.pcm'],
    callControlAt: () => callControl,
    revision: () => revision,
  }
  const engine = new ConversionEngine(
    {
      firmware: (load) => FIRMWARE.find((set) => set.load === load),
      firmwareLoads: () => FIRMWARE.map(({ load }) => load),
    },
    () => undefined,
  )
  const view = new FileView(material, engine)
  const enrolment = { ...NO_ENROLMENT, onRequest }
  const tracking = new Tracking({
    engine,
    view,
    clients,
    inventory: { phone: findPhone },
    enrolment,
  })
  let atMs = 0
  const ask = (client: Ipv4, requestedName: string) => {
    atMs += 6_000
    return tracking.answer({ client, clientPort: 50_000, requestedName, atMs })
  }
  const read = (client: Ipv4, name: string) => {
    const answer = ask(client, name)
    return answer.kind === 'file' ? Buffer.from(answer.file.bytes).toString() : answer.kind
  }
  const turnOn = () => {
    callControl = { sipPort: 5060, sccp: true }
  }
  return { engine, view, tracking, ask, read, turnOn, touch: () => revision++ }
}

const TO_SIP_6_3 = { to: 'P0S3-06-3-00', from: 'P00305000300' }

t.test('an unknown phone gets nothing that could change it', async (t) => {
  const { read, ask } = aBench()
  for (const name of [
    'OS79XX.TXT',
    'SIPDefault.cnf',
    'XMLDefault.cnf.xml',
    `SIP${MAC}.cnf`,
    `SEP${MAC}.cnf.xml`,
    'P0S3-06-3-00.sbn',
    'ringer1.pcm',
  ]) {
    t.equal(read(UNENROLLED_AT, name), 'absent', name)
    t.equal(ask(OUTSIDE_AT, name).kind, 'silence', `${name}, from outside`)
  }
  t.equal(read(GUEST_AT, 'ringer1.pcm'), 'image', 'shared files, where anyone is admitted')
  t.equal(read(GUEST_AT, 'OS79XX.TXT'), 'absent', 'and nothing else even there')
})

t.test('an unknown device that is being enrolled gets no answer yet, and asks again', async (t) => {
  const asked: string[] = []
  const { read } = aBench([aPhone(MAC)], (network, mac, { kind }) => {
    asked.push(`${network} ${mac} ${kind}`)
    return kind === 'os79xx' ? 'wait' : 'absent'
  })
  t.equal(read(OTHER_AT, 'OS79XX.TXT'), 'silence')
  t.equal(read(OTHER_AT, 'ringer1.pcm'), 'absent')
  t.match(asked, [`bench ${OTHER} os79xx`, /^bench /])
})

t.test('of two phones on one network, only the one under way is converted', async (t) => {
  const { engine, read } = aBench()
  engine.start(aPhone(MAC), TO_SIP_6_3, 0)
  t.equal(read(PHONE_AT, 'OS79XX.TXT'), 'P0S3-06-3-00\n')
  t.equal(read(OTHER_AT, 'OS79XX.TXT'), 'absent')
  t.equal(read(PHONE_AT, 'P0S3-06-3-00.sbn'), 'image')
  t.equal(read(OTHER_AT, 'P0S3-06-3-00.sbn'), 'absent')
})

t.test('a phone gets its own secrets, and no other device does', async (t) => {
  const { read } = aBench()
  t.match(read(PHONE_AT, `SIP${MAC}.cnf`), 'geheim')
  t.equal(read(OTHER_AT, `SIP${MAC}.cnf`), 'absent')
})

t.test('names are found with a leading ./ and in another letter case', async (t) => {
  const { read, ask } = aBench()
  t.match(read(PHONE_AT, `./SIP${MAC}.cnf`), 'geheim')
  t.match(ask(PHONE_AT, 'sipdefault.CNF'), { kind: 'file', name: 'SIPDefault.cnf' })
  t.equal(read(PHONE_AT, '../SIPDefault.cnf'), 'absent')
})

t.test('OS79XX.TXT is withdrawn when the phone is done', async (t) => {
  const { engine, read } = aBench()
  engine.start(aPhone(MAC), TO_SIP_6_3, 0)
  for (const name of ['OS79XX.TXT', 'SIPDefault.cnf', 'RINGLIST.DAT']) read(PHONE_AT, name)
  engine.onWake(60_000)
  t.equal(engine.conversion(MAC)?.state, 'confirmed')
  t.equal(read(PHONE_AT, 'OS79XX.TXT'), 'absent')
  t.match(read(PHONE_AT, 'SIPDefault.cnf'), 'image_version: P0S3-06-3-00')
  t.equal(read(PHONE_AT, 'P0S3-06-3-00.bin'), 'image', 'the firmware that it runs')
})

t.test('a looping loader gets an empty trust list after three requests', async (t) => {
  const { read } = aBench()
  const answers = [1, 2, 3, 4].map(() => read(PHONE_AT, `CTLSEP${MAC}.tlv`))
  t.same(answers, ['absent', 'absent', 'absent', ''])
})

t.test('what is absent is recorded as well', async (t) => {
  const { engine, read } = aBench()
  engine.start(aPhone(MAC), TO_SIP_6_3, 0)
  read(PHONE_AT, 'P0S3-07-5-00.bin')
  t.equal(engine.conversion(MAC)?.diagnosis?.code, 'image-absent')
})

t.test('a view is made once, and again when something it depends on changes', async (t) => {
  const { ask, touch } = aBench()
  const first = ask(PHONE_AT, 'SIPDefault.cnf')
  const second = ask(PHONE_AT, 'SIPDefault.cnf')
  t.equal(first.kind === 'file' && second.kind === 'file' && first.file === second.file, true)
  touch()
  const third = ask(PHONE_AT, 'SIPDefault.cnf')
  t.equal(first.kind === 'file' && third.kind === 'file' && first.file === third.file, false)
})

t.test('a phone is pointed to our registrar as soon as there is one', async (t) => {
  const { read, turnOn, view } = aBench()
  t.equal(read(PHONE_AT, 'SIPDefault.cnf').includes('proxy1_address'), false)
  turnOn()
  t.match(read(PHONE_AT, 'SIPDefault.cnf'), /proxy1_address: "?10\.20\.0\.2/)
  t.ok(view.list(MAC, OURS)?.some(({ name }) => name === 'SIPDefault.cnf'))
})

t.test('lists what a phone would get now', async (t) => {
  const { engine, view } = aBench()
  t.equal(view.list('000E84C060A8' as Mac, OURS), undefined)
  t.equal(view.filesOf('000E84C060A8' as Mac, OURS), undefined)
  engine.start(aPhone(MAC), { to: 'P0S3-8-12-00', from: 'P0S3-8-12-00' }, 0)
  const listed = view.list(MAC, OURS)?.map(({ name, value }) => `${value.origin} ${name}`)
  t.ok(listed?.includes('firmware P0S3-8-12-00.loads'))
  t.ok(listed?.includes(`generated SIP${MAC}.cnf`))
})

t.test('a phone without a profile, or with one that is gone, still boots', async (t) => {
  const { read } = aBench([
    { ...aPhone(MAC), profile: null },
    { ...aPhone(OTHER), profile: 'gone' },
  ])
  t.equal(read(PHONE_AT, 'SIPDefault.cnf'), '')
  t.equal(read(OTHER_AT, 'SIPDefault.cnf'), '')
})

t.test('a client that is not known yet gets no answer: it asks again', async (t) => {
  const { read } = aBench()
  t.equal(read(UNRESOLVED_AT, 'ringer1.pcm'), 'silence')
  t.equal(read(UNRESOLVED_AT, `SIP${MAC}.cnf`), 'silence')
})

t.test('an answer names only the phone that it was given to', async (t) => {
  const { ask, tracking } = aBench()
  t.match(ask(PHONE_AT, `SIP${MAC}.cnf`), { kind: 'file', mac: MAC })
  t.match(ask(PHONE_AT, 'ringer1.pcm'), { kind: 'file', mac: MAC }, 'a shared file')
  t.same(ask(PHONE_AT, 'nothing'), { kind: 'absent', mac: MAC })
  t.same(ask(UNENROLLED_AT, `SIP${MAC}.cnf`), { kind: 'absent', mac: null })
  t.match(ask(GUEST_AT, 'ringer1.pcm'), { kind: 'file', mac: null })
  t.equal(tracking.ownerAt(PHONE_AT, 0), MAC)
  t.equal(tracking.ownerAt(UNENROLLED_AT, 0), null)
  t.equal(tracking.ownerAt(OUTSIDE_AT, 0), null)
})

t.test('what an unrecognised client asks moves no conversion', async (t) => {
  const { engine, read } = aBench()
  engine.start(aPhone(MAC), TO_SIP_6_3, 0)
  for (const name of [`SIP${MAC}.cnf`, 'OS79XX.TXT', 'SIPDefault.cnf', 'RINGLIST.DAT']) {
    read(UNENROLLED_AT, name)
    read(UNRESOLVED_AT, name)
  }
  t.equal(engine.conversion(MAC)?.state, 'waiting')
  t.equal(engine.boot(MAC)?.startedAtMs, undefined)
})

t.test('a phone that was deleted since it was identified is unknown', async (t) => {
  const phones = [aPhone(MAC)]
  const bench = aBench(phones)
  const deleting = aBench(phones, undefined, () => undefined)
  t.match(bench.read(PHONE_AT, `SIP${MAC}.cnf`), 'geheim')
  t.equal(deleting.read(PHONE_AT, `SIP${MAC}.cnf`), 'absent')
})

t.test('a wrong "from" does not take a phone over 5.0', async (t) => {
  const { engine, read } = aBench()
  engine.start(aPhone(MAC), { to: 'P0S3-8-12-00', from: 'P00308000500', acceptOneWay: true }, 0)
  t.equal(engine.conversion(MAC)?.steps[0]?.load, 'P0S3-8-12-00')
  for (const name of [
    'OS79XX.TXT',
    `SEP${MAC}.cnf.xml`,
    'XMLDefault.cnf.xml',
    'SIPDefault.cnf',
    `SIP${MAC}.cnf`,
    'P003-8-12-00.bin',
    'P003-8-12-00.sbn',
    'P0S3-8-12-00.sb2',
  ]) {
    t.equal(read(PHONE_AT, name), 'absent', name)
  }
  t.equal(engine.isBarred(MAC), true)
  t.equal(engine.conversion(MAC)?.diagnosis?.code, 'other-generation')
})

t.test(
  'a phone said to be past 5.0 gets no unsigned image: it is not what it is said to be',
  async (t) => {
    const { engine, read } = aBench()
    engine.start(aPhone(MAC), TO_SIP_6_3, 0)
    t.equal(read(PHONE_AT, 'OS79XX.TXT'), 'P0S3-06-3-00\n')
    t.equal(read(PHONE_AT, 'P0S3-06-3-00.sbn'), 'image', 'what SCCP 5.x asks for')
    t.equal(read(PHONE_AT, 'P0S3-06-3-00.bin'), 'absent', 'what SCCP 3.x asks for')
    t.equal(engine.conversion(MAC)?.diagnosis?.code, 'other-generation')
    t.match(engine.conversion(MAC)?.diagnosis?.seen, /before 5\.0, and not P00305000300/)
    engine.cancel(MAC, 60_000)
    t.equal(engine.takesSignedAlone(MAC), false)
    t.equal(engine.takesSignedAlone(OTHER), false)
    engine.start(
      aPhone(OTHER),
      { to: 'P0S3-06-3-00', from: 'P00303030300', path: 'direct', acceptOneWay: true },
      0,
    )
    t.equal(read(OTHER_AT, 'P0S3-06-3-00.bin'), 'image', 'a way over 5.0 that was accepted')
  },
)
