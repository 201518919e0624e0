import type { Trace, TraceEvent } from '../wire/trace/read-trace.ts'

/** What became of a request in a trace. */
export type TraceAnswer =
  | 'file'
  | 'error'
  /** File or ERROR: the log does not tell. */
  | 'answered'
  /** The phone repeated it, or the server got no ACK in time. */
  | 'unheard'
  /** The phone gave up on it in mid-file. */
  | 'given-up'
  /** The trace does not say. */
  | 'unknown'

/** One request of a trace, to be sent again. */
export type PlannedRequest = {
  /** Seconds since the first event. */
  readonly t: number
  readonly name: string
  readonly port: number | null
  readonly ip: string | null
  /** When the phone sent it again from the same port, in seconds since the first event. */
  readonly repeatedAt: readonly number[]
  readonly answer: TraceAnswer
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }
type Draft = Mutable<PlannedRequest> & { readonly repeatedAt: number[] }

const IMAGE = /\.(?:bin|sbn|sb2)$/i

/**
 * The requests of a trace in order, each with its repeats and with what became of it.
 *
 * A log that has only ends (`done`, `error`) tells of requests by them. An ERROR to an image that comes a while after
 * the request is the phone's: a server that has no such file says so at once.
 */
export function replayPlan(trace: Trace): readonly PlannedRequest[] {
  const hasRequests = trace.events.some(({ kind }) => kind === 'rrq')
  const requests: Draft[] = []
  for (const event of trace.events) {
    const answer = ANSWERS.get(event.kind)
    if (event.kind === 'rrq') addRequest(requests, event)
    else if (answer === undefined) continue
    else if (hasRequests) addEnd(requests, event, answer)
    else requests.push(requestOf(event, answer))
  }
  return requests
}

function addRequest(requests: Draft[], event: TraceEvent): void {
  const before = event.repeat ? requests.findLast((one) => isOf(one, event)) : undefined
  if (before === undefined) {
    requests.push(requestOf(event, 'unknown'))
    return
  }
  before.repeatedAt.push(event.t)
  before.answer = 'unheard'
}

/** Ends of transfers that began before the log are of no request here. */
function addEnd(requests: readonly Draft[], event: TraceEvent, answer: TraceAnswer): void {
  const request = requests.findLast((one) => isOf(one, event) && one.answer === 'unknown')
  if (request === undefined) return
  const isPhones = answer === 'error' && IMAGE.test(event.name) && event.t > request.t
  request.answer = isPhones ? 'given-up' : answer
}

const ANSWERS: ReadonlyMap<string, TraceAnswer> = new Map([
  ['done', 'file'],
  ['answered', 'answered'],
  ['error', 'error'],
  ['server-timeout', 'unheard'],
  ['aborted', 'unheard'],
] as const)

function requestOf({ t, name, port, ip }: TraceEvent, answer: TraceAnswer): Draft {
  return { t, name, port, ip, repeatedAt: [], answer }
}

/** Whether an event is about a request; some logs tell the port or the address with the request alone. */
function isOf(request: Draft, { name, port, ip }: TraceEvent): boolean {
  if (request.name !== name) return false
  return (port === null || request.port === port) && (ip === null || request.ip === ip)
}
