import { type Command, Option } from 'commander'
import { printableJson } from '../../src/services/printable.ts'
import { ApiClient, ApiError, NoAnswer } from '../client/api-client.ts'
import { ExitCode } from '../exit-codes.ts'
import { reasonOf } from '../start/file-reason.ts'
import { readText } from '../start/read-text.ts'

/** Where a running appliance is, and what opens it. */
export type ApiOptions = {
  readonly api: string
  readonly token?: string
  readonly tokenFile?: string
}

/** What an operator is told and cannot do anything about from here: it ends the command. */
export class CommandFault extends Error {
  override readonly name = 'CommandFault'
  readonly exitCode: number

  constructor(message: string, exitCode: number) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Adds what every command takes that talks to a running appliance. */
export function withApiOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--api <url>', 'the appliance')
        .default('http://127.0.0.1:8067')
        .env('SWITCHHOOK_API'),
    )
    .addOption(
      new Option(
        '--token <token>',
        'its token; other users of this machine can read a command line',
      ).env('SWITCHHOOK_API_TOKEN'),
    )
    .option('--token-file <file>', 'the file with its token; takes precedence over the other two')
}

/**
 * Runs a command against the appliance. A refusal is printed with every single problem and ends
 * with 1, a token that is missing or wrong with 77, an appliance that does not answer with 69.
 */
export async function withApi(
  options: ApiOptions,
  work: (api: ApiClient) => Promise<void>,
): Promise<void> {
  try {
    await work(new ApiClient(urlOf(options), await tokenOf(options)))
  } catch (error) {
    process.exitCode = exitCodeOf(error)
    if (process.exitCode === ExitCode.software) throw error
    console.error(error instanceof Error ? error.message : `${error}`)
    const problems = error instanceof ApiError ? error.problems.map(inOneLine) : []
    for (const problem of problems) {
      // A single fault may be the whole message.
      if (problem !== (error as Error).message) console.error(`  ${problem}`)
    }
  }
}

/** Prints data as JSON, for programs. */
export function printJson(value: unknown): void {
  console.log(printableJson(JSON.stringify(value, null, 2)))
}

function urlOf({ api }: ApiOptions): string {
  if (URL.canParse(api)) return api
  throw new CommandFault(`--api ${api}: wanted a URL such as http://127.0.0.1:8067`, ExitCode.usage)
}

async function tokenOf({ token, tokenFile }: ApiOptions): Promise<string | null> {
  if (tokenFile === undefined) return token?.trim() || null
  try {
    return (await readText(tokenFile)).trim()
  } catch (error) {
    throw new CommandFault(`--token-file ${tokenFile}: ${reasonOf(error)}`, ExitCode.noInput)
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommandFault) return error.exitCode
  if (error instanceof NoAnswer) return ExitCode.unavailable
  if (!(error instanceof ApiError)) return ExitCode.software
  if (error.status === 401) return ExitCode.forbidden
  return error.status >= 500 ? ExitCode.unavailable : ExitCode.no
}

type ProblemSeen = {
  readonly [Name in 'path' | 'message' | 'file' | 'fault' | 'column']?: string
} & { readonly row?: number }

function inOneLine(problem: unknown): string {
  const { path, message, file, fault, row, column } = problem as ProblemSeen
  const place = row === undefined ? path : [`row ${row}`, column ?? path].filter(Boolean).join(', ')
  return [file ?? place ?? '', fault ?? message ?? ''].filter(Boolean).join(': ')
}

/** Handles the error of a file that the operator named: the command says why, and ends with 66. */
export function cannotBeRead(path: string): (error: unknown) => never {
  return (error) => {
    throw new CommandFault(`${path} cannot be read: ${reasonOf(error)}`, ExitCode.noInput)
  }
}
