import t from 'tap'
import { migrationSteps, WAY_BACK } from '../../../src/tools/cucm/checklist.ts'

t.test(
  'document 5455, section "Migrate ...": its eight steps and two notes, in order',
  async (t) => {
    const steps = migrationSteps(3)
    const numbers = [...steps, WAY_BACK].flatMap(
      ({ source }) => /, ((?:step|note|last).*)$/.exec(source)?.[1] ?? [],
    )
    t.same(numbers, [
      ...['step 1', 'step 2', 'step 3', 'step 4', 'step 5', 'step 6', 'step 7'],
      ...['note after step 6', 'step 8', 'last note'],
    ])
    const words = steps.map(({ text }) => text).join('\n')
    t.match(words, 'Bulk Administration > Phones > Migrate Phones > SCCP to SIP')
    t.match(words, 'Auto Registration Phone Protocol to SIP')
    t.match(words, 'Bulk Provisioning Service')
  },
)

t.test('the number of phones is said where they are looked for', async (t) => {
  t.match(migrationSteps(3)[2]?.text, 'list the 3 phones by device name')
  t.match(migrationSteps(1)[2]?.text, 'list the phone by device name')
})
