import type { Command } from 'commander'

/** A command as the list of all commands shows it, and where the rest of it is. */
export type CommandEntry = {
  readonly name: string
  readonly summary: string
  /** Loads what the command needs, and nothing before that; it then adds its arguments and options. */
  readonly load: () => Promise<(command: Command) => void>
}

/** The commands of a program that are known by name alone as yet. */
const unloaded = new WeakMap<Command, Map<Command, CommandEntry>>()

/** Adds commands by name and summary; the rest of each is loaded when it is used. */
export function addLazily(program: Command, entries: readonly CommandEntry[]): void {
  const added = entries.map(
    (entry) => [program.command(entry.name).description(entry.summary), entry] as const,
  )
  unloaded.set(program, new Map(added))
  program.hook('preSubcommand', (_program, command) => load(program, command))
}

/** Loads all commands, for whatever describes the whole command line. */
export async function loadCommands(program: Command): Promise<Command> {
  for (const command of program.commands) await load(program, command)
  return program
}

async function load(program: Command, command: Command): Promise<void> {
  const entries = unloaded.get(program)
  const entry = entries?.get(command)
  if (entry === undefined) return
  entries?.delete(command)
  const define = await entry.load()
  define(command)
}
