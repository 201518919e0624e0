import t from 'tap'
import { SqliteConversionStore } from '../../../src/adapters/sqlite/conversion-store.ts'
import type { Conversion } from '../../../src/conversion/conversion.ts'
import { NO_FACTS } from '../../../src/conversion/step-facts.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { aDatabase, tamper } from '../../support/a-database.ts'

const aConversion = (fields: Partial<Conversion> = {}): Conversion => ({
  mac: '000E84C060A6' as Mac,
  from: 'P00308000500',
  to: 'P0S3-8-12-00',
  path: 'cautious',
  acceptOneWay: true,
  restart: 'auto',
  state: 'running',
  step: 0,
  steps: [
    {
      load: 'P0S3-8-12-00',
      method: 'ual',
      oneWay: true,
      why: 'both have the loader',
      source: 'Cisco document 5455',
      stage: 'fetching',
      progress: { file: 'P0S3-8-12-00.sb2', bytes: 51_200, of: 756_524 },
      stageSinceMs: 1_700_000_000_000,
      facts: NO_FACTS,
    },
  ],
  refused: [],
  diagnosis: null,
  evidence: [],
  confirmedBy: null,
  startedAtMs: 1_700_000_000_000,
  updatedAtMs: 1_700_000_001_000,
  revision: 4,
  ...fields,
})

const diagnosis = { code: 'no-dhcp', seen: 's', cause: 'c', remedy: 'r', source: 'o' }

const database = await aDatabase()
const store = new SqliteConversionStore(database)

t.test('conversions come back as they were, the last of each phone', async (t) => {
  const other = aConversion({ mac: '0015FA000001' as Mac, from: null, steps: [], diagnosis })
  await store.save([aConversion(), other])
  const stalled = aConversion({ state: 'stalled', diagnosis, step: 1, revision: 5 })
  await store.save([stalled])
  t.same(await store.load(), { conversions: [stalled, other], faults: [] })
})

t.test('a broken row is left out and named, the others come back', async (t) => {
  const other = aConversion({ mac: '0015FA000001' as Mac })
  const set = (path: string, value: string) => `json_set(document, '${path}', ${value})`
  const cases = [
    {
      document: "'no json'",
      fault: /conversion of 000E84C060A6 is left out: missing is not a record/,
    },
    { document: set('$.mac', "'0015FA000002'"), fault: /document is that of 0015FA000002/ },
    { document: set('$.state', "'lost'"), fault: /state is "lost"/ },
    { document: set('$.step', '2'), fault: /step is 2 of 1/ },
    { document: set('$.step', '-1'), fault: /step is -1/ },
    { document: set('$.steps[0].stage', "'flying'"), fault: /steps is \[/ },
    { document: set('$.steps[0].progress', "json('{}')"), fault: /steps is \[/ },
    { document: set('$.diagnosis', "json('{}')"), fault: /diagnosis is \{\}/ },
    { document: set('$.acceptOneWay', '1'), fault: /acceptOneWay is 1/ },
  ]
  for (const { document, fault } of cases) {
    await store.save([aConversion(), other])
    tamper(database, `UPDATE conversions SET document = ${document} WHERE mac = '000E84C060A6'`)
    const { conversions, faults } = await store.load()
    t.same(conversions, [other], document)
    t.match(faults, [fault], document)
  }
})

t.test('facts of a step that an earlier version did not keep are filled in', async (t) => {
  const start = { generation: 'ual', asked: ['ctlsep', 'sep-xml'], lastRequestAtMs: 1_000 } as const
  const steps = aConversion().steps.map((step) => ({ ...step, facts: { ...NO_FACTS, start } }))
  const mac = '0015FA000003' as Mac
  const read = async () => (await store.load()).conversions.find((one) => one.mac === mac)
  await store.save([aConversion({ mac, steps })])
  t.same((await read())?.steps, steps)
  const without = "json_remove(document, '$.steps[0].facts.start', '$.steps[0].facts.oldProtocol')"
  tamper(database, `UPDATE conversions SET document = ${without} WHERE mac = '${mac}'`)
  t.same((await read())?.steps[0]?.facts, NO_FACTS)
})
