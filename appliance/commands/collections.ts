import type { Command } from 'commander'
import { type ApiOptions, printJson, withApi, withApiOptions } from './api-options.ts'
import { table } from './table.ts'

/** What a command takes that prints for people or for programs. */
export type JsonOptions = ApiOptions & { readonly json?: boolean }

/** A collection of the API, and how a table shows it. */
export type Listing<Seen> = {
  readonly path: string
  readonly head: readonly string[]
  readonly rowOf: (one: Seen) => readonly (string | number | null)[]
}

/** Makes `command` the one that lists all entries of a collection, as a table or as JSON. */
export function listsAll<Seen>(command: Command, { path, head, rowOf }: Listing<Seen>): void {
  withApiOptions(command)
    .option('--json', 'print them as JSON')
    .action((options: JsonOptions) =>
      withApi(options, async (api) => {
        const all = await api.get<readonly Seen[]>(path)
        if (options.json === true) printJson(all)
        else console.log(table(head, all.map(rowOf)))
      }),
    )
}

/** What is deleted, and what is said of each once it is. */
export type Removal = {
  /** The collection. */
  readonly path: string
  /** How the help names the argument, such as `<name...>`. */
  readonly argument: string
  readonly description: string
  /** Follows the entry's name, such as `removed`. */
  readonly done: string
}

/** Makes `command` the one that deletes entries one after the other; the first refusal ends it. */
export function removesEach(command: Command, removal: Removal): void {
  const { path, argument, description, done } = removal
  withApiOptions(command)
    .argument(argument, description)
    .action((names: string[], options: ApiOptions) =>
      withApi(options, async (api) => {
        for (const name of names) {
          await api.delete(`${path}/${encodeURIComponent(name)}`)
          console.log(`${name} ${done}`)
        }
      }),
    )
}
