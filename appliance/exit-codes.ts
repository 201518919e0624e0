/** What the process says by how it ends; the numbers are those of sysexits.h. */
export const ExitCode = {
  ok: 0,
  /** The command did its work and the answer is no: a refused plan, a phone that stalled. */
  no: 1,
  /** The command line makes no sense. */
  usage: 64,
  /** A file that it was given is of no kind that it knows. */
  data: 65,
  /** A file or folder that it was given is not there or cannot be read. */
  noInput: 66,
  /** Something that it needs is not there: a port in use, an appliance that does not answer. */
  unavailable: 69,
  /** Our own fault; the log has the stack. */
  software: 70,
  /** The appliance wants a token, or another one. */
  forbidden: 77,
  /** The configuration has problems; all of them were printed. */
  configuration: 78,
} as const
