import t from 'tap'
import { fetchedImages } from '../../../src/services/report/fetched-images.ts'

const event = (name: string, atMs: number, fields: object) => ({
  id: atMs,
  atMs,
  event: `tftp.transfer.${name}`,
  mac: null,
  network: 'bench',
  fields: { ...fields },
})

const LOADER = { name: 'P003-8-12-00.sbn', clientTid: 50_001, sizeBytes: 129_824 }

t.test('what a phone acknowledged whole is listed, with the hash of what was sent', async (t) => {
  const events = [
    event('started', 1, { name: 'SIPDefault.cnf', clientTid: 50_000, sha256: 'aa' }),
    event('ended', 2, { name: 'SIPDefault.cnf', clientTid: 50_000, outcome: 'complete' }),
    event('started', 3, { ...LOADER, sha256: 'bb' }),
    event('progress', 4, LOADER),
    event('ended', 5, { ...LOADER, outcome: 'complete' }),
    event('started', 6, { name: 'P0S3-8-12-00.sb2', clientTid: 50_002, sha256: 'cc' }),
    event('ended', 7, { name: 'P0S3-8-12-00.sb2', clientTid: 50_002, outcome: 'timed-out' }),
  ]
  t.same(fetchedImages(events), [
    { name: 'P003-8-12-00.sbn', bytes: 129_824, sha256: 'bb', atMs: 5 },
  ])
})

t.test('of two transfers of a file the last one counts', async (t) => {
  const again = { ...LOADER, clientTid: 50_009 }
  const events = [
    event('started', 1, { ...LOADER, sha256: 'aa' }),
    event('ended', 2, { ...LOADER, outcome: 'complete' }),
    event('started', 3, { ...again, sha256: 'bb' }),
    event('ended', 4, { ...again, outcome: 'complete' }),
  ]
  t.match(fetchedImages(events), [{ sha256: 'bb', atMs: 4 }])
})

t.test('a start that is no longer kept, and rows that lack fields', async (t) => {
  const name = 'P00308000500.loads'
  t.same(fetchedImages([event('ended', 2, { name, outcome: 'complete' })]), [
    { name, bytes: 0, sha256: null, atMs: 2 },
  ])
  t.same(fetchedImages([event('started', 1, { name }), event('ended', 2, { name: 7 })]), [])
})
