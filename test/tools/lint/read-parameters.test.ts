import t from 'tap'
import { readParameters } from '../../../src/tools/lint/read-parameters.ts'

t.test('a value is read with or without quotes and without its comment', async (t) => {
  const { entries, faults } = readParameters('a: "x;y" ; note\nb:z ;note\nc : \'q\'\n')
  t.same(entries, [
    { name: 'a', value: 'x;y', line: 1 },
    { name: 'b', value: 'z', line: 2 },
    { name: 'c', value: 'q', line: 3 },
  ])
  t.same(faults, [])
})

t.test('a file of endless lines is read up to its bound', async (t) => {
  t.equal(readParameters('x: 1\n'.repeat(9_000)).entries.length, 2_000)
})
