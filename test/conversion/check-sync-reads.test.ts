import t from 'tap'
import { CheckSyncReads } from '../../src/conversion/check-sync-reads.ts'
import { readRequestedFile } from '../../src/phones/requested-file.ts'
import { MAC } from '../support/conversion-builders.ts'

t.test('syncinfo.xml and the dial plan after it are a check and no start', async (t) => {
  const cases = [
    { why: 'the usual pair', names: ['syncinfo.xml', 'dialplan.xml'], are: [true, true] },
    { why: 'a dial plan of its own', names: ['syncinfo.xml', 'lab.xml'], are: [true, true] },
    {
      why: 'asked twice',
      names: ['syncinfo.xml', 'dialplan.xml', 'dialplan.xml'],
      are: [true, true, true],
    },
    { why: 'a start has no syncinfo.xml', names: ['dialplan.xml'], are: [false] },
    {
      why: 'the start behind a check',
      names: ['syncinfo.xml', 'dialplan.xml', `CTLSEP${MAC}.tlv`, 'dialplan.xml'],
      are: [true, true, false, false],
    },
  ]
  for (const { why, names, are } of cases) {
    const reads = new CheckSyncReads({ speed: 1 })
    const found = names.map((name, index) => reads.isOne(MAC, readRequestedFile(name), index * 100))
    t.same(found, are, why)
  }
})

t.test('a dial plan that comes much later belongs to a start', async (t) => {
  for (const { speed, atMs, is } of [
    { speed: 1, atMs: 9_999, is: true },
    { speed: 1, atMs: 10_000, is: false },
    { speed: 10, atMs: 1_000, is: false },
  ]) {
    const reads = new CheckSyncReads({ speed })
    reads.isOne(MAC, { kind: 'syncinfo' }, 0)
    t.equal(reads.isOne(MAC, { kind: 'dialplan' }, atMs), is, `${atMs} ms at speed ${speed}`)
  }
  const forgotten = new CheckSyncReads({ speed: 1 })
  forgotten.isOne(MAC, { kind: 'syncinfo' }, 0)
  forgotten.forget(MAC)
  t.equal(forgotten.isOne(MAC, { kind: 'dialplan' }, 1), false)
})
