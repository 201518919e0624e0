/** A lease as its client was promised it. */
export type Promised = {
  /** As the API names it: `hw:` or `id:` and hex. */
  readonly client: string
  readonly address: string
  /**
   * Milliseconds since the epoch, counted from when the client asked: the server, which counts from
   * when it answered, can only be later.
   */
  readonly untilMs: number
}

/** A row of `GET /v1/leases`, as far as it matters here. */
export type LeaseRow = {
  readonly address: string
  readonly client: string
  readonly state: string
  readonly expiresAt: string | null
}

/** Two clocks on one machine differ by their rounding, and by what the machine's clock is slewed. */
const TOLERANCE_MS = 1000

/**
 * What the clients were promised, kept on their side, and every promise that was found broken. It
 * believes no word of the server but the ACKs.
 */
export class LeaseLedger {
  readonly #byClient = new Map<string, Promised>()
  readonly #byAddress = new Map<string, Promised>()
  readonly #violations: string[] = []
  #acks = 0
  #rowsCompared = 0

  /** ACKs written down so far. */
  get acks(): number {
    return this.#acks
  }

  /** Rows of the API that were compared with a promise. */
  get rowsCompared(): number {
    return this.#rowsCompared
  }

  get violations(): readonly string[] {
    return this.#violations
  }

  /** The client's lease, unless its time is over. */
  of(client: string, nowMs: number): Promised | undefined {
    const promised = this.#byClient.get(client)
    return promised !== undefined && promised.untilMs > nowMs ? promised : undefined
  }

  /** Leases that run for at least so long yet. */
  lasting(forMs: number, nowMs: number): readonly Promised[] {
    return [...this.#byClient.values()].filter(({ untilMs }) => untilMs > nowMs + forMs)
  }

  /**
   * Writes an ACK down.
   *
   * @param nowMs - When it came in. A lease of another client that is still running then was
   *   running when the server gave the address away.
   */
  onAck(promised: Promised, nowMs: number): void {
    const { client, address } = promised
    this.#acks++
    const earlier = this.of(client, nowMs)
    if (earlier !== undefined && earlier.address !== address) {
      this.breach(`${client} held ${earlier.address} and was given ${address}`)
    }
    const other = this.#byAddress.get(address)
    if (other !== undefined && other.client !== client && other.untilMs > nowMs) {
      this.breach(`${address} is held by ${other.client} and was given to ${client}`)
    }
    this.#forget(client)
    this.#byClient.set(client, promised)
    this.#byAddress.set(address, promised)
  }

  /** The client has given its address back, or is about to. */
  onGivenBack(client: string): void {
    this.#forget(client)
  }

  /** Holds the server's own list against the promises that still run. */
  compare(rows: readonly LeaseRow[], nowMs: number): void {
    const byAddress = new Map(rows.map((row) => [row.address, row]))
    for (const { client, address, untilMs } of this.lasting(TOLERANCE_MS, nowMs)) {
      this.#rowsCompared++
      const row = byAddress.get(address)
      if (row === undefined) {
        this.breach(`${address} of ${client} is on no list`)
      } else if (row.state !== 'bound' || row.client.toLowerCase() !== client) {
        this.breach(`${address} of ${client} is listed as ${row.state} by ${row.client}`)
      } else if (row.expiresAt !== null && Date.parse(row.expiresAt) < untilMs - TOLERANCE_MS) {
        this.breach(
          `${address} of ${client} is listed to end at ${row.expiresAt}, too early: ${new Date(untilMs).toISOString()} was promised`,
        )
      }
    }
  }

  /** Writes down a promise that was broken. */
  breach(what: string): void {
    this.#violations.push(what)
  }

  #forget(client: string): void {
    const promised = this.#byClient.get(client)
    if (promised === undefined) return
    this.#byClient.delete(client)
    if (this.#byAddress.get(promised.address) === promised) {
      this.#byAddress.delete(promised.address)
    }
  }
}
