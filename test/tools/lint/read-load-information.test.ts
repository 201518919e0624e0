import t from 'tap'
import { readXmlConfiguration } from '../../../src/tools/lint/read-load-information.ts'
import { readXml } from '../../../src/tools/lint/read-xml.ts'

const read = (text: string) => readXmlConfiguration(readXml(text))
const loads = (text: string) => read(text).loads

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

t.test('a load of a 7940 or 7960 that is named for another model is a stray', async (t) => {
  const strays = (text: string) => read(text).strays
  t.same(strays('<a>\n<loadInformation404 model="CISCO 7962">P00308000600</loadInformation404>'), [
    { load: 'P00308000600', model: '7962', line: 2 },
  ])
  t.match(strays('<loadInformation7 model="7962">P0S3-8-12-00</loadInformation7>'), [
    { model: '7962' },
  ])
  t.match(strays('<loadInformation434>P00308000600</loadInformation434>'), [
    { model: 'model of number 434' },
  ])
  t.same(strays('<loadInformation115 model="CISCO 7941">SCCP41.8-3-1S</loadInformation115>'), [])
  t.same(strays('<loadInformation6 model="CISCO 7910">P00405000700</loadInformation6>'), [])
  t.same(strays('<loadInformation7 model="CISCO 7960">P00308000500</loadInformation7>'), [])
  t.same(strays('<loadInformation8>P00308000500</loadInformation8>'), [])
  t.same(strays('<loadInformation>P00308000500</loadInformation>'), [])
})
