import t from 'tap'
import { SqliteInventoryStore } from '../../../src/adapters/sqlite/inventory-store.ts'
import type { StoredFirmware } from '../../../src/inventory/firmware.ts'
import type { Phone, Profile } from '../../../src/inventory/phone.ts'
import { type Ipv4, parseIpv4 } from '../../../src/net/ipv4.ts'
import { type Mac, parseMac } from '../../../src/net/mac.ts'
import type { SwitchPort } from '../../../src/net/switch-port.ts'
import { aDatabase, tamper } from '../../support/a-database.ts'

const ONE = '1'.repeat(64)
const TWO = '2'.repeat(64)
const THREE = '3'.repeat(64)

const aPhone = (fields: Partial<Phone> = {}): Phone => ({
  mac: parseMac('000E84C060A6') as Mac,
  model: '7960',
  label: 'desk "12" \u00fc',
  network: 'bench',
  profile: 'to-sip',
  address: parseIpv4('10.20.0.61') as Ipv4,
  switchPort: 'sw1/2.7' as SwitchPort,
  lines: [{ name: '1201', authName: '1201', password: 's3cret' }, { name: '1202' }],
  settings: { phone_label: 'Lab' },
  revision: 3,
  ...fields,
})

const aProfile = (fields: Partial<Profile> = {}): Profile => ({
  name: 'to-sip',
  protocol: 'sip',
  load: 'P0S3-8-12-00',
  sip: { proxy1_address: '10.20.0.9' },
  sccp: { callManagers: ['10.20.0.5'] },
  revision: 1,
  ...fields,
})

const aSet = (load: string, files: readonly [string, string][]): StoredFirmware => ({
  load,
  protocol: 'sip',
  loader: 'P003-8-12-00',
  files: files.map(([name, sha256]) => ({ name, bytes: 3, sha256 })),
  addedAtMs: 1_700_000_000_000,
})

const blobs = (...keys: string[]) =>
  new Map(keys.map((key, index) => [key, Uint8Array.of(index, index, index)]))

const keptBlobs = async () =>
  (await database.read('SELECT sha256 FROM blobs ORDER BY sha256')).map(({ sha256 }) => sha256)

const database = await aDatabase()
const store = new SqliteInventoryStore(database)

t.test('everything comes back as it was', async (t) => {
  const bare = aPhone({ mac: '0015FA000001' as Mac, model: null, address: null, lines: [] })
  const firmware = aSet('P0S3-8-12-00', [
    ['P0S3-8-12-00.loads', TWO],
    ['P0S3-8-12-00.sb2', ONE],
  ])
  const file = { name: 'ring.raw', bytes: 2, sha256: THREE, addedAtMs: 5 }
  await store.commit([
    { kind: 'put-phone', phone: aPhone() },
    { kind: 'put-phone', phone: bare },
    { kind: 'put-profile', profile: aProfile() },
    { kind: 'put-firmware', firmware, blobs: blobs(ONE, TWO) },
    { kind: 'put-file', file, content: Uint8Array.of(7, 8) },
  ])
  t.same(await store.load(), {
    phones: [aPhone(), bare],
    profiles: [aProfile()],
    firmware: [firmware],
    files: [file],
    blobs: new Map([
      [ONE, Uint8Array.of(0, 0, 0)],
      [TWO, Uint8Array.of(1, 1, 1)],
      [THREE, Uint8Array.of(7, 8)],
    ]),
    faults: [],
  })
})

t.test('what is deleted is gone', async (t) => {
  await store.commit([
    { kind: 'put-phone', phone: aPhone() },
    { kind: 'put-profile', profile: aProfile() },
    { kind: 'delete-phone', mac: aPhone().mac },
    { kind: 'delete-profile', name: 'to-sip' },
  ])
  t.match(await store.load(), { phones: [], profiles: [], faults: [] })
})

t.test('bytes that several sets share are kept once and go with their last user', async (t) => {
  await store.commit([
    {
      kind: 'put-firmware',
      firmware: aSet('A', [
        ['a', ONE],
        ['b', TWO],
      ]),
      blobs: blobs(ONE, TWO),
    },
    { kind: 'put-firmware', firmware: aSet('B', [['c', ONE]]), blobs: blobs(ONE) },
    {
      kind: 'put-file',
      file: { name: 'f', bytes: 3, sha256: TWO, addedAtMs: 1 },
      content: Uint8Array.of(1, 1, 1),
    },
  ])
  t.same(await keptBlobs(), [ONE, TWO])
  await store.commit([{ kind: 'delete-firmware', load: 'A' }])
  t.same(await keptBlobs(), [ONE, TWO], 'B and the shared file still have them')
  await store.commit([{ kind: 'delete-file', name: 'f' }])
  t.same(await keptBlobs(), [ONE])
  await store.commit([{ kind: 'delete-firmware', load: 'B' }])
  t.same(await keptBlobs(), [])
})

t.test('a set put again has its new files, and the old bytes go', async (t) => {
  const first = aSet('A', [
    ['a', ONE],
    ['b', TWO],
  ])
  await store.commit([{ kind: 'put-firmware', firmware: first, blobs: blobs(ONE, TWO) }])
  const second = aSet('A', [
    ['b', TWO],
    ['c', THREE],
  ])
  // Bytes that are stored already need not travel again.
  await store.commit([{ kind: 'put-firmware', firmware: second, blobs: blobs(THREE) }])
  t.match(await store.load(), { firmware: [second], faults: [] })
  t.same(await keptBlobs(), [TWO, THREE])
})

