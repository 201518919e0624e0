/** A system call failed. `code` is the name of its error number, such as `EADDRINUSE`. */
export class SystemCallError extends Error {
  override readonly name = 'SystemCallError'
  readonly call: string
  readonly code: string

  constructor(call: string, code: string) {
    super(`${call} failed: ${code}`)
    this.call = call
    this.code = code
  }
}

/** The code of an error of the operating system, `UNKNOWN` for anything else. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return 'UNKNOWN'
  return typeof error.code === 'string' ? error.code : 'UNKNOWN'
}
