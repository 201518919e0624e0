import t from 'tap'
import { table } from '../../../appliance/commands/table.ts'

t.test('columns are as wide as their widest cell, without blanks at the end', async (t) => {
  const rows = [
    ['a', 1],
    ['bcdef', null],
  ]
  t.equal(table(['NAME', 'COUNT'], rows), 'NAME   COUNT\na      1\nbcdef  -')
  t.equal(table(['NAME', 'COUNT'], []), 'NAME  COUNT')
})
