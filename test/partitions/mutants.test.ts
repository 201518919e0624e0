import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ROOT } from '../support/source-files.ts'
import { FAULTS } from './faults.ts'
import { MUTANTS, mutantNamed, plantIn } from './mutants.ts'

t.test('a bug is planted once, or not at all', async (t) => {
  const mutant = { ...mutantNamed('no-token-check'), original: 'one', planted: '$& two' }
  t.equal(plantIn('this one here', mutant), 'this $& two here')
  t.throws(() => plantIn('none', mutant.original === 'one' ? { ...mutant, original: 'x' } : mutant))
  t.throws(() => plantIn('one and one', mutant), /is there 2 times/)
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

t.test('each bug has its place in the built program', async (t) => {
  for (const mutant of MUTANTS) {
    const file = join(ROOT, 'dist', mutant.file)
    if (!existsSync(file)) {
      t.comment('not built here')
      return
    }
    t.doesNotThrow(() => plantIn(readFileSync(file, 'utf8'), mutant), mutant.name)
  }
})
