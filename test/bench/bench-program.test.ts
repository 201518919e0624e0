import { CommanderError } from 'commander'
import t from 'tap'
import { buildBenchProgram, type Plan } from './bench-program.ts'

/** What a command line asks for, or what is said against it. */
async function read(...args: readonly string[]): Promise<Plan | string> {
  let plan: Plan | undefined
  let said = ''
  const program = buildBenchProgram(async (asked) => {
    plan = asked
  })
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => (said += text),
      writeErr: (text) => (said += text),
    })
  }
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
  }
  return plan ?? said
}

t.test('without options it is all cases beside all peers, three rounds', async (t) => {
  t.same(await read('dhcp'), {
    subject: 'dhcp',
    cases: [],
    peers: [],
    rounds: 3,
    exchanges: 8000,
    against: null,
    json: null,
  })
})

t.test('options narrow it', async (t) => {
  const options = ['--cases', 'relay64, direct64', '--peers', 'kea', '--rounds', '1']
  t.match(await read('dhcp', ...options, '--exchanges', '500', '--json', 'out.json'), {
    cases: ['relay64', 'direct64'],
    peers: ['kea'],
    rounds: 1,
    exchanges: 500,
    json: 'out.json',
  })
  t.match(await read('tftp', '--rounds', '5'), { subject: 'tftp', rounds: 5 })
  t.match(await read('dhcp', '--against', '../before'), { against: '../before' })
  t.match(await read('start', '--cases', 'full'), { subject: 'start', cases: ['full'] })
  t.match(await read('shared', '--peers', 'kea4'), {
    subject: 'shared',
    peers: ['kea4'],
    exchanges: 8000,
  })
})

t.test('what cannot be is refused with what is wanted', async (t) => {
  const refused = [
    { args: ['dhcp', '--rounds', '0'], said: 'whole number from 1 to 99' },
    { args: ['dhcp', '--rounds', '2.5'], said: 'whole number from 1 to 99' },
    { args: ['dhcp', '--rounds', '-1'], said: 'whole number from 1 to 99' },
    { args: ['dhcp', '--exchanges', '10001'], said: 'whole number from 1 to 10000' },
    { args: ['dhcp', '--cases', 'a,,b'], said: 'names with commas between' },
    { args: ['tftp', '--exchanges', '5'], said: 'unknown option' },
    { args: ['dns'], said: 'unknown command' },
  ]
  for (const { args, said } of refused) t.match(await read(...args), said, args.join(' '))
})
