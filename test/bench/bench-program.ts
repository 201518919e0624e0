import { Command, InvalidArgumentError } from 'commander'

/** What is to be measured. */
export type Plan = {
  readonly subject: 'dhcp' | 'tftp' | 'shared' | 'start'
  /** Names of cases; empty: all. */
  readonly cases: readonly string[]
  /** Names of servers beside ours; empty: all that are installed. */
  readonly peers: readonly string[]
  readonly rounds: number
  /** New clients of each DHCP measurement. */
  readonly exchanges: number
  /** Folder of another checkout that is built, as a peer beside the others; null: none. */
  readonly against: string | null
  /** A file for every single value; null: none. */
  readonly json: string | null
}

const MAX_ROUNDS = 99
/** The pool has 64,000 addresses, and a case may begin with 50,000 of them taken. */
const MAX_EXCHANGES = 10_000

/** The command line of the benchmark; `run` does what it asks for. */
export function buildBenchProgram(run: (plan: Plan) => Promise<void>): Command {
  const program = new Command('bench')
    .description(
      'Measures the appliance side by side with other servers, in network namespaces of its own. ' +
        'Needs root, cc and the peers’ Debian packages; a peer that is not installed is left out.',
    )
    .showSuggestionAfterError()
  withOptions(program.command('dhcp'), run)
    .description('beside Kea, ISC dhcpd and dnsmasq')
    .option('--exchanges <n>', 'new clients in each measurement', whole(1, MAX_EXCHANGES), 8_000)
  withOptions(program.command('shared'), run)
    .description('with leases in PostgreSQL, beside Kea on the same PostgreSQL and our own SQLite')
    .option('--exchanges <n>', 'new clients in each measurement', whole(1, MAX_EXCHANGES), 8_000)
  withOptions(program.command('tftp'), run).description('beside dnsmasq, tftpd-hpa and atftpd')
  withOptions(program.command('start'), run).description('from the start to ready, empty and full')
  return program
}

type Options = {
  readonly cases: readonly string[]
  readonly peers: readonly string[]
  readonly rounds: number
  readonly exchanges?: number
  readonly against?: string
  readonly json?: string
}

function withOptions(command: Command, run: (plan: Plan) => Promise<void>): Command {
  return command
    .option(
      '--cases <names>',
      'these alone, with commas between; a wrong name lists them',
      names,
      [],
    )
    .option('--peers <names>', 'these alone beside ours; "none" for ours alone', names, [])
    .option('--rounds <n>', 'how often the servers take turns', whole(1, MAX_ROUNDS), 3)
    .option('--against <folder>', 'another checkout that is built, as a peer "against"')
    .option('--json <file>', 'write every single value there')
    .action((options: Options) =>
      run({
        subject: command.name() as Plan['subject'],
        ...options,
        exchanges: options.exchanges ?? 0,
        against: options.against ?? null,
        json: options.json ?? null,
      }),
    )
}

function names(text: string): readonly string[] {
  const found = text.split(',').map((name) => name.trim())
  if (found.some((name) => name === '')) {
    throw new InvalidArgumentError('wanted names with commas between')
  }
  return found
}

function whole(low: number, high: number) {
  return (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (value >= low && value <= high) return value
    throw new InvalidArgumentError(`wanted a whole number from ${low} to ${high}`)
  }
}
