import t from 'tap'
import {
  DEFAULT_SYNC,
  otherSync,
  renderSyncinfo,
} from '../../../src/phones/config-files/syncinfo.ts'
import { readSync } from '../../../src/simulator/named-load.ts'

t.test('syncinfo.xml has one IMAGE for all loads, byte for byte', async (t) => {
  t.equal(
    renderSyncinfo(DEFAULT_SYNC),
    '<SYNCINFO>\n  <IMAGE VERSION="*" SYNC="restart-340ca71c"/>\n</SYNCINFO>\n',
  )
})

t.test(
  'SYNC differs from the value in the files, whatever it is, and is one that phones take',
  async (t) => {
    const values = ['', '0', '1', '2', 'restart-340ca71c', 'switchhook', '"&<>', 'ÿ'.repeat(32)]
    for (const sync of values) {
      const read = readSync(Buffer.from(renderSyncinfo(sync), 'latin1'), 'P0S3-8-12-00')
      t.equal(read, otherSync(sync), sync)
      t.not(read, sync, sync)
      t.ok((read ?? '').length <= 32, 'at most 32 characters')
    }
    t.equal(
      new Set(values.map(otherSync)).size,
      values.length,
      'of an edited value, it differs too',
    )
  },
)
