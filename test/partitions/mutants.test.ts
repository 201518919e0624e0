import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ROOT } from '../support/source-files.ts'
import { FAULTS } from './faults.ts'
import { builtFiles, MUTANTS, mutantNamed, plantIn } from './mutants.ts'

t.test('a bug is planted once, or not at all', async (t) => {
  const mutant = { ...mutantNamed('no-token-check'), original: `a ('one')`, planted: '$& two' }
  const files = [
    { name: 'first.js', text: 'nothing' },
    { name: 'second.js', text: 'this a\n\t("one") here' },
  ]
  t.same(plantIn(files, mutant), { name: 'second.js', text: 'this $& two here' })
  t.throws(() => plantIn(files.slice(0, 1), mutant), /is there 0 times/)
  t.throws(() => plantIn([...files, ...files], mutant), /is there 2 times/)
  t.throws(() => mutantNamed('none'), /no mutant is called none/)
})

t.test('each bug names faults that there are', async (t) => {
  const names = FAULTS.map(({ name }) => name)
  for (const { name, faults } of MUTANTS) {
    t.ok(
      faults.every((fault) => names.includes(fault)),
      name,
    )
  }
})

const DIST = join(ROOT, 'dist')
const skip = existsSync(join(DIST, 'appliance/main.js')) ? false : 'it is not built'

t.test('each bug has its place in the built program', { skip }, async (t) => {
  const files = builtFiles(DIST)
  for (const mutant of MUTANTS) t.doesNotThrow(() => plantIn(files, mutant), mutant.name)
})
