import t from 'tap'
import { table } from '../../../appliance/commands/table.ts'

t.test('columns are as wide as their widest cell, without blanks at the end', async (t) => {
  const rows = [
    ['a', 1],
    ['bcdef', null],
  ]
  t.equal(table(['NAME', 'COUNT'], rows), 'NAME   COUNT\na      1\nbcdef  -')
  t.equal(table(['NAME', 'COUNT'], []), 'NAME  COUNT')
  t.equal(table(['NAME'], [['a\x1b[2J\nb']]), 'NAME\na?[2J?b')
})
