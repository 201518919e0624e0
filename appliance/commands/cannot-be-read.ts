import { ExitCode } from '../exit-codes.ts'
import { reasonOf } from '../start/file-reason.ts'
import { CommandFault } from './api-options.ts'

/** Handles the error of a file that the operator named: the command says why, and ends with 66. */
export function cannotBeRead(path: string): (error: unknown) => never {
  return (error) => {
    throw new CommandFault(`${path} cannot be read: ${reasonOf(error)}`, ExitCode.noInput)
  }
}
