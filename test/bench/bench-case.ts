import type { Metric, Values } from './measurement.ts'

/** What the clients of one measurement saw. */
export type Seen = {
  /** Exchanges, blocks or transfers: what processor time is divided by. */
  readonly units: number
  readonly values: Values
  /** What must not be, in words; null where there was nothing. */
  readonly fault: string | null
}

/** A load that servers are measured under. */
export type BenchCase = {
  readonly name: string
  readonly title: string
  /** Servers that can take part; undefined: all. */
  readonly only?: readonly string[]
  /** Leases that a server holds when it starts. */
  readonly leases: number
  /** Enrolled phones that it has; left out: none. */
  readonly phones?: number
  /** Comes before the server's command. */
  readonly around: readonly string[]
  /** Whether something around it uses processor time and memory too, so that theirs say nothing. */
  readonly isDisturbed: boolean
  readonly run: () => Promise<Seen>
}

/** One kind of server, as it is measured. */
export type Subject = {
  readonly metrics: readonly Metric[]
  readonly cases: readonly BenchCase[]
  /** Asks once. */
  readonly answers: () => Promise<boolean>
  /** Lets a server come to speed. */
  readonly warmUp: () => Promise<void>
}

/** Keys of what is measured at the server, for subjects to name and round. */
export const CPU = 'cpuUs'
export const RESIDENT = 'residentMb'
export const ANONYMOUS = 'anonymousMb'

/** Memory is shown in these. */
export const BYTES_IN_MB = 1e6
