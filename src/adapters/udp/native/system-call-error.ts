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
