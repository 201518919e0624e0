import t from 'tap'
import { imageFilesOf, loaderOf } from '../../src/phones/image-files.ts'

t.test('Cisco document 5455: the files of a load, in the order in which phones ask', async (t) => {
  const cases = [
    {
      why: 'a SIP set with loader',
      load: 'P0S3-8-12-00',
      loader: 'P003-8-12-00',
      files: ['P003-8-12-00.bin', 'P003-8-12-00.sbn', 'P0S3-8-12-00.loads', 'P0S3-8-12-00.sb2'],
    },
    {
      why: 'an SCCP set: the loader has the same stem',
      load: 'P0030801SR02',
      loader: 'P0030801SR02',
      files: ['P0030801SR02.bin', 'P0030801SR02.sbn', 'P0030801SR02.loads', 'P0030801SR02.sb2'],
    },
    {
      why: 'signed, before the loader',
      load: 'P0S3-06-3-00',
      loader: null,
      files: ['P0S3-06-3-00.bin', 'P0S3-06-3-00.sbn'],
    },
    { why: 'below 5.0', load: 'P0S30203', loader: null, files: ['P0S30203.bin'] },
    { why: 'no load', load: 'P00405000700', loader: null, files: [] },
  ]
  for (const { why, load, loader, files } of cases) {
    t.same(
      imageFilesOf(load, { loader }).map(({ name }) => name),
      files,
      why,
    )
  }
})

t.test('a load has the loader of its release, or none', async (t) => {
  const cases = [
    { load: 'P0S3-8-12-00', loader: 'P003-8-12-00' },
    { load: 'P0S3-07-4-00', loader: 'P003-07-4-00' },
    { load: 'P00308000500', loader: 'P00308000500' },
    { load: 'P0S3-06-3-00', loader: null },
    { load: 'P00305000200', loader: null },
    { load: 'P003-8-12-00', loader: null },
    { load: 'nonsense', loader: null },
  ]
  for (const { load, loader } of cases) t.equal(loaderOf(load), loader, load)
})
