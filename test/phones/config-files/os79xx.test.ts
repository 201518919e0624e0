import t from 'tap'
import { renderOs79xx } from '../../../src/phones/config-files/os79xx.ts'

t.test('Cisco document 5455: OS79XX.TXT is the name of the image and nothing else', async (t) => {
  t.equal(renderOs79xx('P0S30203'), 'P0S30203\n')
  t.equal(renderOs79xx('P003-8-12-00'), 'P003-8-12-00\n', 'no blank and CR LF, as Cisco ships it')
})

t.test('it is one line, whatever the load is called', async (t) => {
  t.equal(renderOs79xx('P003\n\rP0S3 \u010a'), 'P003P0S3\n')
})
