import t from 'tap'
import {
  imageLine,
  orderedLines,
  parameterLine,
} from '../../../src/phones/config-files/parameter-lines.ts'

t.test('no value can begin another parameter', async (t) => {
  const line = parameterLine('phone_label', 'x"\nimage_version: P0S30203\r\u2028"')
  t.equal(line, 'phone_label: "ximage_version: P0S30203"\n')
})

t.test('no name can begin another parameter', async (t) => {
  const lines = orderedLines({
    'a: "b"\nimage_version': 'P0S30203',
    image_version: 'P0S30203',
    Image_Version: 'P0S30203',
    'lin\u0435': '1',
    '': '1',
  })
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

t.test('no load can begin another parameter', async (t) => {
  t.equal(imageLine('P0S3\nproxy1_address: "x"'), 'image_version: P0S3proxy1_addressx\n')
})
