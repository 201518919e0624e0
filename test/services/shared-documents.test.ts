import t, { type Test } from 'tap'
import {
  announcedDocument,
  PostgresDocumentStore,
} from '../../src/adapters/postgres/document-store.ts'
import { SqliteSharedDocuments } from '../../src/adapters/sqlite/shared-document-store.ts'
import type { DocumentSource, SharedDocument } from '../../src/services/shared-document.ts'
import { SharedDocuments } from '../../src/services/shared-documents.ts'
import { versionOn } from '../../src/services/shared-version.ts'
import { aFreshDatabase } from '../support/a-database.ts'
import { aPostgres, LACKING_POSTGRES } from '../support/a-postgres.ts'
import { PostgresCluster, urlOf } from '../support/postgres-cluster.ts'
import { eventually } from '../system/support/lab.ts'

t.setTimeout(180_000)

const KEY = '000E84C060A6'
const OTHER = '000E84C060A7'

const SOON_MS = 30_000
const yes = () => true
const no = () => false

/** The version of a document that was changed so often, on the first timeline of its server. */
const nth = (changes: number) => versionOn(1, changes)

const doc = (stage: string) => ({ mac: KEY, stage, text: 'a "quoted" \u0000 line\n' })

t.test('with PostgreSQL', { skip: LACKING_POSTGRES }, async (t) => {
  const cluster = PostgresCluster.start(t)
  t.beforeEach(() => {
    cluster.sql('DELETE FROM switchhook.document')
  })
  await aPostgres(t, cluster.url).connect()

  async function anAppliance(t: Test, appliance: string, url = cluster.url) {
    const connection = aPostgres(t, url)
    const store = new PostgresDocumentStore(connection)
    /** Resolves when a statement is answered again. */
    const reached = () =>
      eventually(() => connection.query('SELECT 1').then(yes, no), Boolean, SOON_MS)
    let between: (() => Promise<void>) | null = null
    let readFaults = 0
    const breakReads = (count: number) => {
      readFaults = count
    }
    const source: DocumentSource = {
      heads: () => store.heads(),
      read: async (wanted) => {
        if (readFaults-- > 0) throw new Error('the line is cut')
        return store.read(wanted)
      },
      write: async (documents) => {
        const interfere = between
        between = null
        await interfere?.()
        return store.write(documents)
      },
    }
    const copy = new SqliteSharedDocuments(await aFreshDatabase(t))
    const faults: unknown[] = []
    const shown: SharedDocument[] = []
    const open = async () => {
      const parts = { source, copy, appliance, onFault: (error: unknown) => faults.push(error) }
      const documents = new SharedDocuments(parts)
      await documents.load()
      documents.follow('conversion', (changed) => shown.push(...changed))
      await documents.start()
      return documents
    }
    const documents = await open()
    const save = (stage: string | null, key = KEY) =>
      documents.save('conversion', new Map([[key, stage === null ? null : doc(stage)]]))
    const here = async (key = KEY) => {
      const [text] = await copy.read([{ kind: 'conversion', key, version: 0 }])
      return text === null || text === undefined ? null : JSON.parse(text)
    }
    const beforeWrite = (work: () => Promise<void>) => {
      between = work
    }
    return { documents, save, here, shown, faults, open, beforeWrite, breakReads, reached }
  }
  const news = (key = KEY) => ({ kind: 'conversion', key }) as const

  t.test('what one stores the other shows, and does not drive', async (t) => {
    const [a, b] = [await anAppliance(t, 'x/a'), await anAppliance(t, 'x/b')]
    await a.save('booting')
    await a.documents.sent()
    b.documents.onAnnounced(news())
    await b.documents.sent()
    t.same(await b.here(), doc('booting'))
    t.match(b.shown, [{ key: KEY, version: nth(1), driver: 'x/a' }])
    t.equal(a.documents.drives('conversion', KEY), true)
    t.equal(b.documents.drives('conversion', KEY), false)
    t.equal(b.documents.drives('conversion', OTHER), true, 'nobody has one')
    a.documents.onAnnounced(news())
    await a.documents.sent()
    t.same(a.shown, [], 'its own change is no news')
    t.same([...a.faults, ...b.faults], [])
  })

  t.test('a deleted one is deleted everywhere, and stays so', async (t) => {
    const [a, b] = [await anAppliance(t, 'x/a'), await anAppliance(t, 'x/b')]
    await a.save('booting')
    await a.documents.sent()
    b.documents.onAnnounced(news())
    await b.documents.sent()
    await a.save(null)
    await a.documents.sent()
    b.documents.onAnnounced(news())
    await b.documents.sent()
    t.equal(await b.here(), null)
    const late = await anAppliance(t, 'x/c')
    t.equal(await late.here(), null)
    t.match(b.shown.at(-1), { document: null, version: nth(2) })
  })

  t.test('who takes one over goes before who drives it', async (t) => {
    const [a, b] = [await anAppliance(t, 'x/a'), await anAppliance(t, 'x/b')]
    await a.save('booting')
    await a.documents.sent()
    b.documents.onAnnounced(news())
    await b.documents.sent()
    b.beforeWrite(async () => {
      await a.save('fetching')
      await a.documents.sent()
    })
    await b.save('cancelled')
    await b.documents.sent()
    t.equal(b.documents.drives('conversion', KEY), true)
    await a.save('flashing')
    await a.documents.sent()
    t.same(await a.here(), doc('cancelled'), 'the driver has given way')
    t.equal(a.documents.drives('conversion', KEY), false)
    t.match(a.shown.at(-1), { driver: 'x/b', version: nth(3) })
  })

  t.test('however many are taken over at once, all of them are', async (t) => {
    const [a, b] = [await anAppliance(t, 'x/a'), await anAppliance(t, 'x/b')]
    const keys = Array.from({ length: 2_000 }, (_, n) => n.toString(16).padStart(12, '0'))
    const saveAll = async ({ documents }: typeof a, stage: string) => {
      await documents.save('conversion', new Map(keys.map((key) => [key, doc(stage)])))
      await documents.sent()
    }
    await saveAll(a, 'booting')
    b.documents.onBack()
    await b.documents.sent()
    await saveAll(a, 'fetching')
    await saveAll(b, 'cancelled')
    t.same(
      keys.filter((key) => !b.documents.drives('conversion', key)),
      [],
    )
    t.same(await b.here(keys.at(-1)), doc('cancelled'))
    t.same([...a.faults, ...b.faults], [])
  })

  t.test('of two that go on with a document at once one is refused', async (t) => {
    const [a, b] = [await anAppliance(t, 'x/a'), await anAppliance(t, 'x/b')]
    t.equal(await a.documents.hold('conversion', KEY, 'x/a'), false, 'there is none')
    t.equal(a.documents.driverOf('conversion', KEY), null)
    await a.save('booting')
    await a.documents.sent()
    t.equal(await b.documents.hold('conversion', KEY, 'x/a'), false, 'it does not know of it')
    b.documents.onAnnounced(news())
    await b.documents.sent()
    t.equal(await b.documents.hold('conversion', KEY, 'x/c'), false, 'another one drives it')
    t.equal(await b.documents.hold('conversion', KEY, 'x/a'), true)
    t.equal(b.documents.driverOf('conversion', KEY), 'x/b')
    t.same(await b.here(), doc('booting'))
    t.equal(await a.documents.hold('conversion', KEY, 'x/a'), false, 'it was taken')
    t.equal(a.documents.driverOf('conversion', KEY), 'x/b')
    t.match(a.shown, [{ driver: 'x/b', version: nth(2) }])

    await t.test('where who drives it was first, nobody takes it', async (t) => {
      t.equal(await b.documents.hold('conversion', KEY, 'x/b'), true)
      t.equal(await a.documents.hold('conversion', KEY, 'x/b'), false, 'it has another version')
      t.equal(b.documents.driverOf('conversion', KEY), 'x/b')
      t.equal(await a.documents.hold('conversion', KEY, 'x/b'), true, 'which it knows now')
    })
    await t.test('what was changed here is not lost by it', async (t) => {
      await a.save('fetching')
      const held = a.documents.hold('conversion', KEY, 'x/a')
      await a.save('flashing')
      t.equal(await held, true)
      await a.documents.sent()
      b.documents.onBack()
      await b.documents.sent()
      t.same(await b.here(), doc('flashing'))
    })
    await t.test('a deleted one is nobody’s to go on with', async (t) => {
      await a.save(null)
      await a.documents.sent()
      t.equal(await a.documents.hold('conversion', KEY, 'x/a'), false)
    })
    t.same([...a.faults, ...b.faults], [])
  })

  t.test('while PostgreSQL is away work goes on here, and is sent afterwards', async (t) => {
    const a = await anAppliance(t, 'x/a')
    cluster.stop('immediate')
    await a.save('booting')
    t.same(await a.here(), doc('booting'))
    await t.rejects(a.documents.sent(), { name: 'PostgresError' })
    t.match(a.documents.fault, /./)
    const again = await a.open()
    t.equal(again.drives('conversion', KEY), true)
    cluster.start()
    again.onBack()
    await again.sent()
    const b = await anAppliance(t, 'x/b')
    t.same(await b.here(), doc('booting'))
    again.retry()
    await again.close()
    t.equal(again.fault, null)
  })

  t.test('what could not be read once is read again', async (t) => {
    const [a, b] = [await anAppliance(t, 'x/a'), await anAppliance(t, 'x/b')]
    await a.save('booting')
    await a.documents.sent()
    b.breakReads(1)
    b.documents.onAnnounced(news())
    await b.documents.close()
    t.equal(await b.here(), null)
    t.equal(b.documents.fault, 'the line is cut')
    b.documents.retry()
    await b.documents.close()
    t.same(await b.here(), doc('booting'))
    t.equal(b.documents.fault, null)
  })

  t.test('changes that came while it was away are taken over', async (t) => {
    const [a, b] = [await anAppliance(t, 'x/a'), await anAppliance(t, 'x/b')]
    const many = new Map(Array.from({ length: 1_200 }, (_, n) => [`M${n}`, { n }]))
    await a.documents.save('conversion', many)
    await a.documents.sent()
    b.documents.onBack()
    await b.documents.sent()
    t.equal(b.shown.length, 1_200)
    t.same(await b.here('M1199'), { n: 1199 })
  })

  t.test(
    'what a failover has lost is sent again by its driver, and followed by others',
    async (t) => {
      const [a, b] = [await anAppliance(t, 'x/a'), await anAppliance(t, 'x/b')]
      await a.save('booting')
      await a.documents.sent()
      const [before] = cluster.sql('SELECT document FROM switchhook.document').split('\n')
      await a.save('fetching')
      await a.documents.sent()
      b.documents.onBack()
      await b.documents.sent()
      t.same(await b.here(), doc('fetching'))
      const setBack = `UPDATE switchhook.document SET version = ${nth(1)}, document = $$${before}$$`
      cluster.sql(setBack)
      b.documents.onBack()
      await b.documents.sent()
      t.same(await b.here(), doc('booting'), 'no appliance shows what is not there')
      a.documents.onBack()
      await a.documents.sent()
      b.documents.onBack()
      await b.documents.sent()
      t.same(await a.here(), doc('fetching'))
      t.same(await b.here(), doc('fetching'))
      t.match(b.shown.at(-1), { version: nth(2), driver: 'x/a' })
    },
  )

  t.test('a document that a failover has lost whole is sent again by its driver', async (t) => {
    const [a, b] = [await anAppliance(t, 'x/a'), await anAppliance(t, 'x/b')]
    await a.save('booting')
    await a.save('fetching', OTHER)
    await a.documents.sent()
    b.documents.onBack()
    await b.documents.sent()
    cluster.sql(`DELETE FROM switchhook.document WHERE key = '${KEY}'`)
    b.documents.onBack()
    await b.documents.sent()
    const stored = 'SELECT key, version, driver FROM switchhook.document ORDER BY key'
    t.equal(
      cluster.sql(stored).trim(),
      `${OTHER}|${nth(1)}|x/a`,
      'who does not drive it sends nothing',
    )
    a.documents.onBack()
    await a.documents.sent()
    t.equal(cluster.sql(stored).trim(), `${KEY}|${nth(1)}|x/a\n${OTHER}|${nth(1)}|x/a`)
    t.same(await (await anAppliance(t, 'x/c')).here(), doc('booting'))
    t.same([...a.faults, ...b.faults], [])
  })

  t.test(
    'where timelines have begun again, as with a restored backup, versions rise',
    async (t) => {
      const [a, b] = [await anAppliance(t, 'x/a'), await anAppliance(t, 'x/b')]
      await a.save('booting')
      await a.documents.sent()
      cluster.sql(`UPDATE switchhook.document SET version = ${versionOn(3, 1)}`)
      for (const one of [a, b]) {
        one.documents.onBack()
        await one.documents.sent()
      }
      await a.save('fetching')
      await a.documents.sent()
      b.documents.onAnnounced(news())
      await b.documents.sent()
      t.same(await b.here(), doc('fetching'))
    },
  )

  t.test('after a failover nobody shows what stands there under the same number', async (t) => {
    const primary = PostgresCluster.start(t)
    await aPostgres(t, primary.url).connect()
    const standby = PostgresCluster.startStandby(t, primary)
    const url = urlOf(primary, standby)
    const appliances = ['x/a', 'x/b', 'x/c'].map((name) => anAppliance(t, name, url))
    const [a, b, c] = await Promise.all(appliances)
    if (a === undefined || b === undefined || c === undefined) throw new Error('three are made')
    const back = async (one: typeof a) => {
      await one.reached()
      one.documents.onBack()
      await one.documents.sent()
    }
    await a.save('booting')
    await a.save('fetching', OTHER)
    await a.documents.sent()
    await eventually(
      async () => standby.sql('SELECT count(*) FROM switchhook.document').trim(),
      (count) => count === '2',
      SOON_MS,
    )
    standby.stopReceiving()
    await a.save('seen, and lost')
    await a.documents.sent()
    await back(b)
    t.same(await b.here(), doc('seen, and lost'))
    primary.stop('immediate')
    standby.promote()
    // It has not seen that one, and stores another under its number.
    await back(c)
    await c.save('what stands there')
    await c.documents.sent()
    for (const one of [a, b]) {
      await back(one)
      t.same(await one.here(), doc('what stands there'))
      t.equal(one.documents.drives('conversion', KEY), false)
      t.match(one.shown.at(-1), { driver: 'x/c' })
      t.same(await one.here(OTHER), doc('fetching'), 'and what was not lost stays')
    }
    t.equal(a.documents.drives('conversion', OTHER), true)
    await c.save('rebooting')
    await c.documents.sent()
    await back(a)
    t.same(await a.here(), doc('rebooting'))
  })

  t.test(
    'a statement that was carried out without an answer is no change of another',
    async (t) => {
      const a = await anAppliance(t, 'x/a')
      await a.save('booting')
      await a.documents.sent()
      // As after a cancelled wait for the standby: stored, and the answer was a warning.
      cluster.sql('UPDATE switchhook.document SET version = version + 1')
      await a.save('fetching')
      await a.documents.sent()
      t.same(await a.here(), doc('fetching'), 'its progress is not taken back')
      const stands = cluster.sql('SELECT version, document FROM switchhook.document')
      t.match(stands, new RegExp(`^${nth(3)}.*fetching`))
    },
  )

  t.test('a database that was set back to an older state is followed', async (t) => {
    const a = await anAppliance(t, 'x/a')
    for (const stage of ['booting', 'fetching', 'flashing']) {
      await a.save(stage)
      await a.documents.sent()
    }
    cluster.sql(`UPDATE switchhook.document SET version = ${nth(1)}, driver = 'x/b'`)
    await a.save('rebooting')
    await a.documents.sent()
    t.equal(a.documents.drives('conversion', KEY), false)
    t.match(a.shown.at(-1), { version: nth(1) })
  })
})

t.test('what is announced is read with care', async (t) => {
  t.same(announcedDocument('rollout a b'), { kind: 'rollout', key: 'a b' })
  for (const payload of ['', 'rollout', 'lease 1', 'rollout '])
    t.equal(announcedDocument(payload), undefined)
})
