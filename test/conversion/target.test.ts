import t from 'tap'
import { isImageOf, isLastImageOf, targetOf } from '../../src/conversion/target.ts'
import { SCCP_8_0, SIP_6_3, SIP_8_12 } from '../support/conversion-builders.ts'

const SCCP_3_3 = { ...SIP_6_3, load: 'P00303030300', shortName: 'P0030303' }

const firmware = {
  load: 'P0S3-8-12-00',
  protocol: 'sip' as const,
  loader: 'P003-8-12-00',
  files: [],
  addedAtMs: 0,
}

t.test('knows what a load means as a target', async (t) => {
  t.same(targetOf('P0S3-8-12-00', firmware), SIP_8_12)
  t.same(targetOf('P0S3-06-3-00', undefined), SIP_6_3)
  t.equal(targetOf('P0M3-06-3-00', undefined), undefined, 'MGCP is no target')
  t.equal(targetOf('POS3-06-3-00', undefined), undefined, 'letter O')
})

t.test('tells the images of a target, and the one that comes last', async (t) => {
  const cases = [
    { target: SIP_8_12, file: 'P003-8-12-00.sbn', image: true, last: false },
    { target: SIP_8_12, file: 'P003-8-12-00.bin', image: true, last: false },
    { target: SIP_8_12, file: 'P0S3-8-12-00.sb2', image: true, last: true },
    { target: SIP_8_12, file: 'P0S3-8-12-00.loads', image: false, last: false },
    { target: SIP_8_12, file: 'P0S3-07-5-00.sb2', image: false, last: false },
    { target: SCCP_8_0, file: 'P00308000500.sbn', image: true, last: false },
    { target: SCCP_8_0, file: 'P00308000500.sb2', image: true, last: true },
    { target: SIP_6_3, file: 'P0S3-06-3-00.sbn', image: true, last: true },
    { target: SIP_6_3, file: 'P0S3-06-3-00.bin', image: true, last: true },
    { target: SIP_6_3, file: 'P0S3-06-3-00', image: false, last: false },
    { target: SCCP_3_3, file: 'P0030303.bin', image: true, last: true },
    { target: SCCP_3_3, file: 'P0030302.bin', image: false, last: false },
  ]
  for (const { target, file, image, last } of cases) {
    t.equal(isImageOf(target, file), image, `${file} is an image of ${target.load}`)
    t.equal(isLastImageOf(target, file), last, `${file} is the last of ${target.load}`)
  }
})
