import t from 'tap'
import { orderedLines, parameterLine } from '../../../src/phones/config-files/parameter-lines.ts'

t.test('no value can begin another parameter', async (t) => {
  const line = parameterLine('phone_label', 'x"\nimage_version: P0S30203\r\u2028"')
  t.equal(line, 'phone_label: "ximage_version: P0S30203"\n')
})

t.test('no name can begin another parameter', async (t) => {
  const lines = orderedLines({ 'a: "b"\nimage_version': 'P0S30203', image_version: 'P0S30203' })
  t.equal(lines, '')
})

t.test('known parameters come in the order of the catalogue, others behind them', async (t) => {
  const lines = orderedLines({
    bbb: '3',
    zzz: '4',
    aaa: '2',
    sntp_mode: 'unicast',
    nat_enable: '1',
  })
  t.equal(lines, 'nat_enable: "1"\nsntp_mode: "unicast"\naaa: "2"\nbbb: "3"\nzzz: "4"\n')
})
