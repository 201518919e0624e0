import t from 'tap'
import { contradictionWords } from '../../../src/dashboard/words/contradiction-words.ts'
import { aPhone } from '../a-conversion.ts'

t.test('both loads are named, and both ways on', async (t) => {
  const seen = {
    load: 'P0S3-05-3-00',
    protocol: 'sip',
    at: '2026-03-01T09:30:00.000Z',
    by: 'web-page',
  } as const
  const [why, remedy] = contradictionWords(aPhone({ seen }), 'P00307020200')
  t.match(why, /entered P00307020200 .* run P0S3-05-3-00, by its web page/)
  t.match(remedy, /empty the field.*P00307020200/)
  t.match(contradictionWords(aPhone(), 'P00307020200')[0], 'run another load')
})
