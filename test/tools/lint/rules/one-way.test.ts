import t from 'tap'
import { aTftpRoot, findingsIn } from '../../../support/a-tftp-root.ts'

const oneWay = (files: Readonly<Record<string, string>>) => findingsIn(aTftpRoot(files), 'one-way')

t.test('a signed load in OS79XX.TXT leads phones below 5.0 where no way leads back', async (t) => {
  t.same(oneWay({ 'OS79XX.TXT': 'P003-8-12-00\n' }), ['note one-way OS79XX.TXT:1'])
  t.same(oneWay({ 'OS79XX.TXT': 'P0S30203\n' }), [])
  t.same(oneWay({ 'SIPDefault.cnf': 'image_version: P0S3-8-12-00\n' }), [])
})

t.test('a load below 5.0 is named where later ones lie', async (t) => {
  const files = { 'SIPDefault.cnf': 'image_version: P0S3-04-4-00\n', 'P0S3-06-3-00.sbn': 'x' }
  t.same(oneWay(files), ['warns one-way SIPDefault.cnf:1'])
  t.same(oneWay({ ...files, 'SIPDefault.cnf': 'image_version: x\n' }), [])
})
