import t from 'tap'
import type { LoadNaming } from '../../src/conversion/load-naming.ts'
import {
  firmwareFiles,
  makePhoneFiles,
  type PhoneFilesInput,
} from '../../src/conversion/phone-files.ts'
import { makeCachedFile } from '../../src/files/file-cache.ts'
import { MAC } from '../support/conversion-builders.ts'

const NAMING: LoadNaming = {
  os79xx: null,
  xml: null,
  imageVersion: null,
  sip: false,
  oneLine: false,
}

const INPUT: PhoneFilesInput = {
  phone: {
    mac: MAC,
    model: '7960',
    label: null,
    network: null,
    profile: 'to-sip',
    address: null,
    lines: [{ name: '1201', password: 'geheim', displayName: 'Müller' }],
    settings: { phone_label: 'Lab' },
    revision: 1,
  },
  profile: {
    name: 'to-sip',
    protocol: 'sip',
    load: 'P0S3-8-12-00',
    sip: { proxy1_address: '192.0.2.9' },
    sccp: { callManagers: [] },
    revision: 1,
  },
  naming: NAMING,
  emptyCtlsep: false,
  serverAddress: '10.20.0.2',
  sharedNames: ['ringer1.pcm', 'tones/Chime.raw', 'logo.bmp'],
}

function files(change: Partial<PhoneFilesInput>): ReadonlyMap<string, string> {
  const made = makePhoneFiles({ ...INPUT, ...change })
  return new Map(made.map(([name, { file }]) => [name, Buffer.from(file.bytes).toString('latin1')]))
}

const HERE = { sipPort: 5060, sccp: true }

t.test(
  'where there is call control and no other server is named, phones register with us',
  async (t) => {
    const naming = { ...NAMING, xml: 'P00308010200', sip: true }
    const profile = { ...(INPUT.profile as NonNullable<PhoneFilesInput['profile']>), sip: {} }
    const phone = { ...INPUT.phone, lines: [] }
    const ours = files({ naming, profile, phone, callControl: HERE })
    t.match(ours.get(`SEP${MAC}.cnf.xml`), '<processNodeName>10.20.0.2</processNodeName>')
    t.match(ours.get('SIPDefault.cnf'), /proxy1_address: "?10\.20\.0\.2"?\n/)
    t.match(ours.get('SIPDefault.cnf'), /proxy1_port: "?5060"?\n/)
    t.match(ours.get('SIPDefault.cnf'), /proxy_register: "?1"?\n/)
    t.match(ours.get(`SIP${MAC}.cnf`), new RegExp(`line1_name: "?${MAC}"?\n`))
    const nobody = files({ naming, profile, phone })
    t.notMatch(nobody.get(`SEP${MAC}.cnf.xml`), 'processNodeName')
    t.notMatch(nobody.get('SIPDefault.cnf'), 'proxy')
    t.notMatch(nobody.get(`SIP${MAC}.cnf`), 'line1_name')
  },
)

t.test('a proxy, a call manager or a line of the operator goes before ours', async (t) => {
  const naming = { ...NAMING, xml: 'P00308010200', sip: true }
  const own = files({ naming, callControl: HERE })
  t.notMatch(own.get('SIPDefault.cnf'), '10.20.0.2')
  t.notMatch(own.get('SIPDefault.cnf'), 'proxy_register')
  t.match(own.get(`SIP${MAC}.cnf`), 'line1_name: "1201"')
  const profile = INPUT.profile as NonNullable<PhoneFilesInput['profile']>
  const settings = { proxy1_address: '192.0.2.8' }
  const bySettings = files({
    naming,
    profile: { ...profile, sip: {}, sccp: { callManagers: ['192.0.2.7'] } },
    phone: { ...INPUT.phone, settings },
    callControl: HERE,
  })
  t.notMatch(bySettings.get('SIPDefault.cnf'), 'proxy')
  t.notMatch(bySettings.get(`SEP${MAC}.cnf.xml`), '10.20.0.2')
  const sccpOnly = files({ naming, profile: null, callControl: { sipPort: null, sccp: false } })
  t.notMatch(sccpOnly.get('SIPDefault.cnf'), 'proxy')
  t.notMatch(sccpOnly.get(`SEP${MAC}.cnf.xml`), '10.20.0.2')
})

t.test('a phone with nothing to load and no SIP has no file of its own', async (t) => {
  t.same([...files({}).keys()], [])
})

t.test('document 5455: OS79XX.TXT is the name alone', async (t) => {
  const made = makePhoneFiles({ ...INPUT, naming: { ...NAMING, os79xx: 'P0S3-06-3-00' } })
  t.equal(made.length, 1)
  t.match(made[0], ['OS79XX.TXT', { origin: 'step' }])
  t.equal(files({ naming: { ...NAMING, os79xx: 'P0S30203' } }).get('OS79XX.TXT'), 'P0S30203\n')
})

t.test('both XML files name the load; a node name is there even if unused', async (t) => {
  const made = files({ naming: { ...NAMING, xml: 'P0S3-8-12-00' } })
  t.match(made.get(`SEP${MAC}.cnf.xml`), '<loadInformation model="IP Phone 7960">P0S3-8-12-00<')
  t.match(made.get('XMLDefault.cnf.xml'), '<processNodeName>10.20.0.2</processNodeName>')
  t.match(made.get('XMLDefault.cnf.xml'), '<loadInformation7 model="IP Phone 7960">P0S3-8-12-00<')
})

