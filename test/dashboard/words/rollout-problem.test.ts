import t from 'tap'
import { nameRolloutProblems } from '../../../src/dashboard/words/rollout-problem.ts'
import { aPhone } from '../a-conversion.ts'

const MACS = ['000E84C060A6', '000E84C060A7', '000E84C060A8'] as const
const PHONES = [aPhone({ mac: MACS[0], label: 'desk 12' }), aPhone({ mac: MACS[1], label: null })]
const problemOf = (problems: readonly { path?: string; message?: string }[]) => ({
  title: 'Roll-out not started',
  status: 422,
  detail: 'see problems',
  problems,
})

t.test('a phone is named as people know it, once', async (t) => {
  const problem = problemOf([
    { path: '/phones/0', message: 'phone 000E84C060A6 is part of roll-out floor-2' },
    { path: '/phones/1', message: 'phone 000E84C060A7: no legal way (no-path). Add firmware' },
  ])
  t.same(nameRolloutProblems(problem, MACS, PHONES), {
    ...problem,
    problems: [
      { path: '00:0E:84:C0:60:A6 (desk 12)', message: 'is part of roll-out floor-2' },
      { path: '00:0E:84:C0:60:A7', message: 'no legal way (no-path). Add firmware' },
    ],
  })
})

t.test('phones with the same fault share its line', async (t) => {
  const problems = MACS.map((mac, index) => ({
    path: `/phones/${index}`,
    message: `phone ${mac}: firmware is missing`,
  }))
  t.same(nameRolloutProblems(problemOf(problems), MACS, []).problems, [
    {
      path: '00:0E:84:C0:60:A6, 00:0E:84:C0:60:A7, 00:0E:84:C0:60:A8',
      message: 'firmware is missing',
    },
  ])
})

t.test('of a whole floor with one fault eight are named and the others counted', async (t) => {
  const macs = Array.from({ length: 10 }, (_, index) => `000E84C0600${index}`)
  const problems = macs.map((mac, index) => ({
    path: `/phones/${index}`,
    message: `phone ${mac} is not enrolled`,
  }))
  const [line, ...others] = nameRolloutProblems(problemOf(problems), macs, []).problems ?? []
  t.same(others, [])
  t.match(line?.path, /^00:0E:84:C0:60:00, .*00:0E:84:C0:60:07 and 2 more$/)
})

t.test('fields are named by their labels, what is unknown by its path', async (t) => {
  const problem = problemOf([
    { path: '/canaries', message: 'too many' },
    { path: '/onStop', message: 'odd' },
    { path: '/phones/7', message: 'beyond the list' },
    {},
  ])
  t.same(nameRolloutProblems(problem, MACS, PHONES).problems, [
    { path: 'Canaries', message: 'too many' },
    { path: '/onStop', message: 'odd' },
    { path: '/phones/7', message: 'beyond the list' },
    { path: '', message: '' },
  ])
  const plain = { title: 'No answer', status: 0, detail: 'none' }
  t.same(nameRolloutProblems(plain, MACS, PHONES), { ...plain, problems: [] })
})
