import t from 'tap'
import { findListingFaults, findNameFault } from '../../src/inventory/named-files.ts'

t.test('names of files in folders are taken', async (t) => {
  for (const name of ['a', 'a/b.sb2', 'P0S3-8-12-00/x y.loads', '..a', 'a..b/c', 'ü.txt']) {
    t.equal(findNameFault(name), undefined, name)
  }
})

t.test('each other name is refused with its reason', async (t) => {
  const cases = [
    { name: '', fault: /no name/ },
    { name: 'x'.repeat(256), fault: /255/ },
    { name: 'a\u0000', fault: /control/ },
    { name: 'a\\b', fault: /backslash/ },
    { name: '/a', fault: /absolute/ },
    { name: 'c:a', fault: /drive/ },
    { name: 'a/..', fault: /leaves its folder/ },
    { name: 'a//b', fault: /empty part/ },
    { name: './b', fault: /empty part/ },
    { name: 'a/', fault: /empty part/ },
  ]
  for (const { name, fault } of cases) t.match(findNameFault(name), fault, JSON.stringify(name))
})

t.test('a listing is judged as a whole', async (t) => {
  const limits = { files: 3, fileBytes: 10, totalBytes: 20 }
  const judge = (...files: [string, number][]) =>
    findListingFaults(
      files.map(([name, bytes]) => ({ name, bytes })),
      limits,
    )
  t.same(judge(['a', 10], ['b', 10]), [])
  t.match(judge(['a', 11]), [{ file: 'a', fault: /11 bytes; the limit for one file is 10/ }])
  t.match(judge(['a', 10], ['b', 10], ['c', 1]), [
    { file: '', fault: /21 bytes in total; the limit is 20/ },
  ])
  t.match(judge(['a', 1], ['b', 1], ['c', 1], ['d', 1]), [
    { file: '', fault: /4 files; the limit is 3/ },
  ])
  t.match(judge(['a', 1], ['A', 1], ['A', 1]), [
    { file: 'A', fault: /letter case/ },
    { file: 'A', fault: /twice/ },
  ])
})
