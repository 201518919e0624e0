import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Teardown } from './teardown.ts'

/**
 * Runs a program to its end, and gives its standard output.
 *
 * @throws Where it does not start, does not end in time, or ends with another code than 0; the
 *   message holds what it said.
 */
export async function runProgram(
  teardown: Teardown,
  command: readonly string[],
  options: { readonly timeoutMs: number; readonly cwd?: string },
): Promise<string> {
  const [program = '', ...args] = command
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.timeoutMs,
    killSignal: 'SIGKILL',
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  })
  const forget = teardown.add(() => {
    child.kill('SIGKILL')
  })
  let output = ''
  let complaint = ''
  child.stdout.on('data', (text: Buffer) => (output += text))
  child.stderr.on('data', (text: Buffer) => (complaint += text))
  const [code, signal] = await once(child, 'close')
  await forget()
  if (code === 0) return output
  const why = signal === null ? `code ${code}` : `signal ${signal}`
  throw new Error(`${command.join(' ')} ended with ${why}: ${(complaint || output).trim()}`)
}