t.test('a set whose bytes are nowhere is refused, with all else in the batch', async (t) => {
  const commit = store.commit([
    { kind: 'put-phone', phone: aPhone() },
    { kind: 'put-firmware', firmware: aSet('A', [['a', ONE]]), blobs: new Map() },
  ])
  await t.rejects(commit, { code: 'SQLITE_CONSTRAINT_FOREIGNKEY' })
  t.match(await store.load(), { phones: [], firmware: [], faults: [] })
})

t.test(
  'bytes in shared memory, and a view on a large buffer, are stored as what they are',
  async (t) => {
    const shared = new Uint8Array(new SharedArrayBuffer(8), 2, 3).fill(9)
    const view = new Uint8Array(1_000_000).fill(4).subarray(10, 13)
    await store.commit([
      {
        kind: 'put-firmware',
        firmware: aSet('A', [
          ['a', ONE],
          ['b', TWO],
        ]),
        blobs: new Map<string, Uint8Array>([
          [ONE, shared],
          [TWO, view],
        ]),
      },
    ])
    const { blobs: loaded } = await store.load()
    t.same(loaded.get(ONE), Uint8Array.of(9, 9, 9))
    t.same(loaded.get(TWO), Uint8Array.of(4, 4, 4))
  },
)

t.test('a broken row is left out and named, the others come back', async (t) => {
  const good = aPhone({ mac: '0015FA000001' as Mac, address: null })
  await store.commit([
    { kind: 'put-phone', phone: aPhone() },
    { kind: 'put-phone', phone: good },
    { kind: 'put-profile', profile: aProfile() },
    { kind: 'put-firmware', firmware: aSet('A', [['a', ONE]]), blobs: blobs(ONE) },
    {
      kind: 'put-file',
      file: { name: 'f', bytes: 3, sha256: ONE, addedAtMs: 1 },
      content: Uint8Array.of(0, 0, 0),
    },
  ])
  const inPhone = (path: string, value: string) =>
    `UPDATE phones SET document = json_set(document, '${path}', ${value}) WHERE mac = '000E84C060A6'`
  const inProfile = (path: string, value: string) =>
    `UPDATE profiles SET document = json_set(document, '${path}', ${value})`
  const cases = [
    {
      sql: "UPDATE phones SET document = '{' WHERE mac = '000E84C060A6'",
      fault: /is not a record/,
    },
    {
      sql: "UPDATE phones SET document = '[]' WHERE mac = '000E84C060A6'",
      fault: /mac is missing/,
    },
    { sql: inPhone('$.model', '7960'), fault: /phone 000E84C060A6 is left out: model is 7960/ },
    { sql: inPhone('$.address', '0'), fault: /address is 0/ },
    { sql: inPhone('$.switchPort', "'sw1'"), fault: /switchPort is "sw1"/ },
    { sql: inPhone('$.lines', "json('[{}]')"), fault: /lines is \[\{\}\]/ },
    { sql: inPhone('$.lines', "json('{}')"), fault: /lines is \{\}/ },
    { sql: inPhone('$.settings', 'json(\'{"a":1}\')'), fault: /settings is \{"a":1\}/ },
    { sql: inPhone('$.settings', "json('[]')"), fault: /settings is \[\]/ },
    { sql: inPhone('$.settings', 'null'), fault: /settings is null/ },
    { sql: inPhone('$.revision', '1.5'), fault: /revision is 1.5/ },
    { sql: inPhone('$.mac', "'0015FA000002'"), fault: /document is that of 0015FA000002/ },
    {
      sql: inProfile('$.protocol', "'mgcp'"),
      fault: /profile to-sip is left out: protocol is "mgcp"/,
    },
    { sql: inProfile('$.name', "'other'"), fault: /document is that of other/ },
    {
      sql: 'UPDATE firmware SET added_at_ms = -1',
      fault: /firmware A is left out: addedAtMs is -1/,
    },
    { sql: 'UPDATE firmware_files SET bytes = -1', fault: /firmware A is left out: file a: bytes/ },
    { sql: 'UPDATE shared_files SET bytes = -2', fault: /file f is left out: bytes is -2/ },
  ]
  const copy = `${database.file}.good`
  await database.backup(copy)
  for (const { sql, fault } of cases) {
    tamper(database, sql)
    const { phones, faults } = await store.load()
    t.match(phones.at(-1), good, sql)
    t.match(faults, [fault], sql)
    t.equal(faults.length, 1, sql)
    tamper(
      database,
      `ATTACH '${copy}' AS good;
       REPLACE INTO phones SELECT * FROM good.phones;
       REPLACE INTO profiles SELECT * FROM good.profiles;
       UPDATE firmware SET added_at_ms = 1;
       UPDATE firmware_files SET bytes = 3;
       UPDATE shared_files SET bytes = 3;`,
    )
  }
})

t.test('an address held twice stays with the first phone', async (t) => {
  const second = aPhone({ mac: '0015FA000001' as Mac })
  await store.commit([
    { kind: 'put-phone', phone: aPhone() },
    { kind: 'put-phone', phone: second },
  ])
  const { phones, faults } = await store.load()
  t.same(phones, [aPhone(), { ...second, address: null }])
  t.match(faults, [/phone 0015FA000001 loses its fixed address: phone 000E84C060A6 already has it/])
})