t.test('a profile names its call managers, best first', async (t) => {
  const profile =
    INPUT.profile === null
      ? null
      : {
          ...INPUT.profile,
          protocol: 'sccp' as const,
          sccp: { callManagers: ['cm1.lab.example', '192.0.2.7'] },
        }
  const made = files({ profile, naming: { ...NAMING, xml: 'P00308000500', sip: true } })
  t.match(made.get('XMLDefault.cnf.xml'), /cm1\.lab\.example[\s\S]*192\.0\.2\.7/)
  t.match(made.get(`SEP${MAC}.cnf.xml`), 'cm1.lab.example')
  t.notMatch(made.get('SIPDefault.cnf'), 'proxy1_address', 'SIP settings of another protocol')
})

t.test(
  'SIP: default file from the profile, own file from the phone, ring list, dial plan',
  async (t) => {
    const made = files({ naming: { ...NAMING, sip: true, imageVersion: 'P0S3-8-12-00' } })
    t.same(
      [...made.keys()],
      ['SIPDefault.cnf', `SIP${MAC}.cnf`, 'RINGLIST.DAT', 'dialplan.xml', 'syncinfo.xml'],
    )
    t.match(
      made.get('SIPDefault.cnf'),
      /^image_version: P0S3-8-12-00\nsync: "1"\nproxy1_address: "192\.0\.2\.9"\n/,
    )
    const own = made.get(`SIP${MAC}.cnf`)
    t.match(own, 'image_version: P0S3-8-12-00')
    t.match(own, 'line1_password: "geheim"')
    t.match(own, 'line1_displayname: "M\u00fcller"')
    t.match(own, 'phone_label: "Lab"')
    t.equal(made.get('RINGLIST.DAT'), 'ringer1\tringer1.pcm\nChime\ttones/Chime.raw\n')
    t.match(made.get('dialplan.xml'), '<DIALTEMPLATE>')
  },
)

t.test('a phone without a profile has SIP files without settings', async (t) => {
  const made = files({ profile: null, naming: { ...NAMING, sip: true, xml: 'P0S3-8-12-00' } })
  t.equal(made.get('SIPDefault.cnf'), '')
  t.match(made.get('XMLDefault.cnf.xml'), '10.20.0.2')
})

t.test('document 5455, W210: both SIP files are one line for SIP 2.x', async (t) => {
  const made = files({
    naming: { ...NAMING, sip: true, oneLine: true, imageVersion: 'P0S3-04-4-00' },
  })
  t.equal(made.get('SIPDefault.cnf'), 'image_version: P0S3-04-4-00\n')
  t.equal(made.get(`SIP${MAC}.cnf`), 'image_version: P0S3-04-4-00\n')
})

t.test('a loader that loops on its trust list gets an empty one', async (t) => {
  t.equal(files({ emptyCtlsep: true }).get(`CTLSEP${MAC}.tlv`), '')
})

t.test('firmware files are those that the cache holds', async (t) => {
  const file = makeCachedFile(Uint8Array.of(1))
  const firmware = {
    load: 'P0S3-8-12-00',
    protocol: 'sip' as const,
    loader: 'P003-8-12-00',
    addedAtMs: 0,
    files: [
      { name: 'P0S3-8-12-00.loads', bytes: 1, sha256: 'here' },
      { name: 'P0S3-8-12-00.sb2', bytes: 1, sha256: 'gone' },
    ],
  }
  const found = firmwareFiles(firmware, (sha256) => (sha256 === 'here' ? file : undefined))
  t.same(found, [['P0S3-8-12-00.loads', { origin: 'firmware', file }]])
})

t.test('sync is one value in both files, the phone goes before the profile', async (t) => {
  const naming = { ...NAMING, sip: true, imageVersion: 'P0S3-8-12-00' }
  const sip = { sync: '7', proxy1_address: '192.0.2.9' }
  const profile = INPUT.profile === null ? null : { ...INPUT.profile, sip }
  const byProfile = files({ naming, profile })
  t.match(byProfile.get('SIPDefault.cnf'), /^sync: "7"$/m)
  t.match(byProfile.get(`SIP${MAC}.cnf`), /^sync: "7"$/m)
  const phone = { ...INPUT.phone, settings: { sync: '8' } }
  const byPhone = files({ naming, profile, phone })
  t.match(byPhone.get('SIPDefault.cnf'), /^sync: "8"$/m)
  t.match(byPhone.get(`SIP${MAC}.cnf`), /^sync: "8"$/m)
  t.notMatch(byPhone.get('syncinfo.xml'), 'SYNC="8"')
  t.not(byPhone.get('syncinfo.xml'), byProfile.get('syncinfo.xml'), 'an edit changes SYNC, too')
})

t.test('a file of the load alone stays one line: a phone with SIP 2.x may read it', async (t) => {
  const naming = { ...NAMING, sip: true, imageVersion: 'P0S3-06-3-00' }
  const phone = { ...INPUT.phone, lines: [], settings: {} }
  const made = files({ naming, phone, profile: null })
  t.equal(made.get('SIPDefault.cnf'), 'image_version: P0S3-06-3-00\n')
  t.equal(made.get(`SIP${MAC}.cnf`), 'image_version: P0S3-06-3-00\n')
  t.match(made.get('syncinfo.xml'), 'VERSION="*"', 'the default of phones is what it differs from')
})
