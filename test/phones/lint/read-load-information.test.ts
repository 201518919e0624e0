import t from 'tap'
import { readXmlConfiguration } from '../../../src/phones/lint/read-load-information.ts'

const loads = (text: string) => readXmlConfiguration(text).loads

t.test('load information is read by number, by model text, or by neither', async (t) => {
  t.same(
    loads('<Default>\n<loadInformation7 model="IP Phone 7960">A</loadInformation7></Default>'),
    [{ load: 'A', model: '7960', line: 2 }],
  )
  t.same(loads('<loadInformation8>\n A </loadInformation8>'), [
    { load: 'A', model: '7940', line: 1 },
  ])
  t.same(loads("<loadInformation model='IP Phone 7940G'>A</loadInformation>"), [
    { load: 'A', model: '7940', line: 1 },
  ])
  t.same(loads('<loadInformation>A</loadInformation>'), [{ load: 'A', model: null, line: 1 }])
})

t.test('other models, empty elements and comments name nothing', async (t) => {
  t.same(loads('<loadInformation115 model="IP Phone 7941">SIP41</loadInformation115>'), [])
  t.same(loads('<loadInformation model="IP Phone 7941">SIP41</loadInformation>'), [])
  t.same(loads('<loadInformation6>P00405000700</loadInformation6>'), [])
  t.same(loads('<loadInformation7></loadInformation7>'), [])
  t.same(loads('<!-- <loadInformation7>A</loadInformation7> -->'), [])
})
