import t from 'tap'
import { rememberNames } from '../../src/phones/remember-names.ts'

t.test('a name is read once, and those who make names up fill nothing', (t) => {
  const asked: string[] = []
  const read = rememberNames((name) => {
    asked.push(name)
    return { name }
  })
  const first = read('SIPDefault.cnf')
  t.equal(read('SIPDefault.cnf'), first)
  t.same(asked, ['SIPDefault.cnf'])
  for (let index = 0; index < 4_096; index++) read(`made-up-${index}`)
  t.same(read('SIPDefault.cnf'), first)
  t.equal(asked.filter((name) => name === 'SIPDefault.cnf').length, 2, 'it began again')
  t.end()
})
