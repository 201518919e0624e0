import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { loadCommands } from '../../appliance/commands/lazy-commands.ts'
import { buildProgram } from '../../appliance/program.ts'

const LOADER = new URL('../runner/load-typescript.mjs', import.meta.url).href
const MAIN = fileURLToPath(new URL('../../appliance/main.ts', import.meta.url))

/** What a command has said, and how it ended. */
export type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string }

/** What `process.exit` is here: the command goes no further. */
class Exit extends Error {
  readonly code: number

  constructor(code: number) {
    super(`exit ${code}`)
    this.code = code
  }
}

/**
 * Runs a command to its end within this process: starting one for each takes seconds. Whoever calls
 * it waits before calling it again.
 */
export async function switchhook(...args: readonly string[]): Promise<Ended> {
  const said = { stdout: '', stderr: '' }
  const { log, error } = console
  const { exit } = process
  console.log = (line) => {
    said.stdout += `${line}\n`
  }
  console.error = (line) => {
    said.stderr += `${line}\n`
  }
  process.exit = (code) => {
    throw new Exit(Number(code ?? process.exitCode ?? 0))
  }
  try {
    await (await programWriting(said)).parseAsync(args, { from: 'user' })
    return { code: Number(process.exitCode ?? 0), ...said }
  } catch (thrown) {
    if (thrown instanceof Exit) return { code: thrown.code, ...said }
    throw thrown
  } finally {
    Object.assign(console, { log, error })
    process.exit = exit
    process.exitCode = undefined
  }
}

async function programWriting(said: { stdout: string; stderr: string }): Promise<Command> {
  const program = await loadCommands(buildProgram())
  for (const command of allOf(program)) {
    command.configureOutput({
      writeOut: (text) => {
        said.stdout += text
      },
      writeErr: (text) => {
        said.stderr += text
      },
    })
  }
  return program
}

/** A command and those below it. */
function allOf(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(allOf)]
}

/** Runs `switchhook` from source as an operator would, in a process of its own. */
export function spawnSwitchhook(...args: readonly string[]): Promise<Ended> {
  return runNode(MAIN, ...args)
}

/** Runs a file of ours, or with `--eval` and `--input-type` a text, in a process of its own. */
export async function runNode(...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', LOADER, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // What the operator of this machine has set is not the test's.
    env: { ...process.env, SWITCHHOOK_API_TOKEN: '' },
  })
  const ended = once(child, 'close')
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = await ended
  return { code, stdout, stderr }
}
