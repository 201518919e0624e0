import type { Ipv4 } from '../../../net/ipv4.ts'
import { nameInPath } from './addresses.ts'

/** A request that a server took, and of whose end nothing was said yet. */
export type OpenRequest = {
  readonly client: Ipv4
  readonly port: number | null
  readonly process: string | null
  readonly name: string
  readonly atMs: number
  isOver: boolean
}

/** What a line says of the request that it is about; null for what it leaves out. */
export type Hint = {
  readonly client: Ipv4 | null
  readonly process: string | null
  readonly name: string | null
}

/** Requests of one client or process that are remembered; a phone runs two hunts at once at most. */
const MOST_OF_ONE = 16
/** Requests of a log that are remembered for lines that name neither client nor process. */
const MOST_RECENT = 128
/** Clients or processes that are remembered; old ones have answered long ago. */
const MOST_KEYS = 4_096

/**
 * The requests that are under way in a log: many lines leave out whom they are about, or which file,
 * and a phone asks for two files at once.
 */
export class OpenRequests {
  #recent: OpenRequest[] = []
  readonly #ofClient = new Map<Ipv4, OpenRequest[]>()
  readonly #ofProcess = new Map<string, OpenRequest[]>()

  /** Remembers a request. */
  begin(request: OpenRequest): void {
    this.#recent = keep(this.#recent, request, MOST_RECENT)
    keepUnder(this.#ofClient, request.client, request)
    if (request.process !== null) keepUnder(this.#ofProcess, request.process, request)
  }

  /** The open request from this address and port. */
  from(client: Ipv4, port: number): OpenRequest | undefined {
    return this.#ofClient.get(client)?.findLast((one) => one.port === port)
  }

  /**
   * Which request a line is about: the client's newest, or the newest of its process. Of several with the
   * name that it gives, and without a client, the oldest: it has waited longest.
   *
   * @returns `several` where the line leaves open which of a process's requests it means.
   */
  find({ client, process, name }: Hint): OpenRequest | 'several' | undefined {
    const ofProcess = process === null ? [] : (this.#ofProcess.get(process) ?? [])
    if (client !== null) {
      const isOurs = (one: OpenRequest) => one.client === client && fits(one, name)
      return (
        newest(ofProcess.filter(isOurs)) ??
        newest((this.#ofClient.get(client) ?? []).filter(isOurs))
      )
    }
    if (name !== null) {
      const named = this.#recent.filter((one) => !one.isOver && fits(one, name))
      return named.find((one) => one.process === process) ?? named[0]
    }
    if (process === null) return newest(this.#recent)
    const open = ofProcess.filter((one) => !one.isOver)
    return open.length > 1 ? 'several' : open[0]
  }

  /** All open requests of a process. */
  openOf(process: string): readonly OpenRequest[] {
    return (this.#ofProcess.get(process) ?? []).filter((one) => !one.isOver)
  }
}

/** A server that opened a file names its path; it was asked for by what the path ends with. */
function fits({ name }: OpenRequest, said: string | null): boolean {
  return said === null || name === said || nameInPath(name) === nameInPath(said)
}

/** One that is not over, or else the last that is. */
function newest(requests: readonly OpenRequest[]): OpenRequest | undefined {
  return requests.findLast(({ isOver }) => !isOver) ?? requests.at(-1)
}

function keep(known: OpenRequest[], request: OpenRequest, most: number): OpenRequest[] {
  known.push(request)
  return known.length > 2 * most ? known.slice(-most) : known
}

function keepUnder<Key>(table: Map<Key, OpenRequest[]>, key: Key, request: OpenRequest): void {
  if (!table.has(key) && table.size >= MOST_KEYS) table.clear()
  table.set(key, keep(table.get(key) ?? [], request, MOST_OF_ONE))
}
