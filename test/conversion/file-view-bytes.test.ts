import t from 'tap'
import { ConversionEngine } from '../../src/conversion/conversion-engine.ts'
import { FileView } from '../../src/conversion/file-view.ts'
import { makeCachedFile } from '../../src/files/file-cache.ts'
import { FileNames } from '../../src/files/file-name.ts'
import type { StoredFirmware } from '../../src/inventory/firmware.ts'
import { type Ipv4, parseIpv4 } from '../../src/net/ipv4.ts'
import type { ClientLookup } from '../../src/services/tracking/clients.ts'
import { Tracking } from '../../src/services/tracking/tracking.ts'
import { MAC } from '../support/conversion-builders.ts'

const CLIENT = parseIpv4('10.20.0.50') as Ipv4
const SERVER = parseIpv4('10.20.0.2') as Ipv4

const aSet = (
  load: string,
  protocol: 'sip' | 'sccp',
  loader: string | null,
  names: readonly string[],
): StoredFirmware => ({
  load,
  protocol,
  loader,
  addedAtMs: 0,
  files: names.map((name) => ({ name, bytes: name.length, sha256: name })),
})

const FIRMWARE: readonly StoredFirmware[] = [
  aSet('P00303030300', 'sccp', null, ['P00303030300.bin']),
  aSet('P0S3-04-4-00', 'sip', null, ['P0S3-04-4-00.bin']),
  aSet('P0S3-07-4-00', 'sip', 'P003-07-4-00', ['P003-07-4-00.sbn', 'P0S3-07-4-00.loads']),
]

/** What a phone on its way from one load to another reads of a file, octet by octet as Latin-1. */
function reader(from: string, to: string): (name: string) => string {
  const firmware = (load: string) => FIRMWARE.find((set) => set.load === load)
  const phone = {
    mac: MAC,
    model: '7960' as const,
    label: null,
    network: 'bench',
    profile: 'sip',
    address: null,
    lines: [{ name: '1201' }],
    settings: {},
    revision: 1,
  }
  const profile = {
    name: 'sip',
    protocol: 'sip' as const,
    load: to,
    sip: { proxy1_address: '192.0.2.9' },
    sccp: { callManagers: [] },
    revision: 1,
  }
  const engine = new ConversionEngine(
    { firmware, firmwareLoads: () => FIRMWARE.map(({ load }) => load) },
    () => undefined,
  )
  const clients: ClientLookup = {
    networkAt: () => ({ name: 'bench', address: SERVER, admitsAnyone: false }),
    identify: () => ({ kind: 'phone', mac: MAC }),
    onLeaseGivenUp: () => {},
  }
  const view = new FileView(
    {
      phone: () => phone,
      profile: () => profile,
      firmware,
      // Each image holds its own name, which tells it from every other.
      cached: (sha256) => makeCachedFile(Buffer.from(sha256)),
      sharedFiles: () => new FileNames([]),
      sharedNames: () => [],
      revision: () => 0,
    },
    engine,
  )
  const tracking = new Tracking({ engine, view, clients, inventory: { phone: () => phone } })
  const started = engine.start(phone, { from, to }, 0)
  if (started.kind === 'refused') throw new Error(JSON.stringify(started))
  let atMs = 0
  return (requestedName) => {
    atMs += 1_000
    const answer = tracking.answer({ client: CLIENT, clientPort: 50_000, requestedName, atMs })
    return answer.kind === 'file' ? Buffer.from(answer.file.bytes).toString('latin1') : answer.kind
  }
}

const ownXml = (load: string) =>
  `<device>\n  <loadInformation model="IP Phone 7960">${load}</loadInformation>\n</device>\n`

t.test(
  'a SIP phone before the loader finds the loader in OS79XX.TXT: P003 is not P0S3',
  async (t) => {
    const read = reader('P0S3-06-3-00', 'P0S3-07-4-00')
    t.equal(read('OS79XX.TXT'), 'P003-07-4-00\n')
    t.equal(
      read('SIPDefault.cnf'),
      'sync: "1"\nproxy1_address: "192.0.2.9"\n',
      'and no image_version',
    )
    t.equal(read('P003-07-4-00.sbn'), 'P003-07-4-00.sbn')
  },
)

t.test('an SCCP phone skips that name, so its load information has the loader', async (t) => {
  const read = reader('P00305000300', 'P0S3-07-4-00')
  t.equal(read('OS79XX.TXT'), 'P003-07-4-00\n')
  t.equal(read(`SEP${MAC}.cnf.xml`), ownXml('P003-07-4-00'))
})

t.test('once the loader is in, every file names the application', async (t) => {
  const read = reader('P00305000300', 'P0S3-07-4-00')
  t.equal(read(`CTLSEP${MAC}.tlv`), 'absent')
  t.equal(read(`SEP${MAC}.cnf.xml`), ownXml('P0S3-07-4-00'))
  t.equal(
    read('SIPDefault.cnf'),
    'image_version: P0S3-07-4-00\nsync: "1"\nproxy1_address: "192.0.2.9"\n',
  )
})

t.test('SIP 2.x reads one line, whatever the profile holds', async (t) => {
  const read = reader('P0S30203', 'P0S3-04-4-00')
  t.equal(read('SIPDefault.cnf'), 'image_version: P0S3-04-4-00\n')
  t.equal(read(`SIP${MAC}.cnf`), 'image_version: P0S3-04-4-00\n')
})

t.test('SIP 2.1 and earlier get an SCCP image under a name of 8.3 as well', async (t) => {
  const read = reader('P0S30100', 'P00303030300')
  t.equal(read('OS79XX.TXT'), 'P0030303\n')
  t.equal(read('P0030303.bin'), 'P00303030300.bin', 'the image itself')
  t.equal(read('P00303030300.bin'), 'P00303030300.bin')
  const later = reader('P0S30202', 'P00303030300')
  t.equal(later('OS79XX.TXT'), 'P00303030300\n')
  t.equal(later('P0030303.bin'), 'absent', 'SIP 2.2 has no need of it')
})

t.test('another letter case and a leading ./ lead to the same octets', async (t) => {
  const exact = 'image_version: P0S3-04-4-00\n'
  const names = ['SIPDefault.cnf', 'sipdefault.CNF', './SIPDefault.cnf', '/./SIPDEFAULT.cnf']
  const read = reader('P0S30203', 'P0S3-04-4-00')
  for (const name of names) t.equal(read(name), exact, name)
  const loader = reader('P00305000300', 'P0S3-07-4-00')
  const asShipped = loader('XMLDefault.cnf.xml')
  t.match(asShipped, '<loadInformation7 model="IP Phone 7960">P003-07-4-00<')
  t.equal(loader('xmlDefault.CNF.XML'), asShipped, 'as some 7.x loads spell it')
})

t.test('a loader that loops gets a trust list of no octet', async (t) => {
  const read = reader('P00305000300', 'P0S3-07-4-00')
  const answers = Array.from({ length: 4 }, () => read(`CTLSEP${MAC}.tlv`))
  t.same(answers, ['absent', 'absent', 'absent', ''])
})
