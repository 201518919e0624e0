import t from 'tap'
import { readPositive } from '../../../appliance/commands/option-values.ts'

t.test('a number above 0 and up to a day in seconds is read, whole or not', async (t) => {
  for (const [text, value] of [
    ['4', 4],
    ['0.5', 0.5],
    ['86400', 86_400],
  ] as const) {
    t.equal(readPositive(text), value)
  }
  for (const text of ['', '0', '-1', '86401', 'fast', 'NaN', 'Infinity', '1e99']) {
    t.throws(() => readPositive(text), { code: 'commander.invalidArgument' }, text)
  }
})
